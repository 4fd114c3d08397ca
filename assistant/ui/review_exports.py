"""A review to take along, and its deletion."""

from __future__ import annotations

import streamlit as st

from assistant.export.reviews import review_docx, review_html, review_markdown, review_xlsx
from assistant.service import Assistant
from assistant.ui.review_state import EXPORTS, Held, empty_uploader, forget

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_exports(assistant: Assistant, held: Held) -> None:
    """The review as files, and the button that deletes the document."""
    if EXPORTS not in held.kept:
        sources, today = assistant.sources, assistant.settings.today
        cases = assistant.reviews.cases_of(held.review)
        held.kept[EXPORTS] = {
            "docx": review_docx(held.review, sources, today=today, cases=cases),
            "html": review_html(held.review, sources, today=today, cases=cases).encode(),
            "xlsx": review_xlsx(held.review, sources, cases=cases),
            "md": review_markdown(held.review, sources, today=today, cases=cases).encode(),
        }
    labels = {
        "docx": ("Word", _WORD_TYPE),
        "html": ("HTML", "text/html"),
        "xlsx": ("Excel", _SHEET_TYPE),
        "md": ("Markdown", "text/markdown"),
    }
    with st.container(horizontal=True):
        for ending, (label, kind) in labels.items():
            st.download_button(
                label,
                held.kept[EXPORTS][ending],
                file_name=f"点検結果.{ending}",
                mime=kind,
                key=f"review-{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
    if st.button("この文書と点検結果を消す", key="review-forget", icon=":material/delete:"):
        forget()
        empty_uploader()
        st.rerun()
