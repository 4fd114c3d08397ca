"""Real Word footnotes, which python-docx does not write itself (ECMA-376 Part 1, §17.11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINK = RGBColor(0x0B, 0x57, 0x9F)
_FIRST = 2  # 0 and 1 are the separators that Word requires
_ILLEGAL = {c: None for c in range(32) if c not in (9, 10, 13)}


def _bookmark(number: int) -> str:
    return f"_Note{number}"


def clean(text: str) -> str:
    """``text`` without the control characters that XML cannot hold."""
    return text.translate(_ILLEGAL)


class NotedDocument:
    """A Word document with footnotes."""

    def __init__(self, title: str) -> None:
        self.document: Any = Document()
        self._notes: list[str] = []
        style = self.document.styles["Normal"]
        style.font.name = "Yu Gothic"
        style.font.size = Pt(10.5)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Yu Gothic")
        self.document.core_properties.title = clean(title)
        self.document.core_properties.author = "地方創生アシスタント"
        self.document.add_heading(clean(title), level=1)

    def paragraph(self, text: str, notes: list[str] | None = None, *, style: str | None = None) -> None:
        """A paragraph, with a footnote mark after it for each of ``notes``."""
        self.sentences([(text, notes or ())], style=style)

    def sentences(
        self, parts: Iterable[tuple[str, Sequence[str]]], *, label: str = "", style: str | None = None
    ) -> None:
        """One paragraph of sentences, each with its own footnotes; ``label`` stands before them in bold."""
        paragraph = self.document.add_paragraph(style=style)
        if label:
            paragraph.add_run(clean(label)).bold = True
        self._write(paragraph, parts)

    def table(
        self, heads: Sequence[str], rows: Iterable[Sequence[Iterable[tuple[str, Sequence[str]]]]]
    ) -> None:
        """A table; each cell holds sentences with their own footnotes."""
        table = self.document.add_table(rows=1, cols=len(heads), style="Table Grid")
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(clean(head)).bold = True
        for row in rows:
            for cell, parts in zip(table.add_row().cells, row, strict=True):
                self._write(cell.paragraphs[0], parts)

    def _write(self, paragraph: Any, parts: Iterable[tuple[str, Sequence[str]]]) -> None:
        for text, notes in parts:
            paragraph.add_run(clean(text))
            for place, note in enumerate(notes):
                if place:
                    paragraph.add_run(" ")
                self._mark(paragraph, note)

    def linked(self, text: str, address: str, rest: str, *, style: str | None = None) -> None:
        """A paragraph that begins with a link: ``address`` may end in 「#page=5」. Without one it is plain text."""
        paragraph = self.document.add_paragraph(style=style)
        if not address:
            paragraph.add_run(clean(text + rest))
            return
        file, _, place = address.partition("#")
        link = OxmlElement("w:hyperlink")
        link.set(
            qn("r:id"), self.document.part.relate_to(file, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        )
        if place:
            link.set(qn("w:anchor"), place)
        run = paragraph.add_run(clean(text))
        run.font.underline = True
        run.font.color.rgb = _LINK
        link.append(run._r)
        paragraph._p.append(link)
        paragraph.add_run(clean(rest))

    def heading(self, text: str, level: int = 2) -> None:
        """A heading."""
        self.document.add_heading(clean(text), level=level)

    def _mark(self, paragraph: Any, note: str) -> None:
        """A footnote; where the document has it already, a reference to its number (Word wants each once)."""
        if note in self._notes:
            number = self._notes.index(note) + 1
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), f" NOTEREF {_bookmark(number)} \\f \\h ")
            run = paragraph.add_run(str(number))
            run.font.superscript = True
            field.append(run._r)
            paragraph._p.append(field)
            return
        self._notes.append(note)
        number = len(self._notes)
        run = paragraph.add_run()
        run.font.superscript = True
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number - 1 + _FIRST))
        run._r.append(reference)
        for tag, name in (("w:bookmarkStart", _bookmark(number)), ("w:bookmarkEnd", "")):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(number))
            if name:
                mark.set(qn("w:name"), name)
                run._r.addprevious(mark)
            else:
                run._r.addnext(mark)

    def to_bytes(self) -> bytes:
        """The finished .docx."""
        if self._notes:
            part = Part(
                PackURI("/word/footnotes.xml"),
                _TYPE,
                self._footnotes().encode("utf-8"),
                self.document.part.package,
            )
            self.document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
            self._notes = []
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _footnotes(self) -> str:
        body = [
            '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>',
            '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>',
        ]
        for number, note in enumerate(self._notes, _FIRST):
            body.append(
                f'<w:footnote w:id="{number}"><w:p><w:pPr><w:spacing w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
                f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {escape(clean(note))}</w:t></w:r></w:p></w:footnote>'
            )
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{_NS}">{"".join(body)}</w:footnotes>'
