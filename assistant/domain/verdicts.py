"""Three-valued findings, verdicts and review items."""

from __future__ import annotations

from enum import StrEnum

from assistant.domain.base import Noun
from assistant.domain.sources import Level


class Outcome(StrEnum):
    """Three truth values and "does not concern you"."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class VerdictOutcome(StrEnum):
    """What a verdict may say; none of them promises adoption."""

    POSSIBLE = "対象になり得る"
    INELIGIBLE = "対象外"
    TO_CONFIRM = "要確認"


class Clause(Noun):
    """Where a rule is written."""

    source_id: str
    locator: str
    quote: str = ""
    level: Level
    fiscal_year: int
    predecessor: bool = False  # the text belongs to a grant that came before this one
    url: str = ""


class MissingFact(Noun):
    """A fact to ask for; ``settles`` counts the findings it may decide."""

    name: str
    question: str
    options: tuple[str, ...] = ()
    settles: int = 0
    why: str = ""


class Finding(Noun):
    """The outcome of one rule."""

    rule_id: str
    says: str
    outcome: Outcome
    because: str
    clause: Clause
    missing: tuple[str, ...] = ()
    group: str = "requirement"  # requirement | exclusion
    affects: str = "project"  # not met: project shut out | part left out | cost left out
    cost: str = ""  # the cost that is left out, where ``affects`` is cost


class Amounts(Noun):
    """Money in integer yen. None where a needed figure is unknown."""

    rate: str | None = None
    national_yen: int | None = None
    local_yen: int | None = None
    cap_yen: int | None = None
    per: str | None = None  # fiscal_year | project | plan_period | person | household | …
    because: str = ""
    eligible_yen: int | None = None
    clause: Clause | None = None
    notes: tuple[str, ...] = ()


class Verdict(Noun):
    """What the rules say of one project, never a promise of adoption."""

    grant_id: str
    fiscal_year: int
    outcome: VerdictOutcome
    findings: tuple[Finding, ...]
    missing: tuple[MissingFact, ...] = ()
    amounts: Amounts | None = None
    cautions: tuple[str, ...] = ()
    grant_name: str = ""


class PageQuote(Noun):
    """A quote on a page of an uploaded document (offsets in the page's text)."""

    page: int
    quote: str
    start: int
    end: int


class ReviewItem(Noun):
    """One requirement held against an uploaded document."""

    requirement_id: str
    requirement: str
    outcome: Outcome
    evidence: tuple[PageQuote, ...] = ()
    clause: Clause | None = None
    advice: str = ""
    because: str = ""
