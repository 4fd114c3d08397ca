"""Claims, their citations, and whether the evidence bears them out."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from assistant.domain.base import Noun
from assistant.domain.documents import Kind
from assistant.domain.sources import Source


class SupportLabel(StrEnum):
    """How far evidence bears out a sentence."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"


class Support(Noun):
    """The outcome of an evidence check, with a Japanese reason a person can follow."""

    label: SupportLabel
    reason: str
    coverage: float = 0.0  # share of the claim's content words found in the evidence, 0–1


class Citation(Noun):
    """A verbatim quote and where it stands.

    ``context[start:end] == quote`` holds by construction; ``context`` is the
    text of the passage that was cited.
    """

    passage_id: str
    document_id: str
    title: str
    page: int | None
    locator: str = ""
    trail: tuple[str, ...] = ()
    quote: str = Field(min_length=1)
    start: int
    end: int
    context: str
    kind: Kind = Kind.OTHER
    page_start: int = 0  # offset of the quote in the page's text
    sources: tuple[Source, ...] = ()
    fiscal_years: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _quote_is_verbatim(self) -> Self:
        if self.context[self.start : self.end] != self.quote:
            raise ValueError(f"quote is not in passage {self.passage_id} at {self.start}:{self.end}")
        return self


class Claim(Noun):
    """One sentence shown to a person, with the quotes that bear it."""

    text: str
    support: SupportLabel
    citations: tuple[Citation, ...]
    reason: str = ""


class Rejected(Noun):
    """A sentence that failed its check and is not shown."""

    text: str
    reason: str
