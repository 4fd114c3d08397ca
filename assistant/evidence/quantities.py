"""When two quantities say the same: units, values, dates, rounding, comparison."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from assistant.japanese.counters import DATE, FISCAL_YEAR, YEAR
from assistant.japanese.numbers import Quantity

_CALENDAR: Final = frozenset({DATE, YEAR, FISCAL_YEAR})
# A wider counter in a claim is borne out by a narrower one: 60団体 by 60市町村.
_WIDER: Final = {"団体": {"市町村", "都道府県", "府省", "市", "町", "村"}, "つ": {"本", "事業"}}


def unit_fits(claim: Quantity, evidence: Quantity) -> bool:
    """Whether two quantities count the same thing."""
    a, b = claim.unit, evidence.unit
    if a == b or {a, b} <= {DATE, YEAR}:
        return True
    if not a or not b:
        return (a or b) not in _CALENDAR
    return b in _WIDER.get(a, ())


def value_fits(claim: Quantity, evidence: Quantity) -> bool:
    """Whether the evidence's value bears out the claim's (units are taken to fit)."""
    if claim.unit in (DATE, YEAR):
        return all(
            any(_date_fits(mine, claim.unit, v, evidence.unit) for v in evidence.values)
            for mine in claim.values
        )
    if set(claim.values) <= set(evidence.values):
        return True
    rounded = claim.approximate and not evidence.approximate and claim.upper is None
    return rounded and _rounds_to(evidence.value, claim.value)


def same(claim: Quantity, evidence: Quantity) -> bool:
    """Whether unit and value of the evidence bear out the claim's."""
    return unit_fits(claim, evidence) and value_fits(claim, evidence)


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether one may stand where the other stood: both of the calendar, or both counts sharing value or unit."""
    if (a.unit in _CALENDAR) != (b.unit in _CALENDAR):
        return False
    return a.unit in _CALENDAR or a.unit == b.unit or bool(set(a.values) & set(b.values))


def ends(quantity: Quantity) -> tuple[Quantity, ...]:
    """The two ends of a range as quantities of their own; the quantity itself where it is none."""
    if quantity.upper is None:
        return (quantity,)
    return tuple(
        Quantity(
            v, quantity.unit, quantity.start, quantity.end, quantity.text, None, "", quantity.approximate
        )
        for v in quantity.values
    )


def bounds_agree(claim: str, evidence: str, unit: str) -> bool:
    """Whether two comparisons agree. ``~le``/``~ge``: told by a word of its own (上限, 最大, 下限)."""
    a, b = claim.lstrip("~"), evidence.lstrip("~")
    if a == b:
        return True
    if a and b:
        return False
    if unit in _CALENDAR:
        return a != "ge"
    # A limit told by its own word may be left unsaid or said otherwise; one at the figure may not.
    return claim.startswith("~") or evidence.startswith("~")


def _parts(value: Fraction, unit: str) -> tuple[int, int, int]:
    number = int(value)
    return (number, 0, 0) if unit == YEAR else (number // 10000, number // 100 % 100, number % 100)


def _date_fits(claim: Fraction, claim_unit: str, evidence: Fraction, evidence_unit: str) -> bool:
    """Every part that the claim names is the evidence's; a year that the evidence leaves out is no conflict."""
    mine, theirs = _parts(claim, claim_unit), _parts(evidence, evidence_unit)
    return all(a in (0, b) or (i == 0 and b == 0) for i, (a, b) in enumerate(zip(mine, theirs, strict=True)))


def _rounds_to(exact: Fraction, rough: Fraction) -> bool:
    """Whether ``rough`` is ``exact`` rounded to the digits that ``rough`` shows (約12万人 for 12万3,534人)."""
    if rough <= 0 or exact <= 0:
        return False
    step = Fraction(1, rough.denominator)
    if rough.denominator == 1:
        whole = int(rough)
        while whole % 10 == 0:
            whole //= 10
            step *= 10
    return abs(exact - rough) <= step / 2 and step <= rough
