"""Grants set side by side: a row per aspect, every cell a quoted sentence or an admitted gap."""

from __future__ import annotations

from enum import StrEnum

from assistant.domain.base import Noun
from assistant.domain.claims import Claim


class CellState(StrEnum):
    """What the sources say of one aspect of one grant."""

    GIVEN = "given"
    UNCONFIRMED = "unconfirmed"  # the sources themselves say that it is not confirmed
    ABSENT = "absent"  # no sentence of the sources speaks of it


class ComparedSide(Noun):
    """One column. ``grant_id`` is None where no source speaks of what was named."""

    grant_id: str | None
    name: str
    fiscal_year: int | None = None  # None: not tied to a fiscal year
    year: str = ""  # as a person reads it: 「令和8年度（2026年度）」「年度を限らない制度」
    note: str = ""


class Cell(Noun):
    """``value`` repeats the figures of ``claims`` as they stand there; empty where the aspect has none."""

    state: CellState
    text: str
    value: str = ""
    claims: tuple[Claim, ...] = ()


class ComparedRow(Noun):
    """One aspect. ``differs`` is None where a side does not tell."""

    aspect: str
    cells: tuple[Cell, ...]
    differs: bool | None = None
    says: str = ""  # what the figures of both sides amount to; empty where they cannot be held together


class Comparison(Noun):
    """Sides in the order in which they were named; rows that differ first."""

    sides: tuple[ComparedSide, ...]
    rows: tuple[ComparedRow, ...]
    notes: tuple[str, ...] = ()
