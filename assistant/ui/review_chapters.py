"""The summary by chapter: sentences of the document with their pages."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assistant.domain import PageQuote
from assistant.review.summaries import LENGTHS, ChapterSummary, Length
from assistant.service import Assistant
from assistant.ui.review_questions import about_document
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import lines, plain


def draw_chapters(assistant: Assistant, held: Held) -> None:
    """Every chapter with its pages and what it says, as long as wished."""
    st.caption("文は、すべて文書から抜き出したものです。要約のための言い換えはしていません。")
    length: Length = (
        st.segmented_control(
            "要約の長さ", list(LENGTHS), format_func=lambda name: LENGTHS[name], default="usual", key="review-length"
        )
        or "usual"
    )  # fmt: skip
    name = f"chapters-{length}"
    if name not in held.kept:
        with st.spinner("章ごとに読んでいます…"):
            held.kept[name] = about_document(assistant, held).summary(length)
    chapters: Sequence[ChapterSummary] = held.kept[name]
    if not any(chapter.sentences or chapter.indicators for chapter in chapters):
        st.info("要約に使える文を読み取れませんでした。", icon=":material/info:")
    for number, chapter in enumerate(chapters):
        _draw_chapter(held, chapter, number, opened=len(chapters) <= _OPEN)


_OPEN = 12  # chapters; of more, each is opened by the person


def _draw_chapter(held: Held, chapter: ChapterSummary, number: int, *, opened: bool) -> None:
    first, last = chapter.first_page, chapter.last_page
    pages = f"{first}ページ" if first == last else f"{first}～{last}ページ"
    with st.expander(plain(f"{chapter.title}（{pages}）"), expanded=opened):
        for place, sentence in enumerate(chapter.sentences):
            _draw_line(held, sentence.text, sentence.subject, sentence.where, f"{number}-{place}")
        for place, line in enumerate(chapter.indicators):
            _draw_line(held, line.text, "指標", line.where, f"{number}-kpi-{place}")
        if chapter.more_indicators:
            st.caption(f"指標はほかに{chapter.more_indicators}件あります（「指標の表」をご覧ください）。")
        if chapter.note:
            st.caption(f":material/info: {plain(chapter.note)}")


def _draw_line(held: Held, text: str, subject: str, where: PageQuote, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line-{key}"):
        st.markdown(lines(text), width="stretch")
        if subject:
            st.badge(subject, color="blue")
        if held.path.suffix.lower() != ".pdf":
            st.caption(f"{where.page}ページ", width="content")
        draw_page_button(held, where, f"chapter-page-{key}")
