"""Whose document it is: proposed from its first pages, used only when a person says so."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.domain import Municipality
from assistant.service import Assistant
from assistant.ui.review_state import Held
from assistant.ui.safe import plain

_PROPOSED: Final = "places-proposed"
_PLACE: Final = "place"  # code of the confirmed one
_NOBODY: Final = ""


def confirmed_place(assistant: Assistant, held: Held) -> Municipality | None:
    """The municipality that the person named for this document."""
    code = held.kept.get(_PLACE, _NOBODY)
    known = assistant.municipalities
    return known.by_code(code) if known is not None and code else None


def draw_place(assistant: Assistant, held: Held) -> Municipality | None:
    """Ask whose document it is; a new answer makes cases of places like it come first."""
    known = assistant.municipalities
    if known is None:
        return None
    if _PROPOSED not in held.kept:
        held.kept[_PROPOSED] = assistant.reviews.places_in(held.document)
    proposed = held.kept[_PROPOSED]
    names = {
        _NOBODY: "指定しない",
        **{place.code: f"{place.full_name}（文書に名前があります）" for place in proposed},
    }
    names |= {place.code: place.full_name for place in known if place.code not in names}
    before = held.kept.get(_PLACE, _NOBODY)
    codes = list(names)
    code = st.selectbox(
        "どの自治体の文書ですか",
        codes,
        index=codes.index(before),
        format_func=lambda code: plain(names[code]),
        help="選ぶと、規模の近い自治体の事例を先に示し、下書きに人口などの公表値を出典つきで入れます。",
        key="review-place",
    )
    if code != before:
        held.kept[_PLACE] = code
        with st.spinner("事例を選び直しています。"):
            held.show(assistant.reviews.with_help(held.review, known.by_code(code) if code else None))
    return confirmed_place(assistant, held)
