"""Statements that may be shown, cut from hits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import Hit
from assistant.japanese.text import normalise, sentences
from assistant.japanese.tokens import content_set

_MARKUP = re.compile(r"^\s*(?:[-*+・●○■□◆◇]|#{1,6}|\d+[.)])\s*")
_A_SENTENCE = re.compile(
    r"(?:です|ます|ません|した|する|った|いる|ない|悩み|対象外?|なら[^、]+)(?:[（(][^）)]*[）)])?$|。"
)
_UNKNOWN = re.compile(
    r"確認できて(?:いません|いない|おりません|おらず)|未確認|不明|分かってい(?:ません|ない)|示されてい(?:ません|ない)|公表されてい(?:ません|ない)|見つかって(?:いません|いない)"
)


@dataclass(frozen=True)
class Unit:
    """One statement of a hit. ``text`` is what a person reads, ``quote`` what stands in the passage."""

    hit: Hit
    start: int
    end: int
    text: str
    source_ids: tuple[str, ...]

    @property
    def quote(self) -> str:
        """The verbatim stretch of the passage."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def is_row(self) -> bool:
        """Whether it is a table row put into words."""
        return self.quote.count("／") >= 2 or _is_row(self.quote)

    @property
    def tells_unknown(self) -> bool:
        """Whether the statement says that something is not known."""
        return bool(_UNKNOWN.search(self.text))

    @property
    def surroundings(self) -> str:
        """Title and headings: what the statement may leave unsaid."""
        return " ".join((self.hit.passage.title, *self.hit.passage.trail))


def _row_text(quote: str, header: str) -> str:
    """A table row as words: 「市区町村 — 国費上限: 10億円、補助率: 1/2」."""
    cells = [c.strip() for c in quote.strip().strip("|").split("|")]
    names = [c.strip() for c in header.strip().strip("|").split("|")] if header else []
    if len(cells) < 2:
        return quote.strip()
    if len(names) != len(cells):
        return " / ".join(c for c in cells if c)
    pairs = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names[1:], cells[1:], strict=True)
        if cell and cell != "—"
    ]
    return f"{names[0]}: {cells[0]} — {'、'.join(pairs)}" if pairs else cells[0]


def _row_sentence(row: str) -> str:
    """「区分: 一般支援／補助率: 4/5／上限: 1億円。」 as a sentence: 「区分「一般支援」は、補助率が4/5、上限が1億円です。」

    A row with a cell that is a sentence, or without a name, stays as it is.
    """
    cells = [cell.partition(": ") for cell in row.rstrip("。").split("／")]
    if len(cells) < 2 or not all(name and value for name, _, value in cells):
        return row
    if any(_A_SENTENCE.search(value) for _, _, value in cells):
        return row
    (first, _, key), *others = cells
    return f"{first}「{key}」は、{'、'.join(f'{name}が{value}' for name, _, value in others)}です。"


def _is_row(quote: str) -> bool:
    return quote.count("|") >= 2 or quote.lstrip().startswith("|")


def cut_units(hits: Iterable[Hit]) -> list[Unit]:
    """The statements of each hit: marked statements of our digests, sentences of other files."""
    units: list[Unit] = []
    for hit in hits:
        passage = hit.passage
        spans: Sequence[tuple[int, int, tuple[str, ...]]]
        if passage.statements:
            spans = [(s.start, s.end, s.source_ids) for s in passage.statements]
        else:
            spans = [(a, b, passage.source_ids) for a, b in sentences(passage.text)]
        header = ""
        for start, end, ids in spans:
            quote = passage.text[start:end].strip()
            if not quote:
                continue
            start += len(passage.text[start:end]) - len(passage.text[start:end].lstrip())
            end = start + len(quote)
            if _is_row(quote):
                header = header or _header_before(passage.text, start)
                units.append(Unit(hit, start, end, _row_text(quote, header), ids))
                continue
            header = ""
            shown = _MARKUP.sub("", quote).replace("\n", "")
            if len(shown) < 8 or not content_set(shown):
                continue
            if not passage.statements and (
                len(shown) > 400 or (len(shown) < 25 and not re.search(r"[。！？]|\d", shown))
            ):
                continue
            units.append(Unit(hit, start, end, _row_sentence(shown), ids))
    return units


def _header_before(text: str, start: int) -> str:
    lines = text[:start].rstrip("\n").split("\n")
    table: list[str] = []
    for line in reversed(lines):
        if "|" not in line:
            break
        table.append(line)
    rows = [line for line in reversed(table) if not re.fullmatch(r"[|\s:\-]+", line)]
    return rows[0] if rows else ""


_SAME = 0.95


def is_repeat(text: str, chosen: Iterable[str]) -> bool:
    """Whether a statement says (nearly) what a chosen one says."""
    words = content_set(text)
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", normalise(text)))
    for other in chosen:
        others = content_set(other)
        if not words or not others:
            continue
        overlap = len(words & others) / min(len(words), len(others))
        if words - others and others - words and overlap < _SAME:
            continue  # ソフト事業 and 拠点整備事業 may have the same terms, yet are two statements
        other_numbers = set(re.findall(r"\d+(?:[.,]\d+)*", normalise(other)))
        if overlap >= 0.85 and (numbers <= other_numbers or other_numbers <= numbers):
            return True
    return False
