"""What the indicators of a plan tell about the facts that a grant's rules ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import PageQuote
from assistant.review.nouns import Kpi

_MOST_QUOTES = 3


@dataclass(frozen=True, slots=True)
class ReadFact:
    """A fact by its name among the facts of grants, its value and the rows it rests on."""

    name: str
    value: bool | int
    quotes: tuple[PageQuote, ...]


def facts_of_kpis(kpis: Sequence[Kpi]) -> list[ReadFact]:
    """The facts that indicators with a target decide; none where no indicator has one.

    ``kpi_count`` counts every indicator with a target. That none measures an outcome is said only where all
    of them measure activity; that none measures activity is not said, since names do not always show it.
    """
    whole = [kpi for kpi in kpis if kpi.target]
    if not whole:
        return []
    activity = [kpi for kpi in whole if "activity" in kpi.kinds]
    outcome = [kpi for kpi in whole if "activity" not in kpi.kinds]
    read = [
        _fact("has_kpi", True, whole),
        _fact("kpi_count", len(whole), whole),
        _fact("has_outcome_kpi", bool(outcome), outcome or activity),
    ]
    return [*read, _fact("has_output_kpi", True, activity)] if activity else read


def _fact(name: str, value: bool | int, rows: Sequence[Kpi]) -> ReadFact:
    return ReadFact(name, value, tuple(kpi.where for kpi in rows[:_MOST_QUOTES]))


def told_problems(kpis: Sequence[Kpi]) -> str:
    """One sentence on how many indicators have which problem; empty where none has."""
    off = [kpi for kpi in kpis if kpi.problems]
    if not off:
        return ""
    counts: dict[str, int] = {}
    for kpi in off:
        for problem in kpi.problems:
            counts[problem] = counts.get(problem, 0) + 1
    listed = "、".join(f"「{problem.rstrip('。')}」{count}件" for problem, count in counts.items())
    return f"読み取れた指標{len(kpis)}件のうち{len(off)}件に、確かめていただきたい点があります（{listed}）。"
