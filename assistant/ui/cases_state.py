"""What the page of cases holds in the address, so that a search can be shared as a link."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import streamlit as st

VIEWS = ("一覧", "並べて比べる", "地図", "年表と内訳")
_SINGLE = ("words", "like", "population", "year", "view")
_SEVERAL = ("pillar", "theme", "prefecture", "scheme", "kind", "pick")


@dataclass(frozen=True)
class Wanted:
    """The search as it stands in the address; values as people read them."""

    words: str = ""
    like: str = ""
    population: str = ""
    year: str = ""
    view: str = VIEWS[0]
    pillar: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    prefecture: tuple[str, ...] = ()
    scheme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    pick: tuple[str, ...] = ()


def key(name: str) -> str:
    """The key of a widget in the session."""
    return f"cases-{name}"


def restore() -> None:
    """Take the search from the address, once a session and whenever a link is followed."""
    given = {name: tuple(st.query_params.get_all(name)) for name in (*_SINGLE, *_SEVERAL)}
    if st.session_state.get("cases-address") == given:
        return
    for name in _SINGLE:
        value = given[name][0][:300] if given[name] else getattr(Wanted, name)
        st.session_state[key(name)] = value if name != "view" or value in VIEWS else VIEWS[0]
    for name in _SEVERAL:
        st.session_state[key(name)] = list(dict.fromkeys(given[name]))[:47]
    st.session_state["cases-address"] = given


def current() -> Wanted:
    """The search as the widgets hold it."""
    held: dict[str, Any] = {}
    for field in fields(Wanted):
        value = st.session_state.get(key(field.name))
        if field.name in _SEVERAL:
            held[field.name] = tuple(value or ())
        else:
            held[field.name] = value or getattr(Wanted, field.name)
    return Wanted(**held)


def remember(wanted: Wanted) -> None:
    """Put the search into the address."""
    query: dict[str, Any] = {}
    for field in fields(Wanted):
        value = getattr(wanted, field.name)
        if value and value != getattr(Wanted, field.name):
            query[field.name] = list(value) if field.name in _SEVERAL else value
    st.query_params.from_dict(query)
    st.session_state["cases-address"] = {
        name: tuple(st.query_params.get_all(name)) for name in (*_SINGLE, *_SEVERAL)
    }


def drop(name: str) -> None:
    """Empty one filter (``all``: every one), from a button."""
    names = (*_SEVERAL[:-1], "population", "year") if name == "all" else (name,)
    for one in names:
        st.session_state[key(one)] = [] if one in _SEVERAL else ""
