"""Questions as understood and answers as given."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import model_validator

from assistant.domain.base import Noun
from assistant.domain.claims import Claim, Rejected, SupportLabel
from assistant.domain.comparisons import Comparison
from assistant.domain.fits import GrantFit
from assistant.domain.places import CaseHit
from assistant.domain.verdicts import Finding, MissingFact, Verdict


class Intent(StrEnum):
    """What a question wants."""

    FACT = "fact"  # a figure, rule, date, office of a grant or policy
    CAN_WE = "can_we"  # may this be funded?
    CASES = "cases"  # good practices
    COMPARE = "compare"  # two years or two grants
    OVERVIEW = "overview"  # what is X
    OUT_OF_SCOPE = "out_of_scope"


class Understanding(Noun):
    """What a question was taken to mean; shown to the person so that they can correct it."""

    question: str
    resolved: str  # the question with follow-up references filled in
    intent: Intent
    follows: bool = False  # it was read as leaning on the question before it
    grant_ids: tuple[str, ...] = ()
    standing_grants: tuple[str, ...] = ()  # those of them that are not tied to a fiscal year
    family: str | None = None
    fiscal_year: int | None = None
    calendar_year: int | None = None  # 「2023年に選ばれた」: a year of the calendar, not a fiscal year
    fiscal_year_given: bool = False  # the person named the year (in words or by the picker)
    municipality_code: str | None = None
    place_named: bool = False  # the question itself names the place
    slots: tuple[str, ...] = ()  # 補助率 上限 期限 対象 対象外 窓口 期間 要件 …
    facts: dict[str, Any] = {}
    terms: tuple[str, ...] = ()  # content lemmas that say what the question is about
    phrases: tuple[str, ...] = ()  # compounds of several of them, folded: 「移住支援金」
    slot_words: tuple[str, ...] = ()  # the question's own words for its slots: 「任期」
    classes: tuple[str, ...] = ()  # classes of municipality it names: 市区町村, 都道府県 …
    expansions: tuple[tuple[str, str], ...] = ()  # (word in the question, what else it is called)
    unclear: tuple[MissingFact, ...] = ()
    scope_reason: str | None = None  # why it is out of scope


class AnswerStatus(StrEnum):
    """How a question ended. A non-answer is a status, not an error."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NEEDS_CLARIFICATION = "needs_clarification"
    NO_PASSAGE = "no_passage"
    NOT_SUPPORTED = "not_supported"
    OUT_OF_SCOPE = "out_of_scope"
    MODEL_ERROR = "model_error"


class Trace(Noun):
    """Enough to reproduce an answer."""

    model: str | None = None
    index: str = ""
    prompts: dict[str, str] = {}
    durations_ms: dict[str, float] = {}
    understanding: Understanding | None = None
    hits: int = 0


class Answer(Noun):
    """What a person reads. No claim in it is unsupported or contradicted."""

    question: str
    status: AnswerStatus
    text: str
    claims: tuple[Claim, ...] = ()
    fiscal_year: int | None = None
    verdict: Verdict | None = None
    touched: tuple[Finding, ...] = ()  # conditions of the verdict that the words speak of, if read rightly
    fits: tuple[GrantFit, ...] = ()
    comparison: Comparison | None = None
    cases: tuple[CaseHit, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    cautions: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    suggestions: tuple[str, ...] = ()
    trace: Trace = Trace()

    @model_validator(mode="after")
    def _only_supported_claims(self) -> Self:
        for claim in self.claims:
            if claim.support in (SupportLabel.UNSUPPORTED, SupportLabel.CONTRADICTED):
                raise ValueError(f"a {claim.support} claim may not be shown: {claim.text}")
            if not claim.citations:
                raise ValueError(f"a claim without a citation may not be shown: {claim.text}")
        return self
