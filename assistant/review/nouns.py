"""What a review is made of."""

from __future__ import annotations

from typing import Literal

from assistant.domain import Level, Noun, PageQuote, ReviewItem

Strictness = Literal["standard", "lenient"]


class Kpi(Noun):
    """One indicator as its table or sentence gives it. Values stay as printed; years are Gregorian fiscal years.

    An empty string or None means that the document does not give it. ``problems`` are sentences.
    """

    indicator: str
    unit: str = ""
    baseline: str = ""
    baseline_year: int | None = None
    target: str = ""
    target_year: int | None = None
    where: PageQuote
    form: Literal["table", "sentence"] = "table"
    problems: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # names of the problems: no-baseline, no-baseline-year, …


class Period(Noun):
    """The fiscal years from ``start`` to ``end`` (both included), and where the document says so."""

    start: int
    end: int
    where: PageQuote


class GrantHint(Noun):
    """A grant that a gap may concern; nothing is said of whether it would be granted.

    ``why`` is a sentence of the corpus, verbatim in passage ``passage_id``, ``words`` what it shares with the gap.
    """

    id: str
    name: str
    fiscal_year: int
    of_one_year: bool = False  # its rules speak of ``fiscal_year`` alone
    is_current: bool = True
    why: str
    words: tuple[str, ...] = ()
    passage_id: str = ""
    source_ids: tuple[str, ...] = ()
    level: Level | None = None  # the most trusted among its sources


class ReviewedItem(ReviewItem):
    """A review item with its place in the picture of the document and what may be written in a gap."""

    chapter: str = ""
    pillar: int | None = None
    draft: str = ""
    sourced: bool = True  # False: a check from practice that no source on record asks for
    cases: tuple[str, ...] = ()  # ids of cases that worked on what is missing
    grants: tuple[GrantHint, ...] = ()  # this fiscal year's and standing ones first


class ReadingReport(Noun):
    """How well the document was read."""

    readable_pages: int
    unreadable_pages: tuple[int, ...] = ()
    doubtful_pages: tuple[int, ...] = ()  # mostly pictures, or with letters that could not be read
    notes: tuple[str, ...] = ()

    @property
    def holes(self) -> tuple[int, ...]:
        """Pages that may hold what was not found."""
        return tuple(sorted({*self.unreadable_pages, *self.doubtful_pages}))


class Counts(Noun):
    """How many requirements came out how."""

    met: int = 0
    not_met: int = 0
    unknown: int = 0


class ReviewSummary(Noun):
    """The review in figures and sentences."""

    text: str
    counts: Counts
    by_chapter: dict[str, Counts] = {}
    by_pillar: dict[str, Counts] = {}
    period: Period | None = None
    expired: bool = False
    kpis: tuple[Kpi, ...] = ()
    cautions: tuple[str, ...] = ()
    strictness: Strictness = "standard"


class Review(Noun):
    """A document held against requirements."""

    file: str
    target: str
    target_name: str = ""
    pages: int
    fidelity: ReadingReport
    items: tuple[ReviewedItem, ...]
    similar_cases: tuple[str, ...] = ()
    summary: ReviewSummary
