"""The synthetic strategies as files: Word, Excel and PDF in one or two columns or as slides."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

FONT = Path("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf")


@dataclass
class Plan:
    """One plan: its lines in order and its labels."""

    name: str
    layout: str
    held_out: bool
    lines: list[tuple[str, str, object]] = field(default_factory=list)  # kind, key, text or table
    labels: dict[str, str] = field(default_factory=dict)  # requirement → met | absent | decoy | unknown
    pages: dict[str, int] = field(default_factory=dict)  # requirement → page of its sentence
    kpis: list[tuple[str, str, str, int | None, str, int | None]] = field(default_factory=list)
    path: Path | None = None
    scanned: bool = False


def table_rows(cells: list[tuple[str, str, str, str]], form: int, undated: bool) -> list[list[str]]:
    """A KPI table in one of three forms."""
    base, target = ("基準値", "目標値") if undated else ("基準値（令和6年度）", "目標値（令和11年度）")
    if form == 0:
        return [["指標（KPI）", "単位", base, target], *[list(c) for c in cells]]
    if form == 1:
        marks = ("", "") if undated else ("（R6）", "（R11）")
        joined = [
            [
                n,
                b if b == "－" else f"{b}{'' if u == '－' else u}{marks[0]}",
                f"{t}{'' if u == '－' else u}{marks[1]}",
            ]
            for n, u, b, t in cells
        ]
        return [["重要業績評価指標", "現状値", "目標値"], *joined]
    return [
        ["KPI", base, target, "担当課"],
        *[[f"{n}（{u}）" if u != "－" else n, b, t, "企画課"] for n, u, b, t in cells],
    ]


def write_docx(plan: Plan, folder: Path) -> None:
    from docx import Document

    document = Document()
    for kind, key, content in plan.lines:
        if kind in ("title", "h1", "h2", "h3"):
            document.add_heading(str(content), level={"title": 0, "h1": 1, "h2": 2, "h3": 3}[kind])
        elif kind == "table":
            rows = table_rows(*content)  # type: ignore[misc]
            table = document.add_table(rows=len(rows), cols=len(rows[0]))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif kind in ("p", "contents"):
            document.add_paragraph(str(content))
        plan.pages[key] = 1
    plan.path = folder / f"{plan.name}.docx"
    document.save(plan.path)


def write_xlsx(plan: Plan, folder: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "本文"
    for kind, key, content in plan.lines:
        if kind == "table":
            for row in table_rows(*content):  # type: ignore[misc]
                sheet.append(row)
        elif kind not in ("break", "scan"):
            if kind == "h1" and content != "目次":
                sheet = book.create_sheet(str(content)[:20])
            sheet.append([str(content)])
        plan.pages.setdefault(key, len(book.sheetnames))
    plan.path = folder / f"{plan.name}.xlsx"
    book.save(plan.path)


def write_pdf(plan: Plan, folder: Path) -> None:
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        Image,
        PageBreak,
        PageTemplate,
        Paragraph,
        Spacer,
        Table,
        TableStyle,
    )

    font = "HeiseiKakuGo-W5"
    if FONT.is_file():
        font = "IPAexGothic"
        pdfmetrics.registerFont(TTFont(font, str(FONT)))
    else:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    slides, two = plan.layout.startswith("slides"), plan.layout == "two-columns"
    width, height = landscape(A4) if slides else A4
    size = 16 if slides else 10.5

    class Doc(BaseDocTemplate):
        def afterFlowable(self, flowable):
            for key in getattr(flowable, "keys", ()):
                plan.pages.setdefault(key, self.page)

    def style(scale: float) -> ParagraphStyle:
        return ParagraphStyle(
            "s",
            fontName=font,
            fontSize=size * scale,
            leading=size * scale * 1.6,
            wordWrap="CJK",
            spaceAfter=4,
        )

    plan.path = folder / f"{plan.name}.pdf"
    document = Doc(str(plan.path), pagesize=(width, height))
    column = (width - 120) / 2 if two else width - 110
    frames = [
        Frame(50 + i * (column + 20), 60, column, height - 120, id=str(i)) for i in range(2 if two else 1)
    ]

    def number(canvas, doc):
        canvas.setFont(font, 9)
        canvas.drawCentredString(width / 2, 30, str(doc.page))

    document.addPageTemplates([PageTemplate(id="all", frames=frames, onPage=number)])
    story = []
    scales = {"title": 1.8, "h1": 1.4, "h2": 1.2, "h3": 1.1, "p": 1.0, "contents": 1.0}
    for kind, key, content in plan.lines:
        if kind == "break" or (slides and kind == "h2"):
            story.append(PageBreak())
        if kind == "scan":
            story += [PageBreak(), Image(_scan(), column * 0.95, height * 0.7), PageBreak()]
        elif kind == "table":
            rows = content if isinstance(content, list) else table_rows(*content)  # type: ignore[misc]
            small = ParagraphStyle("t", fontName=font, fontSize=size * 0.8, leading=size, wordWrap="CJK")
            shares = [0.46] + [0.54 / (len(rows[0]) - 1)] * (len(rows[0]) - 1)
            grid = Table(
                [[Paragraph(c, small) for c in row] for row in rows],
                colWidths=[column * 0.96 * s for s in shares],
            )
            grid.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]))
            grid.keys = (key,)
            story += [grid, Spacer(1, 8)]
        elif kind in scales:
            text = str(content)
            if slides and kind == "p" and not text.startswith("・"):
                text = f"・{text}"
            paragraph = Paragraph(text, style(scales[kind]))
            paragraph.keys = (key,)
            story.append(paragraph)
    document.build(story)


def _scan() -> io.BytesIO:
    """A page that is only a picture."""
    from PIL import Image as Picture
    from PIL import ImageDraw

    picture = Picture.new("L", (800, 1000), 235)
    pen = ImageDraw.Draw(picture)
    for y in range(60, 940, 30):
        pen.line((60, y, 740, y), fill=60, width=8)
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out
