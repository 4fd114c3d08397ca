"""Cases side by side, as a table that a phone scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from assistant.cases.casebook import Casebook
from assistant.cases.compare import compare_cases
from assistant.domain import Municipality
from assistant.ui.case_cards import draw_sources
from assistant.ui.safe import lines, plain


def draw_comparison(book: Casebook, ids: Sequence[str], like: Municipality | None) -> None:
    """The table, and the sources of each case below it. Raises ``InputError`` and ``UnknownName``."""
    comparison = compare_cases(book, ids, like)
    table = pd.DataFrame(
        {
            plain(f"{number}. {title}"): [lines(values[number - 1]) for _, values in comparison.rows]
            for number, title in enumerate(comparison.titles, 1)
        },
        index=pd.Index([plain(label) for label, _ in comparison.rows], name="項目"),
    )
    st.table(table)
    for number, (title, sources) in enumerate(zip(comparison.titles, comparison.sources, strict=True), 1):
        st.markdown(f"**{plain(f'{number}. {title}')}の出典**")
        draw_sources(sources)
