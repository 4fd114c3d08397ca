"""What answers say of grants beside sentences: grants that fit, conditions touched, a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from assistant.domain import (
    Cell,
    CellState,
    ComparedRow,
    Comparison,
    Finding,
    GrantFit,
    Outcome,
    Source,
    VerdictOutcome,
)
from assistant.grants.table import TOLD, told_of
from assistant.ui.claim_view import Marks, draw_claim
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import draw_clause, say_outcome

_ICONS = {
    Outcome.MET: ":material/check_circle:",
    Outcome.NOT_MET: ":material/cancel:",
    Outcome.UNKNOWN: ":material/help:",
    Outcome.NOT_APPLICABLE: ":material/do_not_disturb_on:",
}
_DIFFERS = {
    True: ("orange", ":material/sync_alt:"),
    False: ("gray", ":material/drag_handle:"),
    None: ("blue", ":material/help:"),
}
_FEW = 2
_ALWAYS = frozenset(("補助率", "上限額"))


# ── a comparison ──


def draw_comparison(comparison: Comparison, marks: Marks, key: str) -> None:
    """A row per aspect and a column per side; what does not differ is folded away, but for the money."""
    for row in comparison.rows:
        if row.says:
            st.markdown(f":material/balance: {plain(row.says)}")
    told = [row for row in comparison.rows if row.differs is not False or row.aspect in _ALWAYS]
    same = [row for row in comparison.rows if row not in told]
    if not told:
        told, same = same, []
    with st.container(gap="xsmall", key=f"{key}-table"):
        _draw_head(comparison)
        for number, row in enumerate(told):
            _draw_row(comparison, row, marks, f"{key}-{number}")
    if same:
        with st.expander(f"{TOLD[False]}（{len(same)}項目）", icon=":material/drag_handle:"):
            for number, row in enumerate(same):
                _draw_row(comparison, row, marks, f"{key}-same-{number}")


def _columns(comparison: Comparison) -> list[float]:
    return [1.1, *([2.4] * len(comparison.sides))]


def _draw_head(comparison: Comparison) -> None:
    with st.container(border=True):
        places = st.columns(_columns(comparison), gap="small")
    with places[0]:
        st.markdown("**項目**")
    for side, place in zip(comparison.sides, places[1:], strict=True):
        with place:
            st.markdown(f"**{plain(side.name)}**")
            st.caption(plain(side.note or side.year))


def _draw_row(comparison: Comparison, row: ComparedRow, marks: Marks, key: str) -> None:
    with st.container(border=True):
        places = st.columns(_columns(comparison), gap="small")
    with places[0], st.container(gap="xsmall"):
        st.markdown(f"**{plain(row.aspect)}**")
        colour, icon = _DIFFERS[row.differs]
        st.badge(told_of(row), color=colour, icon=icon)  # type: ignore[arg-type]
    for number, (side, cell, place) in enumerate(zip(comparison.sides, row.cells, places[1:], strict=True)):
        with place, st.container(gap="xsmall"):
            st.caption(plain(side.name))  # on a phone the columns stand one below the other
            _draw_cell(cell, marks, f"{key}-{number}")


def _draw_cell(cell: Cell, marks: Marks, key: str) -> None:
    if cell.state is CellState.ABSENT:
        st.caption(f":material/do_not_disturb_on: {plain(cell.text)}")
        return
    if cell.state is CellState.UNCONFIRMED:
        st.badge("未確認", color="blue", icon=":material/help:")
    if cell.value:
        st.markdown(f"**{plain(cell.value)}**")
    for number, claim in enumerate(cell.claims):
        draw_claim(claim, marks, f"{key}-{number}")


# ── grants that fit ──


def draw_fits(fits: Sequence[GrantFit], marks: Marks, sources: Mapping[str, Source], key: str) -> None:
    """The grants as cards, the best suited first."""
    for number, fit in enumerate(fits, start=1):
        with st.container(border=True, gap="small", key=f"{key}-fit-{number}"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{number}. {plain(fit.name)}**", width="content")
                year = fit.year.partition("（")[0]
                if year not in fit.name:
                    st.badge(plain(year), color="gray")
                if fit.outcome is VerdictOutcome.INELIGIBLE:
                    st.badge("条件に合わないおそれ", color="red", icon=":material/cancel:")
            if fit.why:
                _draw_labelled("合う点", ":material/target:")
            for place, claim in enumerate(fit.why):
                draw_claim(claim, marks, f"{key}-{number}-why-{place}")
            for place, claim in enumerate(fit.against):
                _draw_labelled("注意する点", ":material/warning:")
                draw_claim(claim, marks, f"{key}-{number}-against-{place}")
            if fit.touched:
                _draw_labelled("お書きの内容に関わる条件（読み取りが正しい場合）", ":material/rule:")
            for finding in fit.touched[:_FEW]:
                _draw_finding(finding, sources, f"{key}-{number}-{finding.rule_id}")
            if fit.unknown:
                st.caption(f":material/help: まだ分からないこと　{plain(' '.join(fit.unknown))}")
            if fit.office:
                st.caption(f":material/call: 確認先　{plain(fit.office)}")


def _draw_labelled(label: str, icon: str) -> None:
    st.caption(f"{icon} {label}")


# ── conditions touched ──


def draw_office(name: str) -> None:
    """Whom to ask about what the sources leave open."""
    st.caption(f":material/call: 資料で決まらない点の確認先　{plain(name)}")


def draw_touched(findings: Sequence[Finding], sources: Mapping[str, Source], key: str) -> None:
    """The conditions that the question's words speak of, as they come out if the words were read rightly."""
    if not findings:
        return
    with st.container(border=True, gap="small", key=f"{key}-touched"):
        st.markdown("**ご質問の言葉に関わる条件**")
        st.caption("読み取りが正しい場合の結果です。下で確かめていただくまで、判定には使いません。")
        for finding in findings:
            _draw_finding(finding, sources, f"{key}-touched-{finding.rule_id}")


def _draw_finding(finding: Finding, sources: Mapping[str, Source], key: str) -> None:
    text, place = st.columns([4, 1], gap="small")
    with text, st.container(gap="xsmall"):
        told = say_outcome(finding.outcome, finding.group, finding.affects)
        st.markdown(f"{_ICONS[finding.outcome]} **{plain(told)}**　{lines(finding.says)}")
        st.caption(lines(finding.because))
    with place:
        draw_clause(finding.clause, sources, key, label=f"根拠（{finding.clause.level}）")
