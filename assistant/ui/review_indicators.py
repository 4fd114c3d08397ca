"""The indicators of a document as a sheet; a row leads to its place on the page."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from assistant.export.reviews import KPI_HEAD, kpi_row
from assistant.service import Assistant
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import lines, plain

_SHEET: Final = "indicators-sheet"
_CHOSEN: Final = "indicators-chosen"


def draw_indicators(assistant: Assistant, held: Held) -> None:
    """The sheet, and the row that was chosen with its quote."""
    del assistant
    kpis = held.review.summary.kpis
    if not kpis:
        st.caption("基準値と目標値のある指標の表は読み取れませんでした。")
        return
    off = sum(1 for kpi in kpis if kpi.problems)
    st.markdown(f"{len(kpis)}件の指標を読み取りました。確かめたい点のある指標は{off}件です。")
    rows = [dict(zip(KPI_HEAD, kpi_row(kpi), strict=True)) for kpi in kpis]
    event: Any = st.dataframe(
        rows, width="stretch", hide_index=True, on_select="rerun", selection_mode="single-row", key=_SHEET
    )
    clicked = event["selection"]["rows"]
    if held.kept.get(_SHEET, []) != clicked:
        held.kept[_SHEET] = clicked
        st.session_state[_CHOSEN] = clicked[0] if clicked else None
    chosen = st.selectbox(
        "記載を見る指標",
        range(len(kpis)),
        index=None,
        format_func=lambda number: f"{kpis[number].indicator}（{kpis[number].where.page}ページ）",
        placeholder="指標を選ぶ",
        key=_CHOSEN,
    )
    if chosen is None:
        return
    kpi = kpis[chosen]
    with st.container(border=True):
        st.caption(f"{kpi.where.page}ページ")
        st.markdown(f":yellow-background[{lines(kpi.where.quote)}]")
        for problem in kpi.problems:
            st.markdown(f"- {plain(problem)}")
        draw_page_button(held, kpi.where, "indicators-page")
