"""A document read for summaries and questions: its body's statements, each with its place and chapter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.domain import Document, PageQuote, Passage
from assistant.japanese.text import fold, normalise, split_sentences
from assistant.japanese.tokens import tokenise
from assistant.knowledge.passages import cut_passages
from assistant.review.chapters import Chapter, chapter_at, chapters_of, heading_places, section_at
from assistant.review.kpi_checks import check_kpis
from assistant.review.kpi_sentences import kpis_in_sentences
from assistant.review.kpis import find_kpis
from assistant.review.layout import Layout, lay_out
from assistant.review.nouns import Kpi, Period, ReadingReport
from assistant.review.periods import find_period
from assistant.review.review import reading_report
from assistant.review.units import Unit, units_of

_BULLET = re.compile(
    r"^(?:[・●○◎■□◆◇▶▪※★☆→⇒✓➢➤⚫•◦‣*+]|[-－](?=[\s　])|[①-⓿❶-➓]|[(（][0-9０-９ア-ン]{1,2}[)）])[\s　]*"
)
_JOIN = re.compile(r"[ \t]*\n[ \t　]*")
_LATIN_END, _LATIN_START = re.compile(r"[A-Za-z0-9,.]$"), re.compile(r"^[A-Za-z]")
_JOINED = re.compile(r"[はがを、。]")
_LABEL = re.compile(r"^[^。、]{2,12}[:：]")
_TOPIC = re.compile(r"[^。]{1,30}(?:は|が|も)")
_A_FEW, _CLOSED = (
    3,
    0.2,
)  # items of a list, and the share of them that ends in 。, where items are no sentences
_RUNS_ON = 15  # characters; a shorter line at the foot of a page is no half sentence
_FEWEST = 6  # characters of a statement
_LONGEST = 300  # characters; a longer stretch was not cut well


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or an item of a list: ``page.text[start:end]``; ``shown`` is it on one line, without its mark.

    ``whole``: it neither begins nor ends in the middle of a sentence. ``repeats``: how often the document says it.
    """

    page: int
    start: int
    end: int
    quote: str
    shown: str
    folded: str
    chapter: int
    section: str
    is_item: bool
    whole: bool
    repeats: int

    @property
    def where(self) -> PageQuote:
        """Its place as a quote."""
        return PageQuote(page=self.page, quote=self.quote, start=self.start, end=self.end)


