"""KPI tables: indicator, unit, baseline and target with their years.

Two forms of table reach us: rows of cells between ``|`` (Word, Excel, slides), and, from a PDF,
the cells as lines or pieces of lines in reading order. Both become a stream of cells under a
heading; a heading that names a baseline or a target opens a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.domain import Document, Page
from assistant.review.kpi_cells import (
    Value,
    bare_number,
    folded,
    is_head,
    is_unit,
    is_year_alone,
    read_value,
    role_of,
    year_in,
)
from assistant.review.kpi_rows import Cell, Column, Row, columns_of, make_kpi
from assistant.review.nouns import Kpi

_LONGEST_INDICATOR = 70
_MOST_PARTS = 3  # lines over which one cell with an open bracket may run
_VALUE_AT_END = re.compile(r"(?<=[^0-9０-９,，.．(（RrＲHＨ])[\s　]+(?=[▲△約]?[0-9０-９－―—\-])")
_SECTION = re.compile(
    r"^(?:第?[0-9一二三四五六七八九十ⅰ-ⅹ]+[章節編]|基本目標|基本的方向|具体的な|主な(?:事業|取組)|[■◆●【○◎]|\([0-9]+\)[^0-9]|[0-9]+[.．][^0-9])"
)


def find_kpis(document: Document) -> tuple[Kpi, ...]:
    """Every indicator that the document gives in a table, in order."""
    found: list[Kpi] = []
    running: list[Column] | None = None  # columns of a table that the end of a page cut
    across: list[Column] | None = None
    for page in document.pages:
        kpis, across = _of_pipes(page, across)
        found += kpis
        kpis, running = _of_lines(page, running)
        found += kpis
    return tuple(sorted(found, key=lambda kpi: (kpi.where.page, kpi.where.start)))


# ── rows between bars ────────────────────────────────────────────────────────


def _of_pipes(page: Page, columns: list[Column] | None) -> tuple[list[Kpi], list[Column] | None]:
    """Indicators of a page, and the columns of a table that goes on at its end.

    Only pages of a text flow into each other; a slide or a sheet begins anew.
    """
    found: list[Kpi] = []
    if not page.locator.endswith("ページ"):
        columns = None
    headed = False
    name = ""
    for start, end in _line_spans(page.text):
        line = page.text[start:end]
        if not line.startswith("|"):
            if line.strip():
                columns, name = None, ""
            continue
        cells = _bar_cells(line, start)
        texts = [cell.text for cell in cells]
        heads = columns_of(texts)
        if (
            heads is not None
            and sum(1 for t in texts if read_value(t) is not None and is_year_alone(t) is None) == 0
        ):
            columns, headed, name = heads, True, ""
            continue
        if columns is None:
            continue
        if headed and _completes(columns, texts):
            headed = False
            continue
        headed = False
        if len(cells) != len(columns):
            continue
        own = "".join(t for t, c in zip(texts, columns, strict=True) if c.role == "indicator").strip()
        name = own or name
        row = Row(name=[c for c, k in zip(cells, columns, strict=True) if k.role == "indicator"])
        kpi = _from_bars(page, row, cells, columns, name, (start, end))
        if kpi is not None:
            found.append(kpi)
    return found, columns


def _completes(columns: list[Column], texts: Sequence[str]) -> bool:
    """A second row of headings that gives the years of the first."""
    years = [is_year_alone(text) for text in texts]
    if not any(years) or any(
        read_value(t) is not None and y is None for t, y in zip(texts, years, strict=True)
    ):
        return False
    for column, year in zip(columns, years, strict=False):
        column.year = year if year is not None else column.year
    return True


def _from_bars(
    page: Page, row: Row, cells: list[Cell], columns: list[Column], name: str, span: tuple[int, int]
) -> Kpi | None:
    values: list[tuple[Column, Value]] = []
    unit = ""
    for cell, column in zip(cells, columns, strict=True):
        if column.role == "unit":
            unit = cell.text.strip()
        elif column.role in ("baseline", "target", "yearly"):
            values.append((column, read_value(cell.text) or bare_number(cell.text) or _loose(cell.text)))
    if not name or not any(value.known for _, value in values):
        return None
    return make_kpi(page, name, unit, values, span)


def _loose(text: str) -> Value:
    """A cell that is no plain value: one with a figure in it still gives one."""
    known = any(character.isdecimal() for character in text) and is_year_alone(text) is None
    return Value(" ".join(text.split()) if known else "", "", year_in(text) if known else None, known)


def _bar_cells(line: str, start: int) -> list[Cell]:
    found = []
    at = start + 1
    for piece in line.strip().strip("|").split("|"):
        found.append(Cell(piece.strip(), at, at + len(piece)))
        at += len(piece) + 1
    return found


# ── cells as lines ───────────────────────────────────────────────────────────


def _of_lines(page: Page, running: list[Column] | None) -> tuple[list[Kpi], list[Column] | None]:
    """Indicators of a page, and the columns of a table that its end cut."""
    cells = list(_joined(_line_cells(page.text)))
    found: list[Kpi] = []
    at = 0
    cut = False
    columns: list[Column] = []
    if running is not None and cells:
        rows, after = _rows(cells, 0, running)
        wanted = sum(1 for c in running if c.role in ("baseline", "yearly", "target"))
        if rows and all(len(row.values) == wanted for row in rows):
            found += [kpi for row in rows if (kpi := _from_row(page, row, running)) is not None]
            columns, at = running, after
            cut = at >= len(cells)
    while at < len(cells):
        opened = _open_table(cells, at)
        if opened is None:
            at += 1
            continue
        columns, at = opened
        rows, at = _rows(cells, at, columns)
        for row in rows:
            kpi = _from_row(page, row, columns)
            if kpi is not None:
                found.append(kpi)
        cut = at >= len(cells)
    return found, columns if cut and columns else None


def _line_cells(text: str) -> Iterator[Cell]:
    for start, end in _line_spans(text):
        line = text[start:end]
        if line.startswith("|") or not line.strip():
            continue
        for a, b in _pieces(line):
            yield Cell(line[a:b], start + a, start + b)


def _joined(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Cells whose brackets were broken over lines, as one: 「基準値（令和6年」「度）」."""
    held: Cell | None = None
    parts = 1
    for cell in cells:
        if held is not None and parts < _MOST_PARTS and _is_open(held.text):
            held = Cell(held.text + cell.text, held.start, cell.end)
            parts += 1
            continue
        if held is not None:
            yield held
        held, parts = cell, 1
    if held is not None:
        yield held


