"""A document as the pieces that two versions are compared by: sentences, rows of indicators, headings.

A sentence that runs over a page break is one piece; page numbers, running heads and lists of contents are left out,
because a new line in the text moves them without changing what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.domain import Document, PageQuote
from assistant.japanese.text import Folded, fold
from assistant.review.nouns import Kpi
from assistant.review.units import Unit, units_of
from assistant.review.wordings import Word, words_of

_PAGE_NUMBER = re.compile(r"^[-~・(p.\s]*([0-9]{1,4})(?:[)-~・]|ページ|頁|/[0-9]{1,4})*$")
_DIGITS = re.compile(r"[0-9]+")
_BULLET = re.compile(r"[・●○◎■□◆◇▶▪※★☆|]|[(]?[0-9]{1,2}[).]|[①-⓿]|第[0-9一二三四五六七八九十]+[章節条]")
_SPACE = re.compile(r"\s")
_FULL_LINE = 0.9  # share of the widest line from which a line is full and may run on
_SHORTEST_CUT = 12  # characters of a line that may be the first part of a sentence
_LONGEST_RUNNING_HEAD = 40  # characters
_RUNNING_ON = 0.5  # share of the pages whose first or last lines a running head stands on
_EDGE = 2  # units at the top and the bottom of a page among which running heads and page numbers stand


@dataclass(frozen=True)
class Piece:
    """A sentence, row or heading; ``quotes`` are its parts on one page or two."""

    quotes: tuple[PageQuote, ...]
    kind: str  # as of ``Unit``
    folded: str
    breaks: tuple[
        int, ...
    ] = ()  # ends of lines in the only quote that may end a heading or an item of a list

    @property
    def page(self) -> int:
        """The page where it begins."""
        return self.quotes[0].page

    @cached_property
    def words(self) -> list[Word]:
        """Its words."""
        return words_of(self.folded)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Equal for pieces that say the same in whatever spelling."""
        return tuple(word.key for word in self.words) or (self.folded,)

    @property
    def flat(self) -> str:
        """Its text without the bars between cells."""
        return self.folded.replace("|", "")

    def overlaps(self, quote: PageQuote) -> bool:
        """Whether ``quote`` shares text with it."""
        return any(q.page == quote.page and q.start < quote.end and quote.start < q.end for q in self.quotes)

    def places_of(self, spans: Sequence[tuple[int, int]]) -> tuple[PageQuote, ...]:
        """Stretches of the folded text as quotes of the document."""
        found: list[PageQuote] = []
        at = 0
        for quote, part in zip(self.quotes, self._parts, strict=True):
            for start, end in spans:
                a, b = max(start - at, 0), min(end - at, len(part.text))
                if a < b:
                    left, right = part.original_span(a, b)
                    found.append(
                        PageQuote(
                            page=quote.page,
                            quote=quote.quote[left:right],
                            start=quote.start + left,
                            end=quote.start + right,
                        )
                    )
            at += len(part.text)
        return tuple(found)

    @cached_property
    def _parts(self) -> list[Folded]:
        return [_fold(quote.quote, self.kind) for quote in self.quotes]


