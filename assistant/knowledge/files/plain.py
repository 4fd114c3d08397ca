"""Plain text, CSV, Markdown, and BEIR's JSON lines."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.domain import Document, Kind, Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files.building import PageText
from assistant.knowledge.files.encoding import decode
from assistant.knowledge.files.fidelity import mark_holes, mend
from assistant.knowledge.files.limits import Limits

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.S)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.M)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_RULE_ROW = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_IMAGE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can name half a character
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def read_text(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """The whole text as one page.

    :raises FileUnreadable: unknown encoding, or not a text.
    """
    page = PageText()
    page.add(_limited(decode(path.read_bytes(), name), name, limits))
    built, fidelity = page.page(1, "本文", "txt")
    return [built], [fidelity], []


def read_csv(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """A table as one page, one line per row; commas or tabs, whichever the first line has more of.

    :raises FileUnreadable: unknown encoding, or not a table.
    """
    text = _limited(decode(path.read_bytes(), name), name, limits)
    first = text.split("\n", 1)[0]
    page = PageText()
    try:
        table = csv.reader(
            io.StringIO(text, newline=""), delimiter="\t" if first.count("\t") > first.count(",") else ","
        )
        rows = list(itertools.islice(table, limits.rows + 1))
    except csv.Error as error:
        raise FileUnreadable(
            name, "CSVの形が壊れています。", "表計算ソフトで開いて保存し直してください。"
        ) from error
    page.add_rows(rows[: limits.rows])
    built, fidelity = page.page(1, "表", "csv")
    notes = [f"先頭の{limits.rows:,}行だけを読み取りました。"] if len(rows) > limits.rows else []
    return [built], [fidelity], notes


def read_markdown(
    path: Path, name: str, limits: Limits
) -> tuple[list[Page], list[PageFidelity], list[str], str]:
    """The text without its markup (heading marks, links, emphasis); headings are kept as such.

    :raises FileUnreadable: unknown encoding, or not a text.
    """
    text = _limited(decode(path.read_bytes(), name), name, limits).replace("\r\n", "\n")
    title = ""
    if front := _FRONT.match(text):
        named = _TITLE.search(front[1])
        title = named[1] if named else ""
        text = text[front.end() :]
    text = _COMMENT.sub("", text)
    page = PageText()
    block: list[str] = []
    fenced = False

    def finish() -> None:
        if block:
            page.add("\n".join(block), apart=True)
            block.clear()

    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        if fenced:
            block.append(line)
            continue
        if match := _HEADING.match(line):
            finish()
            page.add(_inline(match[2]), heading=len(match[1]))
            title = title or (_inline(match[2]) if len(match[1]) == 1 else "")
        elif not line.strip():
            finish()
        elif not _RULE_ROW.match(line):
            block.append(_inline(line))
    finish()
    built, fidelity = page.page(1, "本文", "md")
    return [built], [fidelity], [], title


def _inline(line: str) -> str:
    return _STRONG.sub(r"\2", _LINK.sub(r"\1", _IMAGE.sub(r"\1", line)))


def _limited(text: str, name: str, limits: Limits) -> str:
    if len(text) > limits.characters:
        raise FileUnreadable(
            name, f"文字数が上限（{limits.characters:,}字）を超えています。", "ファイルを分けてください。"
        )
    return text


def read_beir(path: Path, name: str | None = None) -> Iterator[Document]:
    """Documents of a BEIR corpus file, one a line (``_id``, ``text``, and ``title`` if any), streaming.

    :raises FileUnreadable: a line is not such an object; the message names the line.
    """
    shown = name or path.name
    remedy = '各行を {"_id": "…", "title": "…", "text": "…"} の形にしてください。'
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.strip():
                    continue
                try:
                    fields = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise FileUnreadable(shown, f"{number}行目がJSONではありません。", remedy) from error
                if not isinstance(fields, dict) or not str(fields.get("_id") or "") or "text" not in fields:
                    raise FileUnreadable(shown, f"{number}行目に _id と text がありません。", remedy)
                yield _beir_document(fields)
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            shown, "文字コードがUTF-8ではありません。", "UTF-8で保存し直してください。"
        ) from error
    except OSError as error:
        raise FileUnreadable(shown, "ファイルを開けません。", "場所と権限を確かめてください。") from error


def _beir_document(fields: dict[str, object]) -> Document:
    identifier = str(fields["_id"])
    title = _SURROGATE.sub("〓", str(fields.get("title") or ""))
    text = _SURROGATE.sub("〓", str(fields["text"] or "")) or title
    return Document(
        id=_SURROGATE.sub("〓", identifier),
        title=title or identifier,
        kind=Kind.OTHER,
        pages=(Page(number=1, text=text),),
    )


def read_beir_pages(
    path: Path, name: str, limits: Limits
) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """The same file as one document, one page a line, for those who upload it.

    :raises FileUnreadable: as ``read_beir``, or too much text.
    """
    pages: list[Page] = []
    found: list[PageFidelity] = []
    total = 0
    for number, document in enumerate(read_beir(path, name), start=1):
        (page,) = document.pages
        text = mark_holes(mend(page.text))
        total += len(text)
        if total > limits.characters:
            raise FileUnreadable(name, f"文字数が上限（{limits.characters:,}字）を超えています。")
        pages.append(Page(number=number, text=text, locator=f"{number}件目（{document.id}）"))
        found.append(PageFidelity(page=number, characters=len("".join(text.split())), reader="jsonl"))
    if not pages:
        raise FileUnreadable(name, "文書が一件もありません。")
    return pages, found, []
