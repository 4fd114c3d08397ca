"""One citation, opened: the quote in its surroundings, where it stands, and who says so."""

from __future__ import annotations

import streamlit as st

from assistant.domain import Citation, Kind, Level
from assistant.errors import FileUnreadable
from assistant.japanese.calendar import fiscal_year_label
from assistant.ui.frame import open_assistant, session
from assistant.ui.safe import lines, plain

BADGE_BY_LEVEL = {
    Level.OFFICIAL: ("公式", "green", ":material/verified:"),
    Level.TRANSCRIBED: ("公式転記", "blue", ":material/content_copy:"),
    Level.MUNICIPAL: ("自治体", "violet", ":material/location_city:"),
    Level.THIRD_PARTY: ("第三者（要確認）", "orange", ":material/warning:"),
}
_SURROUNDINGS = 240  # characters shown before and after a quote


def draw_level(level: Level) -> None:
    """The badge of a trust level: words and icon, so that colour is never the only sign."""
    label, colour, icon = BADGE_BY_LEVEL[level]
    st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]


@st.dialog("根拠", width="medium", position="right", icon=":material/format_quote:")
def open_citation(citation: Citation, number: int) -> None:
    """The dialog of one citation."""
    st.markdown(f"**\\[{number}\\] {plain(citation.title)}**")
    where = " ＞ ".join(part for part in citation.trail if part != citation.title)
    if where or citation.locator:
        st.caption(plain("　".join(part for part in (where, citation.locator) if part)))
    before = citation.context[max(0, citation.start - _SURROUNDINGS) : citation.start].lstrip()
    after = citation.context[citation.end : citation.end + _SURROUNDINGS].rstrip()
    with st.container(border=True):
        if before.strip():
            st.caption(lines(before.strip()))
        st.markdown(f":yellow-background[{lines(citation.quote)}]")
        if after.strip():
            st.caption(lines(after.strip()))
    if citation.kind in (Kind.UPLOAD, Kind.ORIGINAL):
        draw_page_image(citation)
    for source in citation.sources:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                draw_level(source.level)
                if source.fiscal_years:
                    st.caption(plain("・".join(fiscal_year_label(y) for y in source.fiscal_years)))
            st.markdown(f"{plain(source.publisher)}「{plain(source.title)}」")
            details = [f"確認日 {source.checked:%Y年%m月%d日}"]
            if source.published:
                details.insert(0, f"公表 {source.published}")
            st.caption(plain("　".join(details)))
            if source.url.startswith(("https://", "http://")):
                st.link_button("公開元のページを開く", source.url, icon=":material/open_in_new:")
    if not citation.sources and citation.kind is Kind.UPLOAD:
        st.caption("この引用は、添付された資料からのものです。")


def draw_page_image(citation: Citation) -> None:
    """The page of an uploaded PDF with the quote boxed."""
    path = session().files.get(citation.document_id)
    if citation.kind is Kind.ORIGINAL:
        path = open_assistant().original_file(citation.document_id)
    if path is None or path.suffix.lower() != ".pdf" or citation.page is None:
        return
    try:
        image, found = open_assistant().page_image(path, citation.page, citation.quote)
    except FileUnreadable:
        st.caption("ページの画像を表示できませんでした。")
        return
    st.image(image, width="stretch", alt=f"{citation.page}ページの画像。引用した文を枠で囲んでいます。")
    if not found:
        st.caption("ページ上の位置を特定できなかったため、枠は付けていません。")