def joined(pieces: Sequence[Piece]) -> Piece:
    """Neighbouring pieces as one."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        tuple(quote for piece in pieces for quote in piece.quotes),
        pieces[0].kind,
        "".join(piece.folded for piece in pieces),
    )


def pieces_of(document: Document, kpis: Sequence[Kpi] = ()) -> list[Piece]:
    """The pieces in order; a row of a table of ``kpis`` is one piece, however many lines it takes."""
    units = _apart(units_of(document))
    apart = _running(units, len(document.pages))
    rows = _rows_by_page(kpis)
    width = {page.number: max(map(_width, page.text.split("\n"))) for page in document.pages}
    made: list[Piece] = []
    told: set[tuple[int, int]] = set()  # rows of indicators that are pieces already
    for number, unit in enumerate(units):
        if number in apart:
            continue
        row = next((r for r in rows.get(unit.page, ()) if r.start <= unit.start and unit.end <= r.end), None)
        if row is None:
            breaks = _short_lines(unit.text, width[unit.page]) if unit.kind == "sentence" else ()
            piece = Piece((_quote(unit),), unit.kind, unit.folded, breaks)
            if made and _runs_on(made[-1], piece):
                piece = joined([made.pop(), piece])
            made.append(piece)
        elif (row.page, row.start) not in told:
            told.add((row.page, row.start))
            made.append(Piece((row,), "kpi", _fold(row.quote, "kpi").text))
    return made


def recut(pieces: Sequence[Piece], other: Sequence[Piece]) -> list[Piece]:
    """Cut pieces at the ends of short lines where the other version shows that one thing ends and another begins.

    A heading or list item and the sentence below it are one unit where their lines are about as long.
    """
    known = {text for piece in other for text in _line_runs(piece)}
    made: list[Piece] = []
    for piece in pieces:
        at = 0
        text = piece.quotes[0].quote
        cuts = [n for n in piece.breaks if _folded(text[:n]) in known or _folded(text[n:]) in known]
        for end in [*cuts, len(text)] if cuts else []:
            quote = piece.quotes[0]
            start = at + len(text[at:end]) - len(text[at:end].lstrip())
            part = PageQuote(
                page=quote.page, quote=text[start:end], start=quote.start + start, end=quote.start + end
            )
            made.append(Piece((part,), piece.kind, _folded(text[start:end])))
            at = end
        if not cuts:
            made.append(piece)
    return made


def _line_runs(piece: Piece) -> set[str]:
    """The piece, and what stands before and after each of its breaks."""
    text = piece.quotes[0].quote
    runs = {piece.folded}
    for n in piece.breaks:
        runs |= {_folded(text[:n]), _folded(text[n:])}
    return runs


def _short_lines(text: str, width: int) -> tuple[int, ...]:
    lines = text.split("\n")
    found = []
    at = 0
    for line in lines[:-1]:
        at += len(line)
        if 0 < _width(line) < _FULL_LINE * width:
            found.append(at)
        at += 1
    return tuple(found)


def _width(line: str) -> int:
    """Half-width columns that a line takes."""
    return sum(1 if character.isascii() else 2 for character in line)


def _folded(text: str) -> str:
    return fold(text, drop_spaces=True).text


def _fold(text: str, kind: str) -> Folded:
    """The text of a quote; the cells of a row of figures stay apart."""
    return fold(_SPACE.sub("|", text) if kind == "kpi" else text, drop_spaces=True)


def _runs_on(before: Piece, after: Piece) -> bool:
    """Whether a sentence was cut by the page break between the two."""
    return (
        before.quotes[-1].page + 1 == after.page
        and before.kind == after.kind == "sentence"
        and before.folded[-1] not in "。!?"
        and len(before.folded) >= _SHORTEST_CUT
        and "。" in after.folded
        and _BULLET.match(after.folded) is None
    )


def _apart(units: Sequence[Unit]) -> list[Unit]:
    """Without lists of contents, and without the joined form that stands beside a sentence's two parts."""
    seen: set[tuple[int, int]] = set()
    kept = []
    for unit in units:
        if unit.kind != "contents" and (unit.page, unit.start) not in seen:
            kept.append(unit)
        seen.add((unit.page, unit.start))
    return kept


def _quote(unit: Unit) -> PageQuote:
    return PageQuote(page=unit.page, quote=unit.text, start=unit.start, end=unit.end)


def _rows_by_page(kpis: Sequence[Kpi]) -> dict[int, list[PageQuote]]:
    rows: dict[int, list[PageQuote]] = {}
    for kpi in kpis:
        if kpi.form == "table":
            rows.setdefault(kpi.where.page, []).append(kpi.where)
    return rows


def _running(units: Sequence[Unit], pages: int) -> set[int]:
    """Numbers of the units that are page numbers or repeat a running head."""
    by_page: dict[int, list[int]] = {}
    for number, unit in enumerate(units):
        by_page.setdefault(unit.page, []).append(number)
    edges = [n for numbers in by_page.values() for n in {*numbers[:_EDGE], *numbers[-_EDGE:]}]
    offsets = Counter(
        int(m[1]) - units[n].page for n in edges if (m := _PAGE_NUMBER.match(units[n].folded)) is not None
    )
    usual = offsets.most_common(1)[0][0] if offsets else 0
    heads: dict[str, list[int]] = {}
    apart: set[int] = set()
    for n in sorted(edges):
        folded = units[n].folded
        match = _PAGE_NUMBER.match(folded)
        if match is not None:
            if int(match[1]) - units[n].page in (0, usual):
                apart.add(n)
        elif len(folded) <= _LONGEST_RUNNING_HEAD and not folded.endswith("。"):
            heads.setdefault(_DIGITS.sub("", folded), []).append(n)
    for numbers in heads.values():
        if len(numbers) >= max(3, _RUNNING_ON * pages):
            apart.update(numbers[1:])
    return apart
