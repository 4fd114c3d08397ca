"""交付金の判定: form, verdict, findings, money, dates, what-if, years, ranking; the address holds the facts."""

from __future__ import annotations

import streamlit as st

from assistant.domain import VerdictOutcome
from assistant.export.verdicts import verdict_docx, verdict_xlsx
from assistant.grants.rules import Grant
from assistant.service import Assistant
from assistant.ui.frame import open_assistant, told_in_japanese
from assistant.ui.grants_compare import draw_years
from assistant.ui.grants_details import (
    draw_amounts,
    draw_checklist,
    draw_dates,
    draw_open_matters,
    draw_what_if,
)
from assistant.ui.grants_form import choose_grant, draw_form, draw_reading, member_label
from assistant.ui.grants_rank import draw_rank
from assistant.ui.grants_state import SENT_PROPOSALS, Interview, from_params, to_params
from assistant.ui.safe import lines
from assistant.ui.verdict_card import (
    SHUT_OUT,
    draw_cautions,
    draw_findings,
    draw_known,
    draw_outcome,
    draw_proposals,
    draw_question,
)

_VIEWS = {"": "1つの制度で判定", "rank": "使えそうな制度を探す", "years": "年度の違い"}
_PROJECT, _PARAMS, _VIEW = "grants_project", "grants_params", "grants-view"


def draw() -> None:
    """The page."""
    with told_in_japanese():
        assistant = open_assistant()
    if "assistant" not in locals():
        st.stop()
    st.title("交付金の判定", anchor=False)
    with told_in_japanese():
        project = _project(assistant)
        view = st.segmented_control(
            "調べ方",
            list(_VIEWS),
            format_func=lambda v: _VIEWS[v],
            key=_VIEW,
            required=True,
            label_visibility="collapsed",
        )
        if view == "rank":
            _draw_telling(assistant, project)
            draw_rank(assistant, project, lambda grant_id: _choose(project, grant_id))
        else:
            grant = choose_grant(assistant, project)
            if view == "years":
                draw_years(assistant, grant)
            else:
                _draw_one(assistant, project, grant)
        _keep_address(project, view or "")


def _choose(project: Interview, grant_id: str) -> None:
    project.grant_id = grant_id
    st.session_state[_VIEW] = ""


# ── the address ──────────────────────────────────────────────────────────────


def _project(assistant: Assistant) -> Interview:
    """The project of this session; an address that was opened (or sent by the conversation) goes first."""
    params = st.query_params.to_dict()
    held = st.session_state.get(_PROJECT)
    if held is None or (params and params != st.session_state.get(_PARAMS)):
        facts, problems = from_params(params, assistant.grants.vocabulary)
        named = params.get("grant")
        if named and named not in assistant.grants.by_id:
            problems = (*problems, f"制度「{named}」は登録されていません。")
            named = None
        held = Interview(grant_id=named, facts=facts)
        st.session_state[_PROJECT] = held
        st.session_state[_VIEW] = params.get("view") if params.get("view") in _VIEWS else ""
        st.session_state[_PARAMS] = params
        for problem in problems:
            st.warning(lines(problem), icon=":material/warning:")
    assert isinstance(held, Interview)
    held.proposals.update(st.session_state.pop(SENT_PROPOSALS, {}))
    st.session_state.setdefault(_VIEW, "")
    return held


def _keep_address(project: Interview, view: str) -> None:
    """Put the facts into the address, so that it can be sent to a colleague."""
    params = to_params(project.facts, grant_id=None if view == "rank" else project.grant_id, view=view)
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state[_PARAMS] = params


# ── one grant ────────────────────────────────────────────────────────────────


def _draw_telling(assistant: Assistant, project: Interview, grant: Grant | None = None) -> None:
    draw_reading(assistant, project)
    vocabulary = grant.vocabulary if grant else assistant.grants.vocabulary
    draw_proposals(project, vocabulary, "page")
    if project.problem and not project.proposals:
        st.warning(lines(project.problem), icon=":material/warning:")
        project.problem = ""


def _draw_one(assistant: Assistant, project: Interview, grant: Grant) -> None:
    today = assistant.settings.today
    if grant.summary:
        st.caption(lines(grant.summary))
    _draw_telling(assistant, project, grant)
    verdict = project.verdict(grant, today)
    questions = project.questions(grant)
    deciding = sum(1 for q in questions if q.settles)
    with st.container(border=True, key="grants-verdict"):
        draw_outcome(verdict, member_label(grant))
        question = project.next_question(grant)
        if question is not None:
            if not deciding:
                st.caption(
                    ":material/done_all: 判定は決まりました。残りの質問は、除く経費と金額の確認に使います。"
                )
            draw_question(project, question, grant.vocabulary, "page", left=deciding)
        elif deciding:
            st.info(
                f"「分からない」とされた{deciding}項目が決まると、判定が変わることがあります。",
                icon=":material/pending:",
            )
        elif verdict.outcome is VerdictOutcome.INELIGIBLE:
            st.caption(f":material/cancel: {SHUT_OUT}")
        else:
            st.caption(":material/done_all: これ以上の質問はありません。")
    draw_known(project, grant.vocabulary, "page")
    draw_form(grant, project)
    findings, money, dates, todo, change = st.tabs(
        ["条件と根拠", "金額", "日程・窓口", "確かめること", "もし変わったら"]
    )
    with findings:
        draw_findings(verdict, assistant.sources, "page", unfold=True)
        draw_cautions(verdict)
    with money:
        draw_amounts(verdict, project, assistant.sources)
    with dates:
        draw_dates(grant, today, assistant.sources)
    with todo:
        draw_checklist(questions, verdict.outcome)
        draw_open_matters(grant, assistant.sources)
    with change:
        draw_what_if(grant, project, today)
    facts = project.facts_for(grant)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "判定書を Word で（脚注つき）",
            lambda: verdict_docx(verdict, grant, facts, today=today),
            file_name=f"判定書_{grant.id}.docx",
            key="page-docx",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            "Excel で",
            lambda: verdict_xlsx(verdict, grant, facts, today=today),
            file_name=f"判定書_{grant.id}.xlsx",
            key="page-xlsx",
            icon=":material/table_view:",
            on_click="ignore",
        )
    st.caption(":material/link: このページのアドレスを送ると、同じ内容の画面が開きます。")
