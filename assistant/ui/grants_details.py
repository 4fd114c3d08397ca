"""Behind a verdict: the money as a picture, dates, what to find out, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import altair as alt
import streamlit as st

from assistant.domain import MissingFact, Verdict, VerdictOutcome
from assistant.errors import AssistantError
from assistant.grants.rank import WhatIf, decisive_toggles, what_if
from assistant.grants.rules import Grant
from assistant.grants.schedule import Deadline, deadlines
from assistant.grants.vocabulary import FactKind
from assistant.japanese.numbers import format_yen
from assistant.ui.evidence_view import draw_level
from assistant.ui.grants_state import Interview, facts_asked
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import (
    BADGE_BY_OUTCOME,
    OUTSIDE,
    SHUT_OUT,
    Sources,
    amount_rows,
    draw_clause,
    say_outcome,
)

_COLOURS = {"国費": "#2f7fb5", "地方負担": "#e0a030", "自己負担": "#e0a030", OUTSIDE: "#9a8fb8"}
_STATES = {
    "open": ("受付中・期限前", "green", ":material/event_available:"),
    "upcoming": ("これから", "blue", ":material/event_upcoming:"),
    "passed": ("終了", "gray", ":material/event_busy:"),
    "undated": ("日付は未確認", "orange", ":material/help:"),
}


# ── money ────────────────────────────────────────────────────────────────────


def draw_amounts(verdict: Verdict, project: Interview, sources: Sources) -> None:
    """National share, local share and the rest as one bar, with the table beneath."""
    amounts = verdict.amounts
    if amounts is None:
        st.info("この制度は、交付金や補助金を交付するものではありません。", icon=":material/info:")
        return
    rows = amount_rows(amounts, project.facts)
    if any(label == "国費" for label, _ in rows):
        st.altair_chart(_bar(rows), alt=_say_rows(rows))
        st.table(
            {
                "区分": [plain(label) for label, _ in rows],
                "金額": [plain(format_yen(yen)) for _, yen in rows],
                "円": [f"{yen:,}" for _, yen in rows],
            },
            hide_index=True,
        )
    else:
        st.info("国費の額は、まだ計算できません。", icon=":material/calculate:")
    st.markdown(lines(amounts.because))
    facts = [
        ("補助率", amounts.rate or "未確認"),
        ("上限額", "未確認" if amounts.cap_yen is None else format_yen(amounts.cap_yen)),
    ]
    st.caption("　".join(f"{label}: {plain(value)}" for label, value in facts))
    for note in amounts.notes:
        st.markdown(f"- {plain(note)}")
    if amounts.clause:
        draw_clause(amounts.clause, sources, "page-amounts", label="金額の根拠")


def _say_rows(rows: Iterable[tuple[str, int]]) -> str:
    return "金額の内訳: " + "、".join(f"{label} {format_yen(yen)}" for label, yen in rows)


def _bar(rows: list[tuple[str, int]]) -> alt.Chart:
    labels = [label for label, _ in rows]
    data = [
        {"区分": label, "円": yen, "金額": format_yen(yen), "順": number}
        for number, (label, yen) in enumerate(rows)
    ]
    chart: alt.Chart = (
        alt.Chart(alt.Data(values=data))  # type: ignore[no-untyped-call]
        .mark_bar(size=36)
        .encode(
            x=alt.X("円:Q", stack="zero", axis=alt.Axis(title=None, format="~s", tickCount=4, labels=False)),
            color=alt.Color(
                "区分:N",
                scale=alt.Scale(domain=labels, range=[_COLOURS[label] for label in labels]),
                legend=alt.Legend(title=None, orient="bottom", direction="horizontal", labelLimit=260),
            ),
            order=alt.Order("順:Q"),
            tooltip=[alt.Tooltip("区分:N"), alt.Tooltip("金額:N")],
        )
        .properties(height=110)
    )
    return chart


# ── dates, open matters, what to find out ────────────────────────────────────


def draw_dates(grant: Grant, today: date, sources: Sources) -> None:
    """The schedule with days and business days left, the office, and the state of the call."""
    st.markdown(f"窓口: **{plain(grant.office.name)}**")
    if grant.office.contact:
        st.markdown(lines(grant.office.contact))
    st.caption(lines(grant.status.because))
    found = deadlines(grant, today)
    if not found:
        st.info("登録されている日程はありません。窓口に確認してください。", icon=":material/event:")
    for entry in found:
        _draw_deadline(entry, sources)


def _draw_deadline(entry: Deadline, sources: Sources) -> None:
    label, colour, icon = _STATES[entry.state]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(entry.what)}**", width="content")
            st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
            if entry.days_left is not None:
                st.badge(
                    f"あと{entry.days_left}日（開庁日 {entry.business_days_left}日）",
                    color="violet",
                    icon=":material/timer:",
                )
        st.markdown(lines(entry.says))
        if entry.note:
            st.caption(lines(entry.note))
        draw_source_names(entry.source_ids, sources)


def draw_source_names(ids: Iterable[str], sources: Sources) -> None:
    """Sources in one caption, each with its level."""
    told = [
        f"【{sources[i].level}】{sources[i].publisher}「{sources[i].title}」" for i in ids if i in sources
    ]
    if told:
        st.caption(plain("出典: " + "、".join(told)))


def draw_checklist(questions: tuple[MissingFact, ...], outcome: VerdictOutcome) -> None:
    """Facts still to find out, best first."""
    if outcome is VerdictOutcome.INELIGIBLE:
        st.info(SHUT_OUT, icon=":material/cancel:")
        return
    deciding = [q for q in questions if q.settles]
    rest = [q for q in questions if not q.settles]
    if not questions:
        st.success("足りない事実はありません。", icon=":material/done_all:")
    for title, group in (("判定に要るもの", deciding), ("除く経費と金額の確認に要るもの", rest)):
        if group:
            st.markdown(f"**{title}（{len(group)}件）**")
        for question in group:
            st.markdown(f":material/check_box_outline_blank: {plain(question.question)}")
            if question.why:
                st.caption(lines(question.why))


def draw_open_matters(grant: Grant, sources: Sources) -> None:
    """What no source settles, with whom to ask; and where sources disagree."""
    if not grant.unknowns and not grant.conflicts:
        st.caption("登録されている未確認事項はありません。")
    if grant.unknowns:
        st.markdown("**資料で分かっていないこと**")
    for unknown in grant.unknowns:
        with st.container(border=True, gap="xsmall"):
            st.markdown(lines(unknown.says))
            st.caption(f":material/call: 確認先: {plain(unknown.ask)}")
            draw_source_names(unknown.sources, sources)
    if grant.conflicts:
        st.markdown("**資料どうしの食い違い**")
    for conflict in grant.conflicts:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{plain(conflict.about)}**")
            for value in conflict.values:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    source = sources.get(value.source)
                    if source:
                        draw_level(source.level)
                    st.markdown(lines(value.says), width="content")
                draw_source_names([value.source], sources)


# ── what changes if ──────────────────────────────────────────────────────────


def draw_what_if(grant: Grant, project: Interview, today: date) -> None:
    """Facts whose change would alter the verdict, and a free try of any fact."""
    facts = project.facts_for(grant)
    if facts:
        decisive = decisive_toggles(grant, facts, today=today)
        if decisive:
            st.markdown("**判定が変わる事実**")
            for result in decisive:
                _draw_change(result, grant)
        else:
            st.caption("今の事実を1つ変えるだけで判定が変わるものはありません。")
    st.markdown("**試してみる**")
    vocabulary = grant.vocabulary
    names = [n for n in facts_asked(grant) if vocabulary[n].kind is not FactKind.TEXT]
    name = st.selectbox(
        "もし、次の事実が",
        names,
        format_func=lambda n: vocabulary[n].name_in_text,
        key=f"what-if-{grant.id}",
    )
    if name is None:
        return
    spec = vocabulary[name]
    key = f"what-if-{grant.id}-{name}"
    if spec.kind is FactKind.BOOL or spec.options:
        values: dict[object, str] = {True: "はい", False: "いいえ"}
        if spec.options:
            values = dict(spec.options.items())
        value = st.selectbox(
            "こうだったら",
            list(values),
            format_func=lambda v: values[v],
            index=None,
            placeholder="選んでください",
            key=key,
        )
    else:
        value = st.text_input("こうだったら", key=key, max_chars=100) or None
    if value is None:
        return
    try:
        result = what_if(grant, facts, name, value, today=today)
    except AssistantError as error:
        st.error(lines(str(error)), icon=":material/error:")
        return
    _draw_change(result, grant)
    if not result.flips:
        st.caption("条件の結果は変わりません。")


def _draw_change(result: WhatIf, grant: Grant) -> None:
    kinds = {rule.id: (rule.group, rule.affects) for rule in grant.rules}
    with st.container(border=True, gap="xsmall"):
        st.markdown(f":material/swap_horiz: {plain(result.changed)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for place, outcome in enumerate((result.before, result.after)):
                if place:
                    st.markdown(":material/arrow_forward:", width="content")
                label, colour, icon = BADGE_BY_OUTCOME[outcome]
                st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
        for flip in result.flips:
            kind = kinds.get(flip.rule_id, ("exclusion", "project"))
            told = [say_outcome(outcome, *kind) for outcome in (flip.before, flip.after)]
            st.markdown(f"- {plain(flip.says)}（{told[0]} → **{told[1]}**）")
        before, after = result.amounts_before, result.amounts_after
        if before and after and before.national_yen != after.national_yen:
            told = [
                "未確認" if a.national_yen is None else format_yen(a.national_yen) for a in (before, after)
            ]
            st.caption(f"国費の試算: {plain(told[0])} → {plain(told[1])}")
