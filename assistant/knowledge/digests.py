"""Digests: Markdown in our own words, each statement followed by its source ids.

    ---
    title: 地方創生2.0基本構想
    fiscal_years: [2025]
    aliases: [基本構想]
    ---
    # 見出し
    地方創生2.0基本構想は、2025年6月13日に閣議決定されました。[P02][P03]

    | 項目 | 内容 |
    | --- | --- |
    | 期間 | 10年間 [P01] |

One line holds one statement or several, each closed by its markers; a table row is one
statement.  What people see carries no markup: markers, bullets and bars are gone, a
row reads 「項目: 期間／内容: 10年間。」, and the spans say which sources bear what.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from assistant.domain import Document, Kind, Page, Statement
from assistant.japanese.text import split_sentences
from assistant.knowledge.sources import line_of, read_yaml, yaml_problem

_MARKERS = re.compile(r"\s*((?:\[[A-Za-z][A-Za-z0-9-]*\]\s*)+)")
_MARKER = re.compile(r"\[([A-Za-z][A-Za-z0-9-]*)\]")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])\s+")
_RULE_ROW = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|`([^`]+)`")
_LEFTOVER = re.compile(r"\*\*|\]\(|</?\w+>")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*$")
_KNOWN_KEYS = frozenset({"title", "fiscal_years", "aliases", "grant"})


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest file that was read: the document and the other names by which people ask for it."""

    document: Document
    aliases: tuple[str, ...] = ()


@dataclass(slots=True)
class _Builder:
    """Collects the plain text of one digest and the spans in it."""

    shown: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    statements: list[Statement] = field(default_factory=list)
    headings: list[tuple[int, int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, text: str) -> tuple[int, int]:
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length

    def complain(self, line: int, what: str) -> None:
        self.problems.append(f"{self.shown}:{line}: {what}")

    def heading(self, depth: int, title: str) -> None:
        if self.pieces:
            self.add("\n")
        start, _ = self.add(title)
        self.headings.append((start, depth, title))
        self.add("\n")

    def state(self, number: int, text: str, source_ids: tuple[str, ...]) -> None:
        start, end = self.add(text)
        self.statements.append(Statement(start=start, end=end, source_ids=source_ids))
        if _LEFTOVER.search(text):
            self.complain(number, f"飾りの記号が残っています: {_short(text)}")

    def prose(self, number: int, line: str) -> None:
        """One line of sentences, each closed by its markers."""
        at = 0
        for match in _MARKERS.finditer(line):
            text = line[at : match.start()].strip()
            at = match.end()
            ids = tuple(dict.fromkeys(_MARKER.findall(match.group(1))))
            if not text:
                self.complain(number, "出典の前に文がありません")
                continue
            if not text.endswith(("。", "。）", "。」")):
                self.complain(number, f"文が「。」で終わっていません: {_short(text)}")
            elif len(split_sentences(text)) > 1:
                self.complain(number, f"1つの出典の組に文が2つ以上あります: {_short(text)}")
            self.state(number, text, ids)
        rest = line[at:].strip()
        if rest:
            self.complain(number, f"出典のない文です: {_short(rest)}")
            self.add(rest)
        self.add("\n")

    def row(self, number: int, header: list[str], cells: list[str]) -> None:
        """One table row as one statement that names its columns."""
        ids = tuple(dict.fromkeys(_MARKER.findall(" ".join(cells))))
        plain = [_MARKER.sub("", cell).strip() for cell in cells]
        if len(plain) != len(header):
            self.complain(number, f"表の列の数が見出しと違います（見出し{len(header)}、この行{len(plain)}）")
        parts = [
            f"{name}: {cell}" if name else cell for name, cell in zip(header, plain, strict=False) if cell
        ]
        text = "／".join(parts)
        text += "" if text.endswith("。") else "。"
        if ids:
            self.state(number, text, ids)
        else:
            self.complain(number, f"出典のない表の行です: {_short(text)}")
            self.add(text)
        self.add("\n")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _numbered_body(text: str, skipped: int) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), skipped + 1):
        yield number, _EMPHASIS.sub(lambda m: m.group(1) or m.group(2), line.rstrip())


