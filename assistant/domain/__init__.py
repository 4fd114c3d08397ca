"""The nouns that cross a door between rooms.

Every noun is frozen and refuses unknown keys, so a value that exists is a value
that holds its promises.  The JSON form of ``Answer``, ``Verdict`` and the other
outward nouns is what people script against: add keys, rename none.
"""

from assistant.domain.answers import Answer, AnswerStatus, Intent, Trace, Understanding
from assistant.domain.base import Noun
from assistant.domain.claims import Citation, Claim, Rejected, Support, SupportLabel
from assistant.domain.comparisons import Cell, CellState, ComparedRow, ComparedSide, Comparison
from assistant.domain.documents import Document, Fidelity, Hit, Kind, Page, PageFidelity, Passage, Statement
from assistant.domain.fits import GrantFit
from assistant.domain.places import Case, CaseHit, Municipality
from assistant.domain.sources import Level, Source
from assistant.domain.verdicts import (
    Amounts,
    Clause,
    Finding,
    MissingFact,
    Outcome,
    PageQuote,
    ReviewItem,
    Verdict,
    VerdictOutcome,
)

__all__ = [
    "Amounts",
    "Answer",
    "AnswerStatus",
    "Case",
    "CaseHit",
    "Cell",
    "CellState",
    "Citation",
    "Claim",
    "Clause",
    "ComparedRow",
    "ComparedSide",
    "Comparison",
    "Document",
    "Fidelity",
    "Finding",
    "GrantFit",
    "Hit",
    "Intent",
    "Kind",
    "Level",
    "MissingFact",
    "Municipality",
    "Noun",
    "Outcome",
    "Page",
    "PageFidelity",
    "PageQuote",
    "Passage",
    "Rejected",
    "ReviewItem",
    "Source",
    "Statement",
    "Support",
    "SupportLabel",
    "Trace",
    "Understanding",
    "Verdict",
    "VerdictOutcome",
]