class DocumentReading:
    """What of a document can be told and cited; everything is made when first needed."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def layout(self) -> Layout:
        """What of the pages is body."""
        return lay_out(self.document)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The document's own chapters."""
        return chapters_of(self.document, self.layout)

    @cached_property
    def units(self) -> list[Unit]:
        """The units that requirements are held against."""
        return units_of(self.document)

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """Indicators of tables and sentences."""
        return check_kpis([*find_kpis(self.document), *kpis_in_sentences(self.units)])

    @cached_property
    def period(self) -> Period | None:
        """The fiscal years for which the plan stands."""
        return find_period(self.units)

    @cached_property
    def report(self) -> ReadingReport:
        """Which pages could not be read."""
        return reading_report(self.document)

    @cached_property
    def body(self) -> Document:
        """The document with blanks for contents lists, running heads and orders to its reader.

        Every other character stands where it stood.
        """
        hidden: dict[int, list[tuple[int, int]]] = {}
        for line in self.layout.lines:
            if not self.layout.is_body(line):
                hidden.setdefault(line.page, []).append((line.start, line.end))
        for unit in self.units:
            if unit.kind == "order":
                hidden.setdefault(unit.page, []).append((unit.start, unit.end))
        pages = []
        for page in self.document.pages:
            text = page.text
            for start, end in hidden.get(page.number, ()):
                text = text[:start] + "\n" * (end - start) + text[end:]
            pages.append(page if text == page.text else page.model_copy(update={"text": text}))
        return self.document.model_copy(update={"pages": tuple(pages)})

    @cached_property
    def passages(self) -> list[Passage]:
        """Passages of the body for a search, under the headings of chapter and section."""
        made = []
        for passage in cut_passages(self.body):
            chapter = chapter_at(self.chapters, passage.page, passage.start)
            section = section_at(chapter, passage.page, passage.start) if chapter else ""
            title = chapter.title if chapter and chapter.form not in ("front", "pages") else ""
            trail = tuple(dict.fromkeys(t for t in (title, section) if t))
            made.append(passage.model_copy(update={"trail": trail}))
        return made

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements of the body in order: no headings, no cells of tables."""
        found = [(page, a, b, item, whole) for page, a, b, item, whole in self._spans()]
        texts = {page.number: page.text for page in self.document.pages}
        keys = [fold(texts[page][a:b], drop_spaces=True).text for page, a, b, _, _ in found]
        repeats = Counter(keys)
        made = []
        number_by_chapter = {id(chapter): number for number, chapter in enumerate(self.chapters)}
        for (page, a, b, item, whole), key in zip(found, keys, strict=True):
            chapter = chapter_at(self.chapters, page, a)
            if chapter is None:
                continue
            quote = texts[page][a:b]
            made.append(
                Statement(
                    page, a, b, quote, shown_text(quote), key, number_by_chapter[id(chapter)],
                    section_at(chapter, page, a), item, whole, repeats[key],
                )
            )  # fmt: skip
        return made

    def _spans(self) -> Iterator[tuple[int, int, int, bool, bool]]:
        """page, start, end, whether an item of a list, whether whole."""
        headings = heading_places(self.document, self.layout)
        items = [line for line in self.layout.lines if _BULLET.match(line.text)]
        closed = sum(line.text.endswith("。") for line in items)
        bare_items = len(items) >= _A_FEW and closed <= _CLOSED * len(items)
        broken = False  # the last statement before this one runs on
        for page in self.body.pages:
            lines = [
                line
                for line in self.layout.lines
                if line.page == page.number
                and self.layout.is_body(line)
                and (line.page, line.start) not in headings
                and page.text[line.start : line.end].strip()
            ]
            regions: list[list[int]] = []
            for line in lines:
                if line.text.startswith("|"):
                    continue
                if regions and not page.text[regions[-1][1] : line.start].strip():
                    regions[-1][1] = line.end
                else:
                    regions.append([line.start, line.end])
            headed = min((at for number, at in headings if number == page.number), default=len(page.text))
            first = True
            for begin, stop in regions:
                for a, b in _sentences(page.text, begin, stop, bare_items):
                    piece = page.text[a:b]
                    if len(piece) < _FEWEST or len(piece) > _LONGEST:
                        continue
                    item = _BULLET.match(piece) is not None
                    ends = piece.endswith(("。", "！", "？", "。」", "。）", "。)")) or item
                    continues = first and broken and not item and a < headed
                    first = False
                    broken = not ends and b - a >= _RUNS_ON
                    if ends:
                        yield page.number, a, b, item, not continues


def _sentences(text: str, begin: int, stop: int, bare_items: bool) -> Iterator[tuple[int, int]]:
    """Sentences of ``text[begin:stop]``; a line that ends in a noun is cut from a sentence that begins after it."""
    for a, b in split_sentences(text[begin:stop]):
        start, end = _trimmed(text, begin + a, begin + b)
        newline = text.find("\n", start, end)
        while newline >= 0:
            bare = bare_items and _BULLET.match(text[start:end]) is not None
            if _runs_together(shown_text(text[start:newline]), text[newline:end].lstrip(), bare):
                yield _trimmed(text, start, newline)
                start, end = _trimmed(text, newline, end)
            newline = text.find("\n", newline + 1, end)
        yield start, end


def _runs_together(line: str, rest: str, is_bare_item: bool) -> bool:
    """Whether a title or an item without 。 and the sentence on the next line were read as one."""
    if is_bare_item and not line.endswith("。") and rest.endswith("。") and "、" not in line:
        after = tokenise(normalise(rest[:12]))
        before = tokenise(normalise(line))
        return bool(before and after) and before[-1].pos == "名詞" and after[0].pos not in ("助詞", "助動詞")
    if _LABEL.match(line) and "。" not in line and rest.endswith("。"):
        after = tokenise(normalise(rest[:12]))
        return bool(after) and after[0].pos not in ("助詞", "助動詞")
    if _JOINED.search(line) or not _TOPIC.match(rest) or not rest.endswith("。"):
        return False
    before, after = tokenise(normalise(line)), tokenise(normalise(rest[:12]))
    return bool(before and after) and before[-1].pos == "名詞" and after[0].pos not in ("助詞", "助動詞")


def shown_text(quote: str) -> str:
    """A quote on one line, without the mark of a list."""
    parts = _JOIN.split(_BULLET.sub("", quote.strip()))
    line = parts[0]
    for part in parts[1:]:
        space = " " if _LATIN_END.search(line) and _LATIN_START.match(part) else ""
        line += space + part
    return line.strip()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
