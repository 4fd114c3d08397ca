"""A verdict to take along: Word with a footnote for every clause, Excel with findings, amounts and sources.

Both say what they rest on and that they promise nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assistant.domain import Clause, Finding, Level, Outcome, Source, Verdict
from assistant.export.footnotes import NotedDocument, clean
from assistant.grants.rules import Grant
from assistant.grants.schedule import deadlines
from assistant.grants.vocabulary import Facts
from assistant.japanese.calendar import fiscal_year_label
from assistant.japanese.numbers import format_yen

OUTCOME_WORDS: Final = {
    Outcome.NOT_MET: "満たさない",
    Outcome.UNKNOWN: "未確認",
    Outcome.MET: "満たす",
    Outcome.NOT_APPLICABLE: "関係しない",
}
GROUP_WORDS: Final = {"requirement": "要件", "exclusion": "対象外の定め"}
COST_WORD: Final = "経費を除く"
COST_HEADING: Final = "除いて申請する経費・対象になるか確かめる経費"
_HEADINGS: Final = {
    Outcome.NOT_MET: "満たさない条件・当たる対象外の定め",
    Outcome.UNKNOWN: "まだ判断できない条件",
    Outcome.MET: "満たしている条件",
    Outcome.NOT_APPLICABLE: "関係しない条件",
}
_HEAD_FILL: Final = PatternFill("solid", fgColor="DCE8F0")
_MOST_IN_CELL: Final = 32_000  # Excel holds 32,767 characters


def is_about_cost(finding: Finding) -> bool:
    """Whether the finding speaks against a cost alone, not against the project."""
    return finding.affects == "cost" and finding.outcome is Outcome.NOT_MET


def costs_left_out(verdict: Verdict) -> list[str]:
    """Costs that a firm clause leaves out; those of a weak one still have to be confirmed."""
    return list(
        dict.fromkeys(
            finding.cost
            for finding in verdict.findings
            if is_about_cost(finding)
            and not finding.clause.predecessor
            and finding.clause.level is not Level.THIRD_PARTY
        )
    )


def note_of_clause(clause: Clause, source: Source | None) -> str:
    """A footnote: level, publisher, title, place, quote, fiscal year, address and the day it was read."""
    title = f"{source.publisher}「{source.title}」" if source else clause.source_id
    parts = [f"【{clause.level}】{title}"]
    if clause.locator:
        parts.append(clause.locator)
    if clause.quote:
        parts.append(f"「{clause.quote}」")
    parts.append(fiscal_year_label(clause.fiscal_year))
    if clause.predecessor:
        parts.append("（前身の制度又は過年度の規則）")
    if clause.url:
        parts.append(clause.url)
    if source:
        parts.append(f"（出典 {source.id}、確認日 {source.checked.isoformat()}）")
    return " ".join(parts)


def bearer_of(facts: Facts) -> str:
    """Who bears what the national share leaves: 「地方負担」, or 「自己負担」 where no public body applies."""
    return "自己負担" if facts.get("applicant") in ("private", "individual") else "地方負担"


def _title(verdict: Verdict, grant: Grant) -> str:
    year = f" {fiscal_year_label(grant.fiscal_year)}" if grant.is_yearly else ""
    return f"{verdict.grant_name or grant.name}{year}"


def _amount_rows(verdict: Verdict, facts: Facts) -> list[tuple[str, str, int | None]]:
    """(label, as read, yen)."""
    amounts = verdict.amounts
    if amounts is None:
        return []
    rows: list[tuple[str, str, int | None]] = []
    if amounts.rate is not None:
        rows.append(("補助率", amounts.rate, None))
    for label, yen in (
        ("上限額", amounts.cap_yen),
        ("対象経費", amounts.eligible_yen),
        ("国費", amounts.national_yen),
        (bearer_of(facts), amounts.local_yen),
    ):
        rows.append((label, "未確認" if yen is None else format_yen(yen), yen))
    return rows


def _by_heading(verdict: Verdict) -> list[tuple[str, list[Finding]]]:
    """Findings under their headings: what speaks against the project, then against costs alone, then the rest."""
    found: dict[str, list[Finding]] = {_HEADINGS[Outcome.NOT_MET]: [], COST_HEADING: []}
    found.update((heading, []) for heading in _HEADINGS.values())
    for finding in verdict.findings:
        found[COST_HEADING if is_about_cost(finding) else _HEADINGS[finding.outcome]].append(finding)
    return [(heading, findings) for heading, findings in found.items() if findings]


# ── Word ─────────────────────────────────────────────────────────────────────


def verdict_docx(verdict: Verdict, grant: Grant, facts: Facts, *, today: date) -> bytes:
    """A Word file. ``facts``: those the verdict counted."""
    document = NotedDocument(f"判定書: {_title(verdict, grant)}")

    def note(clause: Clause) -> list[str]:
        return [note_of_clause(clause, grant.source(clause.source_id))]

    document.paragraph(f"判定: {verdict.outcome}")
    if costs := costs_left_out(verdict):
        document.paragraph(f"除いて申請する経費: {'、'.join(costs)}")
    document.paragraph(f"作成日: {today.isoformat()}　窓口: {grant.office.name}")
    for caution in verdict.cautions[:1]:
        document.paragraph(caution)
    document.heading("判定に使った事実")
    for line in _fact_lines(grant, facts) or ["（まだありません）"]:
        document.paragraph(line, style="List Bullet")
    for heading, found in _by_heading(verdict):
        document.heading(f"{heading}（{len(found)}件）")
        for finding in found:
            document.paragraph(
                f"{finding.says} ―― {finding.because}", note(finding.clause), style="List Bullet"
            )
    if verdict.amounts is not None:
        document.heading("金額（試算）")
        _table(
            document, ("項目", "金額など"), [(label, read) for label, read, _ in _amount_rows(verdict, facts)]
        )
        clause = verdict.amounts.clause
        document.paragraph(verdict.amounts.because, note(clause) if clause else None)
        for remark in verdict.amounts.notes:
            document.paragraph(remark, style="List Bullet")
    if verdict.missing:
        document.heading("確かめること")
        for fact in verdict.missing:
            document.paragraph(f"□ {fact.question}", style="List Bullet")
    _schedule(document, grant, today)
    _open_matters(document, grant)
    if verdict.cautions[1:]:
        document.heading("留意点")
        for caution in verdict.cautions[1:]:
            document.paragraph(caution, style="List Bullet")
    return document.to_bytes()


def _fact_lines(grant: Grant, facts: Facts) -> list[str]:
    return [
        f"{grant.vocabulary[name].name_in_text}: {grant.vocabulary[name].say(value)}"
        for name, value in facts.items()
        if name in grant.vocabulary
    ]


def _table(document: NotedDocument, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.document.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = clean(text)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = clean(text)


def _source_notes(grant: Grant, ids: Iterable[str]) -> list[str]:
    notes = []
    for source_id in ids:
        source = grant.source(source_id)
        if source:
            notes.append(
                f"【{source.level}】{source.publisher}「{source.title}」{source.url}（確認日 {source.checked.isoformat()}）"
            )
    return notes


def _schedule(document: NotedDocument, grant: Grant, today: date) -> None:
    dates = deadlines(grant, today)
    if not dates:
        return
    document.heading("日程")
    for entry in dates:
        said = f"{entry.what}: {entry.says}" + (f"（{entry.note}）" if entry.note else "")
        document.paragraph(said, _source_notes(grant, entry.source_ids), style="List Bullet")


def _open_matters(document: NotedDocument, grant: Grant) -> None:
    if not grant.unknowns and not grant.conflicts:
        return
    document.heading("資料で分かっていないこと・資料どうしの食い違い")
    for unknown in grant.unknowns:
        document.paragraph(
            f"{unknown.says}（確認先: {unknown.ask}）",
            _source_notes(grant, unknown.sources),
            style="List Bullet",
        )
    for conflict in grant.conflicts:
        said = "、".join(f"「{value.says}」" for value in conflict.values)
        document.paragraph(
            f"{conflict.about}: {said}",
            _source_notes(grant, dict.fromkeys(v.source for v in conflict.values)),
            style="List Bullet",
        )


# ── Excel ────────────────────────────────────────────────────────────────────


def verdict_xlsx(verdict: Verdict, grant: Grant, facts: Facts, *, today: date) -> bytes:
    """A workbook: 判定, 条件 (a row a finding), 金額, 確かめること, 出典 (a row a source)."""
    book = Workbook()
    summary = book.active
    assert summary is not None
    summary.title = "判定"
    _fill(
        summary,
        ("項目", "内容"),
        [
            ("制度", _title(verdict, grant)),
            ("制度の識別子", grant.id),
            ("判定", str(verdict.outcome)),
            *(("除いて申請する経費", cost) for cost in costs_left_out(verdict)),
            ("作成日", today.isoformat()),
            ("窓口", grant.office.name),
            *(("事実", line) for line in _fact_lines(grant, facts)),
            *(("留意点", caution) for caution in verdict.cautions),
        ],
        (18, 90),
    )
    clauses = [f.clause for f in verdict.findings]
    _fill(
        book.create_sheet("条件"),
        ("結果", "区分", "条件", "理由", "信頼度", "年度", "該当箇所", "発行者", "出典名", "出典", "URL"),
        [
            (
                COST_WORD if is_about_cost(f) else OUTCOME_WORDS[f.outcome],
                GROUP_WORDS.get(f.group, f.group),
                f.says,
                f.because,
                str(f.clause.level),
                fiscal_year_label(f.clause.fiscal_year)
                + ("（前身・過年度）" if f.clause.predecessor else ""),
                f.clause.locator,
                *_names(grant.source(f.clause.source_id)),
                f.clause.source_id,
                f.clause.url,
            )
            for _, findings in _by_heading(verdict)
            for f in findings
        ],
        (12, 14, 60, 60, 12, 22, 24, 24, 40, 10, 40),
    )
    amounts = verdict.amounts
    if amounts is not None:
        if amounts.clause:
            clauses.append(amounts.clause)
        rows: list[Sequence[Any]] = [
            (label, read if yen is None else yen, read) for label, read, yen in _amount_rows(verdict, facts)
        ]
        rows += [("計算の説明", amounts.because, ""), *(("補足", note, "") for note in amounts.notes)]
        _fill(book.create_sheet("金額"), ("項目", "円", "読み方"), rows, (16, 70, 24))
    if verdict.missing:
        _fill(
            book.create_sheet("確かめること"),
            ("質問", "答え方", "決まる条件の数", "理由"),
            [(m.question, "／".join(m.options), m.settles, m.why) for m in verdict.missing],
            (60, 40, 14, 70),
        )
    _fill(book.create_sheet("出典"), *_sources(grant, clauses))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _names(source: Source | None) -> tuple[str, str]:
    return (source.publisher, source.title) if source else ("", "")


def _sources(
    grant: Grant, clauses: Iterable[Clause]
) -> tuple[Sequence[str], list[Sequence[Any]], Sequence[int]]:
    used: Mapping[str, None] = dict.fromkeys(clause.source_id for clause in clauses)
    rows: list[Sequence[Any]] = []
    for source_id in sorted(used):
        source = grant.source(source_id)
        if source:
            rows.append(
                (
                    source.id,
                    str(source.level),
                    source.publisher,
                    source.title,
                    source.url,
                    source.checked.isoformat(),
                )
            )
    return ("出典", "信頼度", "発行者", "題名", "URL", "確認日"), rows, (10, 12, 30, 60, 60, 14)


def _fill(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    for number, row in enumerate([head, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=column)
            cell.value = clean(value)[:_MOST_IN_CELL] if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # text that begins with "=" stays text
            elif isinstance(value, int):
                cell.number_format = "#,##0"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
                cell.fill = _HEAD_FILL
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
