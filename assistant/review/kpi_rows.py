"""Columns, rows and cells of KPI tables, and the indicator that a row makes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain import Page, PageQuote
from assistant.review.kpi_cells import Role, Value, is_unit, role_of, units_differ, year_in
from assistant.review.nouns import Kpi

_UNIT_IN_NAME = re.compile(r"[(（\[［](?:単位[:：]?)?([^()（）\[\]［］]{1,10})[)）\]］]\s*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a page: ``page.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(slots=True)
class Column:
    """A column of a table."""

    role: Role
    year: int | None = None


@dataclass(slots=True)
class Row:
    """Cells of one indicator in the making."""

    name: list[Cell] = field(default_factory=list)
    unit: str = ""
    values: list[tuple[Value, Cell]] = field(default_factory=list)

    @property
    def span(self) -> tuple[int, int]:
        """From the first to the last cell."""
        cells = [*self.name, *(cell for _, cell in self.values)]
        return min(c.start for c in cells), max(c.end for c in cells)


# ── columns ──────────────────────────────────────────────────────────────────


def columns_of(heads: Sequence[str]) -> list[Column] | None:
    """The columns that a row of headings names; None where it heads no table of indicators."""
    columns = [Column(role_of(head) or "other", year_in(head)) for head in heads]
    roles = [column.role for column in columns]
    if "target" not in roles and "yearly" not in roles:
        return None
    if "indicator" not in roles:
        if "baseline" not in roles or "target" not in roles:
            return None
        first = next((i for i, role in enumerate(roles) if role == "other"), None)
        if first is None:
            return None
        columns[first].role = "indicator"
    if "target" not in roles:  # yearly targets alone: the last one is the target
        last = max(i for i, role in enumerate(roles) if role == "yearly")
        columns[last].role = "target"
        if "baseline" not in roles and roles.count("yearly") == 2:  # 「指標 | 令和5年度 | 令和11年度」
            columns[roles.index("yearly")].role = "baseline"
        roles[last] = "target"
    if "baseline" not in roles and "target" in roles and roles.count("yearly") == 0 and len(roles) < 2:
        return None
    return columns


# ── one indicator ────────────────────────────────────────────────────────────


def make_kpi(
    page: Page, name: str, unit: str, values: Sequence[tuple[Column, Value]], span: tuple[int, int]
) -> Kpi:
    """One indicator of a row; ``values`` in the order of its columns, ``span`` in the page's text."""
    none = Value("", "", None, False)
    base_column, base = next(((c, v) for c, v in values if c.role == "baseline"), (Column("baseline"), none))
    targets = [(c, v) for c, v in values if c.role in ("target", "yearly")]
    target_column, target = next(
        ((c, v) for c, v in reversed(targets) if c.role == "target" and v.known),
        next(
            ((c, v) for c, v in reversed(targets) if v.known),
            (targets[-1][0] if targets else Column("target"), none),
        ),
    )
    in_name = _UNIT_IN_NAME.search(name)
    shown = (
        unit.strip("()（）－ー- ")
        or target.unit
        or base.unit
        or (in_name[1] if in_name and is_unit(in_name[1]) else "")
    )
    start, end = span
    other = (
        base.unit if units_differ(base.unit, target.unit) else ""
    )  # kept with the value: it is not the row's
    return Kpi(
        indicator=" ".join(name.split()).strip("・○●■ 　"),
        unit=shown,
        baseline=base.printed + other if base.known else "",
        baseline_year=(base.year or base_column.year) if base.known else None,
        target=target.printed if target.known else "",
        target_year=(target.year or target_column.year) if target.known else None,
        where=PageQuote(page=page.number, quote=page.text[start:end], start=start, end=end),
    )
