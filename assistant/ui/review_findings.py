"""What a review found: each requirement with its quotes, its clause, and help for a gap."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from assistant.domain import Kind, Outcome, PageQuote
from assistant.export.review_help import year_words
from assistant.export.reviews import OUTCOME_WORDS, PRACTICE
from assistant.review.nouns import GrantHint, ReviewedItem
from assistant.service import Assistant
from assistant.ui.case_cards import draw_case_cards, draw_sources
from assistant.ui.evidence_view import draw_level
from assistant.ui.review_place import confirmed_place, draw_place
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import lines, plain

_LOOK: Final[dict[Outcome, tuple[Any, str]]] = {
    Outcome.NOT_MET: ("orange", ":material/error:"),
    Outcome.UNKNOWN: ("gray", ":material/help:"),
    Outcome.MET: ("green", ":material/check_circle:"),
}


def draw_findings(assistant: Assistant, held: Held) -> None:
    """The findings of one outcome, by chapter of the requirements."""
    draw_place(assistant, held)
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
                _open_help(assistant, held, item)


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
def _open_help(assistant: Assistant, held: Held, item: ReviewedItem) -> None:
    st.markdown(f"**{plain(item.requirement)}**")
    if item.pillar is None:
        st.markdown("##### 関係する資料")
        for hit in assistant.search(item.requirement, k=3, kinds=(Kind.POLICY, Kind.GRANT)):
            with st.container(border=True):
                st.markdown(f"**{plain(hit.passage.title)}**")
                st.caption(lines(hit.passage.text[:240]))
        return
    place = confirmed_place(assistant, held)
    like = place.code if place else None
    st.markdown("##### 事例")
    if place:
        st.caption(plain(f"{place.full_name}に似た自治体の事例を先に示しています。"))
    hits = assistant.find_cases(item.requirement, k=3, pillar=[str(item.pillar)], like=like).hits
    if hits:
        draw_case_cards(hits, key=f"case-{item.requirement_id}", folded=True)
    else:
        st.caption("近い事例は見つかりませんでした。")
    st.markdown("##### 交付金・制度")
    for hint in item.grants:
        _draw_grant(assistant, hint, item)
    if not item.grants:
        st.caption("この項目の言葉に合う交付金・制度は、手元の資料に見当たりません。")


def _draw_grant(assistant: Assistant, hint: GrantHint, item: ReviewedItem) -> None:
    with st.container(border=True, key=f"grant-{item.requirement_id}-{hint.id}"):
        st.markdown(f"**{plain(hint.name)}**")
        with st.container(horizontal=True, gap="xsmall"):
            colour = "green" if hint.is_current else "orange"
            st.badge(year_words(hint), color=colour, icon=":material/calendar_month:")  # type: ignore[arg-type]
            if hint.level is not None:
                draw_level(hint.level)
        st.markdown(plain(hint.why))
        st.caption(plain(f"一致した語: {'、'.join(hint.words)}"))
        with st.expander("出典", icon=":material/menu_book:"):
            draw_sources([assistant.sources[i] for i in hint.source_ids if i in assistant.sources])
        st.page_link(
            "assistant/ui/app_pages/grants.py",
            label="対象になり得るかを判定する",
            icon=":material/rule:",
            query_params={"grant": hint.id},
        )
