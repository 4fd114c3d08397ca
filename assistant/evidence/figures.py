"""Figures of a claim against figures of the evidence: value, unit, comparison, and what they hang on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from assistant.evidence.analysis import Analysis, Figure, Sentence
from assistant.evidence.fit import fit, in_words, same_name
from assistant.evidence.problem import Problem
from assistant.evidence.quantities import bounds_agree, ends, unit_fits, value_fits
from assistant.japanese.counters import DATE, FISCAL_YEAR, YEAR
from assistant.japanese.numbers import Quantity

MARGIN: Final = 0.10  # by how much another figure must fit better to count as the one that was meant
CALENDAR_MARGIN: Final = 0.30  # dates stand at the head or the tail of a sentence: their place tells less
_BIND: Final = (
    "class",
    "year",
    "type",
    "work",
    "payee",
    "slot",
    "money",
    "budget",
    "move",
    "refund",
    "label",
    "place",
)
_UPPER: Final = re.compile(r"上限|最大|最長|最高|限度|まで")
_LOWER: Final = re.compile(r"下限|最低|最短|最小|少なくとも")
_Placed = tuple[Sentence, Figure]


def check_figures(
    claim: Sentence, known: Analysis, around: Analysis, years: frozenset[str]
) -> Iterable[Problem]:
    """Problems with the figures of one sentence of a claim."""
    pool = [(s, f) for s in known.sentences for f in s.figures]
    headings = [f for s in around.sentences for f in s.figures]
    for figure in claim.figures:
        if figure.quantity.unit == FISCAL_YEAR:
            problem = _fiscal_year(figure, known, around, years)
        else:
            problem = _figure(claim, figure, pool, headings)
        if problem is not None:
            yield problem


def _fiscal_year(figure: Figure, known: Analysis, around: Analysis, years: frozenset[str]) -> Problem | None:
    wanted = {str(int(v)) for v in figure.quantity.values}
    if wanted <= known.mentioned("year") | years | around.mentioned("year"):
        return None
    shown = [f.shown for s in known.sentences for f in s.figures if f.quantity.unit == FISCAL_YEAR]
    if shown:
        return Problem(
            f"根拠は「{shown[0]}」についてのもので、文の「{figure.shown}」は裏付けられません。", conflict=True
        )
    return Problem(f"文の「{figure.shown}」が根拠に見当たりません。")


def _bound(figure: Figure, sentence: Sentence) -> str:
    """``ge``/``gt``/``le``/``lt`` from the wording at the figure; ``~le``/``~ge`` from 上限・下限 nearby; else empty."""
    if figure.quantity.bound:
        return figure.quantity.bound
    slot = figure.bound_to.get("slot", frozenset())
    if "上限" in slot:
        return "~le"
    if "下限" in slot:
        return "~ge"
    near = re.split("[、。]", sentence.text[max(0, figure.quantity.start - 14) : figure.quantity.start])[-1]
    if _UPPER.search(near):
        return "~le"
    return "~ge" if _LOWER.search(near) else ""


def _supported_by(quantity: Quantity, alike: list[_Placed]) -> list[_Placed]:
    """The evidence figures that hold this value; a range may also stand as its two ends in one sentence."""
    whole = [(s, f) for s, f in alike if value_fits(quantity, f.quantity)]
    if whole or quantity.upper is None:
        return whole
    low, high = ends(quantity)
    starts = [(s, f) for s, f in alike if value_fits(low, f.quantity)]
    return [(s, f) for s, f in starts if any(value_fits(high, g.quantity) for t, g in alike if t is s)]


def _figure(claim: Sentence, figure: Figure, pool: list[_Placed], headings: list[Figure]) -> Problem | None:
    quantity = figure.quantity
    alike = [(s, f) for s, f in pool if unit_fits(quantity, f.quantity)]
    right = _supported_by(quantity, alike)

    def fitting(placed: _Placed) -> float:
        return fit(figure.context, placed[1].context)

    if not right:
        if any(unit_fits(quantity, h.quantity) and value_fits(quantity, h.quantity) for h in headings):
            return None
        if alike:
            return _said_otherwise(max(alike, key=fitting)[1].shown, figure.shown)
        return Problem(f"文の「{figure.shown}」が根拠に見当たりません。")
    free = [placed for placed in right if rival(figure, placed[1]) is None]
    if not free:
        best = max(right, key=fitting)[1]
        mine, theirs = rival(figure, best) or ("", "")
        return Problem(
            f"根拠の「{best.shown}」は「{theirs}」についてのものですが、文は「{mine}」のものとしています。",
            conflict=True,
        )
    score = max(map(fitting, free))
    wrong = [
        (s, f)
        for s, f in alike
        if (s, f) not in right and f.quantity.unit == quantity.unit and rival(figure, f) is None
    ]
    # What 「1つの事業」 or 「1人当たり」 hangs on is said by other words.
    if wrong and quantity.value != 1:
        other = max(wrong, key=fitting)
        if fitting(other) > score + (CALENDAR_MARGIN if quantity.unit in (YEAR, DATE) else MARGIN):
            return _said_otherwise(other[1].shown, figure.shown)
    misplaced = _misplaced(figure, free) if quantity.value != 1 else None
    if misplaced is not None:
        return _said_otherwise(misplaced.shown, figure.shown)
    agreeing = [p for p in free if bounds_agree(_bound(figure, claim), _bound(p[1], p[0]), quantity.unit)]
    if not agreeing or max(map(fitting, agreeing)) < score - MARGIN:
        said = max(free, key=fitting)[1]
        return _said_otherwise(said.shown + said.quantity.comparison, figure.shown + quantity.comparison)
    if not quantity.approximate and all(f.quantity.approximate for _, f in agreeing):
        return Problem(
            f"根拠では「{figure.shown}」はおおよその値ですが、文では確定した値になっています。", soft=True
        )
    return None


def _misplaced(figure: Figure, free: list[_Placed]) -> Figure | None:
    """Another figure of the same sentence that the words right before the claim's figure tell apart as its own."""
    worst: Figure | None = None
    for sentence, own in free:
        better = None
        for other in sentence.figures:
            if (
                other is own
                or other.quantity.unit == FISCAL_YEAR
                or other.quantity.value == 1
                or not own.near - other.near
            ):
                continue
            if figure.near & (other.near - own.near) and not figure.near & (own.near - other.near):
                better = other
                break
        if better is None:
            return None
        worst = better
    return worst


def _said_otherwise(said: str, written: str) -> Problem:
    return Problem(f"根拠には「{said}」とありますが、文には「{written}」とあります。", conflict=True)


def rival(claim: Figure, evidence: Figure) -> tuple[str, str] | None:
    """What two figures hang on where it differs, as a person reads it: (claim's, evidence's)."""
    for kind in _BIND:
        mine, theirs = claim.bound_to.get(kind), evidence.bound_to.get(kind)
        if not mine or not theirs:
            continue
        held = [value for value in sorted(mine) if any(same_name(value, other) for other in theirs)]
        if (kind == "place" and held) or len(held) == len(mine):
            continue
        value = next(v for v in sorted(mine) if v not in held)
        return in_words(kind, value), "・".join(in_words(kind, other) for other in sorted(theirs))
    return None
