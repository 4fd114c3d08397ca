"""Cases to take along: Excel, Word and Markdown, each with its sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from assistant.cases.criteria import PILLARS
from assistant.cases.find import CaseResults
from assistant.domain import CaseHit, Source
from assistant.export.footnotes import NotedDocument, clean

UNKNOWN = "出典で未確認"
_COLUMNS: tuple[tuple[str, int], ...] = (
    ("順位", 6), ("事例", 40), ("場所", 26), ("都道府県", 10), ("比較した自治体", 16), ("人口（2025年1月1日）", 14),
    ("柱", 26), ("テーマ", 26), ("課題", 50), ("取組", 60), ("成果", 50), ("留意点", 50), ("財源・制度など", 36),
    ("開始年", 9), ("適合度（0〜1）", 12), ("似ている度合い（0〜1）", 14), ("見つかった理由", 50), ("異なる点", 50),
    ("確認できていないこと", 36), ("出典", 60),
)  # fmt: skip
_SOURCE_COLUMNS = (
    ("出典番号", 10), ("信頼区分", 12), ("発行元", 30), ("題名", 50), ("URL", 60), ("確認日", 12), ("公表", 16), ("何の出典か", 26),
)  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#|~<>$!])")
_MOST_IN_CELL = 32_000  # Excel holds 32,767 characters


def source_line(source: Source) -> str:
    """A source as people cite it, with its level and the day it was read."""
    return f"【{source.level}】{source.publisher}「{source.title}」{source.url}（確認日 {source.checked.isoformat()}）"


def conditions_of(results: CaseResults) -> list[tuple[str, str]]:
    """What was searched, as label and value."""
    said = [("探した言葉", results.words or "（指定なし）")]
    said += [
        (lead, rest)
        for lead, _, rest in (results.criteria.told(n).partition(": ") for n in results.criteria.active())
    ]
    if results.like is not None:
        said.append(("似た自治体として比べた自治体", results.like.full_name))
    return [*said, ("条件に合う事例の数", f"{results.total}件（うち{len(results.hits)}件を収録）")]


def cases_xlsx(results: CaseResults) -> bytes:
    """A workbook: 事例 (a row a case), 出典 (a row a source of a case), 条件."""
    book = Workbook(write_only=True)
    rows = [_row(number, hit) for number, hit in enumerate(results.hits, 1)]
    add_sheet(book, "事例", _COLUMNS, rows)
    sources: list[list[Any]] = []
    for hit in results.hits:
        sources += [_source_row(s, f"事例「{hit.title}」") for s in hit.sources]
    figures = {s.id: s for hit in results.hits for s in hit.figure_sources}
    sources += [_source_row(s, "自治体の数値") for s in figures.values()]
    add_sheet(book, "出典", _SOURCE_COLUMNS, sources)
    told = [*conditions_of(results), *(("注記", note) for note in results.notes)]
    add_sheet(book, "条件", (("項目", 30), ("内容", 80)), [list(pair) for pair in told])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _row(number: int, hit: CaseHit) -> list[Any]:
    return [
        number, hit.title, hit.place, hit.prefecture, hit.municipality, hit.population,
        f"{hit.pillar} {PILLARS[hit.pillar]}", "、".join(hit.themes), hit.issue, hit.approach, hit.results or UNKNOWN,
        hit.lessons or UNKNOWN, hit.scheme or UNKNOWN, hit.start_year or UNKNOWN, hit.score, hit.likeness,
        "\n".join(hit.why), "\n".join(hit.differences), "\n".join(hit.cautions),
        "\n".join(source_line(s) for s in hit.sources),
    ]  # fmt: skip


def _source_row(source: Source, about: str) -> list[Any]:
    return [
        source.id, str(source.level), source.publisher, source.title, source.url, source.checked.isoformat(),
        source.published or "", about,
    ]  # fmt: skip


def add_sheet(
    book: Any, title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Any]]
) -> None:
    """A sheet with a head line, fixed widths and filters; texts stay texts."""
    sheet = book.create_sheet(title)
    for number, (_, width) in enumerate(columns):
        sheet.column_dimensions[_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, name, head=True) for name, _ in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{_letter(len(columns) - 1)}{len(rows) + 1}"


def _letter(number: int) -> str:
    return str(get_column_letter(number + 1))


def _cell(sheet: Any, value: Any, *, head: bool = False) -> Any:
    """A cell; text stays text, also where it begins like a formula."""
    is_text = isinstance(value, str)
    cell = WriteOnlyCell(sheet, value=clean(value)[:_MOST_IN_CELL] if is_text else value)
    if is_text:
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if head:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF4")
    elif isinstance(value, int) and value >= 10_000:
        cell.number_format = "#,##0"
    return cell


def cases_docx(results: CaseResults, title: str = "取組事例") -> bytes:
    """A Word file: a section a case, its sources as footnotes."""
    document = NotedDocument(title)
    for label, value in conditions_of(results):
        document.paragraph(f"{label}: {value}", style="List Bullet")
    for note in results.notes:
        document.paragraph(f"注記: {note}", style="List Bullet")
    for hit in results.hits:
        notes = [source_line(s) for s in hit.sources]
        document.heading(f"{hit.title}（{hit.place}）")
        for label, value in _fields(hit):
            document.paragraph(
                f"{label}: {value}",
                notes if label in ("課題", "取組", "成果", "留意点", "財源・制度など") else None,
            )
        figures = [source_line(s) for s in hit.figure_sources]
        for label, said in (("見つかった理由", hit.why), ("異なる点", hit.differences)):
            if said:
                document.paragraph(f"{label}")
                for line in said:
                    document.paragraph(line, figures, style="List Bullet")
        for caution in hit.cautions:
            document.paragraph(f"注意: {caution}")
    return document.to_bytes()


def _fields(hit: CaseHit) -> list[tuple[str, str]]:
    population = (
        f"{hit.municipality} {hit.population:,}人（2025年1月1日）" if hit.population is not None else UNKNOWN
    )
    return [
        ("場所", f"{hit.place}（{hit.prefecture}）"),
        ("人口", population),
        ("柱・テーマ", f"{hit.pillar} {PILLARS[hit.pillar]}／{'、'.join(hit.themes)}"),
        ("課題", hit.issue),
        ("取組", hit.approach),
        ("成果", hit.results or UNKNOWN),
        ("留意点", hit.lessons or UNKNOWN),
        ("財源・制度など", hit.scheme or UNKNOWN),
        ("開始年", str(hit.start_year) if hit.start_year else UNKNOWN),
    ]


def cases_markdown(results: CaseResults, title: str = "取組事例") -> str:
    """Markdown with footnotes (``[^1]``)."""
    numbers: dict[str, int] = {}
    lines: dict[int, str] = {}

    def marks(sources: Sequence[Source]) -> str:
        for source in sources:
            number = numbers.setdefault(source.id, len(numbers) + 1)
            lines[number] = f"[^{number}]: {_escape(source_line(source))}"
        return "".join(f"[^{numbers[source.id]}]" for source in sources)

    out = [f"# {_escape(title)}", ""]
    out += [f"- {_escape(label)}: {_escape(value)}" for label, value in conditions_of(results)]
    out += [f"- 注記: {_escape(note)}" for note in results.notes]
    for hit in results.hits:
        out += ["", f"## {_escape(hit.title)}（{_escape(hit.place)}）", ""]
        for label, value in _fields(hit):
            mark = marks(hit.sources) if label in ("課題", "取組", "成果", "留意点", "財源・制度など") else ""
            out.append(f"- **{label}**: {_escape(value)}{mark}")
        for label, said in (("見つかった理由", hit.why), ("異なる点", hit.differences)):
            out += [f"- **{label}**: {_escape(line)}{marks(hit.figure_sources)}" for line in said]
        out += [f"- **注意**: {_escape(caution)}" for caution in hit.cautions]
    return "\n".join([*out, "", *(lines[number] for number in sorted(lines))]) + "\n"


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
