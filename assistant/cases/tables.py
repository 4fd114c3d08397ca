"""Tables of municipalities that people bring: CSV as e-Stat, RESAS or an office exports it.

Nothing about the form is assumed but that some column tells municipalities (by code or by name) and some
column holds numbers.  What cannot be read is told, and a mark for "no figure" is never read as zero.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.cases.regions import PREFECTURES
from assistant.errors import FileUnreadable, UnknownName
from assistant.japanese.calendar import find_fiscal_years
from assistant.knowledge.files.encoding import decode
from assistant.knowledge.municipalities import Municipalities, unify

MOST_ROWS, MOST_COLUMNS, MOST_SERIES = 200_000, 500, 300
_MOST_BYTES = 30 * 1024 * 1024
_REMEDY = "市区町村のコードまたは名前の列と、数値の列があるCSVをお試しください。"
_NUMBER = re.compile(r"[-+△▲]?\d+(?:\.\d+)?%?")
_NOTHING = frozenset(
    ("", "-", "--", "***", "*", "x", "X", "…", "...", "‐", "－", "―", "n/a", "na", "null", "nan", "#n/a")
)
# A head that is a time and nothing else: 「2021年の件数」 may hold 1900 as well and is no column of years.
_YEAR_HEAD = re.compile(
    r"(?:集計|調査|対象|統計|会計)?(?:年度?|年次|時点|年月|西暦)(?:[（(].*[)）])?|時間軸.*|調査(?:年|期).*|year",
    re.I,
)
_CODE_HEAD = re.compile("コード|code|cd$", re.I)
_ASIDE_HEAD = re.compile("注釈|注記|annotation|unit|単位|tab|cat", re.I)
_SOURCE_LINE = re.compile("出典|資料[:：]|統計名|調査名|表題|統計表")


@dataclass(frozen=True)
class Series:
    """One figure for each municipality. ``year`` is None where the file tells none."""

    label: str
    year: str | None
    unit: str
    values: dict[str, float]  # by 6-digit code


@dataclass(frozen=True)
class BroughtTable:
    """What was read of a file, and what was not."""

    name: str
    series: tuple[Series, ...]
    municipalities: int
    rows: int
    source: str  # what the file says of its source; empty where it says nothing
    notes: tuple[str, ...] = ()


@dataclass
class _Shape:
    """Which column is what."""

    first: int  # first data row
    heads: list[str] = field(default_factory=list)
    codes: dict[int, str] = field(default_factory=dict)  # row → municipality
    place_columns: set[int] = field(default_factory=set)
    year_column: int | None = None
    unit_column: int | None = None
    numbers: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)  # columns whose words tell series apart


def read_table(content: bytes, name: str, register: Municipalities) -> BroughtTable:
    """Read a CSV (or tab-separated) file; raises ``FileUnreadable`` saying what is missing."""
    if not content.strip():
        raise FileUnreadable(name, "ファイルの中身が空です。")
    if len(content) > _MOST_BYTES:
        raise FileUnreadable(
            name, "ファイルが大きすぎます（上限30MB）。", "必要な行と列だけに絞ってください。"
        )
    rows = _rows(decode(content, name), name)
    shape = _find_shape(rows, name, register)
    series, dropped, missing = _series(rows, shape)
    if not series:
        raise FileUnreadable(name, "数値の列が見つかりません。", _REMEDY)
    unread = len([r for r in rows[shape.first :] if any(c.strip() for c in r)]) - len(shape.codes)
    notes = []
    if unread:
        notes.append(f"市区町村を特定できない{unread}行（合計・見出し・注記など）は使っていません。")
    if missing:
        notes.append(f"「-」「***」などの印や空欄{missing}か所は、0ではなく「数値なし」として扱っています。")
    if dropped:
        notes.append(f"系列が多いため、{dropped}系列は読み込んでいません。")
    if any(s.year is None for s in series):
        notes.append("年の記載を見つけられない数値があります。時点は元の資料でご確認ください。")
    return BroughtTable(
        name,
        tuple(series),
        len(set(shape.codes.values())),
        len(shape.codes),
        _source(rows[: shape.first]),
        tuple(notes),
    )


def _rows(text: str, name: str) -> list[list[str]]:
    head = "\n".join(text.splitlines()[:60])
    delimiter = max("\t,;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileUnreadable(name, f"CSVとして読めません（{error}）。", _REMEDY) from error
    if len(rows) > MOST_ROWS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise FileUnreadable(
            name,
            f"行または列が多すぎます（上限{MOST_ROWS:,}行、{MOST_COLUMNS}列）。",
            "必要な範囲に絞ってください。",
        )
    return rows


# ── which column is what ─────────────────────────────────────────────────────


def _find_shape(rows: Sequence[Sequence[str]], name: str, register: Municipalities) -> _Shape:
    found = _by_code(rows, register) or _by_name(rows, register)
    if not found:
        raise FileUnreadable(name, "市区町村のコードまたは名前の列が見つかりません。", _REMEDY)
    columns, codes = found
    first = min(codes)
    shape = _Shape(first=first, codes=codes, place_columns=columns)
    width = max(len(rows[i]) for i in codes)
    shape.heads = _heads(rows[:first], width)
    sample = [rows[i] for i in list(codes)[:2_000]]
    for column in range(width):
        if column in columns:
            continue
        head = shape.heads[column]
        cells = [cell for cell in (_clean(row[column]) for row in sample if column < len(row)) if cell]
        told = [cell for cell in cells if cell not in _NOTHING]
        if re.fullmatch("単位|unit", head.strip(), re.I):
            shape.unit_column = column
        elif (
            shape.year_column is None
            and told
            and _YEAR_HEAD.fullmatch(head.strip())
            and all(_year(cell) for cell in told[:200])
        ):
            shape.year_column = column
        elif _is_place(told, head):
            continue
        elif told and sum(bool(_NUMBER.fullmatch(cell)) for cell in told) >= 0.8 * len(told):
            if not _CODE_HEAD.search(head):
                shape.numbers.append(column)
        elif (
            told and not _CODE_HEAD.search(head) and not _ASIDE_HEAD.fullmatch(head) and len(set(told)) <= 60
        ):
            shape.kinds.append(column)
    return shape


def _is_place(told: Sequence[str], head: str) -> bool:
    if not told:
        return True
    if all(cell in PREFECTURES for cell in told[:200]):
        return True
    return bool(re.search("市区?町村|都道府県|地域|自治体|団体", head)) and not any(
        map(_NUMBER.fullmatch, told[:50])
    )


def _by_code(
    rows: Sequence[Sequence[str]], register: Municipalities
) -> tuple[set[int], dict[int, str]] | None:
    """The column with the most municipal codes, and the municipality of each row."""
    hits: Counter[int] = Counter()
    for row in rows[:3_000]:
        for column, cell in enumerate(row[:40]):
            if _code(cell, register):
                hits[column] += 1
    if not hits:
        return None
    column, count = min(hits.items(), key=lambda item: (-item[1], item[0]))
    codes = {
        i: code for i, row in enumerate(rows) if column < len(row) and (code := _code(row[column], register))
    }
    # Five figures may be people as well as a code: most rows must hold one, and no row twice the same by chance.
    filled = sum(bool(row[column].strip()) for row in rows if column < len(row))
    return ({column}, codes) if count >= 2 and len(codes) >= 0.5 * filled else None


def _code(cell: str, register: Municipalities) -> str | None:
    bare = _clean(cell).lstrip("'")
    if bare.isdigit() and len(bare) == 4:
        bare = "0" + bare  # Excel drops the leading zero of 01202
    if not re.fullmatch(r"\d{5,6}", bare):
        return None
    try:
        return register.by_code(bare).code
    except UnknownName:
        return None


def _by_name(
    rows: Sequence[Sequence[str]], register: Municipalities
) -> tuple[set[int], dict[int, str]] | None:
    """The column with the most municipal names; a prefecture's column beside it tells namesakes apart."""
    codes_by_name: dict[str, list[str]] = {}
    for municipality in register:
        for called in {municipality.name, municipality.full_name}:
            codes_by_name.setdefault(unify(called), []).append(municipality.code)
    hits: Counter[int] = Counter()
    prefectures: Counter[int] = Counter()
    for row in rows[:3_000]:
        for column, cell in enumerate(row[:40]):
            bare = unify(re.sub(r"\s", "", cell))
            prefectures[column] += bare in PREFECTURES
            hits[column] += bare in codes_by_name and bare not in PREFECTURES
    column, count = max(hits.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
    beside, most = max(prefectures.items(), key=lambda item: (item[1], -item[0]), default=(0, 0))
    if count < 2:
        column, count = beside, most
        if count < 2:
            return None
    codes: dict[int, str] = {}
    for i, row in enumerate(rows):
        if column >= len(row):
            continue
        bare = unify(re.sub(r"\s", "", row[column]))
        named = codes_by_name.get(bare, [])
        if len(named) > 1 and most and beside < len(row):
            named = codes_by_name.get(unify(row[beside].strip()) + bare, named)
        if len(named) == 1:
            codes[i] = named[0]
    return ({column, beside} if most else {column}, codes) if codes else None


def _heads(above: Sequence[Sequence[str]], width: int) -> list[str]:
    """Column heads from the lines above the data: the last lines that fill more than half of the columns."""
    lines: list[list[str]] = []
    for row in reversed(above):
        filled = sum(bool(cell.strip()) for cell in row)
        if not filled and not lines:
            continue
        if filled < max(2, 0.3 * width):
            if lines:
                break
            continue
        lines.insert(0, [*(cell.strip() for cell in row), *[""] * (width - len(row))][:width])
        if len(lines) == 3:
            break
    heads = []
    for column in range(width):
        parts: list[str] = []
        for depth, line in enumerate(lines):
            told = line[column]
            if not told and depth < len(lines) - 1:  # a head that spans several columns stands in the first
                told = next((line[c] for c in range(column, -1, -1) if line[c]), "")
            if told and told not in parts:
                parts.append(" ".join(told.split()))
        heads.append("・".join(parts))
    return heads


# ── figures ──────────────────────────────────────────────────────────────────


def _series(rows: Sequence[Sequence[str]], shape: _Shape) -> tuple[list[Series], int, int]:
    """Series in the order of the file, how many were too many, how many cells hold no figure."""
    values: dict[tuple[str, str | None, str], dict[str, float]] = {}
    twice: set[tuple[str, str | None, str]] = set()
    missing = 0
    telling = [c for c in shape.kinds if len({_cell(rows[i], c) for i in list(shape.codes)[:5_000]}) > 1]
    above = " ".join(cell for row in rows[: shape.first] for cell in row)
    file_year = _only_year(above)
    for i, code in shape.codes.items():
        row = rows[i]
        kinds = [told for c in telling if (told := _cell(row, c))]
        year = _year(_cell(row, shape.year_column)) if shape.year_column is not None else None
        unit = _cell(row, shape.unit_column) if shape.unit_column is not None else ""
        for column in shape.numbers:
            text = _cell(row, column)
            if _clean(text) in _NOTHING:
                missing += 1
                continue
            number = _number(text)
            if number is None:
                missing += 1
                continue
            head = shape.heads[column]
            plain = not head or re.fullmatch(r"(?:value|値|数値|実数)(?:・.*)?", head, re.I)
            label = "・".join(kinds if plain and kinds else [*kinds, head or f"{column + 1}列目"])
            key = (label, year or _only_year(head) or file_year, unit or _unit(head))
            held = values.setdefault(key, {})
            if code in held and held[code] != number:
                twice.add(key)
            held[code] = number
    kept = [(key, held) for key, held in values.items() if key not in twice]
    series = [Series(label, year, unit, held) for (label, year, unit), held in kept[:MOST_SERIES]]
    return series, max(0, len(kept) - MOST_SERIES) + len(twice), missing


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace(",", "").replace("−", "-").strip()


def _number(text: str) -> float | None:
    bare = _clean(text).replace("△", "-").replace("▲", "-").rstrip("%")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if abs(value) < 1e18 else None


def _unit(head: str) -> str:
    """「人」 of 「総人口（人）」."""
    match = re.search(r"[（(\[【]([^（）()\[\]【】]{1,8})[）)\]】]\s*$", head)
    return match[1] if match and not _year(match[1]) else ""


def _year(text: str) -> str | None:
    """「2020年」 of 「2020」「2020年」「令和2年」「2020000000」 (e-Stat's codes of years); None where none is told."""
    bare = unicodedata.normalize("NFKC", text).strip()
    if match := re.fullmatch(r"((?:19|20)\d\d)(?:0{6}|年)?", bare):
        return f"{match[1]}年"
    if match := re.fullmatch(r"((?:19|20)\d\d)年度", bare):
        return f"{match[1]}年度"
    found = find_fiscal_years(bare)
    if not found:
        return None
    return f"{found[0].year}年度" if found[0].fiscal else f"{found[0].year}年"


def _only_year(text: str) -> str | None:
    """The year of a text that tells exactly one."""
    years = {f"{m.year}年度" if m.fiscal else f"{m.year}年" for m in find_fiscal_years(text)}
    return years.pop() if len(years) == 1 else None


def _source(above: Sequence[Sequence[str]]) -> str:
    for row in above:
        cells = [" ".join(cell.split()) for cell in row if cell.strip()]
        if cells and _SOURCE_LINE.search(cells[0]):
            return " ".join(cells)[:200]
    return ""
