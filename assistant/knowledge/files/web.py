"""HTML by the standard library's parser: nothing is fetched, nothing is run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from assistant.domain import Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files.building import PageText
from assistant.knowledge.files.encoding import decode
from assistant.knowledge.files.limits import Limits

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_\-]{3,20})""", re.I)
_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "select", "button", "rt", "rp", "iframe")
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "caption",
        "blockquote",
        "pre",
        "form",
        "fieldset",
        "figure",
        "figcaption",
        "address",
        "hr",
        "details",
        "summary",
        "body",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_CELLS = ("td", "th")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_ENOUGH = 200  # characters within <main> from which on the rest of the page is left out
_WITHOUT_END = frozenset(("br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source"))


def read_html(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str], str]:
    """The page's text with headings and tables as rows, and its title.

    :raises FileUnreadable: no text in it.
    """
    content = path.read_bytes()
    declared = _CHARSET.search(content[:4096])
    text = decode(content, name, declared[1].decode("ascii") if declared else None)
    for only_main in (True, False):
        parser = _Parser(only_main)
        parser.feed(text)
        parser.close()
        parser.flush()
        if len(parser.page) >= _ENOUGH or not only_main:
            break
    if not len(parser.page):
        raise FileUnreadable(
            name, "HTMLの中に文字がありません。", "ページの内容が表示されるファイルか確かめてください。"
        )
    page, fidelity = parser.page.page(1, "本文", "html")
    return [page], [fidelity], [], " ".join(parser.title.split())


class _Parser(HTMLParser):
    def __init__(self, only_main: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageText()
        self.title = ""
        self._open: list[str] = []
        self._line: list[str] = []
        self._rows: list[list[str]] | None = None
        self._cell: list[str] | None = None
        self._only_main = only_main

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and self._cell is None:
            self.flush()
        if tag == "br":
            self._put("\n")
        elif tag == "li":
            self._put("・")
        elif tag == "table" and self._rows is None:
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._end_cell()
            self._rows.append([])
        elif tag in _CELLS and self._rows is not None:
            self._end_cell()
            self._cell = []
        elif tag in _BLOCKS and self._cell is not None:
            self._cell.append(" ")
        if tag not in _WITHOUT_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS:
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            if self._rows is not None and self._open.count("table") <= 1:
                rows, self._rows = self._rows, None
                if self._wanted():
                    self.page.add_rows(rows)
        elif tag in _BLOCKS and self._cell is None:
            self.flush()
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif "head" not in self._open or "body" in self._open:
            self._put(data if "pre" in self._open else _SPACE.sub(" ", data))

    def flush(self) -> None:
        """End the block that is being collected."""
        text = "".join(self._line).strip()
        self._line.clear()
        if not text.strip("・ \n"):
            return
        heading = next((int(tag[1]) for tag in reversed(self._open) if re.fullmatch("h[1-6]", tag)), None)
        self.page.add("\n".join(line.strip() for line in text.split("\n")), heading=heading)

    def _put(self, data: str) -> None:
        if not self._wanted() or not _DROPPED.isdisjoint(self._open):
            return
        (self._line if self._cell is None else self._cell).append(data)

    def _wanted(self) -> bool:
        return not self._only_main or "main" in self._open or "article" in self._open

    def _end_cell(self) -> None:
        if self._cell is not None and self._rows is not None:
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append("".join(self._cell))
        self._cell = None
