"""Files made on the spot: sound ones, and one for each fault that real files have."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

GOTHIC = "HeiseiKakuGo-W5"


class Pdf:
    """Writes PDFs with Japanese CID fonts (not embedded, like many files of town halls)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        pdfmetrics.registerFont(UnicodeCIDFont(GOTHIC))

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(
        self, name: str, pages: list[list[str]], *, password: str | None = None, twice: bool = False
    ) -> Path:
        encrypt = (
            None
            if password is None
            else pdfencrypt.StandardEncryption(password, ownerPassword="owner", strength=128)
        )
        canvas = Canvas(str(self.path(name)), encrypt=encrypt)
        for lines in pages:
            canvas.setFont(GOTHIC, 12)
            for i, line in enumerate(lines):
                canvas.drawString(72, 760 - 20 * i, line)
                if twice:
                    canvas.drawString(72.3, 760 - 20 * i, line)
            canvas.showPage()
        canvas.save()
        return self.path(name)

    def vertical(self, name: str, columns: list[str]) -> Path:
        """Characters set one below the other, columns from right to left."""
        canvas = Canvas(str(self.path(name)))
        canvas.setFont(GOTHIC, 12)
        for c, column in enumerate(columns):
            for i, character in enumerate(column):
                canvas.drawString(500 - 30 * c, 760 - 14 * i, character)
        canvas.save()
        return self.path(name)

    def scan(self, name: str, text_page: str | None = None) -> Path:
        """A page that is one picture; before it, where given, a page with text."""
        canvas = Canvas(str(self.path(name)))
        if text_page:
            canvas.setFont(GOTHIC, 12)
            canvas.drawString(72, 760, text_page)
            canvas.showPage()
        picture = Image.effect_noise((60, 80), 40)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(300, 20, "- 2 -")
        canvas.save()
        return self.path(name)

    def drawn(self, name: str) -> Path:
        """Letters as shapes: many paths, no text."""
        canvas = Canvas(str(self.path(name)))
        for i in range(120):
            canvas.line(72 + i, 700, 74 + i, 710 + i % 7)
        canvas.save()
        return self.path(name)

    def raw(self, name: str, font: str, content: bytes, extra: list[str] | None = None) -> Path:
        """A one-page PDF with a hand-written font object."""
        objects = [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
            font.encode("ascii"),
            *(text.encode("ascii") for text in extra or []),
        ]
        out = io.BytesIO(b"%PDF-1.5\n")
        out.seek(0, io.SEEK_END)
        offsets = []
        for number, body in enumerate(objects, start=1):
            offsets.append(out.tell())
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        xref = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        for offset in offsets:
            out.write(b"%010d 00000 n \n" % offset)
        out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, xref))
        self.path(name).write_bytes(out.getvalue())
        return self.path(name)

    def without_tounicode(self, name: str, ordering: str, codes: list[int]) -> Path:
        """Identity-H text without a ToUnicode map; ``ordering`` Japan1 can be known from the CIDs."""
        shown = "".join(f"{code:04X}" for code in codes)
        return self.raw(
            name,
            "<< /Type /Font /Subtype /Type0 /BaseFont /Nameless /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
            f"BT /F1 12 Tf 72 700 Td <{shown}> Tj ET".encode("ascii"),
            [
                "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Nameless /DW 1000 "
                f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> "
                "/FontDescriptor 7 0 R >>",
                "<< /Type /FontDescriptor /FontName /Nameless /Flags 4 /FontBBox [0 0 1000 1000] "
                "/ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
            ],
        )

    def type3(self, name: str, glyphs: int) -> Path:
        """A Type3 font whose glyph names say nothing."""
        names = " ".join(f"/edGj{i}" for i in range(glyphs))
        procs = " ".join(f"/edGj{i} 6 0 R" for i in range(glyphs))
        shape = "1000 0 0 0 750 750 d1 0 0 750 750 re f"
        shown = "".join(f"{33 + i:02X}" for i in range(glyphs))
        return self.raw(
            name,
            f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] "
            f"/CharProcs << {procs} >> /Encoding << /Type /Encoding /Differences [33 {names}] >> "
            f"/FirstChar 33 /LastChar {32 + glyphs} /Widths [{'1000 ' * glyphs}] >>",
            f"BT /F1 12 Tf 72 700 Td <{shown}> Tj ET".encode("ascii"),
            [f"<< /Length {len(shape)} >>\nstream\n{shape}\nendstream"],
        )


@pytest.fixture
def pdf(tmp_path: Path) -> Pdf:
    return Pdf(tmp_path)


@pytest.fixture
def zipped(tmp_path: Path):
    """Writes a zip archive of the given entries."""

    def write(name: str, entries: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", compression) as archive:
            for entry, content in entries.items():
                archive.writestr(entry, content)
        return path

    return write
