"""Documents → passages: cut where the document itself has borders, never losing a character.

Borders in order of strength: headings (章・節・条, markup, 1. (1) ■【】), tables,
sentences. ``text == page.text[start:end]`` holds for every passage, and together the
passages of a page cover every character that is not white space, once.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from assistant.domain import Document, Level, Page, Passage, Statement
from assistant.japanese.text import split_sentences
from assistant.knowledge.headings import Heading, Outline, headings_of

_CONTENTS = 3  # so many bare 章・節 on one page make it a table of contents
_COLUMNS_SHOWN = 80  # characters of a table's header repeated in the trail of its later parts

# Openings of sentences that say nothing without the one before: a proviso stays with its rule.
_LEANS = re.compile(r"[\s　]*(?:ただし|但し|この場合|その場合|これらの|このため|なお|この限り)")


@dataclass(frozen=True)
class _Sizes:
    target: int
    maximum: int
    minimum: int


@dataclass(frozen=True)
class _Unit:
    """A stretch that is not cut any further."""

    start: int
    end: int
    table: bool = False
    columns: str = ""  # header of the table whose later rows these are


@dataclass(frozen=True)
class _Chunk:
    """A passage in the making. ``fixed``: its trail says something that must not be blurred by merging."""

    start: int
    end: int
    trail: tuple[str, ...]
    fixed: bool
    bare: bool = False  # a heading without anything under it


def cut_passages(
    document: Document,
    *,
    target: int = 350,
    maximum: int = 700,
    minimum: int = 80,
    levels: Mapping[str, Level] | None = None,
) -> list[Passage]:
    """Passages of ``document`` in order, with ids ``<document id>#001`` and on.

    ``target``, ``maximum`` and ``minimum`` are in characters. Longer than ``maximum``
    is only a single statement (it is never cut); shorter than ``minimum`` what stands
    alone under its heading or on its page. ``levels`` gives the level of each source;
    a passage bears the most trusted one among its own.
    """
    sizes = _Sizes(target, maximum, minimum)
    outline = Outline()
    passages: list[Passage] = []
    for page in document.pages:
        outline.turn_page()
        chunks = list(_chunks(page, outline, sizes))
        if sum(1 for chunk in chunks if chunk.bare and chunk.fixed) >= _CONTENTS and not page.headings:
            outline.clear()  # a table of contents: its last entry is not where the next page stands
        for chunk in _merge(page.text, chunks, sizes):
            start, end = _trimmed(page.text, chunk.start, chunk.end)
            if start < end:
                trail = tuple(title for title in chunk.trail if title != document.title)
                passages.append(_passage(document, page, len(passages) + 1, start, end, trail, levels or {}))
    return passages


def _passage(
    document: Document,
    page: Page,
    number: int,
    start: int,
    end: int,
    trail: tuple[str, ...],
    levels: Mapping[str, Level],
) -> Passage:
    text = page.text[start:end]
    statements = tuple(
        Statement(start=max(start, s.start) - start, end=min(end, s.end) - start, source_ids=s.source_ids)
        for s in page.statements
        if s.start < end and start < s.end
    )
    borne = tuple(dict.fromkeys(i for s in statements for i in s.source_ids)) or document.source_ids
    known = [levels[i] for i in borne if i in levels]
    return Passage(
        id=f"{document.id}#{number:03d}",
        document_id=document.id,
        kind=document.kind,
        title=document.title,
        trail=trail,
        text=text,
        page=page.number,
        locator=page.locator,
        start=start,
        end=end,
        statements=statements,
        source_ids=borne,
        level=max(known, key=lambda level: level.trust) if known else None,
        fiscal_years=document.fiscal_years,
        grant_id=document.grant_id,
        municipality_codes=document.municipality_codes,
        digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _length(text: str, start: int, end: int) -> int:
    start, end = _trimmed(text, start, end)
    return end - start


# ── sections and units ───────────────────────────────────────────────────────


def _chunks(page: Page, outline: Outline, sizes: _Sizes) -> Iterator[_Chunk]:
    text = page.text
    statements = _joined(page.statements)
    headings = [h for h in headings_of(page) if not any(s < h.start < e for s, e in statements)]
    borders = [*(h.start for h in headings), len(text)]
    if borders[0] > 0 or not headings:
        yield from _section(text, 0, borders[0], outline.trail, None, statements, sizes)
    for heading, end in zip(headings, borders[1:], strict=True):
        outline.enter(heading)
        yield from _section(text, heading.start, end, outline.trail, heading, statements, sizes)


def _section(
    text: str,
    start: int,
    end: int,
    trail: tuple[str, ...],
    heading: Heading | None,
    statements: list[tuple[int, int]],
    sizes: _Sizes,
) -> Iterator[_Chunk]:
    fixed = heading is not None and (heading.rank > 0 or heading.depth > 0)
    if heading is not None and not text[min(heading.end, end) : end].strip():
        yield _Chunk(start, end, trail, fixed, bare=True)
        return
    units = list(_units(text, start, end, statements, sizes))
    if heading is not None and len(units) > 1 and units[0].end <= heading.end + 1:
        head, first = units[0], units[1]
        if _length(text, head.start, first.end) <= sizes.maximum:  # a heading stays with what it heads
            units[:2] = [replace(first, start=head.start)]
    for chunk in _pack(text, units, sizes):
        columns = (chunk.columns,) if chunk.columns else ()
        yield _Chunk(chunk.start, chunk.end, trail + columns, fixed or bool(columns))


def _joined(statements: tuple[Statement, ...]) -> list[tuple[int, int]]:
    """Spans of the statements in order, overlapping ones as one."""
    spans: list[tuple[int, int]] = []
    for s in sorted(statements, key=lambda s: s.start):
        if s.start >= s.end:
            continue
        if spans and s.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], s.end))
        else:
            spans.append((s.start, s.end))
    return spans


def _units(
    text: str, start: int, end: int, statements: list[tuple[int, int]], sizes: _Sizes
) -> Iterator[_Unit]:
    at = start
    for s_start, s_end in statements:
        if s_end <= start or s_start >= end:
            continue
        yield from _free_units(text, at, s_start, sizes)
        yield _Unit(max(at, s_start), min(s_end, end))
        at = min(s_end, end)
    yield from _free_units(text, at, end, sizes)


def _free_units(text: str, start: int, end: int, sizes: _Sizes) -> Iterator[_Unit]:
    """Units of text that bears no statements: tables and sentences."""
    at = start
    while at < end:
        in_table = _is_row(text, at, end)
        stop = at
        while stop < end and _is_row(text, stop, end) == in_table:
            newline = text.find("\n", stop, end)
            stop = end if newline < 0 else newline + 1
        yield from _table(text, at, stop, sizes) if in_table else _sentences(text, at, stop, sizes)
        at = stop


def _is_row(text: str, at: int, end: int) -> bool:
    newline = text.find("\n", at, end)
    return text[at : end if newline < 0 else newline].lstrip().startswith("|")


def _table(text: str, start: int, end: int, sizes: _Sizes) -> Iterator[_Unit]:
    if _length(text, start, end) <= sizes.maximum:
        yield _Unit(start, end, table=True)
        return
    rows: list[tuple[int, int]] = []
    at = start
    while at < end:
        newline = text.find("\n", at, end)
        stop = end if newline < 0 else newline + 1
        rows.append((at, stop))
        at = stop
    header = text[rows[0][0] : rows[0][1]].strip().strip("|")
    columns = "表の列: " + "、".join(cell.strip() for cell in header.split("|") if cell.strip())
    columns = columns if len(columns) <= _COLUMNS_SHOWN else columns[: _COLUMNS_SHOWN - 1] + "…"
    for i, (row_start, row_end) in enumerate(rows):
        for piece in _pieces(text, row_start, row_end, sizes.maximum):
            yield _Unit(*piece, table=True, columns=columns if i else "")


def _sentences(text: str, start: int, end: int, sizes: _Sizes) -> Iterator[_Unit]:
    for s_start, s_end in split_sentences(text[start:end]):
        for piece in _pieces(text, start + s_start, start + s_end, sizes.maximum):
            yield _Unit(*piece)


def _pieces(text: str, start: int, end: int, maximum: int) -> Iterator[tuple[int, int]]:
    """The span itself, or parts of at most ``maximum`` where it is longer, cut at the best places."""
    while _length(text, start, end) > maximum:
        first = _trimmed(text, start, end)[0]
        limit = first + maximum
        floor = first + maximum // 2
        cut = max(text.rfind("\n", floor, limit), text.rfind("。", floor, limit)) + 1
        cut = cut or max(text.rfind(mark, floor, limit) for mark in "、，,; 　|）)」") + 1
        cut = cut or limit
        while cut > floor + 1 and unicodedata.combining(text[cut]):
            cut -= 1
        yield start, cut
        start = cut
    if start < end:
        yield start, end


# ── packing and merging ──────────────────────────────────────────────────────


def _pack(text: str, units: list[_Unit], sizes: _Sizes) -> list[_Unit]:
    """Fill passages with units up to the target; a rest that is too small joins the one before it."""
    packed: list[_Unit] = []
    current: _Unit | None = None
    lead: _Unit | None = None  # the last unit of ``current`` where it may head what follows
    for i, unit in enumerate(units):
        if current is None:
            current = unit
            continue
        size = _length(text, current.start, current.end)
        together = _length(text, current.start, unit.end)
        if together <= sizes.maximum and _LEANS.match(text[unit.start : unit.end]):
            current, lead = replace(current, end=unit.end), None
            continue
        border = unit.table != current.table and size >= sizes.minimum
        if together > sizes.maximum or (size >= sizes.minimum and (together > sizes.target or border)):
            if lead is not None and _length(text, lead.start, unit.end) <= sizes.maximum:
                current, unit = replace(current, end=lead.start), replace(unit, start=lead.start)
            packed.append(current)
            current, lead = unit, None
        else:
            lead = unit if _heads(text, units[i - 1], unit) else None
            table = unit.table or (current.table and not text[unit.start : unit.end].strip())
            current = replace(current, end=unit.end, table=table)
    if current is not None:
        last = packed[-1] if packed else None
        if (
            last is not None
            and _length(text, current.start, current.end) < sizes.minimum
            and _length(text, last.start, current.end) <= sizes.maximum
        ):
            packed[-1] = replace(last, end=current.end)
        else:
            packed.append(current)
    return packed


def _heads(text: str, before: _Unit, unit: _Unit) -> bool:
    """A short line without 。 after a full sentence: most likely it heads what follows."""
    own = text[unit.start : unit.end].strip()
    return (
        not unit.table
        and 0 < len(own) <= 60
        and own[-1] not in "。！？"
        and text[before.start : before.end].rstrip().endswith("。")
    )


def _merge(text: str, chunks: list[_Chunk], sizes: _Sizes) -> list[_Chunk]:
    """Join bare headings to what follows, and small loose chunks to a neighbour under the same heading."""
    forward: list[_Chunk] = []
    held: _Chunk | None = None
    for chunk in chunks:
        if not text[chunk.start : chunk.end].strip():
            continue
        if held is not None:
            inside = chunk.trail[: len(held.trail)] == held.trail
            if inside and _length(text, held.start, chunk.end) <= sizes.maximum:
                chunk = replace(chunk, start=held.start)
            else:
                _put_back(text, forward, held, sizes)
            held = None
        if chunk.bare:
            held = chunk
        else:
            forward.append(chunk)
    if held is not None:
        _put_back(text, forward, held, sizes)
    merged: list[_Chunk] = []
    for chunk in forward:
        before = merged[-1] if merged else None
        if before is not None and _may_join(text, before, chunk, sizes):
            shared = tuple(a for a, b in zip(before.trail, chunk.trail, strict=False) if a == b)
            merged[-1] = replace(before, end=chunk.end, trail=shared)
        else:
            merged.append(chunk)
    return merged


def _put_back(text: str, done: list[_Chunk], bare: _Chunk, sizes: _Sizes) -> None:
    """A heading with nothing of its own after it: the end of a list, or cut off by the page's end."""
    before = done[-1] if done else None
    if before is not None and not bare.fixed and _length(text, before.start, bare.end) <= sizes.maximum:
        done[-1] = replace(before, end=bare.end)
    else:
        done.append(replace(bare, bare=False))


def _may_join(text: str, before: _Chunk, chunk: _Chunk, sizes: _Sizes) -> bool:
    if before.fixed or chunk.fixed:
        return False
    small = min(_length(text, before.start, before.end), _length(text, chunk.start, chunk.end))
    if small >= sizes.minimum or _length(text, before.start, chunk.end) > sizes.maximum:
        return False
    depth = min(len(before.trail), len(chunk.trail))
    shared = depth - 1 if len(before.trail) == len(chunk.trail) else depth
    return before.trail[:shared] == chunk.trail[:shared]
