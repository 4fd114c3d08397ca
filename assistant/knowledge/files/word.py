"""Word (.docx): paragraphs, headings, tables as rows, text boxes and content controls.

Read from the XML rather than through python-docx, whose paragraphs leave out content
controls, text boxes and tracked insertions, all common in municipal forms.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from assistant.domain import Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files.building import PageText
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.xml import member, parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIP = {
    _W + "del",
    _W + "moveFrom",
    _W + "instrText",
    _W + "rt",  # ruby: the base text alone is the text
    _W + "pPr",
    _W + "rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_ONE_PAGE = 2_000  # characters that a page of A4 hardly holds
_HEADING_NAME = re.compile(r"(?:heading|見出し|表題|title|subtitle|副題)\s*([1-9])?", re.I)


def read_docx(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """The document with its headings, cut where Word's last layout began a page.

    Word notes these places when it saves (``lastRenderedPageBreak``, ECMA-376 Part 1, 17.3.3.13). A file of another
    program has none: it is one page, and a note says so. A paragraph stays whole on the page where it begins.

    :raises FileUnreadable: broken, or hostile XML.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            styles = _heading_styles(archive, name, limits)
            body = parse_xml(member(archive, "word/document.xml", limits), name).find(_W + "body")
            notes = [
                parse_xml(member(archive, part, limits), name)
                for part in ("word/footnotes.xml", "word/endnotes.xml")
                if part in archive.namelist()
            ]
            macros = any(entry.endswith("vbaProject.bin") for entry in archive.namelist())
    except (KeyError, zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise FileUnreadable(
            name, "Word文書が壊れています。", "元のファイルを取り直してください。"
        ) from error
    pages = _Pages()
    if body is not None:
        _walk(body, pages, styles)
    for part in notes:
        for note in part:
            if note.get(_W + "type") is None:
                pages.now.add("".join(_paragraph_text(p, []) for p in note.iter(_W + "p")))
    built = pages.built()
    said = ["マクロは無視しました。"] if macros else []
    if len(built) == 1 and len(built[0][0].text) > _ONE_PAGE:
        said.append(
            "このWord文書にはページの区切りの記録がないため、全体を1ページとして示します。Wordで開いて保存し直すと、ページごとに示せます。"
        )
    return [page for page, _ in built], [fidelity for _, fidelity in built], said


class _Pages:
    """The pages of a document as they fill."""

    def __init__(self) -> None:
        self.all = [PageText()]

    @property
    def now(self) -> PageText:
        return self.all[-1]

    def turn(self) -> None:
        self.all.append(PageText())

    def built(self) -> list[tuple[Page, PageFidelity]]:
        alone = len(self.all) == 1
        return [
            text.page(number, "本文" if alone else f"{number}ページ", "docx")
            for number, text in enumerate(self.all, start=1)
        ]


def _heading_styles(archive: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, int]:
    """Style id → heading depth from 1."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    depth_by_style: dict[str, int] = {}
    parent_by_style: dict[str, str] = {}
    for style in parse_xml(member(archive, "word/styles.xml", limits), name).iter(_W + "style"):
        style_id = style.get(_W + "styleId", "")
        named = style.find(_W + "name")
        title = named.get(_W + "val", "") if named is not None else ""
        level = style.find(f"{_W}pPr/{_W}outlineLvl")
        based = style.find(_W + "basedOn")
        if based is not None:
            parent_by_style[style_id] = based.get(_W + "val", "")
        if match := _HEADING_NAME.fullmatch(title.strip()):
            depth_by_style[style_id] = int(match[1] or 1)
        elif (
            level is not None and level.get(_W + "val", "9").isdigit() and int(level.get(_W + "val", "9")) < 9
        ):
            depth_by_style[style_id] = int(level.get(_W + "val", "0")) + 1
    for style_id, parent in parent_by_style.items():
        if style_id not in depth_by_style and parent in depth_by_style:
            depth_by_style[style_id] = depth_by_style[parent]
    return depth_by_style


def _walk(parent: Element, pages: _Pages, styles: dict[str, int]) -> None:
    for child in parent:
        if child.tag == _W + "p":
            before, turns = _turns(child)
            for _ in range(before):
                pages.turn()
            boxes: list[Element] = []
            text = _paragraph_text(child, boxes)
            pages.now.add(text, heading=_depth(child, styles) if text.strip() else None)
            for box in boxes:
                _walk(box, pages, styles)
            for _ in range(turns):
                pages.turn()
        elif child.tag == _W + "tbl":
            _walk_table(child, pages)
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "moveTo", _W + "customXml"):
            _walk(child, pages, styles)


def _walk_table(table: Element, pages: _Pages) -> None:
    rows: list[list[str]] = []
    for row, cells in _rows(table):
        before, turns = _turns(row)
        if before:
            pages.now.add_rows(rows)
            rows = []
            for _ in range(before):
                pages.turn()
        rows.append(cells)
        if turns:
            pages.now.add_rows(rows)
            rows = []
            for _ in range(turns):
                pages.turn()
    pages.now.add_rows(rows)


def _turns(element: Element) -> tuple[int, int]:
    """How many pages Word began before the first word of a paragraph or row, and how many within it.

    Cells of a row that runs on stand side by side, so of each row the cell with most turns counts.
    """
    columns = list(_direct(element, _W + "tc")) or [element]
    before = turns = 0
    for column in columns:
        words = False
        ahead = within = 0
        for part in column.iter():
            if part.tag == _W + "t" and (part.text or "").strip():
                words = True
            elif part.tag == _W + "lastRenderedPageBreak":
                if words:
                    within += 1
                else:
                    ahead += 1
        before, turns = max(before, ahead), max(turns, within)
    return before, turns


def _depth(paragraph: Element, styles: dict[str, int]) -> int | None:
    level = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
    if level is not None and level.get(_W + "val", "9") in "012345678":
        return int(level.get(_W + "val", "0")) + 1
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return styles.get(style.get(_W + "val", "")) if style is not None else None


def _rows(table: Element) -> Iterator[tuple[Element, list[str]]]:
    for row in _direct(table, _W + "tr"):
        cells = []
        for cell in _direct(row, _W + "tc"):
            boxes: list[Element] = []
            lines = [_paragraph_text(p, boxes) for p in cell.iter(_W + "p")]
            cells.append(" ".join(line for line in lines if line.strip()))
        yield row, cells


def _direct(parent: Element, tag: str) -> Iterator[Element]:
    """Children of that tag, looking through content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _direct(child, tag)


def _paragraph_text(element: Element, boxes: list[Element]) -> str:
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIP:
            continue
        if child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag == _W + "t":
            parts.append(child.text or "")
        elif child.tag == _W + "tab":
            parts.append("\t")
        elif child.tag in (_W + "br", _W + "cr"):
            parts.append("\n")
        elif child.tag == _W + "noBreakHyphen":
            parts.append("-")
        else:
            parts.append(_paragraph_text(child, boxes))
    return "".join(parts)
