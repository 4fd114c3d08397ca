"""One sentence with its marks; a mark opens its evidence."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assistant.domain import Claim
from assistant.ui.evidence_view import open_citation
from assistant.ui.safe import lines, plain

Marks = Mapping[tuple[str, int, int], int]


def draw_claim(claim: Claim, marks: Marks, key: str) -> None:
    """The sentence, and a button for each citation."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="top", wrap=False):
        st.markdown(lines(claim.text), width="stretch")
        for place, citation in enumerate(claim.citations):
            mark = marks[(citation.passage_id, citation.start, citation.end)]
            if st.button(
                f"\\[{mark}\\]",
                key=f"cite-{key}-{place}",
                help=plain(f"根拠を開く: {citation.title}"),
                type="tertiary",
            ):
                open_citation(citation, mark)
