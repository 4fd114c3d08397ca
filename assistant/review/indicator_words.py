"""An indicator in words: only what its row and the headings above it say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.domain import Document, Noun, PageQuote, SupportLabel
from assistant.evidence.check import check_support
from assistant.japanese.text import fold
from assistant.review.kpi_cells import is_head, year_in
from assistant.review.nouns import Kpi

Side = Literal["baseline", "target"]

_YEAR = re.compile(
    r"(?:令和|平成|R|H|Ｒ|Ｈ)[.．]?(?:元|[0-9０-９]{1,2})(?:年度?)?(?:末|時点)?|(?:19|20)[0-9]{2}(?:年度?)?(?:末|時点)?"
)
_HEADS: dict[Side, re.Pattern[str]] = {
    "target": re.compile(r"目標値?|めざす値|目指す値"),
    "baseline": re.compile(r"基準値?|現状値?|現況値?|策定時|当初値|初期値|直近値?|従前値"),
}
_HEAD_LINES = 3
_ABOVE = 3000  # characters above a row in which its headings are looked for


class IndicatorLine(Noun):
    """An indicator as a line: its name and what its row gives, with the row as the quote."""

    text: str
    where: PageQuote


@dataclass(frozen=True)
class Said:
    """A sentence about one value of an indicator and the quotes that bear it: its row, then the heading."""

    text: str
    quotes: tuple[PageQuote, ...]


def say_indicator(document: Document, kpi: Kpi) -> IndicatorLine:
    """The indicator with its values where they can be borne out, else the row as it stands."""
    sides: tuple[Side, ...] = ("baseline", "target")
    said = [(side, say_value(document, kpi, side)) for side in sides]
    borne_out = all(one is None or len(one.quotes) == 2 for _, one in said)
    parts = [_value_words(document, kpi, side) or "" for side, one in said if one is not None]
    if kpi.form == "table" and parts and borne_out:
        return IndicatorLine(text=f"{_name(kpi)}：{'、'.join(parts)}", where=kpi.where)
    return IndicatorLine(text=_row(kpi), where=kpi.where)


def say_value(document: Document, kpi: Kpi, side: Side) -> Said | None:
    """「「…」の目標値は、240人（令和11年度）です。」; None where the document does not give the value.

    Every part stands in the row or in the heading of its column; where the sentence is not borne out by them,
    the row itself is said.
    """
    printed = kpi.target if side == "target" else kpi.baseline
    if not printed:
        return None
    if kpi.form == "sentence":
        return Said(_row(kpi), (kpi.where,))
    head = _head(document, kpi, side)
    words = _value_words(document, kpi, side)
    if head is None or words is None:
        return Said(_row(kpi), (kpi.where,))
    label = _HEADS[side].search(head.quote)
    assert label is not None
    text = f"「{_name(kpi)}」の{label[0]}は、{words.removeprefix(label[0])}です。"
    evidence = f"{_name(kpi)} {_flat(head.quote)} {_value_cell(kpi, printed)}"
    if check_support(text, evidence).label is not SupportLabel.SUPPORTED:
        return Said(_row(kpi), (kpi.where,))
    return Said(text, (kpi.where, head))


def _flat(text: str) -> str:
    return "".join(text.split("\n"))


def _cells(kpi: Kpi) -> list[str]:
    return [cell.strip() for cell in re.split(r"[\n|]", kpi.where.quote) if cell.strip()]


def _row(kpi: Kpi) -> str:
    return " ".join(_cells(kpi))


def _value_cell(kpi: Kpi, printed: str) -> str:
    """The cell that holds the value, with the unit where that stands in a cell of its own or in the name."""
    wanted = re.compile(rf"\D*{re.escape(fold(printed, drop_spaces=True).text)}(?![0-9.,])")
    unit = _unit(kpi)
    for cell in _cells(kpi)[1:]:
        if wanted.match(fold(cell, drop_spaces=True).text):
            return cell if unit and unit in cell else f"{cell}{unit}"
    return ""


def _unit(kpi: Kpi) -> str:
    """The unit as the row prints it."""
    if not kpi.unit:
        return ""
    folded = fold(kpi.where.quote, drop_spaces=True)
    at = folded.text.rfind(fold(kpi.unit, drop_spaces=True).text)
    if at < 0:
        return ""
    start, end = folded.original_span(at, at + len(fold(kpi.unit, drop_spaces=True).text))
    return kpi.where.quote[start:end]


def _name(kpi: Kpi) -> str:
    return (
        re.sub(r"[（(](?:単位[:：])?" + re.escape(kpi.unit) + r"[)）]\s*$", "", kpi.indicator)
        if kpi.unit
        else kpi.indicator
    )


def _value_words(document: Document, kpi: Kpi, side: Side) -> str | None:
    """「目標値240人（令和11年度）」, of words that stand in the row and in the heading of the column."""
    printed = kpi.target if side == "target" else kpi.baseline
    year = kpi.target_year if side == "target" else kpi.baseline_year
    if not printed:
        return None
    head = _head(document, kpi, side)
    label = _HEADS[side].search(head.quote) if head else None
    if label is None:
        return None
    row = fold(kpi.where.quote, drop_spaces=True).text
    if fold(printed, drop_spaces=True).text not in row:
        return None
    unit = _unit(kpi)
    if not printed[-1].isdigit():  # words, or a value that stands with a unit of its own
        unit = ""
    when = ""
    if year is not None:
        marks = [m for m in _YEAR.findall(kpi.where.quote) if year_in(m) == year]
        marks += [m for m in _YEAR.findall(_flat(head.quote) if head else "") if year_in(m) == year]
        when = f"（{marks[0]}）" if marks else ""
    return f"{label[0]}{printed}{unit}{when}"


def _head(document: Document, kpi: Kpi, side: Side) -> PageQuote | None:
    """The heading of the column nearest above the row; a table may have begun on the page before."""
    text = document.pages[kpi.where.page - 1].text
    found = _head_above(text, kpi.where.start, side)
    if found is not None:
        return _quote(kpi.where.page, text, *found)
    if kpi.where.page > 1:
        text = document.pages[kpi.where.page - 2].text
        found = _head_above(text, len(text), side)
        if found is not None:
            return _quote(kpi.where.page - 1, text, *found)
    return None


def _quote(page: int, text: str, start: int, end: int) -> PageQuote:
    return PageQuote(page=page, quote=text[start:end], start=start, end=end)


def _head_above(text: str, stop: int, side: Side) -> tuple[int, int] | None:
    floor = max(0, stop - _ABOVE)
    last = stop
    while stop > floor:
        begin = text.rfind("\n", 0, max(0, stop - 1)) + 1
        line = text[begin:stop].strip("\n")
        for cell in line.split("|") if "|" in line else [line]:
            at = text.find(cell.strip(), begin)
            if not cell.strip() or _HEADS[side].search(cell) is None:
                continue
            end = at + len(cell.strip())
            for _ in range(_HEAD_LINES):  # a heading may be broken over lines
                if is_head(text[at:end]):
                    return at, end
                newline = text.find("\n", end + 1, last)
                end = newline if newline >= 0 else end
        if begin == 0:
            break
        stop = begin
    return None