def _is_open(text: str) -> bool:
    shut = folded(text)
    return shut.count("(") > shut.count(")") and len(shut) < 30


def _pieces(line: str) -> list[tuple[int, int]]:
    """A line is one cell, unless its pieces between spaces are headings, values or units."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[^\s　]+", line)]
    if len(words) < 2:
        return words
    kinds = [_is_cell(line[a:b]) for a, b in words]
    if all(kinds) and any(
        role_of(line[a:b]) in ("baseline", "target", "indicator", "yearly") for a, b in words
    ):
        return words
    first = len(words)
    while first > 0 and kinds[first - 1] and not is_head(line[slice(*words[first - 1])]):
        first -= 1
    last_values = words[first:]
    if not any(read_value(line[a:b]) is not None for a, b in last_values):
        return [(words[0][0], words[-1][1])]
    name = [(words[0][0], words[first - 1][1])] if first else []
    return name + last_values


def _is_cell(piece: str) -> bool:
    return (
        read_value(piece) is not None or is_unit(piece) or is_head(piece) or is_year_alone(piece) is not None
    )


def _open_table(cells: Sequence[Cell], at: int) -> tuple[list[Column], int] | None:
    """The columns of a table whose headings begin at ``at``, and where its rows begin."""
    if role_of(cells[at].text) not in ("indicator", "other", "unit") or not is_head(cells[at].text):
        return None
    heads: list[str] = []
    i = at
    while i < len(cells) and len(heads) < 14 and is_head(cells[i].text):
        text = cells[i].text
        in_brackets = folded(text).startswith("(")
        if in_brackets and heads:
            heads[-1] += text
        else:
            heads.append(text)
        i += 1
    columns = columns_of(heads)
    if columns is None or not any(c.role in ("baseline", "target") for c in columns):
        return None
    # Headings before the indicator's are of another thing (a caption such as 「重要業績評価指標」).
    first = next(k for k, c in enumerate(columns) if c.role == "indicator")
    return columns[first:], i


def _rows(cells: Sequence[Cell], at: int, columns: list[Column]) -> tuple[list[Row], int]:
    wanted = sum(1 for c in columns if c.role in ("baseline", "yearly", "target"))
    has_unit = any(c.role == "unit" for c in columns)
    trailing = 0
    for column in reversed(columns):
        if column.role != "other":
            break
        trailing += 1
    rows: list[Row] = []
    row = Row()
    left = 0  # cells of words that still belong to the row after its values
    i = at
    while i < len(cells):
        cell = cells[i]
        value = read_value(cell.text)
        year = is_year_alone(cell.text)
        if value is None and row.name and len(row.values) < wanted:
            value = bare_number(cell.text)
        if year is not None and row.values and folded(cell.text).startswith(("(", "[")):
            last, where = row.values[-1]
            row.values[-1] = (
                Value(last.printed, last.unit, year, last.known),
                Cell(where.text, where.start, cell.end),
            )
        elif (
            has_unit
            and value is not None
            and not value.known
            and row.name
            and not row.unit
            and not row.values
        ):
            row.unit = "－"  # an index without a unit
        elif value is not None and row.name and len(row.values) < wanted:
            row.values.append((value, cell))
            left = trailing
        elif is_unit(cell.text) and row.name and (not row.values or not row.unit) and value is None:
            row.unit = row.unit or cell.text.strip()
        elif row.values and left > 0 and not is_head(cell.text) and "。" not in cell.text:
            left -= 1
        else:
            if row.values:
                rows.append(row)
                row = Row()
            if _ends_table(cells, i):
                break
            if value is None:
                row.name.append(cell)
                if sum(len(c.text) for c in row.name) > _LONGEST_INDICATOR:
                    row = Row()
                    break
        i += 1
    if row.values:
        rows.append(row)
    return rows, max(i, at + 1)


def _ends_table(cells: Sequence[Cell], i: int) -> bool:
    text = folded(cells[i].text)
    return (
        "。" in text
        or len(text) > _LONGEST_INDICATOR
        or _SECTION.match(text) is not None
        or _open_table(cells, i) is not None
    )


def _from_row(page: Page, row: Row, columns: list[Column]) -> Kpi | None:
    name = "".join(cell.text for cell in row.name).strip()
    value_columns = [c for c in columns if c.role in ("baseline", "yearly", "target")]
    given = [value for value, _ in row.values]
    if len(given) == len(value_columns):
        values = list(zip(value_columns, given, strict=True))
    else:
        values = _place(value_columns, given)
    if len(name) < 2 or not any(value.known for _, value in values):
        return None
    return make_kpi(page, name, row.unit, values, row.span)


def _place(columns: list[Column], given: Sequence[Value]) -> list[tuple[Column, Value]]:
    """Values of a row with empty cells: by their year where they bear one, else the target is there first."""
    empty = Value("", "", None, False)
    placed = {id(column): empty for column in columns}
    rest = []
    for value in given:
        fits = [
            c for c in columns if value.year is not None and c.year == value.year and placed[id(c)] is empty
        ]
        if fits:
            placed[id(fits[0])] = value
        else:
            rest.append(value)
    order = [c for c in columns if c.role == "target"] + [c for c in reversed(columns) if c.role != "target"]
    free = [c for c in order if placed[id(c)] is empty]
    for column, value in zip(free, reversed(rest), strict=False):
        placed[id(column)] = value
    return [(column, placed[id(column)]) for column in columns]


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1
