"""Claims, their citations, and whether the evidence bears them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from assistant.domain.base import Noun
from assistant.domain.documents import Kind, Passage
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

    @classmethod
    def of(
        cls, passage: Passage, start: int, end: int, sources: Mapping[str, Source], source_ids: Iterable[str]
    ) -> Citation:
        """``passage.text[start:end]``, borne by ``source_ids`` as far as ``sources`` knows them."""
        return cls(
            passage_id=passage.id,
            document_id=passage.document_id,
            title=passage.title,
            page=passage.page,
            locator=passage.locator,
            trail=passage.trail,
            quote=passage.text[start:end],
            start=start,
            end=end,
            context=passage.text,
            kind=passage.kind,
            page_start=passage.start + start,
            sources=tuple(sources[i] for i in source_ids if i in sources),
            fiscal_years=passage.fiscal_years,
        )


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
