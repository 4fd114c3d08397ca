"""The chapters of a document: its own headings, or slides, sheets or ranges of pages where it has none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

from assistant.domain import Document, Noun
from assistant.japanese.text import fold
from assistant.review.chapter_heads import (
    Head,
    chapter_level,
    find_heads,
    find_openings,
    number_of_heading,
    section_level,
    without_lists,
)
from assistant.review.layout import Layout, Line, lay_out

Form = Literal["heading", "front", "slides", "sheet", "pages"]

_FRONT = "はじめの部分"
_PAGES_A_RANGE = 10
_SLIDE_TITLE = 40  # characters
_SLIDE = 700  # characters that a slide holds at most on average
_HAVE_TITLES = 0.6  # share of pages with a title of their own that makes a document slides


class Section(Noun):
    """A heading below a chapter."""

    title: str
    page: int
    start: int


class Chapter(Noun):
    """A chapter from ``start`` on ``first_page`` up to ``end`` on ``end_page`` (offsets in the pages' texts).

    ``first_page`` to ``last_page`` are the pages that hold text of it or lie between; ``number`` is the one
    its heading bears.
    """

    title: str
    form: Form
    number: int | None = None
    first_page: int
    start: int
    end_page: int
    end: int
    last_page: int
    sections: tuple[Section, ...] = ()

    def holds(self, page: int, offset: int) -> bool:
        """Whether a place of the document lies in this chapter."""
        return (self.first_page, self.start) <= (page, offset) < (self.end_page, self.end)


def chapters_of(document: Document, layout: Layout | None = None) -> tuple[Chapter, ...]:
    """The chapters in order; together they cover every page. Empty for a document without pages.

    Headings that a list of contents or a running head repeats do not count. Where fewer than two headings of
    one level are found: slides by their titles, sheets by their names, else ranges of ten pages.
    """
    if not document.pages:
        return ()
    layout = layout or lay_out(document)
    heads = find_heads(document, layout)
    level = chapter_level(heads, len(document.pages))
    if level is not None:
        openings = without_lists(find_openings(heads, level), layout, heads)
        if len(openings) >= 2:
            return _cut(document, layout, openings, heads, level)
    return _without_headings(document, layout)


def heading_places(document: Document, layout: Layout) -> frozenset[tuple[int, int]]:
    """Page and offset of every line that is a heading of any level."""
    return frozenset((head.page, head.start) for head in find_heads(document, layout))


def chapter_at(chapters: Sequence[Chapter], page: int, offset: int) -> Chapter | None:
    """The chapter that holds a place."""
    at = bisect_right([(c.first_page, c.start) for c in chapters], (page, offset)) - 1
    return chapters[at] if at >= 0 else None


def section_at(chapter: Chapter, page: int, offset: int) -> str:
    """The title of the section that holds a place; empty before the first one."""
    at = bisect_right([(s.page, s.start) for s in chapter.sections], (page, offset)) - 1
    return chapter.sections[at].title if at >= 0 else ""


# ── cutting ──────────────────────────────────────────────────────────────────


def _cut(
    document: Document, layout: Layout, openings: Sequence[Head], heads: Sequence[Head], level: str
) -> tuple[Chapter, ...]:
    first = document.pages[0].number
    begins = [(o.page, o.start, o.title, o.number) for o in openings]
    forms: list[Form] = ["heading"] * len(begins)
    if begins[0][:2] != (first, 0) and _has_body(layout, heads, (first, 0), begins[0][:2]):
        begins.insert(0, (first, 0, _FRONT, None))
        forms.insert(0, "front")
    elif begins[0][:2] != (first, 0):
        begins[0] = (first, 0, *begins[0][2:])
    chapters = _between(document, layout, begins, forms)
    inner = section_level(heads, level)
    return tuple(
        chapter.model_copy(
            update={
                "sections": tuple(
                    Section(title=head.title, page=head.page, start=head.start)
                    for head in heads
                    if head.level == inner and chapter.holds(head.page, head.start)
                )
            }
        )
        for chapter in chapters
    )


def _has_body(layout: Layout, heads: Sequence[Head], start: tuple[int, int], end: tuple[int, int]) -> bool:
    titles = {(head.page, head.start) for head in heads if head.number is not None}
    return any(
        layout.is_body(line)
        and start <= (line.page, line.start) < end
        and (line.page, line.start) not in titles
        for line in layout.lines
    )


def _between(
    document: Document,
    layout: Layout,
    begins: Sequence[tuple[int, int, str, int | None]],
    forms: Sequence[Form],
) -> tuple[Chapter, ...]:
    last = document.pages[-1]
    ends = [(page, start) for page, start, _, _ in begins[1:]] + [(last.number, len(last.text) + 1)]
    places = sorted((line.page, line.start) for line in layout.lines if layout.is_body(line))
    made = []
    for (page, start, title, number), (end_page, end), form in zip(begins, ends, forms, strict=True):
        before = places[: bisect_right(places, (end_page, end - 1))]
        stop = before[-1][0] if before else page
        if (end_page, end) == ends[-1]:
            stop = last.number
        elif stop < end_page - 1:
            stop = end_page - 1  # pages that could not be read lie between
        made.append(
            Chapter(
                title=title, form=form, number=number, first_page=page, start=start,
                end_page=end_page, end=end, last_page=max(page, stop),
            )
        )  # fmt: skip
    return tuple(made)


def _without_headings(document: Document, layout: Layout) -> tuple[Chapter, ...]:
    pages = document.pages
    if len(pages) > 1 and all(page.locator.startswith("シート") for page in pages):
        names = [page.locator.removeprefix("シート").strip("「」") for page in pages]
        begins = [(p.number, 0, name, number_of_heading(name)) for p, name in zip(pages, names, strict=True)]
        return _between(document, layout, begins, ["sheet"] * len(begins))
    slides = _slide_titles(document, layout)
    if slides:
        return _between(document, layout, slides, ["slides"] * len(slides))
    ranges = [pages[i : i + _PAGES_A_RANGE] for i in range(0, len(pages), _PAGES_A_RANGE)]
    begins = [
        (own[0].number, 0, _range_title(own[0].number, own[-1].number, len(pages)), None) for own in ranges
    ]
    return _between(document, layout, begins, ["pages"] * len(begins))


def _range_title(first: int, last: int, count: int) -> str:
    if count == 1:
        return "全体"
    return f"{first}ページ" if first == last else f"{first}～{last}ページ"


def _slide_titles(document: Document, layout: Layout) -> list[tuple[int, int, str, int | None]]:
    """Pages with a title each; empty where the document is no set of slides."""
    pages = document.pages
    if len(pages) < 3 or sum(len(page.text) for page in pages) > _SLIDE * len(pages):
        return []
    first_by_page: dict[int, Line] = {}
    for line in layout.lines:
        if layout.is_body(line):
            first_by_page.setdefault(line.page, line)
    titles = {
        page: line
        for page, line in first_by_page.items()
        if 2 <= len(line.text) <= _SLIDE_TITLE
        and line.text[-1] not in "。、，"
        and not line.text.startswith(("・", "|"))
    }
    if len(titles) < _HAVE_TITLES * len(pages):
        return []
    begins: list[tuple[int, int, str, int | None]] = []
    for page in pages:
        first = titles.get(page.number)
        if first is None:
            continue
        title = " ".join(first.text.split())
        if begins and fold(begins[-1][2], drop_spaces=True).text == first.key:
            continue
        begins.append((page.number, 0, title, number_of_heading(title)))
    if begins and begins[0][0] != pages[0].number:
        begins[0] = (pages[0].number, *begins[0][1:])
    return begins
