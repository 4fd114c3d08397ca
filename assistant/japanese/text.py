"""Folding, quotes and sentences.

Matching is done on a folded copy with an offset map back to the original; what
is shown and quoted is always the original.  Folding is NFKC, lower case, one form
of dashes and waves, old character forms to new ones, with two guards: enclosed
numbers, fractions and exponents stay as they are (bare NFKC turns 「①10億円」 into
「110億円」), and 〜 is kept (some normalisers delete it: 「15億円〜20億円」).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

# Enclosed numbers, vulgar fractions, super- and subscripts: folding these would glue them to digits beside them.
_GUARDED = re.compile("([⁰-₟①-⓿❶-➓㈠-㉇㉑-㉟㊀-㊰㊱-㊿¼-¾⅐-↋²³¹]+)")
_CLUSTER = re.compile("[\\s\\S][\u3099\u309a\uff9e\uff9f\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\u2060\ufeff\u00ad]")

# Old or variant form → common form. One character each, so offsets hold.
_VARIANTS = str.maketrans(
    {
        **dict(
            zip(
                "﨑髙濵濱邊邉惠曾櫻澤國縣廣澁眞德瀨檮龜淵圓壽萬藏彌靜瀧",
                "崎高浜浜辺辺恵曽桜沢国県広渋真徳瀬梼亀渕円寿万蔵弥静滝",
                strict=True,
            )
        ),
        **dict.fromkeys("‐‑‒–—―−﹣-", "-"),
        "〜": "~",
        "∼": "~",
        "｡": "。",
    }
)


def _fold(text: str) -> str:
    return _SELECTORS.sub("", unicodedata.normalize("NFKC", text).lower()).translate(_VARIANTS)


def normalise(text: str) -> str:
    """Fold ``text`` for matching (never for display)."""
    if text.isascii():
        return text.lower()
    return "".join(part if i % 2 else _fold(part) for i, part in enumerate(_GUARDED.split(text)))


@dataclass(frozen=True)
class Folded:
    """A folded copy of a text; ``starts[i]``/``ends[i]`` are the original span of folded character ``i``."""

    text: str
    starts: array[int]
    ends: array[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of ``self.text[start:end]``."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


def fold(text: str, *, drop_spaces: bool = False) -> Folded:
    """Fold ``text`` and remember where each character came from.

    With ``drop_spaces`` white space vanishes from the copy, so that a quote is
    found across line breaks and the spaces that PDF readers put between characters.
    """
    out: list[str] = []
    starts, ends = array("l"), array("l")
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        piece = cluster if _GUARDED.match(cluster) else _fold(cluster)
        for character in piece:
            if drop_spaces and character.isspace():
                continue
            out.append(character)
            starts.append(match.start())
            ends.append(match.end())
    return Folded("".join(out), starts, ends)


@lru_cache(maxsize=256)
def _spaceless(text: str) -> Folded:
    return fold(text, drop_spaces=True)


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Offsets in ``text`` of ``quote`` after folding and without regard to white space; None if absent."""
    exact = text.find(quote)
    if quote and exact >= 0:
        return exact, exact + len(quote)
    needle = fold(quote, drop_spaces=True).text
    if not needle:
        return None
    haystack = _spaceless(text)
    at = haystack.text.find(needle)
    if at < 0:
        return None
    return haystack.original_span(at, at + len(needle))


_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_SPACED_PAIR = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")


def close_spaces(text: str) -> str:
    """Remove the single spaces that some word processors leave between all Japanese characters."""
    return _SPACED_PAIR.sub("", text)


_OPEN = dict(zip("「『（(［[【〔〈《｢", "」』）)］]】〕〉》｣", strict=True))
_CLOSE = frozenset(_OPEN.values())
_ENDS = "。！？｡"
_ASCII_ENDS = "!?"  # these end a sentence only before white space: 「image!.png」, 「a?b=c」
_BULLET = re.compile(
    r"[ \t　]*(?:[・●○◎■□◆◇▶▪※★☆→⇒✓➢➤\-*+|#>]|[①-⓿❶-➓㈠-㈩]|[（(][0-9０-９一二三四五六七八九十ア-ンa-zA-Z]{1,3}[）)]"
    r"|[0-9０-９]{1,3}[.．、)）][^0-9０-９]|第[0-9０-９一二三四五六七八九十百]+[章節条項編部]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])"
)
_LONGEST_BRACKET = 300  # an opening bracket without its partner must not swallow the page


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Cut ``text`` into sentences; the spans follow each other and cover all of it.

    A sentence ends at 。！？ outside brackets, at a blank line, before a list mark or a
    numbered heading, and after a line that is clearly shorter than the lines about it
    (a heading or a cell); other line breaks are layout.
    """
    if not text:
        return []
    width = max((len(line) for line in text.split("\n")), default=0)
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    start = line_start = 0
    i, n = 0, len(text)
    while i < n:
        character = text[i]
        cut = False
        if character in _OPEN:
            stack.append((_OPEN[character], i))
        elif stack and character == stack[-1][0]:
            stack.pop()
        elif stack and i - stack[0][1] > _LONGEST_BRACKET:
            stack.clear()
        ends = character in _ENDS or (character in _ASCII_ENDS and (i + 1 == n or text[i + 1].isspace()))
        if ends and not stack:
            while i + 1 < n and (text[i + 1] in _ENDS or (text[i + 1] in _CLOSE)):
                i += 1
            cut = True
        elif character == "\n":
            rest = text[i + 1 : i + 42]
            line = text[line_start:i].strip()
            line_start = i + 1
            if (
                not rest.strip(" \t　\r")
                or rest.lstrip(" \t　\r").startswith("\n")
                or _BULLET.match(rest)
                or (line and len(line) < 0.6 * width and line[-1] not in "、，,・のをにがはでと")
                or (line.startswith(("|", "#")))
            ):
                cut = True
                stack.clear()
        i += 1
        if cut:
            while i < n and text[i] in " \t　\r\n":
                if text[i] == "\n":
                    line_start = i + 1
                i += 1
            spans.append((start, i))
            start = i
    if start < n:
        spans.append((start, n))
    return spans


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of ``text`` without the white space about them; empty ones are left out."""
    found = []
    for start, end in split_sentences(text):
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        tail = len(piece) - len(piece.rstrip())
        if start + lead < end - tail:
            found.append((start + lead, end - tail))
    return found
