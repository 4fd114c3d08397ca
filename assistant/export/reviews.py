"""A review to take along: Word with a footnote for every clause, HTML, Markdown and Excel.

All say the same: what was found where, what is missing and why, what the rule is, and what may be
written. A draft holds 【要記入：…】 where only the municipality knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assistant.domain import Clause, Outcome, PageQuote, Source
from assistant.export.differences import (
    CSS as DIFFERENCE_CSS,
)
from assistant.export.differences import (
    add_difference,
    add_difference_sheets,
    difference_html,
    difference_markdown,
)
from assistant.export.footnotes import NotedDocument, clean
from assistant.export.verdicts import note_of_clause
from assistant.japanese.calendar import wareki
from assistant.review.nouns import Kpi, Review, ReviewedItem

OUTCOME_WORDS: Final = {
    Outcome.NOT_MET: "見当たらない・不十分",
    Outcome.UNKNOWN: "判断できない",
    Outcome.MET: "記載あり",
}
KPI_HEAD: Final = ("ページ", "指標", "単位", "基準値", "基準年度", "目標値", "目標年度", "点検")
PRACTICE: Final = "この項目を求める出典は確認できていません（実務上の点検項目です）。"
_MOST_IN_CELL: Final = 32_000  # Excel holds 32,767 characters
_HEAD_FILL: Final = PatternFill("solid", fgColor="DCE8F0")
_CSS: Final = (
    "body{font-family:'Yu Gothic','Hiragino Sans','Noto Sans JP',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "line-height:1.7;color:#1a1a1a;background:#fff}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px solid #bbb;"
    "padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:#dce8f0}blockquote{border-left:4px solid #e0a800;margin:.5rem 0;"
    "padding:.2rem .8rem;background:#fff8e1;white-space:pre-wrap}.note{color:#444;font-size:.9rem}section{border-top:1px solid #ddd;"
    "padding:.5rem 0}@media print{body{max-width:none}}"
)


def by_outcome(review: Review) -> list[tuple[Outcome, list[ReviewedItem]]]:
    """Items grouped: what is missing first."""
    return [(o, found) for o in OUTCOME_WORDS if (found := [i for i in review.items if i.outcome is o])]


def clause_line(clause: Clause | None, sources: Mapping[str, Source]) -> str:
    """The clause in one line, or the sentence that no source on record asks for it."""
    return note_of_clause(clause, sources.get(clause.source_id)) if clause else PRACTICE


def kpi_row(kpi: Kpi) -> tuple[str, ...]:
    """One indicator as a row under ``KPI_HEAD``."""
    year = [wareki(y) if y else "" for y in (kpi.baseline_year, kpi.target_year)]
    verdict = " ".join(kpi.problems) or "問題は見つかりませんでした。"
    return (str(kpi.where.page), kpi.indicator, kpi.unit, kpi.baseline, year[0], kpi.target, year[1], verdict)


def title_of(review: Review) -> str:
    """The title of the report."""
    return f"点検結果: {review.file}（{review.target_name}）"


def _place(quote: PageQuote) -> str:
    return f"{quote.page}ページ"


def _reading(review: Review) -> list[str]:
    report = review.fidelity
    lines = [f"読み取れたページは{report.readable_pages}／{review.pages}ページです。"]
    return [*lines, *report.notes]


# ── Markdown ─────────────────────────────────────────────────────────────────


def _inline(text: str) -> str:
    """Text from the document so that Markdown shows it as it is."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~$" else c for c in line)


def review_markdown(review: Review, sources: Mapping[str, Source], *, today: date) -> str:
    """The review as Markdown."""
    out = [f"# {_inline(title_of(review))}", "", f"作成日: {today.isoformat()}", "", review.summary.text, ""]
    out += [f"- {_inline(line)}" for line in (*review.summary.cautions, *_reading(review))]
    for outcome, items in by_outcome(review):
        out += ["", f"## {OUTCOME_WORDS[outcome]}（{len(items)}件）"]
        for item in items:
            out += ["", f"### 点検項目: {item.requirement}", "", f"- 理由: {_inline(item.because)}"]
            out += [f"- {_place(quote)}: 「{_inline(quote.quote)}」" for quote in item.evidence]
            out.append(f"- 根拠: {_inline(clause_line(item.clause, sources))}")
            if item.advice:
                out.append(f"- 助言: {item.advice}")
            if item.draft:
                out.append(f"- 書き方の例: {item.draft}")
    if review.summary.kpis:
        out += ["", f"## 指標（{len(review.summary.kpis)}件）", ""]
        out += [f"| {' | '.join(KPI_HEAD)} |", f"|{' --- |' * len(KPI_HEAD)}"]
        out += [f"| {' | '.join(_inline(c) for c in kpi_row(kpi))} |" for kpi in review.summary.kpis]
    return "\n".join(out) + "\n"


# ── HTML ─────────────────────────────────────────────────────────────────────


