"""Grants side by side: which sides a question names, and a row per aspect with what the sources say of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from assistant.domain import (
    Cell,
    CellState,
    ComparedRow,
    ComparedSide,
    Comparison,
    Passage,
    Source,
)
from assistant.errors import FactRejected
from assistant.grants.aspects import ABSENT, ASPECTS, YEAR_ROW, Aspect, cell_of
from assistant.grants.quotes import Quote, quotes_of
from assistant.grants.rules import Grant
from assistant.japanese.calendar import find_fiscal_years, fiscal_year_label
from assistant.japanese.numbers import format_yen, parse_yen
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set

MOST_SIDES: Final = 4
TOLD: Final = {True: "違いあり", False: "同じ記載", None: "比較できず"}
STANDING: Final = "年度を限らない制度"
UNKNOWN_SIDE: Final = "手元の資料にありません"
_SAME_WORDS: Final = 0.8
_CAP: Final = "上限額"
_HELD_BY_FIGURE: Final = frozenset(("補助率", _CAP))
_SELF_NAMES = re.compile(r"令和\s*[0-9元]+年度(?:補正)?の?|平成\s*[0-9元]+年度の?")

ReadPassages = Callable[[str], Sequence[Passage]]


def compare_grants(
    sides: Sequence[Grant | str],
    read: ReadPassages,
    sources: Mapping[str, Source],
    *,
    slots: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Comparison:
    """The table. A side that is a word is one of which no source speaks.

    ``slots``: aspects that the question asks for; none asks for all. Rows that differ come first.
    """
    asked = [aspect for aspect in ASPECTS if set(aspect.slots) & set(slots)] or list(ASPECTS)
    quotes = [list(quotes_of(read(side.id))) if isinstance(side, Grant) else [] for side in sides]
    rows = [_row(aspect, sides, quotes, sources) for aspect in asked]
    if len(asked) == len(ASPECTS):
        rows.insert(0, _year_row(sides, quotes, sources))
    order = {True: 0, None: 1, False: 2}
    told = [row for row in rows if any(cell.state is not CellState.ABSENT for cell in row.cells)]
    return Comparison(
        sides=tuple(_side(side) for side in sides),
        rows=tuple(sorted(told or rows[:1], key=lambda row: order[row.differs])),
        notes=tuple(notes),
    )


def year_of(grant: Grant) -> int | None:
    """The fiscal year that a grant is tied to; None for a standing scheme."""
    return grant.fiscal_year if grant.is_yearly else None


def names_of(grant: Grant) -> tuple[str, ...]:
    """What a grant is called, the name before the bracket that all its types share included."""
    return (grant.short, grant.name, grant.name.partition("（")[0], *grant.aliases)


def _side(side: Grant | str) -> ComparedSide:
    if isinstance(side, str):
        return ComparedSide(grant_id=None, name=side, year="年度不明", note=UNKNOWN_SIDE)
    year = year_of(side)
    short = re.sub(r"（(?:令和|平成)[0-9元]+年度）$", "", side.short)
    return ComparedSide(
        grant_id=side.id,
        name=short,
        fiscal_year=year,
        year=fiscal_year_label(year) if year else STANDING,
    )


def _row(
    aspect: Aspect, sides: Sequence[Grant | str], quotes: Sequence[list[Quote]], sources: Mapping[str, Source]
) -> ComparedRow:
    cells = tuple(
        cell_of(aspect, told, names=names_of(side), year=year_of(side), sources=sources)
        if isinstance(side, Grant)
        else Cell(state=CellState.ABSENT, text=ABSENT)
        for side, told in zip(sides, quotes, strict=True)
    )
    names = [_side(side).name for side in sides]
    return ComparedRow(
        aspect=aspect.name,
        cells=cells,
        differs=_differs(aspect, cells, sides),
        says=_says(aspect, names, cells, _single_caps(aspect, sides)) or _says_of_kinds(aspect, sides),
    )


def _year_row(
    sides: Sequence[Grant | str], quotes: Sequence[list[Quote]], sources: Mapping[str, Source]
) -> ComparedRow:
    """The fiscal year of each side, with the first sentence that names it."""
    cells = []
    for side, told in zip(sides, quotes, strict=True):
        if isinstance(side, str):
            cells.append(Cell(state=CellState.ABSENT, text=ABSENT))
            continue
        year = year_of(side)
        label = fiscal_year_label(year) if year else STANDING
        named = [
            q for q in told if year and not q.is_row and year in {m.year for m in find_fiscal_years(q.text)}
        ]
        cells.append(
            Cell(
                state=CellState.GIVEN,
                text=named[0].text if named else label,
                value=label,
                claims=tuple(q.claim(sources) for q in named[:1]),
            )
        )
    values = {cell.value for cell in cells}
    known = all(cell.state is CellState.GIVEN for cell in cells)
    return ComparedRow(aspect=YEAR_ROW, cells=tuple(cells), differs=len(values) > 1 if known else None)


def _differs(aspect: Aspect, cells: Sequence[Cell], sides: Sequence[Grant | str]) -> bool | None:
    if any(cell.state is not CellState.GIVEN for cell in cells):
        return None
    ruled = _caps_differ(sides) if aspect.name == _CAP else None
    if ruled is not None:
        return ruled
    if aspect.name in _HELD_BY_FIGURE and not _figures_are_alike(aspect, cells):
        return None
    if _figures_are_alike(aspect, cells):
        return len({frozenset(cell.value.split("・")) for cell in cells}) > 1
    bare = [_bare(cell.text, side) for cell, side in zip(cells, sides, strict=True)]
    return not all(_says_the_same(bare[0], other) for other in bare[1:])


def _says_the_same(one: str, other: str) -> bool:
    """Whether two sentences use (nearly) the same words and figures."""
    if set(re.findall(r"[0-9]+", one)) != set(re.findall(r"[0-9]+", other)):
        return False
    words, others = content_set(one), content_set(other)
    return one == other or len(words & others) >= _SAME_WORDS * len(words | others)


def _figures_are_alike(aspect: Aspect, cells: Sequence[Cell]) -> bool:
    """Whether every side gives figures of the very thing that the row is about."""
    return aspect.figure is not None and all(
        cell.state is CellState.GIVEN and cell.value and aspect.own.search(cell.text) for cell in cells
    )


def _caps_differ(sides: Sequence[Grant | str]) -> bool | None:
    """Whether caps of the same kind of project and applicant differ; None where none are held by both."""
    caps = [
        {rule.id: rule.cap_yen for rule in side.amounts if rule.cap_yen is not None}
        if isinstance(side, Grant)
        else {}
        for side in sides
    ]
    shared = set(caps[0]).intersection(*caps[1:])
    return any(len({cap[key] for cap in caps}) > 1 for key in shared) if shared else None


def _bare(text: str, side: Grant | str) -> str:
    """A sentence without its own grant's name and year: what is left is what it says."""
    names = names_of(side) if isinstance(side, Grant) else (side,)
    text = _SELF_NAMES.sub("", normalise(text))
    for name in sorted((normalise(name) for name in names), key=len, reverse=True):
        text = text.replace(name, "")
    return re.sub(r"[（(][^）)]*[）)]|\s|と(?:解説|紹介|報じ)[^。]*", "", text)


