"""What an answer about grants is made from, and how its parts are put into words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from assistant.domain import Claim, Finding, Level, Outcome
from assistant.grants.fit import Profiles, Project
from assistant.grants.loader import Grants
from assistant.grants.rules import Grant
from assistant.japanese.calendar import fiscal_year_label, fiscal_year_of

Say = Callable[..., str]
Mark = Callable[[Sequence[Claim], Claim], str]
MOST_MISSING: Final = 3
BLOCK: Final = "■ "  # a line of a text that begins so opens a part that faces may draw in their own way


@dataclass(frozen=True)
class Scene:
    """What a verdict or a list of grants is made from. ``facts``: those that a person has confirmed."""

    grants: Grants
    project: Project
    profiles: Callable[[], Profiles]
    facts: Mapping[str, Any]
    today: date
    say: Say
    mark: Mark

    @property
    def current(self) -> tuple[Grant, ...]:
        """Grants of this fiscal year or a later one, and standing schemes."""
        return tuple(grant for grant in self.grants if is_current(grant, self.today))


def is_current(grant: Grant, today: date) -> bool:
    """Whether the grant is of this fiscal year or a later one, or of no year at all."""
    return not grant.is_of_one_year or grant.fiscal_year >= fiscal_year_of(today)


_MARKS: Final = {Outcome.MET: "○", Outcome.NOT_MET: "×", Outcome.UNKNOWN: "？", Outcome.NOT_APPLICABLE: "－"}


def say_finding(finding: Finding) -> str:
    """A finding with its reason and its clause, in one line."""
    clause = finding.clause
    where = " ".join(
        (clause.level.value, clause.source_id, clause.locator, fiscal_year_label(clause.fiscal_year))
    )
    return f"{_MARKS[finding.outcome]} {finding.says} {finding.because}〔{where}〕"


def place_of(claim: Claim) -> tuple[str, int]:
    """The passage of a claim and where its quote begins."""
    return claim.citations[0].passage_id, claim.citations[0].start


def rests_on_third_parties(claim: Claim) -> bool:
    """Whether only third parties bear a claim out."""
    levels = {source.level for citation in claim.citations for source in citation.sources}
    return levels == {Level.THIRD_PARTY}
