"""Excel (.xlsx): one page per sheet, one line per row, values as a person sees them."""

from __future__ import annotations

import warnings
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from assistant.domain import Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files.building import PageText, row_line
from assistant.knowledge.files.limits import Limits

_EMPTY_ROWS = 2000  # after so many rows without a value a sheet is taken to have ended
_COLUMNS = 512


def read_xlsx(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """Sheets in order; formulas give the value that Excel saved last.

    :raises FileUnreadable: broken, or too many sheets.
    """
    import openpyxl

    notes: list[str] = []
    pages: list[Page] = []
    found: list[PageFidelity] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it does not know
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                if len(book.sheetnames) > limits.pages:
                    raise FileUnreadable(name, f"シートが多すぎます（{len(book.sheetnames):,}枚）。")
                total = 0
                for sheet in book.worksheets:
                    page, fidelity = _sheet(sheet, len(pages) + 1, limits, notes)
                    total += len(page.text)
                    if total > limits.characters:
                        raise FileUnreadable(name, f"文字数が上限（{limits.characters:,}字）を超えています。")
                    if sheet.sheet_state != "visible":
                        notes.append(f"シート「{sheet.title}」は非表示ですが、読み取りました。")
                    pages.append(page)
                    found.append(fidelity)
            finally:
                book.close()
    except (FileUnreadable, MemoryError):
        raise
    except Exception as error:  # openpyxl raises whatever its XML and zip layers do
        raise FileUnreadable(
            name, "Excelブックが壊れています。", "元のファイルを取り直してください。"
        ) from error
    if not pages:
        raise FileUnreadable(name, "シートが一枚もありません。")
    return pages, found, notes


def _sheet(sheet: Any, number: int, limits: Limits, notes: list[str]) -> tuple[Page, PageFidelity]:
    lines: list[str] = []
    empty = 0
    # A sheet that was formatted to its last row and column says that it is that large.
    for index, row in enumerate(
        sheet.iter_rows(max_col=min(sheet.max_column or _COLUMNS, _COLUMNS)), start=1
    ):
        if index > limits.rows:
            notes.append(f"シート「{sheet.title}」は先頭の{limits.rows:,}行だけを読み取りました。")
            break
        cells = [_shown(cell.value, getattr(cell, "number_format", "General")) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            first = next(i for i, cell in enumerate(cells) if cell.strip())
            # A single filled cell is a title or a remark, not a row of a table.
            lines.append(cells[first] if first == len(cells) - 1 else row_line(cells))
            empty = 0
        else:
            if empty == 0 and lines:
                lines.append("")
            empty += 1
            if empty > _EMPTY_ROWS:
                break
    text = PageText()
    text.add("\n".join(lines))
    return text.page(number, f"シート「{sheet.title}」", "xlsx")


def _shown(value: Any, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if "%" in number_format:
            return f"{_plain(round(value * 100, 6))}%"
        return f"{value:,}" if "#,##" in number_format and isinstance(value, int) else _plain(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _plain(value: float) -> str:
    """1.0 → 1, 0.1 + 0.2 → 0.3: fifteen figures, as Excel shows them."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"
