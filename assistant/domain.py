"""The nouns that cross a door between rooms.

Every noun is frozen and refuses unknown keys, so a value that exists is a value
that holds its promises.  The JSON form of ``Answer``, ``Verdict`` and the other
outward nouns is what people script against: add keys, rename none.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Noun(BaseModel):
    """Base of all nouns: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ── sources ──────────────────────────────────────────────────────────────────


class Level(StrEnum):
    """How far a source may be trusted, strongest first."""

    OFFICIAL = "公式"
    TRANSCRIBED = "公式転記"
    MUNICIPAL = "自治体"
    THIRD_PARTY = "第三者"

    @property
    def trust(self) -> int:
        """4 for 公式 down to 1 for 第三者; higher is more trusted."""
        return 4 - list(Level).index(self)


class Source(Noun):
    """One published page or file that statements point to.

    ``published`` is free text because publishers date pages in many ways
    (「令和7年度」 and the like); ``checked`` is the day on which we last read it.
    """

    id: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: str
    level: Level
    checked: date
    published: str | None = None
    fiscal_years: tuple[int, ...] = ()
    licence: str | None = None
    note: str | None = None
    superseded_by: str | None = None
    file_url: str | None = None  # the publisher's own file, fetched by `assistant sync`
    sha256: str | None = None


# ── documents and passages ───────────────────────────────────────────────────


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


# ── evidence ─────────────────────────────────────────────────────────────────


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


# ── municipalities and cases ─────────────────────────────────────────────────


class Municipality(Noun):
    """A 市区町村 or prefecture. Figures that no source gives are None, never zero."""

    code: str  # 6 digits with check digit (全国地方公共団体コード)
    name: str
    kana: str
    prefecture: str
    kind: str  # 指定都市 中核市 施行時特例市 特別区 市 町 村 都道府県
    population: int | None = None
    flags: tuple[str, ...] = ()
    figures: dict[str, float] = {}

    @property
    def full_name(self) -> str:
        """「島根県海士町」; a prefecture is its own name."""
        return self.name if self.kind == "都道府県" else self.prefecture + self.name


class Case(Noun):
    """A good-practice case. A field that no source bears out is None."""

    id: str
    title: str
    municipality_codes: tuple[str, ...]
    place: str  # as the case names it: 「奈良市（月ヶ瀬地区）」
    prefecture: str
    pillar: int = Field(ge=1, le=5)
    themes: tuple[str, ...]
    issue: str
    approach: str
    partners: str | None = None
    started: str | None = None
    start_year: int | None = None
    scheme: str | None = None
    budget_yen: int | None = None
    results: str | None = None
    results_date: str | None = None
    lessons: str | None = None
    source_ids: tuple[str, ...] = Field(min_length=1)
    field_sources: dict[str, tuple[str, ...]] = {}
    confidence: str = "medium"  # high | medium | low


class CaseHit(Noun):
    """A case found, with why it fits and what differs."""

    id: str
    title: str
    municipality: str
    prefecture: str
    population: int | None
    pillar: int
    themes: tuple[str, ...]
    score: float
    why: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    results: str | None = None


# ── grants ───────────────────────────────────────────────────────────────────


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


# ── review ───────────────────────────────────────────────────────────────────


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


# ── asking ───────────────────────────────────────────────────────────────────


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
    grant_ids: tuple[str, ...] = ()
    family: str | None = None
    fiscal_year: int | None = None
    fiscal_year_given: bool = False  # the person named the year (in words or by the picker)
    municipality_code: str | None = None
    slots: tuple[str, ...] = ()  # 補助率 上限 期限 対象 対象外 窓口 期間 要件 …
    facts: dict[str, Any] = {}
    terms: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
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
