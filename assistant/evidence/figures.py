"""Figures of a claim against figures of the evidence: value, unit, comparison, and what they hang on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from assistant.evidence.analysis import Analysis, Figure, Sentence
from assistant.evidence.fit import fit, same_name
from assistant.evidence.problem import Problem
from assistant.japanese.counters import DATE, FISCAL_YEAR, YEAR
from assistant.japanese.numbers import Quantity

MARGIN: Final = 0.10  # by how much another figure must fit better to count as the one that was meant
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
)
_KIND_NAMES: Final = {
    "class": "団体の区分",
    "year": "年度",
    "slot": "項目",
    "money": "金額の種類",
    "term": "期間の種類",
}
_GROUPS: Final = {"団体": {"市町村", "都道府県", "府省"}, "つ": {"本", "団体", "事業"}}
_UPPER: Final = re.compile(r"上限|最大|最長|最高|限度|まで")
_LOWER: Final = re.compile(r"下限|最低|最短|最小|少なくとも")


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
    named = known.mentioned("year")
    wanted = {str(int(v)) for v in figure.quantity.values}
    if wanted <= named | years | around.mentioned("year"):
        return None
    shown = [f.shown for s in known.sentences for f in s.figures if f.quantity.unit == FISCAL_YEAR]
    if shown:
        return Problem(
            f"根拠は「{shown[0]}」についてのもので、文の「{figure.shown}」は裏付けられません。", conflict=True
        )
    return Problem(f"文の「{figure.shown}」が根拠に見当たりません。")


def _unit_fits(claim: Quantity, evidence: Quantity) -> bool:
    a, b = claim.unit, evidence.unit
    if {a, b} <= {DATE, YEAR}:
        return True
    if (
        a == b
        or (not a and b not in (DATE, YEAR, FISCAL_YEAR))
        or (not b and a not in (DATE, YEAR, FISCAL_YEAR))
    ):
        return True
    return b in _GROUPS.get(a, ())


def _parts(value: Fraction, unit: str) -> tuple[int, int, int]:
    number = int(value)
    return (number, 0, 0) if unit == YEAR else (number // 10000, number // 100 % 100, number % 100)


def _date_fits(claim: Quantity, evidence: Quantity) -> bool:
    """Every part that the claim names is the evidence's; a year that the evidence leaves out is no conflict."""
    for mine in claim.values:
        if not any(
            all(
                a == 0 or a == b or (b == 0 and i == 0)
                for i, (a, b) in enumerate(
                    zip(_parts(mine, claim.unit), _parts(v, evidence.unit), strict=True)
                )
            )
            for v in evidence.values
        ):
            return False
    return True


def _rounds_to(exact: Fraction, rough: Fraction) -> bool:
    """Whether ``rough`` is ``exact`` rounded to the digits that ``rough`` shows (約12万人 for 12万3,534人)."""
    if rough <= 0 or exact <= 0:
        return False
    step = Fraction(1)
    if rough.denominator != 1:
        step = Fraction(1, rough.denominator)
    else:
        whole = int(rough)
        while whole % 10 == 0:
            whole //= 10
            step *= 10
    return abs(exact - rough) <= step / 2 and step <= rough


def _value_fits(claim: Quantity, evidence: Quantity) -> bool:
    if claim.unit in (DATE, YEAR):
        return _date_fits(claim, evidence)
    if set(claim.values) <= set(evidence.values):
        return True
    return claim.approximate and claim.upper is None and _rounds_to(evidence.value, claim.value)


def _bound(figure: Figure, sentence: Sentence) -> str:
    """``ge``/``gt``/``le``/``lt`` from the wording at the figure, or from 上限・下限 that it hangs on; else empty."""
    if figure.quantity.bound:
        return figure.quantity.bound
    slot = figure.bound_to.get("slot", frozenset())
    if "上限" in slot:
        return "~le"
    if "下限" in slot:
        return "~ge"
    near = sentence.text[max(0, figure.quantity.start - 14) : figure.quantity.start]
    if _UPPER.search(near):
        return "~le"
    return "~ge" if _LOWER.search(near) else ""


def _bounds_agree(claim: str, evidence: str) -> bool:
    a, b = claim.lstrip("~"), evidence.lstrip("~")
    if a == b:
        return True
    # A limit told by a word of its own (上限, 最大) may be left unsaid or said otherwise; one at the figure may not.
    return (not a or not b) and (claim.startswith("~") or evidence.startswith("~"))


def _figure(
    claim: Sentence, figure: Figure, pool: list[tuple[Sentence, Figure]], headings: list[Figure]
) -> Problem | None:
    quantity = figure.quantity
    alike = [(s, f) for s, f in pool if _unit_fits(quantity, f.quantity)]
    right = [(s, f) for s, f in alike if _value_fits(quantity, f.quantity)]
    if not right:
        if any(_unit_fits(quantity, h.quantity) and _value_fits(quantity, h.quantity) for h in headings):
            return None
        if alike:
            best = max(alike, key=lambda sf: fit(figure.context, sf[1].context))[1]
            return Problem(
                f"根拠には「{best.shown}」とありますが、文には「{figure.shown}」とあります。", conflict=True
            )
        return Problem(f"文の「{figure.shown}」が根拠に見当たりません。")
    wrong = [(s, f) for s, f in alike if not _value_fits(quantity, f.quantity)]
    free = [(s, f) for s, f in right if _rival(figure, f) is None]
    if not free:
        best_sentence, best = max(right, key=lambda sf: fit(figure.context, sf[1].context))
        kind, mine, theirs = _rival(figure, best) or ("", "", "")
        del best_sentence
        return Problem(
            f"根拠で「{best.shown}」は「{theirs}」についての{_KIND_NAMES.get(kind, '記述')}ですが、文は「{mine}」としています。",
            conflict=True,
        )
    score = max(fit(figure.context, f.context) for _, f in free)
    agreeing = [(s, f) for s, f in free if _bounds_agree(_bound(figure, claim), _bound(f, s))]
    if wrong:
        other = max(wrong, key=lambda sf: fit(figure.context, sf[1].context))[1]
        if fit(figure.context, other.context) > score + MARGIN:
            return Problem(
                f"根拠には「{other.shown}」とありますが、文には「{figure.shown}」とあります。", conflict=True
            )
    if not agreeing or max(fit(figure.context, f.context) for _, f in agreeing) < score - MARGIN:
        said = max(free, key=lambda sf: fit(figure.context, sf[1].context))[1]
        return Problem(
            f"根拠には「{_with_bound(said)}」とありますが、文には「{_with_bound(figure)}」とあります。",
            conflict=True,
        )
    if not quantity.approximate and all(f.quantity.approximate for _, f in agreeing):
        return Problem(
            f"根拠では「{figure.shown}」はおおよその値ですが、文では確定した値になっています。", soft=True
        )
    return None


def _with_bound(figure: Figure) -> str:
    return figure.shown + figure.quantity.comparison


def _rival(claim: Figure, evidence: Figure) -> tuple[str, str, str] | None:
    """The kind on which two figures hang on different things: (kind, claim's, evidence's)."""
    for kind in _BIND:
        mine, theirs = claim.bound_to.get(kind), evidence.bound_to.get(kind)
        if not mine or not theirs:
            continue
        for value in sorted(mine):
            if not any(same_name(value, other) for other in theirs):
                return kind, value, "・".join(sorted(theirs))
    return None
