"""Sources and how far they may be trusted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from assistant.domain.base import Noun


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
