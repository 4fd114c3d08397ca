"""Requirements that the KPI table decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.domain import Outcome, PageQuote
from assistant.review.kpi_cells import folded
from assistant.review.kpi_checks import is_beyond
from assistant.review.nouns import Kpi
from assistant.review.requirements import Requirement

_MOST_QUOTES = 3
_MOST_NAMED = 8
_KIND_BY_CHECK = {
    "kpi-baseline": "no-baseline",
    "kpi-baseline-year": "no-baseline-year",
    "kpi-target-year": "no-target-year",
    "kpi-beyond": "not-beyond",
    "kpi-outcome": "activity",
}
_TOO_MANY_ACTIVITIES = 0.3  # share of indicators that may measure activity


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one requirement, the reason, and the quotes."""

    outcome: Outcome
    because: str
    quotes: tuple[PageQuote, ...]


def check_table(requirement: Requirement, kpis: Sequence[Kpi]) -> Finding | None:
    """What the table says of a requirement; None where it does not decide it."""
    if requirement.check == "target":
        return _target(requirement, kpis)
    if requirement.check == "goal-figures":
        return None  # whether a table belongs to a goal or to a measure is told by its words
    if not kpis:
        return None
    if requirement.check == "kpi-any":
        whole = [kpi for kpi in kpis if kpi.target]
        if not whole:
            return None
        return Finding(Outcome.MET, f"目標値のある指標が{len(whole)}件あります。", _quotes(whole))
    return _each(requirement, kpis)


def _each(requirement: Requirement, kpis: Sequence[Kpi]) -> Finding:
    kind = _KIND_BY_CHECK[requirement.check]
    if not any(_can_tell(requirement.check, kpi) for kpi in kpis):
        return Finding(
            Outcome.UNKNOWN,
            f"読み取れた{len(kpis)}件の指標に、比べる値がないため判断できません。",
            _quotes(kpis),
        )
    off = [kpi for kpi in kpis if kind in kpi.kinds]
    total = len(kpis)
    if requirement.check == "kpi-outcome" and off and len(off) <= _TOO_MANY_ACTIVITIES * total:
        return Finding(
            Outcome.MET,
            f"{total}件の指標の多くは成果を測っています。活動の量を測るものは{len(off)}件です（{_named(off)}）。",
            _quotes([kpi for kpi in kpis if kpi not in off]),
        )
    if not off:
        return Finding(Outcome.MET, f"読み取れた{total}件の指標のすべてが満たしています。", _quotes(kpis))
    problem = next(said for kpi in off for k, said in zip(kpi.kinds, kpi.problems, strict=True) if k == kind)
    return Finding(
        Outcome.NOT_MET,
        f"読み取れた{total}件の指標のうち{len(off)}件について、{problem}（{_named(off)}）",
        _quotes(off),
    )


def _can_tell(check: str, kpi: Kpi) -> bool:
    if check == "kpi-baseline-year":
        return bool(kpi.baseline)
    if check == "kpi-target-year":
        return bool(kpi.target)
    return check != "kpi-beyond" or is_beyond(kpi) is not None


def _target(requirement: Requirement, kpis: Sequence[Kpi]) -> Finding | None:
    pattern = re.compile(requirement.target_words)
    fits: Callable[[Kpi], bool] = lambda kpi: pattern.search(folded(kpi.indicator)) is not None  # noqa: E731
    chosen = [kpi for kpi in kpis if fits(kpi) and kpi.target and "activity" not in kpi.kinds]
    if not chosen:
        return None
    return Finding(Outcome.MET, f"対応する指標があります（{_named(chosen)}）。", _quotes(chosen))


def _named(kpis: Sequence[Kpi]) -> str:
    names = "、".join(f"「{kpi.indicator}」" for kpi in kpis[:_MOST_NAMED])
    return names + (f"ほか{len(kpis) - _MOST_NAMED}件" if len(kpis) > _MOST_NAMED else "")


def _quotes(kpis: Sequence[Kpi]) -> tuple[PageQuote, ...]:
    return tuple(kpi.where for kpi in kpis[:_MOST_QUOTES])