def _build_page(body: str, skipped: int, shown: str) -> tuple[Page, list[str]]:
    builder = _Builder(shown)
    header: list[str] | None = None
    for number, line in _numbered_body(body, skipped):
        if not line.strip():
            header = None
            continue
        if match := _HEADING.match(line):
            header = None
            if _MARKER.search(match.group(2)):
                builder.complain(number, "見出しに出典を付けないでください")
            builder.heading(len(match.group(1)), _MARKER.sub("", match.group(2)).strip())
        elif line.lstrip().startswith("|"):
            if header is None:
                header = _cells(line)
            elif not _RULE_ROW.match(line):
                builder.row(number, header, _cells(line))
        else:
            header = None
            builder.prose(number, _BULLET.sub("", line, count=1))
    page = Page(
        number=1,
        text="".join(builder.pieces).rstrip("\n"),
        statements=tuple(builder.statements),
        headings=tuple(builder.headings),
    )
    return page, builder.problems


def _strings(value: object) -> tuple[str, ...] | None:
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return tuple(value)
    return None


def _years(value: object) -> tuple[int, ...] | None:
    if isinstance(value, list) and all(type(item) is int and 1989 <= item <= 2100 for item in value):
        return tuple(value)
    return None


def parse_digest(text: str, *, document_id: str, kind: Kind, shown: str) -> tuple[Digest | None, list[str]]:
    """Read one digest; returns it (None where its head cannot be read) and all mistakes as 「file:line: what」.

    ``shown`` is the path as a person knows it.  Whether the source ids exist is not
    checked here: the register is not known.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    head = re.match(r"---\n(.*?\n)---[ \t]*(?:\n|$)", text, re.S)
    if head is None:
        return None, [f"{shown}:1: 先頭に「---」で囲んだ見出し情報がありません"]
    try:
        front = read_yaml(head.group(1))
    except yaml.YAMLError as error:
        return None, [yaml_problem(shown, error)]
    if not isinstance(front, dict):
        return None, [f"{shown}:1: 見出し情報が空です"]
    problems = [
        f"{shown}:{line_of(text, str(key))}: 見出し情報の {key} は知らない項目です"
        for key in front
        if key not in _KNOWN_KEYS
    ]
    title, years, aliases = (
        front.get("title"),
        _years(front.get("fiscal_years", [])),
        _strings(front.get("aliases", [])),
    )
    grant = front.get("grant")
    if not isinstance(title, str) or not title.strip():
        problems.append(f"{shown}:{line_of(text, 'title')}: title がありません")
        title = document_id
    if years is None:
        problems.append(
            f"{shown}:{line_of(text, 'fiscal_years')}: fiscal_years は西暦の年度の並びにしてください"
        )
    if aliases is None:
        problems.append(f"{shown}:{line_of(text, 'aliases')}: aliases は言葉の並びにしてください")
    if grant is not None and not isinstance(grant, str):
        problems.append(f"{shown}:{line_of(text, 'grant')}: grant は制度のidにしてください")
        grant = None
    if not _ID.match(document_id):
        problems.append(f"{shown}:1: ファイル名は英小文字・数字とハイフンにしてください")
    page, found = _build_page(text[head.end() :], text.count("\n", 0, head.end()), shown)
    problems += found
    if not page.statements:
        problems.append(f"{shown}:1: 出典の付いた文が1つもありません")
    document = Document(
        id=document_id,
        title=title,
        kind=kind,
        pages=(page,),
        source_ids=tuple(dict.fromkeys(i for s in page.statements for i in s.source_ids)),
        fiscal_years=years or (),
        grant_id=grant,
        path=f"corpus/{shown}",
    )
    return Digest(document, aliases or ()), problems


def document_digest(document: Document) -> str:
    """sha256 (first 16 hex digits) of everything that a document says and how it is marked.

    Equal documents have equal digests on every machine, whatever the file's time stamp.
    """
    return hashlib.sha256(document.model_dump_json().encode()).hexdigest()[:16]
