"""Two runs over the same questions: what got better and worse, and whether that is more than noise."""

from __future__ import annotations

import numpy as np

from assistant.domain import Noun
from assistant.errors import InputError
from assistant.evaluation.measures import MEASURE_BY_NAME
from assistant.evaluation.score import FALSE_ELIGIBLE, Scores
from assistant.evaluation.statistics import Combine, f1, paired_test, ratio, total

SIGNIFICANT = 0.05


class Change(Noun):
    """One measure in an earlier and a later run, over the ``n`` items that both speak of."""

    measure: str
    earlier: float | None
    later: float | None
    difference: float | None
    ci95: tuple[float, float] | None
    p: float
    n: int
    better: tuple[str, ...] = ()  # ids of items
    worse: tuple[str, ...] = ()

    @property
    def is_significant(self) -> bool:
        """Whether chance alone would seldom do it."""
        return self.difference is not None and self.p < SIGNIFICANT


def _combine(name: str) -> Combine:
    if name in MEASURE_BY_NAME:
        return MEASURE_BY_NAME[name].combine
    return total if name == FALSE_ELIGIBLE else ratio


def _is_lower_better(name: str) -> bool:
    return name == FALSE_ELIGIBLE or (name in MEASURE_BY_NAME and not MEASURE_BY_NAME[name].higher_is_better)


def compare(earlier: Scores, later: Scores) -> list[Change]:
    """Every measure of both runs over their common items. Raises ``InputError`` where nothing is common."""
    changes = []
    for name in later.parts:
        if name not in earlier.parts:
            continue
        before, after = earlier.parts[name], later.parts[name]
        common = sorted(before.keys() & after.keys())
        if not common:
            continue
        combine = _combine(name)
        test = paired_test(
            np.array([before[i] for i in common], dtype=np.float64),
            np.array([after[i] for i in common], dtype=np.float64),
            combine,
        )
        moved = {i: _quality(name, after[i]) - _quality(name, before[i]) for i in common}
        known = np.isfinite(test.difference)
        changes.append(
            Change(
                measure=name,
                earlier=round(test.first, 4) if np.isfinite(test.first) else None,
                later=round(test.second, 4) if np.isfinite(test.second) else None,
                difference=round(test.difference, 4) if known else None,
                ci95=(round(test.ci95[0], 4), round(test.ci95[1], 4)) if known else None,
                p=round(test.p, 4),
                n=len(common),
                better=tuple(i for i in common if moved[i] > 1e-9),
                worse=tuple(i for i in common if moved[i] < -1e-9),
            )
        )
    if not changes:
        raise InputError(
            "2つの評価を比べられません。",
            why="共通の質問がありません。",
            remedy="同じ正解データと同じ分割の評価を指定してください。",
        )
    return changes


def _quality(name: str, parts: tuple[float, ...]) -> float:
    """One item's part as a number of which more is better."""
    combine = _combine(name)
    if combine is f1:  # (tp, fp, fn)
        return parts[0] - parts[1] - parts[2]
    value = parts[0] / parts[1] if combine is ratio and parts[1] else parts[0]
    return -value if _is_lower_better(name) else value
