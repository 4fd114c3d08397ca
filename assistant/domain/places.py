"""Municipalities and the good-practice cases that happened there."""

from __future__ import annotations

from pydantic import Field

from assistant.domain.base import Noun
from assistant.domain.sources import Source


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
    place: str = ""  # as the case names it, all partners of a joint case included
    municipality_code: str | None = None  # of the municipality that population and likeness speak of
    issue: str = ""
    approach: str = ""
    lessons: str | None = None
    start_year: int | None = None
    scheme: str | None = None
    likeness: float | None = None  # 0–1, how alike the place is; None where nothing was to be compared with
    likeness_confidence: float | None = None  # share of the factors that are known of both, 0–1
    cautions: tuple[str, ...] = ()  # what is not known of the case
    figure_sources: tuple[Source, ...] = ()  # sources of the figures in why and differences
    is_own: bool = False  # added by a person, not part of the corpus