def review_html(review: Review, sources: Mapping[str, Source], *, today: date) -> str:
    """The review as one HTML page that loads nothing from elsewhere."""
    out = [
        "<!doctype html><html lang='ja'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title_of(review))}</title><style>{_CSS}{DIFFERENCE_CSS}</style></head><body>",
        f"<h1>{escape(title_of(review))}</h1><p>作成日: {today.isoformat()}</p><p>{escape(review.summary.text)}</p><ul>",
    if review.difference:
        out += difference_markdown(review.difference, _inline)
    ]
    out += [f"<li>{escape(line)}</li>" for line in (*review.summary.cautions, *_reading(review))]
    out.append("</ul>")
    for outcome, items in by_outcome(review):
        out.append(f"<h2>{OUTCOME_WORDS[outcome]}（{len(items)}件）</h2>")
        for item in items:
            out.append(
                f"<section id='{escape(item.requirement_id)}'><h3>点検項目: {escape(item.requirement)}</h3><p>{escape(item.because)}</p>"
            )
            out += [f"<blockquote>{_place(q)}: {escape(q.quote)}</blockquote>" for q in item.evidence]
            out.append(f"<p class='note'>根拠: {escape(clause_line(item.clause, sources))}</p>")
            if item.advice:
                out.append(f"<p>助言: {escape(item.advice)}</p>")
            if item.draft:
                out.append(f"<p>書き方の例: {escape(item.draft)}</p>")
            out.append("</section>")
    if review.summary.kpis:
        out.append(f"<h2>指標（{len(review.summary.kpis)}件）</h2><table><tr>")
        out += [f"<th>{head}</th>" for head in KPI_HEAD]
        out.append("</tr>")
        for kpi in review.summary.kpis:
            out.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in kpi_row(kpi)) + "</tr>")
        out.append("</table>")
    out.append("</body></html>")
    return "\n".join(out)


# ── Word ─────────────────────────────────────────────────────────────────────


def review_docx(review: Review, sources: Mapping[str, Source], *, today: date) -> bytes:
    """The review as a Word file; each requirement bears its clause as a footnote."""
    document = NotedDocument(title_of(review))
    document.paragraph(f"作成日: {today.isoformat()}")
    document.paragraph(review.summary.text)
    for line in (*review.summary.cautions, *_reading(review)):
        document.paragraph(line, style="List Bullet")
    for outcome, items in by_outcome(review):
        document.heading(f"{OUTCOME_WORDS[outcome]}（{len(items)}件）")
        for item in items:
            document.paragraph(f"点検項目: {item.requirement}", [clause_line(item.clause, sources)])
            document.paragraph(f"理由: {item.because}", style="List Bullet")
            for quote in item.evidence:
                document.paragraph(f"{_place(quote)}: 「{quote.quote}」", style="List Bullet")
            if item.advice:
                document.paragraph(f"助言: {item.advice}", style="List Bullet")
            if item.draft:
                document.paragraph(f"書き方の例: {item.draft}", style="List Bullet")
    if review.summary.kpis:
        document.heading(f"指標（{len(review.summary.kpis)}件）")
        table = document.document.add_table(rows=1, cols=len(KPI_HEAD))
        table.style = "Table Grid"
        for cell, head in zip(table.rows[0].cells, KPI_HEAD, strict=True):
    if review.difference:
        out += difference_html(review.difference)
            cell.text = head
        for kpi in review.summary.kpis:
            for cell, value in zip(table.add_row().cells, kpi_row(kpi), strict=True):
                cell.text = clean(value)
    return document.to_bytes()


# ── Excel ────────────────────────────────────────────────────────────────────


def review_xlsx(review: Review, sources: Mapping[str, Source]) -> bytes:
    """The review as Excel: findings, KPIs, how the file was read."""
    book = Workbook()
    sheet = book.active
    sheet.title = "点検結果"
    rows = [
        (
            item.chapter,
            f"柱{item.pillar}" if item.pillar else "",
            item.requirement,
            OUTCOME_WORDS[item.outcome],
            item.because,
            "、".join(str(page) for page in sorted({q.page for q in item.evidence})),
            "\n".join(f"「{q.quote}」" for q in item.evidence),
            clause_line(item.clause, sources),
            item.advice,
            item.draft,
        )
        for item in review.items
    ]
    head = ("章", "5本柱", "要件", "結果", "理由", "ページ", "引用", "根拠", "助言", "書き方の例")
    _fill(sheet, head, rows, (18, 8, 44, 16, 44, 10, 60, 50, 44, 44))
    if review.summary.kpis:
        kpis = book.create_sheet("指標")
        _fill(kpis, KPI_HEAD, [kpi_row(kpi) for kpi in review.summary.kpis], (8, 40, 8, 12, 12, 12, 12, 40))
    notes = book.create_sheet("読み取り")
    lines = [review.summary.text, *review.summary.cautions, *_reading(review)]
    _fill(notes, ("説明",), [(line,) for line in lines], (100,))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for number, row in enumerate([head, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            cell.value = clean(value)[:_MOST_IN_CELL]
            cell.data_type = "s"  # text that begins with "=" stays text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
                cell.fill = _HEAD_FILL
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    if review.difference:
        add_difference(document, review.difference)
    if review.difference:
        add_difference_sheets(book, review.difference, _fill)
