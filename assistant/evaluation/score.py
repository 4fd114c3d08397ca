"""The second step: what was given is held against the gold; nothing is asked again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from assistant.domain import Noun, VerdictOutcome
from assistant.evaluation.counting import Parts
from assistant.evaluation.entailment import Entailment
from assistant.evaluation.given import Given
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.measures import MEASURES, Measure
from assistant.evaluation.scene import Scene, Stored, inspect
from assistant.evaluation.statistics import Combine, bootstrap_interval, ratio, total
from assistant.grants.facts import read_facts
from assistant.grants.gold import load_gold as load_verdicts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants

VERDICT_ACCURACY = "verdict_accuracy"
FALSE_ELIGIBLE = "false_eligible"


class Value(Noun):
    """A measure's value over ``n`` items with its 95 % interval; None where no item speaks of it."""

    value: float | None
    ci95: tuple[float, float] | None
    n: int


class VerdictScores(Noun):
    """The rules on the gold verdicts. ``matrix[i][j]``: gold i, said j, in the order of ``outcomes``."""

    outcomes: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    differing: tuple[str, ...] = ()


class Scores(Noun):
    """Everything that a run scored. ``parts[measure][item]``: what the item added, for paired tests."""

    n: int
    entailment: str
    measures: dict[str, Value]
    by_kind: dict[str, dict[str, Value]]
    parts: dict[str, dict[str, tuple[float, ...]]]
    verdicts: VerdictScores | None = None


def inspect_all(
    gold: Sequence[GoldQuestion], given: Sequence[Given], entailment: Entailment, stored: Stored
) -> list[Scene]:
    """Each item with its inspection, in the order of the gold; a missing answer raises ``KeyError``."""
    by_id = {g.id: g for g in given}
    return [inspect(item, by_id[item.id], entailment, stored) for item in gold]


def value_of(parts: Sequence[Parts], combine: Combine = ratio) -> Value:
    """The value over items and its interval."""
    counts = np.array([p for p in parts if p], dtype=np.float64)
    if not len(counts):
        return Value(value=None, ci95=None, n=0)
    value = float(combine(counts.sum(axis=0)))
    if not math.isfinite(value):
        return Value(value=None, ci95=None, n=len(counts))
    low, high = bootstrap_interval(counts, combine)
    return Value(value=round(value, 4), ci95=(round(low, 4), round(high, 4)), n=len(counts))


def score(scenes: Sequence[Scene], entailment: str, measures: Sequence[Measure] = MEASURES) -> Scores:
    """All measures over all items, and by kind of question."""
    parts = {m.name: {s.gold.id: p for s in scenes if (p := m.score(s))} for m in measures}
    kinds = sorted({scene.gold.kind for scene in scenes})
    kind_of = {scene.gold.id: scene.gold.kind for scene in scenes}
    by_kind: dict[str, dict[str, Value]] = {}
    for kind in kinds:
        values = {
            m.name: value_of([p for i, p in parts[m.name].items() if kind_of[i] == kind], m.combine)
            for m in measures
        }
        by_kind[kind] = {name: value for name, value in values.items() if value.n}
    return Scores(
        n=len(scenes),
        entailment=entailment,
        measures={m.name: value_of(list(parts[m.name].values()), m.combine) for m in measures},
        by_kind=by_kind,
        parts=parts,
    )


def with_verdicts(scores: Scores, grants: Grants, path: Path, today: date) -> Scores:
    """``scores`` with the rules' verdicts on the gold projects of ``path``.

    ``verdict_accuracy`` is the share judged as the gold says, ``false_eligible`` how many are said to be
    対象になり得る and are not.
    """
    outcomes = tuple(VerdictOutcome)
    matrix = np.zeros((3, 3), dtype=int)
    right: dict[str, Parts] = {}
    false: dict[str, Parts] = {}
    differing = []
    for case in load_verdicts(path):
        grant = grants.by_id[case.grant] if case.grant in grants.by_id else grants.find(case.grant)
        said = judge(grant, read_facts(case.facts, grant.vocabulary), today=today).outcome
        matrix[outcomes.index(case.outcome), outcomes.index(said)] += 1
        right[case.id] = (float(said is case.outcome), 1.0)
        false[case.id] = (float(said is VerdictOutcome.POSSIBLE and case.outcome is not said),)
        if said is not case.outcome:
            differing.append(case.id)
    extra: Mapping[str, tuple[dict[str, Parts], Combine]] = {
        VERDICT_ACCURACY: (right, ratio),
        FALSE_ELIGIBLE: (false, total),
    }
    return scores.model_copy(
        update={
            "measures": scores.measures
            | {name: value_of(list(parts.values()), combine) for name, (parts, combine) in extra.items()},
            "parts": scores.parts | {name: parts for name, (parts, _) in extra.items()},
            "verdicts": VerdictScores(
                outcomes=tuple(map(str, outcomes)),
                matrix=tuple(tuple(int(n) for n in row) for row in matrix),
                differing=tuple(differing),
            ),
        }
    )
