"""What a review is made of."""

from __future__ import annotations

from typing import Literal

from assistant.domain import Level, Noun, Outcome, PageQuote, ReviewItem

Strictness = Literal["standard", "lenient"]
KpiChangeKind = Literal[
    "target-raised",
    "target-lowered",
    "target-changed",
    "target-year",
    "baseline",
    "baseline-year",
    "unit",
    "renamed",
    "new",
    "dropped",
    "unread",
]


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


class Side(Noun):
    """What one version says: its text (on two pages where it runs over a page break) and the words that differ."""

    page: int
    quotes: tuple[PageQuote, ...]
    marks: tuple[PageQuote, ...] = ()

    @property
    def text(self) -> str:
        """What it says, without line breaks."""
        return "".join(text for text, _ in self.stretches)

    @property
    def stretches(self) -> tuple[tuple[str, bool], ...]:
        """Its text in pieces, and whether each is marked; line breaks are layout and left out."""
        found: list[tuple[str, bool]] = []
        for quote in self.quotes:
            at = quote.start
            marks = [m for m in self.marks if m.page == quote.page and quote.start <= m.start < quote.end]
            for mark in sorted(marks, key=lambda m: m.start):
                found += [
                    (quote.quote[at - quote.start : mark.start - quote.start], False),
                    (mark.quote, True),
                ]
                at = mark.end
            found.append((quote.quote[at - quote.start :], False))
        flat = [(text.replace("\r", "").replace("\n", ""), marked) for text, marked in found]
        return tuple((text, marked) for text, marked in flat if text)


class ChangeNote(Noun):
    """A change that a reader must not overlook. Empty ``before`` or ``after``: it stands in one version only."""

    kind: Literal["number", "year", "date", "strength", "negation"]
    before: str
    after: str
    says: str


class PassageChange(Noun):
    """A sentence, row or heading that is not the same in both versions.

    ``uncertain``: the other version has pages that could not be read and may hold it.
    """

    kind: Literal["added", "removed", "changed", "moved"]
    before: Side | None = None
    after: Side | None = None
    moved: bool = False  # a changed one that also stands elsewhere
    notes: tuple[ChangeNote, ...] = ()
    uncertain: bool = False
    because: str = ""


class RequirementChange(Noun):
    """One requirement in both versions; an outcome is None where the requirement did not concern a version."""

    requirement_id: str
    requirement: str
    kind: Literal["gained", "lost", "changed", "unclear", "same"]
    before: Outcome | None
    after: Outcome | None
    before_evidence: tuple[PageQuote, ...] = ()
    after_evidence: tuple[PageQuote, ...] = ()
    notes: tuple[ChangeNote, ...] = ()
    says: str


class KpiChange(Noun):
    """One indicator in both versions; ``kinds`` is empty where it is the same."""

    indicator: str
    kinds: tuple[KpiChangeKind, ...] = ()
    before: Kpi | None = None
    after: Kpi | None = None
    says: tuple[str, ...] = ()
    uncertain: bool = False


class Difference(Noun):
    """Two versions of a document: ``before`` is the earlier one."""

    before_file: str
    after_file: str
    before_pages: int
    after_pages: int
    before_fidelity: ReadingReport
    after_fidelity: ReadingReport
    text: str
    same_passages: int
    spelling_only: int  # passages that differ in spelling or politeness alone, told as the same
    requirements: tuple[RequirementChange, ...] = ()
    passages: tuple[PassageChange, ...] = ()
    kpis: tuple[KpiChange, ...] = ()
    cautions: tuple[str, ...] = ()


class Bearing(Noun):
    """A requirement and a place that bears it."""

    requirement_id: str
    where: PageQuote


class ChapterCell(Noun):
    """What one chapter of the document holds of one pillar; pillar None: what concerns all of them."""

    chapter: int  # its place in ``Coverage.chapters``, from 0
    pillar: int | None
    evidence: tuple[Bearing, ...] = ()  # of requirements that were found
    commitments: tuple[PageQuote, ...] = ()  # sentences and items that say what will be done

    @property
    def met(self) -> int:
        """How many requirements have evidence here."""
        return len({bearing.requirement_id for bearing in self.evidence})


class ChapterPages(Noun):
    """The title of a chapter, or of a section of a chapter that holds most, and the pages on which it stands."""

    title: str
    within: str = ""  # a section's chapter
    first_page: int
    last_page: int


class PillarShare(Noun):
    """How much of what one pillar asks was found in the whole document."""

    pillar: int
    requirements: int
    met: int
    unknown: int = 0
    commitments: int = 0

    @property
    def share(self) -> float:
        """Requirements found, of all of the pillar's."""
        return self.met / self.requirements if self.requirements else 0.0


class Coverage(Noun):
    """Where in a document each pillar is dealt with, and how much of it."""

    chapters: tuple[ChapterPages, ...]
    cells: tuple[ChapterCell, ...]  # those that hold something
    pillars: tuple[PillarShare, ...]


class Peer(Noun):
    """Another plan, held against the same requirements."""

    name: str
    pages: int
    pillars: tuple[PillarShare, ...]


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
    difference: Difference | None = None  # from an earlier version, where one was given
    coverage: Coverage | None = None  # of a strategy
    peers: tuple[Peer, ...] = ()
