"""What a review found: each requirement with its quotes, its clause, and help for a gap."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from assistant.domain import Kind, Outcome, PageQuote
from assistant.export.reviews import OUTCOME_WORDS, PRACTICE
from assistant.review.nouns import ReviewedItem
from assistant.service import Assistant
from assistant.ui.case_cards import draw_case_cards
from assistant.ui.evidence_view import draw_level
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import lines, plain

_LOOK: Final[dict[Outcome, tuple[Any, str]]] = {
    Outcome.NOT_MET: ("orange", ":material/error:"),
    Outcome.UNKNOWN: ("gray", ":material/help:"),
    Outcome.MET: ("green", ":material/check_circle:"),
}


def draw_findings(assistant: Assistant, held: Held) -> None:
    """The findings of one outcome, by chapter of the requirements."""
    counts = {o: sum(i.outcome is o for i in held.review.items) for o in OUTCOME_WORDS}
    outcome = st.segmented_control(
        "結果",
        list(OUTCOME_WORDS),
        format_func=lambda o: f"{OUTCOME_WORDS[o]}（{counts[o]}）",
        default=next((o for o in OUTCOME_WORDS if counts[o]), Outcome.MET),
        key="review-outcome",
        label_visibility="collapsed",
    )
    items = [item for item in held.review.items if item.outcome is outcome]
    if not items:
        st.caption("当てはまる項目はありません。")
    for chapter in dict.fromkeys(item.chapter for item in items):
        st.markdown(f"##### {plain(chapter)}")
        for item in items:
            if item.chapter == chapter:
                _draw_item(assistant, held, item)


def _draw_item(assistant: Assistant, held: Held, item: ReviewedItem) -> None:
    colour, icon = _LOOK[item.outcome]
    with st.container(border=True, key=f"item-{item.requirement_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(OUTCOME_WORDS[item.outcome], color=colour, icon=icon)
            if item.pillar:
                st.badge(f"柱{item.pillar}", color="blue")
        st.caption("点検項目")
        st.markdown(f"**{plain(item.requirement)}**")
        st.markdown(f"結果: {plain(item.because)}")
        for number, quote in enumerate(item.evidence):
            _draw_quote(held, item, quote, number)
        if item.advice:
            st.markdown(f":material/lightbulb: {plain(item.advice)}")
        if item.draft:
            with st.expander("書き方の例", icon=":material/edit_note:"):
                st.markdown(plain(item.draft))
                st.caption("【要記入】の欄は、貴団体の確かな情報で埋めてください。")
        with st.container(horizontal=True):
            if st.button("根拠", key=f"clause-{item.requirement_id}", icon=":material/gavel:"):
                _open_clause(assistant, item)
            if item.outcome is not Outcome.MET and st.button(
                "事例と交付金" if item.pillar else "参考資料",
                key=f"help-{item.requirement_id}",
                icon=":material/travel_explore:",
            ):
                _open_help(assistant, item)


def _draw_quote(held: Held, item: ReviewedItem, quote: PageQuote, number: int) -> None:
    st.caption(f"{quote.page}ページ")
    st.markdown(f":yellow-background[{lines(quote.quote)}]")
    draw_page_button(held, quote, f"page-{item.requirement_id}-{number}")


@st.dialog("根拠", width="medium", position="right", icon=":material/gavel:")
def _open_clause(assistant: Assistant, item: ReviewedItem) -> None:
    st.markdown(f"**{plain(item.requirement)}**")
    clause = item.clause
    if clause is None:
        st.markdown(PRACTICE)
        return
    draw_level(clause.level)
    source = assistant.sources.get(clause.source_id)
    if source is not None:
        st.markdown(f"{plain(source.publisher)}「{plain(source.title)}」")
        st.caption(plain(f"{clause.locator}　確認日 {source.checked:%Y年%m月%d日}"))
    if clause.predecessor:
        st.caption("以前の手引きや制度によるものです。最新の手引きをご確認ください。")
    if clause.url.startswith(("https://", "http://")):
        st.link_button("公開元のページを開く", clause.url, icon=":material/open_in_new:")


@st.dialog("似た取組の事例と参考資料", width="medium", position="right", icon=":material/travel_explore:")
def _open_help(assistant: Assistant, item: ReviewedItem) -> None:
    st.markdown(f"**{plain(item.requirement)}**")
    kinds = (Kind.GRANT,) if item.pillar else (Kind.POLICY, Kind.GRANT)
    if item.pillar:
        hits = assistant.find_cases(item.requirement, k=3, pillar=[str(item.pillar)]).hits
        st.markdown("##### 事例")
        if hits:
            draw_case_cards(hits, key=f"case-{item.requirement_id}", folded=True)
        else:
            st.caption("近い事例は見つかりませんでした。")
    st.markdown("##### 関係する制度などの資料")
    for hit in assistant.search(item.requirement, k=3, kinds=kinds):
        with st.container(border=True):
            st.markdown(f"**{plain(hit.passage.title)}**")
            st.caption(lines(hit.passage.text[:240]))
    st.caption("対象になるかは「交付金の判定」の画面で確かめられます。")
