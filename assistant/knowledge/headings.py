"""Headings of Japanese official documents, found by their form where no markup gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.domain import Page

_NUMBER = "[0-9０-９一二三四五六七八九十百〇]+"
_LEGAL = re.compile(rf"[ \t　]*(第{_NUMBER}([編部章節款条])(?:の{_NUMBER})*)(?=$|[\s　（(])[\s　]*(.*)$")
_ORDINAL = re.compile(
    rf"[ \t　]*(第{_NUMBER}[\s　]+[^\s　、。].{{0,38}}[^。、])$"
)  # 「第一 用語の意義」 of 要領 and 要綱
_LEGAL_RANK = {"編": 1, "部": 1, "章": 2, "節": 3, "款": 4, "条": 5}
_CAPTION = re.compile(r"[ \t　]*[（(]([^（）()]{1,30})[）)][ \t　]*$")
_CAPTION_AHEAD = re.compile(r"[（(]([^（）()]{1,30})[）)]")
_ANNEX = re.compile(r"[ \t　]*((?:附[ 　]*則|別[表紙記]|様式)[^。、]{0,30})$")
_WEAK = (  # class of heading → its form; classes nest in the order in which a document uses them
    ("Ⅰ", re.compile(r"[ \t　]*[Ⅰ-Ⅻ][.．、\s　]*[^\s　.．、].{0,40}$")),
    ("■", re.compile(r"[ \t　]*[■◆●◎▼▶][ 　]?[^\s　].{0,40}$")),
    ("○", re.compile(r"[ \t　]*[○◇□][ 　]?[^\s　].{0,30}$")),
    ("【", re.compile(r"[ \t　]*(?:【[^】]{1,30}】.{0,20}|[＜〈《〔][^＞〉》〕]{1,30}[＞〉》〕])$")),
    ("1.1", re.compile(r"[ \t　]*[0-9０-９]{1,2}[.．\-－][0-9０-９]{1,2}(?:[.．\-－][0-9０-９]{1,2})?[\s　.．]+[^\s　0-9０-９].{0,40}$")),
    ("1.", re.compile(r"[ \t　]*[0-9０-９]{1,2}(?:[.．]|[.．]?[\s　]+)[^\s　0-9０-９.．月日年時分人円件名個社回台%％].{1,40}$")),
    ("(1)", re.compile(r"[ \t　]*(?:[（(][0-9０-９]{1,2}[）)]|[⑴-⒇])[\s　]*[^\s　].{0,40}$")),
)  # fmt: skip
_CONTENTS_LINE = re.compile(r"(?:[.．…‥・･─―\-]{3,}|[ 　]{2,})[ 　]*[0-9０-９]{1,3}[ 　]*$")
_SENTENCE = re.compile(r"[。、，]|．$|(?:です|ます|する|した|ない|こと)[）)]?$")
_DEPTH = 4  # weak headings nested deeper than this are lists


@dataclass(frozen=True)
class Heading:
    """A heading on a page. ``start``: where its section begins (an article's caption stands before it).

    ``rank``: 1–5 for 編 to 条, 0 for headings of other forms, which nest by ``form``.
    """

    start: int
    end: int
    title: str
    rank: int
    form: str
    depth: int = 0  # from markup; 0 where it was found by form


def headings_of(page: Page) -> list[Heading]:
    """Headings in order: those that markup gives, else those found by form.

    A file whose only marked heading is its title (many 要綱 written in Word) is searched by form too.
    """
    marked = [
        Heading(offset, min(len(page.text), offset + len(title)), title, 0, "markup", depth)
        for offset, depth, title in sorted(page.headings)
        if offset < len(page.text)
    ]
    if len(marked) >= 2 or page.statements:
        return marked
    lines = {page.text.count("\n", 0, h.start) for h in marked}
    found = [h for h in _find(page.text) if page.text.count("\n", 0, h.start) not in lines]
    return sorted([*marked, *found], key=lambda h: h.start)


def _find(text: str) -> list[Heading]:
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((at, line))
        at += len(line) + 1
    forms = [_form(line) for _, line in lines]
    found: list[Heading] = []
    for i, (start, line) in enumerate(lines):
        end = start + len(line)
        if _CONTENTS_LINE.search(line):
            continue
        legal = _LEGAL.match(line)
        if legal is not None:
            heading = _legal(legal, lines, i)
            if heading is not None:
                found.append(heading)
        elif ordinal := _ORDINAL.match(line):
            found.append(Heading(start, end, " ".join(ordinal[1].split()), 4, "legal"))
        elif annex := _ANNEX.match(line):
            found.append(Heading(start, end, annex[1].strip(), 2, "legal"))
        elif forms[i] is not None and forms[i] not in (*forms[max(0, i - 1) : i], *forms[i + 1 : i + 2]):
            # The same form on the line before or after makes it a list, not a heading.
            found.append(Heading(start, end, " ".join(line.split()), 0, forms[i] or ""))
    return found


def _form(line: str) -> str | None:
    if line.lstrip().startswith("|") or _SENTENCE.search(line.strip()):
        return None
    return next((form for form, pattern in _WEAK if pattern.match(line)), None)


def _legal(match: re.Match[str], lines: list[tuple[int, str]], i: int) -> Heading | None:
    number, kind, rest = match[1], match[2], match[3].strip()
    start, line = lines[i]
    if kind != "条":
        if len(rest) > 40 or rest.endswith("。"):
            return None
        return Heading(start, start + len(line), f"{number} {rest}".strip(), _LEGAL_RANK[kind], "legal")
    title, begin = number, start
    if i > 0 and (caption := _CAPTION.match(lines[i - 1][1])):
        title, begin = f"{number}（{caption[1]}）", lines[i - 1][0]
    elif caption := _CAPTION_AHEAD.match(rest):
        title = f"{number}（{caption[1]}）"
    # The text of an article runs on in the line of its number: the heading has no line of its own.
    return Heading(begin, start + len(number), title, 5, "legal")


class Outline:
    """The headings that are open at a point of a document, outermost first."""

    def __init__(self) -> None:
        self._open: list[Heading] = []

    @property
    def trail(self) -> tuple[str, ...]:
        """Titles of the open headings."""
        return tuple(heading.title for heading in self._open)

    def enter(self, heading: Heading) -> None:
        """Open a heading and close those that it ends."""
        if heading.depth:
            keep = [h for h in self._open if h.depth and h.depth < heading.depth]
        elif heading.rank:
            keep = [h for h in self._open if h.depth or (h.rank and h.rank < heading.rank)]
        else:
            forms = [h.form for h in self._open]
            keep = self._open[: forms.index(heading.form)] if heading.form in forms else list(self._open)
            if len([h for h in keep if not h.rank]) >= _DEPTH:
                keep.pop()
        self._open = [*keep, heading]

    def clear(self) -> None:
        """Close everything."""
        self._open = []

    def turn_page(self) -> None:
        """Close what does not reach over a page break: all but 編 to 条."""
        self._open = [heading for heading in self._open if heading.rank]
