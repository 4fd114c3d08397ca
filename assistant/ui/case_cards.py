"""Cases as cards: what was done, what came of it, why it was found and what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlsplit

import streamlit as st

from assistant.cases.criteria import PILLARS
from assistant.domain import CaseHit, Source
from assistant.ui.evidence_view import draw_level
from assistant.ui.safe import lines, plain

_FEW = 3  # reasons shown before the rest is folded away


def draw_case_cards(hits: Sequence[CaseHit], *, key: str, folded: bool = False) -> None:
    """Cards one below the other; ``folded``: only title, place and reasons are open."""
    for number, hit in enumerate(hits):
        draw_case_card(hit, key=f"{key}-{number}", folded=folded)


def draw_case_card(
    hit: CaseHit, *, key: str, folded: bool = False, action: Callable[[], None] | None = None
) -> None:
    """One case; ``action`` draws what can be done with it at the foot of the card."""
    with st.container(border=True, key=f"card-{key}"):
        st.markdown(f"##### {plain(hit.title)}")
        st.caption(plain(place_line(hit)))
        with st.container(horizontal=True, gap="xsmall"):
            st.badge(f"柱{hit.pillar} {PILLARS[hit.pillar]}", color="blue", icon=":material/account_balance:")
            for theme in hit.themes:
                st.badge(plain(theme), color="gray")
            if hit.is_own:
                st.badge("追加した事例", color="orange", icon=":material/edit_note:")
        if not folded:
            draw_told(hit)
        for why in hit.why[:_FEW]:
            st.markdown(f":material/check: {plain(why)}")
        if hit.differences:
            with st.expander(
                f"異なる点・まねるときの注意（{len(hit.differences)}）", icon=":material/compare_arrows:"
            ):
                for difference in hit.differences:
                    st.markdown(f":material/remove: {plain(difference)}")
                draw_figure_sources(hit)
        label = "くわしく（取組・成果・出典）" if folded else f"出典（{len(hit.sources)}）とくわしい内容"
        with st.expander(label, icon=":material/menu_book:"):
            if folded:
                draw_told(hit)
            for why in hit.why[_FEW:]:
                st.markdown(f":material/check: {plain(why)}")
            draw_details(hit)
            draw_sources(hit.sources)
        if action is not None:
            action()


def place_line(hit: CaseHit) -> str:
    """「島根県 海士町・西ノ島町・知夫村（海士町の人口2,209人・2025年1月1日）」."""
    place = hit.place if hit.place.startswith(hit.prefecture) else f"{hit.prefecture} {hit.place}"
    if hit.population is None:
        return place
    return f"{place}（{hit.municipality}の人口{hit.population:,}人・2025年1月1日）"


def draw_told(hit: CaseHit) -> None:
    """Issue, approach and results; what no source gives is said to be unknown."""
    st.markdown(f":gray-badge[課題] {lines(hit.issue)}")
    st.markdown(f":gray-badge[取組] {lines(hit.approach)}")
    st.markdown(f":gray-badge[成果] {lines(hit.results or '出典で確認できていません。')}")


def draw_details(hit: CaseHit) -> None:
    """Lessons, scheme, year and what is not known."""
    if hit.lessons:
        st.markdown(f":gray-badge[留意点] {lines(hit.lessons)}")
    st.markdown(f":gray-badge[財源・制度など] {lines(hit.scheme or '出典で確認できていません。')}")
    if hit.start_year:
        st.markdown(f":gray-badge[開始年] {hit.start_year}年")
    for caution in hit.cautions:
        st.caption(f":material/info: {plain(caution)}")


def draw_sources(sources: Sequence[Source]) -> None:
    """Sources with level, publisher and a link."""
    for source in sources:
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            draw_level(source.level)
            st.caption(
                f"{link(source)}　{plain(f'{source.publisher}（確認日 {source.checked:%Y年%m月%d日}）')}",
                width="stretch",
            )


def draw_figure_sources(hit: CaseHit) -> None:
    """Where the figures of municipalities are from."""
    if hit.figure_sources:
        st.caption("自治体の数値の出典")
        draw_sources(hit.figure_sources)


def link(source: Source) -> str:
    """A Markdown link whose text and address cannot break out of it; plain text for a strange address."""
    parts = urlsplit(source.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return plain(source.title)
    return f"[{plain(source.title)}]({quote(source.url, safe=':/?&=%#,;@+~.-_')})"
