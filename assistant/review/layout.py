"""What of a document's pages is body: without lists of contents, running heads and feet, and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import Document
from assistant.japanese.text import fold

_CONTENTS_TITLE = re.compile(
    r"^[【〔■◆<〈《]*(?:目次|もくじ|contents|tableofcontents|目次構成)[】〕>〉》]*$", re.I
)
_LEADER = re.compile(
    r"(?:[.．…‥・･─―_‐\-]{3,}|\t|[ 　]{2,})[\s　]*(?:p\.?|Ｐ)?[0-9０-９]{0,3}(?:ページ|頁)?[ 　]*$", re.I
)
_DOTS_AND_PAGE = re.compile(r"^[\s.．…‥・･─―_‐\-]*(?:p\.?)?[0-9]{0,3}$", re.I)
_ENDS_IN_PAGE = re.compile(r"[^0-9０-９.,，．年度月日人件%％第][\s　]*[0-9０-９]{1,3}[ 　]*$")
_PAGE_NUMBER = re.compile(
    r"^[\-－‐―ー─~〜(（【\[]*(?:p(?:age)?\.?)?[0-9ivx]{1,4}(?:[/／][0-9]{1,4})?(?:ページ|頁)?[\-－‐―ー─~〜)）】\]]*$",
    re.I,
)
_OUTER_NUMBER = re.compile(r"^[0-9]{1,3}(?=[^0-9.．年月])|(?<=[^0-9第])[0-9]{1,3}$")
_AT_EDGE = 2  # so many lines at the top and at the foot of a page may be its running head and foot
_RUNNING = 3  # pages on which a line must stand at the edge to be one of them
_ENTRY = 60  # characters; a longer line is no entry of a contents list
_LISTED = 0.5  # share of lines with leaders that makes a page without a title a list of contents


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something: ``page.text[start:end]``; ``key`` is folded, without spaces."""

    page: int
    start: int
    end: int
    text: str
    key: str


@dataclass(frozen=True)
class Layout:
    """The lines of a document in order and what each of them is, by ``(page, start)``."""

    lines: tuple[Line, ...]
    contents: frozenset[tuple[int, int]]
    margins: frozenset[tuple[int, int]]

    def is_body(self, line: Line) -> bool:
        """Whether a line is neither of a list of contents nor of a running head or foot."""
        return (line.page, line.start) not in self.contents and (line.page, line.start) not in self.margins


def lay_out(document: Document) -> Layout:
    """Tell body from contents lists and running heads and feet."""
    lines = tuple(_lines(document))
    margins = _margins(lines)
    return Layout(
        lines, _contents([line for line in lines if (line.page, line.start) not in margins]), margins
    )


def _lines(document: Document) -> Iterator[Line]:
    for page in document.pages:
        at = 0
        for raw in page.text.split("\n"):
            text = raw.strip()
            if text:
                start = at + raw.index(text[0])
                yield Line(page.number, start, start + len(text), text, fold(text, drop_spaces=True).text)
            at += len(raw) + 1


# ── running heads and feet ───────────────────────────────────────────────────


def _margins(lines: Sequence[Line]) -> frozenset[tuple[int, int]]:
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    edges = [line for own in by_page.values() for line in _edges(own)]
    pages_by_key: Counter[str] = Counter(key for key, _ in {(_bare(line), line.page) for line in edges})
    found: set[tuple[int, int]] = set()
    seen: set[str] = set()
    for line in edges:
        key = _bare(line)
        if _PAGE_NUMBER.match(line.key):
            if len(by_page) > 1:
                found.add((line.page, line.start))
        elif pages_by_key[key] >= _RUNNING and len(line.text) <= _ENTRY and not line.key.endswith("。"):
            if key in seen:  # the first one may be the title or the heading itself
                found.add((line.page, line.start))
            seen.add(key)
    return frozenset(found)


def _edges(own: Sequence[Line]) -> list[Line]:
    """The first and last lines of a page, each once."""
    if len(own) <= 2 * _AT_EDGE:
        return list(own)
    return [*own[:_AT_EDGE], *own[-_AT_EDGE:]]


def _bare(line: Line) -> str:
    """A line without the page number beside it."""
    return _OUTER_NUMBER.sub("", line.key)


# ── lists of contents ────────────────────────────────────────────────────────


def entry_key(text: str) -> str:
    """An entry of a contents list, or a heading, without leaders, page number and spaces."""
    key = fold(text, drop_spaces=True).text
    return re.sub(r"[.．…‥・･─―_‐\-]{2,}.*$", "", key) or key


def _contents(lines: Sequence[Line]) -> frozenset[tuple[int, int]]:
    last: dict[str, int] = {}
    for place, line in enumerate(lines):
        last[line.key] = place
    found: set[tuple[int, int]] = set()
    inside = False
    for place, line in enumerate(lines):
        if _CONTENTS_TITLE.match(line.key):
            inside = True
        elif inside:
            inside = _is_entry(place, lines, last)
        if inside:
            found.add((line.page, line.start))
    return frozenset(found | _untitled(lines))


def _is_entry(place: int, lines: Sequence[Line], last: dict[str, int]) -> bool:
    line = lines[place]
    if len(line.text) > _ENTRY or "。" in line.text or line.text.startswith("|"):
        return False
    if _LEADER.search(line.text) or _DOTS_AND_PAGE.match(line.key) or _ENDS_IN_PAGE.search(line.text):
        return True
    after = lines[place + 1] if place + 1 < len(lines) else None
    if after is not None and _DOTS_AND_PAGE.match(after.key) and after.page == line.page:
        return True
    if after is not None and after.page == line.page and _LEADER.search(after.text) and not _heads(line.key):
        return True  # a long entry over two lines
    title = entry_key(line.text)
    return any(key != line.key and key == title and at > place for key, at in last.items()) or (
        last.get(line.key, place) > place
    )


def _heads(key: str) -> bool:
    return re.match(r"第[0-9一二三四五六七八九十]+[編部章節]", key) is not None


def _untitled(lines: Sequence[Line]) -> set[tuple[int, int]]:
    """Lines with leaders on a page that holds hardly anything else."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        by_page.setdefault(line.page, []).append(line)
    found: set[tuple[int, int]] = set()
    for own in by_page.values():
        listed = [
            line
            for line in own
            if _LEADER.search(line.text) and line.text[-1].isdigit() and len(line.text) <= 90
        ]
        if len(listed) >= 4 and len(listed) >= _LISTED * len(own):
            first, last = listed[0].start, listed[-1].start
            found |= {
                (line.page, line.start)
                for line in own
                if first <= line.start <= last and "。" not in line.text
            }
        else:
            found |= {(line.page, line.start) for line in listed if re.search(r"[.．…‥・･]{4,}", line.text)}
    return found
