"""Gold verdicts, written from the sources, and how far the rules agree with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from assistant.domain import Noun, VerdictOutcome
from assistant.errors import CorpusInvalid
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants
from assistant.grants.outcomes import costs_left_out
from assistant.grants.vocabulary import complete_facts

OUTCOMES = tuple(VerdictOutcome)


class GoldVerdict(Noun):
    """A question a municipality asks, the facts in it, and the verdict that the sources bear out.

    ``decisive`` names the rules the verdict hangs on, ``left_out`` those whose cost has to be left
    out; ``sheet`` the question of the fact sheet it answers, if any; ``note`` why it was changed.
    """

    id: str
    grant: str
    question: str
    facts: dict[str, Any]
    outcome: VerdictOutcome
    decisive: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sources: tuple[str, ...] = Field(min_length=1)
    why: str
    sheet: str | None = None
    note: str | None = None


class Confusion(Noun):
    """Counts by gold and predicted outcome. ``matrix[i][j]``: gold ``OUTCOMES[i]``, predicted ``OUTCOMES[j]``."""

    matrix: tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]

    @property
    def total(self) -> int:
        """Number of cases."""
        return sum(map(sum, self.matrix))

    @property
    def accuracy(self) -> float:
        """Share of cases where both agree; 0 where there are none."""
        agreed = sum(self.matrix[i][i] for i in range(3))
        return agreed / self.total if self.total else 0.0

    @property
    def false_eligible(self) -> int:
        """対象になり得る said of what is not: the costliest mistake, money is paid back."""
        return self._said_wrongly(VerdictOutcome.POSSIBLE)

    @property
    def false_ineligible(self) -> int:
        """対象外 said of what is not: a town gives up a grant it could have had."""
        return self._said_wrongly(VerdictOutcome.INELIGIBLE)

    def _said_wrongly(self, outcome: VerdictOutcome) -> int:
        said = OUTCOMES.index(outcome)
        return sum(row[said] for i, row in enumerate(self.matrix) if i != said)


class Miss(Noun):
    """A case where rules and gold differ, hang on another rule, or leave other costs out than the gold says."""

    id: str
    question: str
    gold: VerdictOutcome
    predicted: VerdictOutcome
    open_or_unmet: tuple[str, ...]


def confusion(pairs: Iterable[tuple[VerdictOutcome, VerdictOutcome]]) -> Confusion:
    """The 3×3 matrix of (gold, predicted) pairs."""
    counts = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
    for gold, predicted in pairs:
        counts[OUTCOMES.index(gold)][OUTCOMES.index(predicted)] += 1
    return Confusion.model_validate({"matrix": tuple(map(tuple, counts))})


def load_gold(path: Path) -> list[GoldVerdict]:
    """Gold verdicts, one JSON object a line. Raises CorpusInvalid listing every bad line."""
    gold: list[GoldVerdict] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            gold.append(GoldVerdict.model_validate(json.loads(line)))
        except (ValidationError, json.JSONDecodeError) as error:
            problems.append(f"{path.name} {number}行目: 正解として読めません（{str(error).splitlines()[0]}）")
    if problems:
        raise CorpusInvalid(problems)
    return gold


def check_gold(
    grants: Grants, gold: Sequence[GoldVerdict], today: date
) -> tuple[Confusion, tuple[Miss, ...]]:
    """Judge every gold case; the matrix and the cases that differ.

    Raises UnknownName for a grant that is not known, and FactRejected for facts that cannot be read.
    """
    pairs = []
    misses = []
    for case in gold:
        grant = grants.by_id[case.grant] if case.grant in grants.by_id else grants.find(case.grant)
        verdict = judge(grant, read_facts(case.facts, grant.vocabulary), today=today)
        pairs.append((case.outcome, verdict.outcome))
        telling = tuple(f.rule_id for f in verdict.findings if f.outcome in ("not_met", "unknown"))
        hangs_elsewhere = case.outcome is not VerdictOutcome.POSSIBLE and not set(case.decisive) <= set(
            telling
        )
        full = complete_facts(read_facts(case.facts, grant.vocabulary), grant.vocabulary)
        left_out = {rule.id for rule in costs_left_out(grant, full)}
        if verdict.outcome is not case.outcome or hangs_elsewhere or left_out != set(case.left_out):
            misses.append(
                Miss(
                    id=case.id,
                    question=case.question,
                    gold=case.outcome,
                    predicted=verdict.outcome,
                    open_or_unmet=telling,
                )
            )
    return confusion(pairs), tuple(misses)
