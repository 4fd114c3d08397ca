"""The review beside an earlier version of the document: what changed, side by side, with the pages of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from assistant.domain import PageQuote
from assistant.export.differences import (
    OUTCOME_WORDS,
    PASSAGE_WORDS,
    REQUIREMENT_WORDS,
    kpi_line,
    kpis_told,
    pages_of,
    passages_told,
    remarks,
    requirements_told,
)
from assistant.review.nouns import Difference, KpiChange, PassageChange, RequirementChange, Side
from assistant.service import Assistant
from assistant.ui.review_state import Beside, Filed, Held, bring_beside, draw_page_button, drop_beside
from assistant.ui.safe import lines, plain

BEFORE: Final = "before"  # the key of the earlier version among what lies beside the review
_KINDS: Final = ["pdf", "docx", "xlsx", "pptx", "html", "htm", "md", "txt"]
_A_PAGE: Final = 20  # changes shown at once
_LOOK: Final[dict[str, tuple[Any, str]]] = {
    "lost": ("orange", ":material/remove_circle:"),
    "gained": ("green", ":material/add_circle:"),
    "unclear": ("gray", ":material/help:"),
    "changed": ("blue", ":material/edit:"),
    "removed": ("orange", ":material/remove_circle:"),
    "added": ("green", ":material/add_circle:"),
    "moved": ("violet", ":material/swap_vert:"),
}
_TELLING: Final = "注意して読む"


def draw_before(assistant: Assistant, held: Held) -> None:
    """The form for the earlier version, or what changed since."""
    earlier = held.beside.get(BEFORE)
    if held.review.difference is None or earlier is None:
        _draw_form(assistant, held)
        return
    _draw_difference(held, earlier, held.review.difference)


def _draw_form(assistant: Assistant, held: Held) -> None:
    st.markdown("この文書の前の版を選ぶと、点検項目・指標・文ごとに、何が変わったかを並べて示します。")
    with st.form("before-form"):
        file = st.file_uploader("前の版の文書", type=_KINDS, key="before-file")
        pressed = st.form_submit_button("前の版と比べる", type="primary", icon=":material/compare_arrows:")
    if not pressed:
        return
    if file is None:
        st.warning("前の版の文書を選んでください。", icon=":material/upload_file:")
        return
    earlier = bring_beside(assistant, held, BEFORE, file.name, file.getvalue())
    if earlier is not None:
        with st.spinner("2つの版を比べています。"):
            held.show(assistant.reviews.compare(earlier.document, held.document, held.review))
        st.rerun()


def _draw_difference(held: Held, earlier: Beside, difference: Difference) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(plain(f"前の版: {difference.before_file}　新しい版: {difference.after_file}"))
        if st.button("前の版を外す", key="before-drop", icon=":material/close:", type="tertiary"):
            drop_beside(held, BEFORE)
            held.show(held.review.model_copy(update={"difference": None}))
            st.rerun()
    st.markdown(plain(difference.text))
    for caution in difference.cautions[:-1]:
        st.warning(plain(caution), icon=":material/warning:")
    st.caption(plain(difference.cautions[-1]))
    requirements, kpis, passages = (
        requirements_told(difference),
        kpis_told(difference),
        passages_told(difference),
    )
    counts = {"点検項目": len(requirements), "指標": len(kpis), "文と見出し": len(passages)}
    part = st.segmented_control(
        "何の違いを見るか",
        list(counts),
        format_func=lambda name: f"{name}（{counts[name]}）",
        default=next((name for name, count in counts.items() if count), "点検項目"),
        key="before-part",
        label_visibility="collapsed",
    )
    if part == "点検項目":
        _draw_requirements(held, earlier, requirements)
    elif part == "指標":
        _draw_kpis(held, earlier, kpis)
    elif part == "文と見出し":
        _draw_passages(held, earlier, passages)


def _draw_requirements(held: Held, earlier: Beside, changes: Sequence[RequirementChange]) -> None:
    kinds = [k for k in REQUIREMENT_WORDS if any(c.kind == k for c in changes)]
    shown = _chosen(kinds, REQUIREMENT_WORDS, [c.kind for c in changes], "before-requirement-kind")
    for change in _paged([c for c in changes if c.kind in shown], "before-requirement-page"):
        name = change.requirement_id
        with st.container(border=True, key=f"before-requirement-{name}"):
            _draw_badge(change.kind, REQUIREMENT_WORDS[change.kind])
            st.markdown(f"**{plain(change.requirement)}**")
            st.markdown(plain(change.says))
            old, new = st.columns(2, gap="small")
            with old:
                st.caption(f"前の版　{OUTCOME_WORDS[change.before]}")
                _draw_quotes(earlier, change.before_evidence, f"bq-{name}")
            with new:
                st.caption(f"新しい版　{OUTCOME_WORDS[change.after]}")
                _draw_quotes(held, change.after_evidence, f"aq-{name}")


def _draw_kpis(held: Held, earlier: Beside, changes: Sequence[KpiChange]) -> None:
    for number, change in enumerate(_paged(changes, "before-kpi-page")):
        with st.container(border=True):
            st.markdown(f"**{plain(change.indicator)}**")
            for line in change.says:
                st.markdown(f"- {plain(line)}")
            old, new = st.columns(2, gap="small")
            for column, name, filed, kpi in (
                (old, "前の版", earlier, change.before),
                (new, "新しい版", held, change.after),
            ):
                with column:
                    st.caption(f"{name}　{kpi.where.page}ページ" if kpi else name)
                    st.markdown(plain(kpi_line(kpi)))
                    if kpi:
                        draw_page_button(filed, kpi.where, f"before-kpi-{name}-{number}")


def _draw_passages(held: Held, earlier: Beside, changes: Sequence[PassageChange]) -> None:
    words = {_TELLING: "数・年・言い方の強さの変化", **PASSAGE_WORDS}
    labels = [c.kind for c in changes] + [_TELLING for c in changes if c.notes]
    kinds = [k for k in words if k in labels]
    shown = _chosen(kinds, words, labels, "before-passage-kind")
    found = [c for c in changes if c.kind in shown or (_TELLING in shown and c.notes)]
    for number, change in enumerate(_paged(found, "before-passage-page")):
        with st.container(border=True):
            _draw_badge(change.kind, PASSAGE_WORDS[change.kind])
            for line in remarks(change):
                st.markdown(plain(line))
            if change.kind == "moved" and change.before is not None and change.after is not None:
                st.caption(
                    f"前の版の{pages_of(change.before)}ページから、新しい版の{pages_of(change.after)}ページへ移りました。"
                )
                st.markdown(_marked(change.after))
                draw_page_button(held, change.after.quotes[0], f"moved-{number}")
                continue
            old, new = st.columns(2, gap="small")
            for column, name, filed, side in (
                (old, "前の版", earlier, change.before),
                (new, "新しい版", held, change.after),
            ):
                with column:
                    _draw_side(name, filed, side, f"before-passage-{name}-{number}")


def _draw_side(name: str, filed: Filed, side: Side | None, key: str) -> None:
    if side is None:
        st.caption(f"{name}　なし")
        return
    st.caption(f"{name}　{pages_of(side)}ページ")
    st.markdown(_marked(side))
    for number, quote in enumerate(side.quotes[:2]):
        draw_page_button(filed, quote, f"{key}-{number}")


def _draw_quotes(filed: Filed, quotes: Sequence[PageQuote], key: str) -> None:
    if not quotes:
        st.markdown("－")
    for number, quote in enumerate(quotes):
        st.markdown(lines(quote.quote))
        draw_page_button(filed, quote, f"{key}-{number}")


def _draw_badge(kind: str, word: str) -> None:
    colour, icon = _LOOK[kind]
    st.badge(word, color=colour, icon=icon)


def _marked(side: Side) -> str:
    """The text with its changed words marked; every character of it is shown as it is."""
    return "".join(
        f":yellow-background[**{plain(text)}**]" if marked and text.strip() else plain(text)
        for text, marked in side.stretches
    )


def _chosen(kinds: Sequence[str], words: dict[str, str], labels: Sequence[str], key: str) -> list[str]:
    """The kinds of change that a person wants to see; all of them at first."""
    if len(kinds) < 2:
        return list(kinds)
    chosen = st.pills(
        "種類",
        kinds,
        format_func=lambda kind: f"{words[kind]}（{labels.count(kind)}）",
        selection_mode="multi",
        key=key,
        label_visibility="collapsed",
    )
    return list(chosen) or list(kinds)


def _paged(changes: Sequence[Any], key: str) -> Sequence[Any]:
    """Some of many changes at a time."""
    if not changes:
        st.caption("違いは見つかりませんでした。")
    if len(changes) <= _A_PAGE:
        return changes
    starts = list(range(0, len(changes), _A_PAGE))
    start = st.selectbox(
        "表示する範囲",
        starts,
        format_func=lambda n: f"{n + 1}～{min(n + _A_PAGE, len(changes))}件目（全{len(changes)}件）",
        key=f"{key}-{len(changes)}",
    )
    return changes[start : start + _A_PAGE]
