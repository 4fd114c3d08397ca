"""Documents, pages and passages, and how well they were read."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from assistant.domain.base import Noun
from assistant.domain.sources import Level


class Kind(StrEnum):
    """What a document is, which decides how it may be used in an answer."""

    POLICY = "policy"
    GRANT = "grant"
    CASE = "case"
    ORIGINAL = "original"  # a publisher's own file fetched by `assistant sync`
    UPLOAD = "upload"
    OTHER = "other"  # a file or BEIR line given to `assistant index build PATH`


class PageFidelity(Noun):
    """How well one page was read."""

    page: int
    characters: int
    reader: str  # "pypdf", "pdfium", "docx", …
    garbled_share: float = 0.0  # share of characters of scripts that a Japanese page never holds
    image_only: bool = False
    vertical: bool = False
    unreadable: str | None = None  # Japanese reason; None when the page is readable


class Fidelity(Noun):
    """What a reader has to know before trusting what was read from a file."""

    pages: tuple[PageFidelity, ...] = ()
    encrypted: bool = False
    notes: tuple[str, ...] = ()

    @property
    def unreadable_pages(self) -> tuple[int, ...]:
        """Numbers of the pages of which no text may be used."""
        return tuple(p.page for p in self.pages if p.unreadable is not None)


class Statement(Noun):
    """A stretch of a page's text and the sources that bear it (offsets in characters)."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    source_ids: tuple[str, ...]


class Page(Noun):
    """One page, sheet or slide. ``text`` is empty where the page is unreadable."""

    number: int = Field(ge=1)
    text: str
    locator: str = ""  # 「3ページ」「シート『KPI』」: how a person finds it
    statements: tuple[Statement, ...] = ()
    headings: tuple[tuple[int, int, str], ...] = ()  # (offset, depth from 1, heading) known from markup


class Document(Noun):
    """A file that was read: pages in order, and how well they were read."""

    id: str
    title: str
    kind: Kind
    pages: tuple[Page, ...]
    source_ids: tuple[str, ...] = ()
    fiscal_years: tuple[int, ...] = ()
    grant_id: str | None = None
    municipality_codes: tuple[str, ...] = ()
    path: str | None = None  # as shown to a person; never used to open a file
    fidelity: Fidelity | None = None


class Passage(Noun):
    """A cut of one page that can be understood and cited by itself.

    ``text == page.text[start:end]`` of its document's page.  ``statements`` are
    relative to ``text``.
    """

    id: str  # "chiiki-mirai-r8#012"
    document_id: str
    kind: Kind
    title: str
    trail: tuple[str, ...]
    text: str
    page: int
    locator: str
    start: int
    end: int
    statements: tuple[Statement, ...] = ()
    source_ids: tuple[str, ...] = ()
    level: Level | None = None  # the most trusted level among its sources
    fiscal_years: tuple[int, ...] = ()
    grant_id: str | None = None
    municipality_codes: tuple[str, ...] = ()
    digest: str = ""  # sha256 of the text, first 16 hex digits

    def sources_at(self, start: int, end: int) -> tuple[str, ...]:
        """Ids of the sources that bear ``text[start:end]``; all of the passage's where none is marked."""
        ids: dict[str, None] = {}
        for statement in self.statements:
            if statement.start < end and start < statement.end:
                ids.update(dict.fromkeys(statement.source_ids))
        return tuple(ids) or self.source_ids


class Hit(Noun):
    """A passage that a search found. ``score``: higher is better."""

    passage: Passage
    score: float
    rank: int = Field(ge=1)
    parts: dict[str, float] = {}
    why: tuple[str, ...] = ()
