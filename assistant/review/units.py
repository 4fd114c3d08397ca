"""A document cut into units that can bear a requirement: sentences, table rows, headings, lines of a contents page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.domain import Document, Page
from assistant.japanese.text import fold, split_sentences
from assistant.knowledge.headings import Heading, Outline, headings_of
from assistant.review.digits import in_digits

UnitKind = Literal["sentence", "row", "heading", "contents", "order", "kpi"]

_CONTENTS_TITLE = re.compile(r"(?:^|\n)[\s　【〔■◆]*(目\s*次|もくじ|contents|目次構成)[】〕\s　]*$", re.I)
_LEADER = re.compile(
    r"(?:[.．…‥・･─―_\-]{3,}|[ 　][…‥]+|\t|[ 　]{2,})[ 　]*(?:p\.?|Ｐ)?[0-9０-９]{1,3}(?:ページ|頁)?[ 　]*$",
    re.I,
)
_ENDS_IN_PAGE = re.compile(r"[^0-9０-９.,，．年度月日人件%％]\s*[0-9０-９]{1,3}\s*$")
# Words that tell the reader of the document, or a machine that reads it, what to conclude.
_ORDER = re.compile(
    r"ignore(all|the|any)?(previous|prior|above)|disregard(all|the|any)?(previous|prior|above)"
    r"|(これまで|以前|上記|前述|先|すべて|全て)の(指示|命令|規則|プロンプト).{0,12}(無視|忘れ|従わ)"
    r"|(指示|命令|規則|プロンプト)を(無視|忘れ)"
    r"|(ai|人工知能|言語モデル|llm|アシスタント|判定者|点検者|システム)(は|へ|に|が|よ)?.{0,40}(判定|回答|出力|評価|採点|答え|みなし|見なし)(せよ|しろ|しなさい|してください|すること|て下さい|てください)"
    r"|(満たし(ている|ています)|適合|合格|met|該当なし)(と|もの(と|として)).{0,12}(判定|回答|出力|評価|みなし|見なし|答え).{0,6}(せよ|しろ|なさい|ください|下さい|すること)"
    r"|systemprompt|you(are|must)(now|an?)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """``page.text[start:end]``, its folded form without spaces and with digits for kanji numerals, and the folded headings above it."""

    page: int
    start: int
    end: int
    text: str
    folded: str
    trail: str
    kind: UnitKind


def units_of(document: Document) -> list[Unit]:
    """All units in order."""
    outline = Outline()
    found: list[Unit] = []
    in_contents = False
    for page in document.pages:
        outline.turn_page()
        made, in_contents = _of_page(page, outline, in_contents)
        found += _across(found, made)
        found += made
    return found


def _of_page(page: Page, outline: Outline, in_contents: bool) -> tuple[list[Unit], bool]:
    headings = headings_of(page)
    at = 0
    made: list[Unit] = []
    in_contents = in_contents and _holds_list(page.text)
    for start, end in _spans(page.text):
        while at < len(headings) and headings[at].start <= start:
            if not in_contents:
                outline.enter(headings[at])
            at += 1
        text = page.text[start:end]
        folded = in_digits(fold(text, drop_spaces=True).text)
        if not folded:
            continue
        titled = _CONTENTS_TITLE.search(text)
        if titled and titled.start() == 0:
            in_contents = True
        elif in_contents and _leaves_contents(text):
            in_contents = False
        kind = _kind(text, folded, start, headings, in_contents)
        trail = "" if in_contents else fold("＞".join(outline.trail), drop_spaces=True).text
        made.append(Unit(page.number, start, end, text, folded, trail, kind))
        in_contents = in_contents or titled is not None
    # A contents list seldom runs on over a page without any line of its kind.
    runs_on = in_contents and any(unit.kind == "contents" and _LEADER.search(unit.text) for unit in made)
    return made, runs_on


def _holds_list(text: str) -> bool:
    """Whether a page that follows a list of contents goes on with it."""
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(1 for line in lines if _LEADER.search(line) or _ENDS_IN_PAGE.search(line)) * 3 > len(lines)


def _leaves_contents(text: str) -> bool:
    return "。" in text or len(text) > 70 or text.lstrip().startswith("|")


def _kind(text: str, folded: str, start: int, headings: list[Heading], in_contents: bool) -> UnitKind:
    if _ORDER.search(folded):
        return "order"
    if in_contents or _LEADER.search(text):
        return "contents"
    if text.startswith("|"):
        return "row"
    if any(h.start == start and len(text) <= len(h.title) + 4 for h in headings):
        return "heading"
    return "sentence"


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Sentences without the white space about them; table rows one by one."""
    for start, end in split_sentences(text):
        piece = text[start:end]
        pieces = _lines(piece) if "\n|" in piece or _is_list(piece) else [(0, len(piece))]
        for a, b in pieces:
            part = piece[a:b]
            lead = len(part) - len(part.lstrip())
            tail = len(part) - len(part.rstrip())
            if a + lead < b - tail:
                yield start + a + lead, start + b - tail


def _is_list(piece: str) -> bool:
    """Lines that end in page numbers are a list of contents, not one sentence."""
    lines = [line for line in piece.split("\n") if line.strip()]
    return len(lines) >= 2 and sum(1 for line in lines if _ENDS_IN_PAGE.search(line)) * 2 > len(lines)


def _lines(piece: str) -> list[tuple[int, int]]:
    spans = []
    at = 0
    for line in piece.split("\n"):
        spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _across(before: list[Unit], after: list[Unit]) -> list[Unit]:
    """A sentence that runs over a page break, as one more unit; its place is its first part."""
    tail = next((u for u in reversed(before[-3:]) if not u.folded.isdigit()), None)
    head = next((u for u in after[:3] if not u.folded.isdigit()), None)
    if tail is None or head is None or tail.kind != "sentence" or head.kind != "sentence":
        return []
    if tail.folded[-1] in "。!?" or "。" not in head.folded or len(tail.folded) < 12:
        return []
    return [
        Unit(tail.page, tail.start, tail.end, tail.text, tail.folded + head.folded, tail.trail, "sentence")
    ]
