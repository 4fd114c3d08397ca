"""下書き.docx: a suggested paragraph for every gap, in which no sentence lacks a footnote or a 【要記入】.

What is written is read again before it is handed out (``lacking``), so a mistake of ours becomes an error
instead of a sentence without a source.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote
from xml.etree import ElementTree

from docx import Document
from docx.oxml.ns import qn

from assistant.domain import Source
from assistant.errors import StorageFailed
from assistant.export.footnotes import NotedDocument
from assistant.export.verdicts import note_of_clause
from assistant.japanese.calendar import wareki
from assistant.review.draft_nouns import Basis, Drafts, DraftSentence, GapDraft, slots_in

WEAK: Final = "【要確認：第三者の資料】"
_OURS: Final = "このファイルを作った地方創生アシスタントによる説明です"
_MOST_YEARS = 4
_END = re.compile(r"[。！？!?]")
_OPENING, _CLOSING = "「『（(〔", "」』）)〕"
_MARK: Final = "\ue000"  # stands for a footnote while the file is read again


def drafts_docx(drafts: Drafts, *, today: date) -> bytes:
    """The drafts as a Word file. Raises ``StorageFailed`` should a sentence of it lack its source."""
    ours = [f"{_OURS}（{today.isoformat()}）。"]
    document = NotedDocument(f"下書き: {drafts.file}（{drafts.target_name}）")
    whose = f"、{drafts.place}の文書として" if drafts.place else ""
    count = len(drafts.gaps)
    document.sentences(
        [(f"点検で見当たらないか判断できなかった{count}項目について{whose}作成しました。", ours)]
    )
    for caution in drafts.cautions:
        document.sentences(_noted(caution, ours), style="List Bullet")
    for chapter in dict.fromkeys(gap.chapter for gap in drafts.gaps):
        document.heading(_title(chapter))
        for gap in drafts.gaps:
            if gap.chapter == chapter:
                _write_gap(document, gap, ours, drafts.file)
    slots = [gap for gap in drafts.gaps if gap.slots]
    if slots:
        document.heading("記入する欄の一覧")
    for gap in slots:
        named = "、".join(f"【要記入：{slot}】" for slot in dict.fromkeys(gap.slots))
        document.sentences([(named, ())], label=f"{_title(gap.requirement)}: ", style="List Bullet")
    content = document.to_bytes()
    if missing := lacking(content):
        raise StorageFailed(
            "下書きを書き出せませんでした。",
            why=f"出典も記入欄もない文ができました（{missing[0][:60]}）。",
            remedy="お手数ですが、点検した文書の種類とともにお知らせください。",
        )
    return content


def _title(text: str) -> str:
    """A heading says no sentence: the first one without its end."""
    return text.partition("。")[0]


def _write_gap(document: NotedDocument, gap: GapDraft, ours: Sequence[str], file: str) -> None:
    document.heading(_title(gap.requirement), level=3)
    review = [f"「{file}」の点検の結果です。"]
    document.sentences(_noted(gap.because, review), label="点検の結果: ")
    for sentence in gap.of("present"):
        quote = f"「{_inner(sentence.text)}」"
        document.sentences(_noted(quote, notes_of(sentence)), label="現在の記載: ")
    for paragraph in paragraphs(gap):
        document.sentences(part for s in paragraph for part in _noted(shown(s), notes_of(s)))
    for role, label in (("case", "参考となる事例: "), ("grant", "関係する交付金・制度: ")):
        for sentence in gap.of(role):  # type: ignore[arg-type]
            document.sentences(_noted(shown(sentence), notes_of(sentence)), label=label, style="List Bullet")
    for line in (*([gap.advice] if gap.advice else []), *gap.cautions):
        document.sentences(_noted(line, ours), label="助言: ", style="List Bullet")


def paragraphs(gap: GapDraft) -> list[tuple[DraftSentence, ...]]:
    """What is written one after the other: the background with the first own sentences; forms line by line."""
    own = gap.of("own")
    if all(sentence.text.endswith("。") for sentence in own) and len(own) <= 2:
        return [(*gap.of("background"), *own)]
    rows = [(sentence,) for sentence in own]
    return [background, *rows] if (background := gap.of("background")) else [*rows]


def shown(sentence: DraftSentence) -> str:
    """The sentence, marked where third parties alone say it."""
    return f"{sentence.text}{WEAK}" if sentence.is_weak and sentence.kind == "sourced" else sentence.text


def notes_of(sentence: DraftSentence) -> list[str]:
    """What bears a sentence, one footnote each."""
    return [note_of(basis) for basis in sentence.bases]


def note_of(basis: Basis) -> str:
    """A footnote: level, publisher, title, address, day of checking; for the document its page."""
    if basis.clause is not None:
        note = note_of_clause(basis.clause, basis.sources[0] if basis.sources else None)
        return f"この項目の根拠: {note.replace(basis.clause.url, unquote(basis.clause.url))}"
    if basis.kind == "document":
        return f"点検した文書{basis.where}"
    told = " ／ ".join(_source(source) for source in basis.sources)
    years = sorted({year for source in basis.sources for year in source.fiscal_years})[-_MOST_YEARS:]
    when = f"（資料の年度: {'・'.join(wareki(year) for year in years)}）" if years else ""
    return f"{told}　{basis.where}{when}"


def _source(source: Source) -> str:
    level = f"【{source.level}】" if source.level.trust > 1 else f"【{source.level}（要確認）】"
    address = f" {unquote(source.url)}" if source.url else ""
    return (
        f"{level}{source.publisher}「{source.title}」{address}"
        f"（出典 {source.id}、確認日 {source.checked.isoformat()}）"
    )


def _inner(text: str) -> str:
    return text.translate({ord("「"): "『", ord("」"): "』"})


def _noted(text: str, notes: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    return [(piece, notes) for piece, _ in _pieces(text)]


# ── the check of what was written ────────────────────────────────────────────


def lacking(content: bytes) -> list[str]:
    """The sentences of a Word file that have neither a footnote with words in it nor a 【要記入：…】."""
    notes = _filled_notes(content)
    return [
        text
        for paragraph in _paragraphs(Document(BytesIO(content)), notes)
        for text, noted in _pieces(paragraph)
        if not noted and not slots_in(text)
    ]


def _filled_notes(content: bytes) -> frozenset[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "word/footnotes.xml" not in archive.namelist():
            return frozenset()
        root = ElementTree.fromstring(archive.read("word/footnotes.xml"))  # noqa: S314 (made by us a moment ago)
    filled = (n for n in root if "".join(t.text or "" for t in n.iter(qn("w:t"))).strip())
    return frozenset(note.get(qn("w:id"), "") for note in filled)


def _paragraphs(document: Any, notes: frozenset[str]) -> Iterator[str]:
    """Text of every paragraph, tables too, with marks for its footnotes; headings that are no sentence left out."""
    marks = _marks(document, notes)
    for paragraph in document.element.body.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        text = "".join(_letters(paragraph, marks))
        name = "" if style is None else style.get(qn("w:val"), "")
        if not (name.startswith(("Heading", "Title")) and not _END.search(text)):
            yield text


def _letters(paragraph: Any, marks: Mapping[str, bool]) -> Iterator[str]:
    for node in paragraph.iter(qn("w:t"), qn("w:footnoteReference"), qn("w:fldSimple")):
        if node.tag == qn("w:t"):
            if node.getparent().getparent().tag != qn("w:fldSimple"):
                yield node.text or ""
        elif marks.get(node.get(qn("w:id")) or _referred(node)):
            yield _MARK


def _referred(field: Any) -> str:
    """The bookmark that a field like 「NOTEREF _Note3 \\f \\h」 points to."""
    words = (field.get(qn("w:instr")) or "").split()
    return words[1] if len(words) > 1 and words[0] == "NOTEREF" else ""


def _marks(document: Any, notes: frozenset[str]) -> dict[str, bool]:
    """Ids of footnotes and bookmarks about them: whether the footnote has words in it."""
    marks = dict.fromkeys(notes, True)
    for start in document.element.body.iter(qn("w:bookmarkStart")):
        run = start.getnext()
        reference = None if run is None else run.find(qn("w:footnoteReference"))
        if reference is not None:
            marks[start.get(qn("w:name"))] = reference.get(qn("w:id")) in notes
    return marks


def _pieces(text: str) -> Iterable[tuple[str, bool]]:
    """Sentences, and whether a footnote follows each; ends inside brackets that close do not count."""
    closes = sum(text.count(c) for c in _OPENING) == sum(text.count(c) for c in _CLOSING)
    depth, start, at = 0, 0, 0
    while at < len(text):
        letter = text[at]
        depth = max(0, depth + (letter in _OPENING) - (letter in _CLOSING)) if closes else 0
        at += 1
        if at < len(text) and (depth or not _END.match(letter)):
            continue
        while at < len(text) and (text[at] in _CLOSING or _END.match(text[at]) or text.startswith(WEAK, at)):
            at += len(WEAK) if text.startswith(WEAK, at) else 1
        end = at
        while at < len(text) and (text[at] == _MARK or (text[at].isspace() and at > end)):
            at += 1
        piece = text[start:end]
        if piece.replace(_MARK, "").strip():
            yield piece.replace(_MARK, "").strip(), at > end or _MARK in piece
        start, depth = at, 0
