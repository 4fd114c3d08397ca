"""The headings that may begin chapters: those of one level stand side by side, numbered ones in sequence."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Document
from assistant.japanese.text import fold
from assistant.knowledge.headings import Heading, headings_of
from assistant.review.layout import Layout, Line

_NUMBER = "[0-9一二三四五六七八九十]+"
_GOALS = (
    "基本目標", "政策目標", "重点目標", "戦略目標", "数値目標", "目標", "柱", "基本方針", "重点戦略", "基本戦略", "戦略", "重点プロジェクト",
    "プロジェクト", "基本施策", "重点施策", "施策", "政策", "視点",
)  # fmt: skip
_GOAL = re.compile(
    rf"^(?:の)?({'|'.join(_GOALS)})[ 　]?({_NUMBER}|[ⅰ-ⅻ①-⑳a-z])(?:[ 　:：.．、)）]|(?![0-9a-z年%期次回つ個本人]))[^。]{{0,60}}(?<!、)$"
)
_NAMED = re.compile(
    r"^(?:序章|終章|補章|結び|はじめに|おわりに|終わりに|まえがき|あとがき|参考資料|資料編|附属資料|付属資料|巻末資料|用語(?:の)?解説|用語集)(?:[^。、]{0,24})$"
)
_CHAPTER_CLOSE = re.compile(rf"^第({_NUMBER})章(?!で|の|に|は|を|と|から|まで|及び|以降|、)[^。、].{{0,38}}$")
_CHAPTER_BARE = re.compile(rf"^({_NUMBER})章[^。、]{{0,30}}$")
_ENGLISH = re.compile(r"^(?:chapter|part)\.?([0-9ivx]+)", re.I)
_LEADING_NUMBER = re.compile(rf"^(?:第|(?:{'|'.join(_GOALS)}))?({_NUMBER}|[ivx]{{1,4}}(?![a-z]))")
_COUNTS = re.compile(
    r"第?[0-9０-９一二三四五六七八九十]+(?:期|次|回|年|か|つ|人)"
)  # 「第3期」 counts, it does not number
_STYLE = re.compile(r"[0-9]+(?P<half>[.]?)|[０-９]+(?P<full>[．.]?)")
_KANJI = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_PLAN = re.compile(r"(?:戦略|計画|ビジョン|プラン|構想|方針)(?:[（(【〔].{1,16}[)）】〕])?$")
_LOOSE = ("form 【", "form ■", "form ○", "rank 5")  # forms that as often mark a list or a box
_LATEST = 0.25  # share of the pages by which chapters of a loose form must have begun
_BREAKS_OFF = re.compile(r"[・をにがはでとのや、,]$")
_LIST = 3  # so many headings with nothing under them are a list of chapters
_GAP = 1  # so many numbers of a sequence may not have been recognised as headings


@dataclass(frozen=True, slots=True)
class Head:
    """A heading that may begin a chapter. ``level``: headings of one level stand side by side."""

    page: int
    start: int
    title: str
    level: str
    number: int | None


def number_of_heading(title: str) -> int | None:
    """The number that a heading begins with: 「第3章 …」, 「Ⅲ …」, 「3．…」, 「基本目標3 …」."""
    key = unicodedata.normalize("NFKC", fold(title, drop_spaces=True).text).lower().lstrip("(【<■◆●○")
    english = _ENGLISH.match(key)
    match = english or _LEADING_NUMBER.match(key)
    if match is None or _COUNTS.match(title.strip()):
        return None
    text = match[1]
    if text.isdigit():
        return int(text) if len(text) <= 3 else None
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    return _kanji(text)


def _kanji(text: str) -> int | None:
    if not text or set(text) - set(_KANJI):
        return None
    if text in _KANJI:
        return _KANJI[text]
    tens, _, ones = text.partition("十")
    return (_KANJI.get(tens, 1) if tens else 1) * 10 + _KANJI.get(ones, 0)


def find_heads(document: Document, layout: Layout) -> list[Head]:
    """All headings of the body in order: of markup, by their form, and by words such as 基本目標1 or 資料編."""
    lines = {(line.page, line.start): line for line in layout.lines}
    title = fold(document.title, drop_spaces=True).text
    found: dict[tuple[int, int], Head] = {}
    for page in document.pages:
        for heading in headings_of(page):
            at = heading.start + len(page.text[heading.start :]) - len(page.text[heading.start :].lstrip())
            line = lines.get((page.number, at))
            if line is not None and not layout.is_body(line):
                continue
            key = fold(heading.title, drop_spaces=True).text
            if key in ("目次", "もくじ") or (key == title and number_of_heading(key) is None):
                continue
            if not heading.depth and not heading.rank and _BREAKS_OFF.search(key):
                continue  # the first line of a sentence
            level = _level(heading)
            found[(page.number, at)] = Head(
                page.number, at, " ".join(heading.title.split()), level, number_of_heading(heading.title)
            )
    by_markup = any(page.headings for page in document.pages)
    for place, line in enumerate(layout.lines):
        if layout.is_body(line) and not (by_markup and document.pages[line.page - 1].headings):
            level = _level_by_words(line, layout.lines, place)
            if level and ((line.page, line.start) not in found or level != "rank 2"):
                found[(line.page, line.start)] = Head(
                    line.page, line.start, " ".join(line.text.split()), level, number_of_heading(line.text)
                )
    return sorted(found.values(), key=lambda head: (head.page, head.start))


def _level(heading: Heading) -> str:
    if heading.depth:
        return f"depth {heading.depth}"
    if heading.rank:
        return f"rank {heading.rank}"
    if heading.form in ("1.", "1.1"):  # 「1. …」, 「１．…」 and 「1 …」 are headings of different levels
        mark = _STYLE.match(heading.title)
        width = "半" if mark and mark["half"] is not None else "全"
        return f"form {heading.form} {width}{'.' if mark and (mark['half'] or mark['full']) else ''}"
    return f"form {heading.form}"


def _level_by_words(line: Line, lines: Sequence[Line], place: int) -> str:
    """The level of a heading that its words give away; empty where it is none."""
    if len(line.text) > 60 or line.text.startswith("|"):
        return ""
    key = line.key.lstrip("【<《〈■◆●○◎□")
    if _CHAPTER_CLOSE.match(key) or _CHAPTER_BARE.match(key) or _NAMED.match(key) or _ENGLISH.match(key):
        return "rank 2"
    goal = _GOAL.match(_spaced(line))
    if goal is None:
        return ""
    for other in (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]):
        beside = _GOAL.match(_spaced(other))
        if beside is not None and beside[1] == goal[1]:
            return ""  # a list of the goals, not their sections
    return f"goal {goal[1]}"


def _spaced(line: Line) -> str:
    return fold(line.text).text.lstrip("【<《〈■◆●○◎□ ")


def chapter_level(heads: Sequence[Head], pages: int) -> str | None:
    """The outermost level of which there are two or more, spread over the document."""
    counts: dict[str, int] = {}
    for head in heads:
        counts[head.level] = counts.get(head.level, 0) + 1
    numbered = {head.level for head in heads if head.number is not None}
    depths = sorted(level for level in counts if level.startswith("depth"))
    goals = [f"goal {word}" for word in _GOALS]
    lists = sorted(
        (level for level in counts if level.startswith("form 1.")),
        key=lambda level: -len(find_openings(heads, level)),
    )
    order = ["rank 2", *depths, "rank 1", "form Ⅰ", "rank 4", "rank 3", *lists, *goals, *_LOOSE]
    for level in order:
        if counts.get(level, 0) < 2 or (level == "rank 2" and level not in numbered):
            continue
        openings = find_openings(heads, level)
        if len(openings) < 2:
            continue
        loose = level.startswith("form") and level != "form Ⅰ"
        late = openings[0].page > max(2, _LATEST * pages)
        if loose and (late or (level in _LOOSE and len(openings) > max(12, pages // 2))):
            continue
        return level
    return None


def find_openings(heads: Sequence[Head], level: str) -> list[Head]:
    """The headings that begin chapters: those of the level, without repeats, numbered ones in sequence."""
    found: list[Head] = []
    for head in heads:
        if head.level != level:
            continue
        if found and _key(head) == _key(found[-1]):
            continue
        if level == "form Ⅰ" or level.startswith("form 1."):
            wanted = (found[-1].number or 0) + 1 if found else 1
            if head.number is None or not wanted <= head.number <= wanted + (_GAP if found else 0):
                continue
        found.append(head)
    if len(found) >= 3 and found[0].number is None and _PLAN.search(found[0].title):
        return found[1:]  # the title of the document, marked up like a chapter
    return found


def without_lists(openings: Sequence[Head], layout: Layout, heads: Sequence[Head]) -> list[Head]:
    """``openings`` without runs of three or more that have nothing under them: a list of chapters."""
    titles = {(head.page, head.start) for head in heads}
    body = sorted(
        (line.page, line.start)
        for line in layout.lines
        if layout.is_body(line) and (line.page, line.start) not in titles
    )

    def is_bare(place: int) -> bool:
        if place + 1 >= len(openings):
            return False
        own, following = openings[place], openings[place + 1]
        at = bisect_right(body, (own.page, own.start))
        return at >= len(body) or body[at] >= (following.page, following.start)

    keep: list[Head] = []
    run: list[Head] = []
    for place, opening in enumerate(openings):
        if is_bare(place):
            run.append(opening)
            continue
        after = openings[place + 1] if place + 1 < len(openings) else None
        restarts = after is not None and (after.number or 0) <= (opening.number or 0)
        if len(run) < _LIST:
            keep += [*run, opening]
        elif not restarts:
            keep.append(opening)
        run = []
    return [*keep, *run]


def section_level(heads: Sequence[Head], level: str) -> str | None:
    """The outermost level below that of the chapters: the first of which there are two or more."""
    order: dict[str, int] = {}
    for head in heads:
        if head.level not in (level, "rank 1"):
            order[head.level] = order.get(head.level, 0) + 1
    preferred = [
        "rank 3",
        *sorted(name for name in order if name.startswith("depth")),
        *(f"goal {word}" for word in _GOALS),
    ]
    preferred += [name for name in order if name.startswith("form")]
    return next((name for name in preferred if order.get(name, 0) >= 2), None)


def _key(head: Head) -> str:
    return fold(head.title, drop_spaces=True).text
