"""What a draft is made of. By construction no sentence of it stands without a source or a slot to fill in."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.domain import Clause, Level, Noun, Outcome, PageQuote, Source

Role = Literal["present", "background", "own", "case", "grant"]
BasisKind = Literal["clause", "statement", "case", "register", "document"]

_SLOT = re.compile(r"【要記入：([^【】]+)】")
_FIGURE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def slots_in(text: str) -> tuple[str, ...]:
    """What a text leaves to the municipality: 「施策」 for 【要記入：施策】, in its order."""
    return tuple(_SLOT.findall(text))


def figures_in(text: str) -> frozenset[str]:
    """Figures outside the slots, without separators: 「8200」 for 「８，２００人」."""
    plain = unicodedata.normalize("NFKC", _SLOT.sub("　", text))
    return frozenset(match.replace(",", "") for match in _FIGURE.findall(plain))


class Basis(Noun):
    """What bears a sentence: ``says`` are its words, ``where`` its place for a person."""

    kind: BasisKind
    says: str
    where: str = ""
    quote: PageQuote | None = None  # where the document says it
    clause: Clause | None = None
    sources: tuple[Source, ...] = ()
    fiscal_years: tuple[int, ...] = ()

    @property
    def page(self) -> int | None:
        """The page of the document."""
        return self.quote.page if self.quote else None

    @property
    def level(self) -> Level | None:
        """The most trusted level of its sources; None for the document itself."""
        levels = [self.clause.level] if self.clause else [source.level for source in self.sources]
        return max(levels, key=lambda level: level.trust, default=None)


class DraftSentence(Noun):
    """One sentence: sourced, a quote of the document, or one that a person completes.

    A figure in it stands in one of its ``bases``; a made-up one is refused.
    """

    text: str = Field(min_length=1)
    kind: Literal["sourced", "slot", "document"]
    role: Role
    bases: tuple[Basis, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """What a person fills in."""
        return slots_in(self.text)

    @property
    def is_weak(self) -> bool:
        """Whether third parties alone say it."""
        levels = [basis.level for basis in self.bases]
        return bool(levels) and all(level is Level.THIRD_PARTY for level in levels)

    @model_validator(mode="after")
    def _has_a_source_or_a_slot(self) -> Self:
        if self.kind == "slot" and not self.slots:
            raise ValueError(f"a sentence to complete has no 【要記入：…】: {self.text}")
        if self.kind != "slot" and not self.bases:
            raise ValueError(f"a sentence without a source: {self.text}")
        if self.kind == "document" and any(basis.page is None for basis in self.bases):
            raise ValueError(f"a quote of the document without its page: {self.text}")
        borne = figures_in(" ".join(f"{b.says} {b.where} {_names(b)}" for b in self.bases))
        if invented := figures_in(self.text) - borne:
            raise ValueError(f"figures without a source ({'、'.join(sorted(invented))}): {self.text}")
        return self


def _names(basis: Basis) -> str:
    titles = " ".join(source.title for source in basis.sources)
    return f"{titles} {basis.clause.locator} {basis.clause.quote}" if basis.clause else titles


class GapDraft(Noun):
    """What may be written where a requirement is not met."""

    requirement_id: str
    requirement: str
    chapter: str
    pillar: int | None
    outcome: Outcome
    because: str
    advice: str
    sentences: tuple[DraftSentence, ...]
    cautions: tuple[str, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """What a person fills in, in order."""
        return tuple(slot for sentence in self.sentences for slot in sentence.slots)

    def of(self, *roles: Role) -> tuple[DraftSentence, ...]:
        """The sentences that play these parts."""
        return tuple(sentence for sentence in self.sentences if sentence.role in roles)


class Drafts(Noun):
    """Drafts for the gaps of one review, in the order of the requirements."""

    file: str
    target_name: str
    place: str = ""  # the municipality that a person confirmed
    gaps: tuple[GapDraft, ...]
    cautions: tuple[str, ...] = ()
