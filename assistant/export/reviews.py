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
from openpyxl.worksheet.hyperlink import Hyperlink

from assistant.domain import Case, Clause, Outcome, PageQuote, Source
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
from assistant.export.picture import picture_html, places_html
from assistant.export.review_help import GRANTS_NOTE, HelpLine, PageLinks, help_lines
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
_NO_CASES: Final[Mapping[str, Case]] = {}
_LINK_FONT: Final = Font(color="0B579F", underline="single")
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


def _reading(review: Review, links: PageLinks | None = None) -> list[str]:
    report = review.fidelity
    lines = [f"読み取れたページは{report.readable_pages}／{review.pages}ページです。"]
    return [*lines, *report.notes, *([links.note] if links and links.file else [])]


# ── Markdown ─────────────────────────────────────────────────────────────────


def _inline(text: str) -> str:
    """Text from the document so that Markdown shows it as it is."""
    line = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+!|~$" else c for c in line)


def review_markdown(
    review: Review,
    sources: Mapping[str, Source],
    *,
    today: date,
    cases: Mapping[str, Case] = _NO_CASES,
) -> str:
    """The review as Markdown; ``cases`` by id."""
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
            for line in help_lines(item, cases, sources):
                out.append(f"- {_inline(line.text)}")
                out += [f"    - {_inline(note)}" for note in line.notes]
    if review.summary.kpis:
        out += ["", f"## 指標（{len(review.summary.kpis)}件）", ""]
        out += [f"| {' | '.join(KPI_HEAD)} |", f"|{' --- |' * len(KPI_HEAD)}"]
        out += [f"| {' | '.join(_inline(c) for c in kpi_row(kpi))} |" for kpi in review.summary.kpis]
    if review.difference:
        out += difference_markdown(review.difference, _inline)
    return "\n".join(out) + "\n"


# ── HTML ─────────────────────────────────────────────────────────────────────


def review_html(
    review: Review,
    sources: Mapping[str, Source],
    *,
    today: date,
    cases: Mapping[str, Case] = _NO_CASES,
    links: PageLinks | None = None,
) -> str:
    """The review as one HTML page that loads nothing from elsewhere.

    ``cases`` by id; ``links``: where the reviewed file lies (beside the page if not told).
    """
    links = links or PageLinks.beside(review.file)
    out = [
        "<!doctype html><html lang='ja'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title_of(review))}</title><style>{_CSS}{DIFFERENCE_CSS}</style></head><body>",
        f"<h1>{escape(title_of(review))}</h1><p>作成日: {today.isoformat()}</p><p>{escape(review.summary.text)}</p><ul>",
    ]
    out += [f"<li>{escape(line)}</li>" for line in (*review.summary.cautions, *_reading(review, links))]
    out.append("</ul>")
    out += picture_html(review)
    for outcome, items in by_outcome(review):
        out.append(f"<h2>{OUTCOME_WORDS[outcome]}（{len(items)}件）</h2>")
        for item in items:
            out.append(
                f"<section id='{escape(item.requirement_id)}'><h3>点検項目: {escape(item.requirement)}</h3><p>{escape(item.because)}</p>"
            )
            out += [
                f"<blockquote>{_anchor(_place(q), links.to(q.page))}: {escape(q.quote)}</blockquote>"
                for q in item.evidence
            ]
            out.append(f"<p class='note'>根拠: {escape(clause_line(item.clause, sources))}</p>")
            if item.advice:
                out.append(f"<p>助言: {escape(item.advice)}</p>")
            if item.draft:
                out.append(f"<p>書き方の例: {escape(item.draft)}</p>")
            out += _help_html(help_lines(item, cases, sources))
            out.append("</section>")
    if review.summary.kpis:
        out.append(f"<h2>指標（{len(review.summary.kpis)}件）</h2><table><tr>")
        out += [f"<th>{head}</th>" for head in KPI_HEAD]
        out.append("</tr>")
        for kpi in review.summary.kpis:
            page, *rest = kpi_row(kpi)
            first = f"<td>{_anchor(page, links.to(kpi.where.page))}</td>"
            out.append(f"<tr>{first}{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>")
        out.append("</table>")
    out += places_html(review)
    if review.difference:
        out += difference_html(review.difference)
    out.append("</body></html>")
    return "\n".join(out)


def _anchor(text: str, address: str) -> str:
    """A link that opens beside the report; plain text without an address."""
    if not address:
        return escape(text)
    return f"<a href='{escape(address)}' target='_blank' rel='noopener noreferrer'>{escape(text)}</a>"


