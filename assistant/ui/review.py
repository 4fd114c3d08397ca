"""計画を点検する: upload, coverage, findings with their pages, indicators, cases for a gap, export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from assistant.review.desk import STRATEGY
from assistant.service import Assistant
from assistant.ui.frame import open_assistant, told_in_japanese
from assistant.ui.review_before import draw_before
from assistant.ui.review_chapters import draw_chapters
from assistant.ui.review_drafts import draw_drafts
from assistant.ui.review_exports import draw_exports
from assistant.ui.review_findings import draw_findings
from assistant.ui.review_indicators import draw_indicators
from assistant.ui.review_picture import draw_picture
from assistant.ui.review_questions import draw_questions
from assistant.ui.review_state import Held, begin, held_review, uploader_key
from assistant.ui.safe import plain
from assistant.ui.uploads import how_long

_KINDS = ["pdf", "docx", "xlsx", "pptx", "html", "htm", "md", "txt"]


def draw() -> None:
    """The page."""
    st.title("計画を点検する", anchor=False)
    st.caption(
        "地方版総合戦略や交付金の計画を読み、要件ごとに、記載のあるページと見当たらない項目を示します。"
    )
    assistant: Assistant | None = None
    with told_in_japanese():
        assistant = open_assistant()
    if assistant is None:
        st.stop()
    _draw_form(assistant)
    held = held_review()
    if held is not None:
        _draw_review(assistant, held)


def _draw_form(assistant: Assistant) -> None:
    st.caption(plain(how_long(assistant.settings)))
    names = {STRATEGY: "地方版総合戦略", **{grant.id: grant.name for grant in assistant.grants}}
    with st.form("review-form"):
        file = st.file_uploader(
            "点検する文書（PDF、Word、Excel、PowerPointなど）", type=_KINDS, key=uploader_key()
        )
        target = st.selectbox(
            "点検の相手", list(names), format_func=lambda i: plain(names[i]), key="review-target"
        )
        lenient = st.toggle(
            "検討中・目次だけ・見出しだけの項目を「判断できない」とする", key="review-lenient"
        )
        if st.form_submit_button("点検する", type="primary", icon=":material/fact_check:"):
            if file is None:
                st.warning(
                    "文書を選んでください。赤く表示されたファイルは、種類か大きさが合わないため読めません。",
                    icon=":material/upload_file:",
                )
            else:
                begin(assistant, file.name, file.getvalue(), target or STRATEGY, lenient)


def _draw_review(assistant: Assistant, held: Held) -> None:
    review = held.review
    st.subheader(plain(review.file), anchor=False)
    st.caption(plain(f"点検の相手: {review.target_name}"))
    st.markdown(plain(review.summary.text))
    for caution in review.summary.cautions[:-1]:
        st.warning(plain(caution), icon=":material/warning:")
    st.caption(plain(review.summary.cautions[-1]))
    tabs = st.tabs(list(_PARTS), key="review-part", on_change="rerun")
    for tab, draw_part in zip(tabs, _PARTS.values(), strict=True):
        if tab.open:  # only the part that is looked at is made
            with tab:
                draw_part(assistant, held)


_PARTS: Final[dict[str, Callable[[Assistant, Held], None]]] = {
    "点検結果": draw_findings,
    "全体の図": draw_picture,
    "指標の表": draw_indicators,
    "質問する": draw_questions,
    "章ごとの要約": draw_chapters,
    "前の版と比べる": draw_before,
    "下書き": draw_drafts,
    "書き出し": draw_exports,
}