def _says(aspect: Aspect, names: Sequence[str], cells: Sequence[Cell], caps: Sequence[str | None]) -> str:
    """「補助率は、AもBも「1/2」と記載されています。」: only where each side gives one figure.

    ``caps``: the one cap that the rules of each side hold, where its sentence gives that figure.
    """
    if len(cells) != 2 or not _figures_are_alike(aspect, cells):
        return ""
    first, second = (_one_figure(cell, cap) for cell, cap in zip(cells, caps, strict=True))
    if first is None or second is None:
        return ""
    if first == second:
        return f"{aspect.name}は、「{names[0]}」も「{names[1]}」も「{first}」と記載されています。"
    sentence = f"{aspect.name}は、「{names[0]}」が「{first}」、「{names[1]}」が「{second}」と記載されています"
    sizes = [_size(value) for value in (first, second)]
    if sizes[0] is not None and sizes[1] is not None and sizes[0] != sizes[1]:
        higher = names[0] if sizes[0] > sizes[1] else names[1]
        sentence += f"（数字が大きいのは「{higher}」です）"
    return f"{sentence}。"


def _says_of_kinds(aspect: Aspect, sides: Sequence[Grant | str]) -> str:
    """What is told where the sentences list caps of several kinds, and those that both sides have are equal."""
    if aspect.name != _CAP or _caps_differ(sides) is not False:
        return ""
    return f"{_CAP}は、どちらにもある区分（事業の種類と団体の区分）どうしでは同じ額と記載されています。"


def _one_figure(cell: Cell, cap: str | None) -> str | None:
    """The figure of a cell where it is one, or the cap of the rules where the cell gives it among others."""
    values = list(dict.fromkeys(cell.value.split("・")))
    if len(values) == 1:
        return values[0]
    return cap if cap in values else None


def _single_caps(aspect: Aspect, sides: Sequence[Grant | str]) -> list[str | None]:
    caps = []
    for side in sides:
        held = {rule.cap_yen for rule in side.amounts} if isinstance(side, Grant) else set()
        (only,) = held if len(held) == 1 else (None,)
        caps.append(format_yen(only) if only is not None and aspect.name == _CAP else None)
    return caps


def _size(value: str) -> Fraction | None:
    """A share or a sum as a number; None for what is neither."""
    try:
        return Fraction(value)
    except ValueError:
        pass
    try:
        return Fraction(parse_yen(value))
    except FactRejected:
        return None


def told_of(row: ComparedRow) -> str:
    """How the sides of a row compare, in a word; equal by kind is not equal figure by figure."""
    if row.differs is False and len({frozenset(cell.value.split("・")) for cell in row.cells}) > 1:
        return "同じ区分は同額" if row.says else TOLD[False]
    return TOLD[row.differs]


def render_rows(comparison: Comparison, mark: Callable[[Cell], str]) -> list[str]:
    """The table as lines for a page without columns; ``mark`` gives a cell's reference marks."""
    lines = []
    for row in comparison.rows:
        told = told_of(row)
        lines.append(f"■ {row.aspect}（{told}）")
        for side, cell in zip(comparison.sides, row.cells, strict=True):
            value = f"【{cell.value}】" if cell.value and cell.value != cell.text else ""
            lines.append(f"  {side.name}（{side.year.partition('（')[0]}）: {value}{cell.text}{mark(cell)}")
    return lines
