"""The verdict inside the conversation: one card per "can we?", interviewed over turns."""

from __future__ import annotations

import re

import streamlit as st

from assistant.domain import Answer, VerdictOutcome
from assistant.export.verdicts import verdict_docx, verdict_xlsx
from assistant.grants.rules import Grant
from assistant.japanese.calendar import wareki
from assistant.service import Assistant
from assistant.ui.grants_state import SENT_PROPOSALS, Interview, is_short_reply, reads_as, to_params
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import (
    draw_amounts_briefly,
    draw_cautions,
    draw_findings,
    draw_known,
    draw_outcome,
    draw_proposals,
    draw_question,
)

PAGE = "assistant/ui/app_pages/grants.py"
# A message with one of these asks something of its own, however short it is.
_OWN_QUESTION = re.compile(
    r"事例|教え|とは|違い|いくら|いつ|どこ|だれ|誰|何|どの|どう|一覧|補助率|上限|期限|窓口|要件|比較|交付金|制度|について"
)


def start_interview(answer: Answer, assistant: Assistant, question: str) -> Interview | None:
    """The interview that an answer to "can we?" opens; None for any other answer."""
    understanding = answer.trace.understanding
    asked = next((fact for fact in answer.missing if fact.name == "grant"), None)
    if understanding is None:
        return None
    if answer.verdict is None and asked is None:
        return None
    named = [i for i in understanding.grant_ids if i in assistant.grants.by_id]
    offered = [g[0].id for g in map(assistant.grants.named, asked.options if asked else ()) if g]
    interview = Interview(
        grant_id=answer.verdict.grant_id if answer.verdict else None,
        candidates=tuple(dict.fromkeys(offered or named)),
    )
    interview.propose(assistant.propose(question, understanding.municipality_code))
    return interview


def take_reply(interview: Interview, text: str, assistant: Assistant) -> str | None:
    """Take a typed message as an answer in the interview; what was made of it, or None where it asks anew."""
    if not is_short_reply(text) or _OWN_QUESTION.search(text):
        return None
    grant = assistant.grants.by_id.get(interview.grant_id or "")
    vocabulary = grant.vocabulary if grant else assistant.grants.vocabulary
    question = interview.next_question(grant) if grant and not _waiting(interview, grant) else None
    if question and reads_as(text, question.name, vocabulary):
        interview.answer(question.name, text.strip().rstrip("。").removesuffix("です"), vocabulary)
        return f"「{text}」を、「{question.question}」への答えとして受け取りました。"
    read = [p for p in assistant.propose(text) if p.name in vocabulary]
    if read and interview.propose(read):
        return "文章から事実を読み取りました。内容を確かめてください。"
    return None


def _waiting(interview: Interview, grant: Grant) -> bool:
    return any(name in grant.vocabulary for name in interview.proposals)


def draw_chat_verdict(interview: Interview, assistant: Assistant, number: int, *, active: bool) -> None:
    """The card. Only the newest one in the conversation asks on; earlier ones show how they stand."""
    key = f"verdict-{number}"
    grant = assistant.grants.by_id.get(interview.grant_id or "")
    with st.container(border=True, key=key):
        if active and len(interview.candidates) > (0 if grant is None else 1):
            _draw_choice(interview, assistant, key)
        if grant is None:
            if active:
                draw_proposals(interview, assistant.grants.vocabulary, key)
                _draw_page_link(interview, key, view="rank", label="すべての制度と照らし合わせる")
            return
        verdict = interview.verdict(grant, assistant.settings.today)
        year = f"　{wareki(grant.fiscal_year)}" if grant.is_yearly else ""
        draw_outcome(verdict, f"{grant.name}{year}")
        if not active:
            return
        draw_proposals(interview, grant.vocabulary, key)
        if not _waiting(interview, grant):
            if verdict.outcome is VerdictOutcome.INELIGIBLE:
                st.caption(":material/cancel: 対象外に当たる条件があるため、質問を終えました。")
            else:
                _draw_next(interview, grant, key)
        draw_amounts_briefly(verdict.amounts, interview.facts, assistant.sources, key)
        draw_findings(verdict, assistant.sources, key)
        draw_known(interview, grant.vocabulary, key)
        draw_cautions(verdict)
        with st.container(horizontal=True, gap="small"):
            _draw_page_link(interview, key, label="判定のページで詳しく見る")
            with st.popover("判定書", icon=":material/download:"):
                st.download_button(
                    "Word（脚注つき）",
                    lambda: verdict_docx(
                        verdict, grant, interview.facts_for(grant), today=assistant.settings.today
                    ),
                    file_name=f"判定書_{grant.id}.docx",
                    key=f"{key}-docx",
                    icon=":material/description:",
                    on_click="ignore",
                )
                st.download_button(
                    "Excel",
                    lambda: verdict_xlsx(
                        verdict, grant, interview.facts_for(grant), today=assistant.settings.today
                    ),
                    file_name=f"判定書_{grant.id}.xlsx",
                    key=f"{key}-xlsx",
                    icon=":material/table_view:",
                    on_click="ignore",
                )


def _draw_next(interview: Interview, grant: Grant, key: str) -> None:
    asked = interview.questions(grant)
    question = interview.next_question(grant)
    deciding = [q for q in asked if q.settles]
    if question is None:
        if interview.problem:
            st.error(lines(interview.problem), icon=":material/error:")
        if deciding:
            st.info(
                f"「分からない」とされた{len(deciding)}項目が決まると、判定が変わることがあります。",
                icon=":material/pending:",
            )
        else:
            st.caption(":material/done_all: これ以上の質問はありません。")
        return
    if not deciding:
        st.caption(":material/done_all: 判定は決まりました。残りの質問は、除く経費と金額の確認に使います。")
    draw_question(interview, question, grant.vocabulary, key, left=len(deciding))


def _draw_choice(interview: Interview, assistant: Assistant, key: str) -> None:
    names = {i: assistant.grants.by_id[i].short for i in interview.candidates}

    def choose() -> None:
        interview.grant_id = st.session_state[f"{key}-grant"]

    if f"{key}-grant" not in st.session_state:
        st.session_state[f"{key}-grant"] = interview.grant_id
    st.pills(
        "どの制度の条件で確かめますか。",
        list(names),
        format_func=lambda i: plain(names[i]),
        key=f"{key}-grant",
        on_change=choose,
    )


def _draw_page_link(interview: Interview, key: str, *, view: str = "", label: str) -> None:
    if st.button(label, key=f"{key}-page", icon=":material/open_in_full:", type="tertiary"):
        st.session_state[SENT_PROPOSALS] = dict(interview.proposals)
        params = to_params(interview.facts, grant_id=None if view else interview.grant_id, view=view)
        st.switch_page(PAGE, query_params=params)