def _help_html(lines: Sequence[HelpLine]) -> list[str]:
    if not lines:
        return []
    out = ["<p>事例と交付金</p><ul>"]
    for line in lines:
        told = "、".join(
            f"【{escape(s.level)}】{_anchor(f'{s.publisher}「{s.title}」', s.url if s.url.startswith('http') else '')}"
            for s in line.sources
        )
        out.append(f"<li>{escape(line.text)}<br><span class='note'>出典: {told}</span></li>")
    return [*out, f"</ul><p class='note'>{GRANTS_NOTE}</p>"]


# ── Word ─────────────────────────────────────────────────────────────────────


def review_docx(
    review: Review,
    sources: Mapping[str, Source],
    *,
    today: date,
    cases: Mapping[str, Case] = _NO_CASES,
    links: PageLinks | None = None,
) -> bytes:
    """The review as a Word file; each requirement bears its clause as a footnote; else as ``review_html``."""
    links = links or PageLinks.beside(review.file)
    document = NotedDocument(title_of(review))
    document.paragraph(f"作成日: {today.isoformat()}")
    document.paragraph(review.summary.text)
    for line in (*review.summary.cautions, *_reading(review, links)):
        document.paragraph(line, style="List Bullet")
    for outcome, items in by_outcome(review):
        document.heading(f"{OUTCOME_WORDS[outcome]}（{len(items)}件）")
        for item in items:
            document.paragraph(f"点検項目: {item.requirement}", [clause_line(item.clause, sources)])
            document.paragraph(f"理由: {item.because}", style="List Bullet")
            for quote in item.evidence:
                document.linked(
                    _place(quote), links.to(quote.page), f": 「{quote.quote}」", style="List Bullet"
                )
            if item.advice:
                document.paragraph(f"助言: {item.advice}", style="List Bullet")
            if item.draft:
                document.paragraph(f"書き方の例: {item.draft}", style="List Bullet")
            for helping in help_lines(item, cases, sources):
                document.paragraph(helping.text, helping.notes, style="List Bullet")
    if review.summary.kpis:
        document.heading(f"指標（{len(review.summary.kpis)}件）")
        table = document.document.add_table(rows=1, cols=len(KPI_HEAD))
        table.style = "Table Grid"
        for cell, head in zip(table.rows[0].cells, KPI_HEAD, strict=True):
            cell.text = head
        for kpi in review.summary.kpis:
            for cell, value in zip(table.add_row().cells, kpi_row(kpi), strict=True):
                cell.text = clean(value)
    if review.difference:
        add_difference(document, review.difference)
    return document.to_bytes()


# ── Excel ────────────────────────────────────────────────────────────────────


def review_xlsx(
    review: Review,
    sources: Mapping[str, Source],
    *,
    cases: Mapping[str, Case] = _NO_CASES,
    links: PageLinks | None = None,
) -> bytes:
    """The review as Excel: findings, quotes with links to their pages, cases and grants, KPIs, how it was read."""
    links = links or PageLinks.beside(review.file)
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
    quotes = [(item, quote) for item in review.items for quote in item.evidence]
    if quotes:
        quoted = book.create_sheet("引用")
        quote_rows = [
            (_place(q), item.requirement, OUTCOME_WORDS[item.outcome], q.quote) for item, q in quotes
        ]
        _fill(quoted, ("ページ", "要件", "結果", "引用"), quote_rows, (12, 44, 18, 90))
        _link_first_column(quoted, [links.to(q.page) for _, q in quotes])
    helping = [(item, line) for item in review.items for line in help_lines(item, cases, sources)]
    if helping:
        helps = book.create_sheet("事例と交付金")
        help_rows = [
            (item.requirement, line.kind, line.name, line.says, "\n".join(line.notes))
            for item, line in helping
        ]
        _fill(helps, ("要件", "種類", "名称", "内容", "出典"), help_rows, (40, 14, 44, 70, 70))
    if review.summary.kpis:
        kpis = book.create_sheet("指標")
        _fill(kpis, KPI_HEAD, [kpi_row(kpi) for kpi in review.summary.kpis], (8, 40, 8, 12, 12, 12, 12, 40))
        _link_first_column(kpis, [links.to(kpi.where.page) for kpi in review.summary.kpis])
    if review.difference:
        add_difference_sheets(book, review.difference, _fill)
    notes = book.create_sheet("読み取り")
    lines = [review.summary.text, *review.summary.cautions, *_reading(review, links)]
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


def _link_first_column(sheet: Any, addresses: Sequence[str]) -> None:
    """Make the cells under the head links; Excel keeps the place in a file apart from its address."""
    for row, address in enumerate(addresses, start=2):
        if address:
            cell = sheet.cell(row=row, column=1)
            file, _, place = address.partition("#")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, target=file, location=place)
            cell.font = _LINK_FONT
