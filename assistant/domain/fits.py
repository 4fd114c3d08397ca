"""Grants that may suit a project described in a person's words, each with what speaks for and against it."""

from __future__ import annotations

from assistant.domain.base import Noun
from assistant.domain.claims import Claim
from assistant.domain.verdicts import Finding, VerdictOutcome


class GrantFit(Noun):
    """One grant of a ranked list. Higher ``score`` is better; it only orders the list.

    ``outcome`` and ``touched`` are what the rules say if the words were read rightly (``read``); they bind
    nobody until a person has confirmed the reading.
    """

    grant_id: str
    name: str
    fiscal_year: int | None  # None: not tied to a year
    year: str
    score: float
    outcome: VerdictOutcome
    why: tuple[Claim, ...] = ()  # sentences of the grant's document that the words fit
    against: tuple[Claim, ...] = ()  # sentences of it that may shut the project out
    touched: tuple[Finding, ...] = ()
    read: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # questions whose answers are still needed
    office: str = ""
