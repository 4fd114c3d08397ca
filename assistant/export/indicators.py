"""Indicators to take along: Excel and CSV, each figure with its year and source."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from assistant.cases.indicators import IndicatorRow
from assistant.domain import Municipality
from assistant.export.cases import add_sheet, source_line

_COLUMNS = (
    ("指標", 34), ("単位", 14), ("時点", 16), ("数値", 14), ("似た自治体の中央値", 16), ("県内の中央値", 14),
    ("全国の中央値", 14), ("似た自治体の中の順位", 16), ("数値のある似た自治体", 16), ("出典", 80), ("注記", 50),
)  # fmt: skip


def _source(row: IndicatorRow) -> str:
    return row.indicator.told_source or "\n".join(source_line(s) for s in row.indicator.sources)


def _row(row: IndicatorRow) -> list[Any]:
    indicator = row.indicator
    return [
        indicator.label, indicator.unit, indicator.when, row.ours, row.peers.value, row.prefecture.value,
        row.country.value, row.rank, row.peers.known, _source(row), indicator.note,
    ]  # fmt: skip


def indicators_xlsx(
    place: Municipality, peers: Sequence[Municipality], rows: Sequence[IndicatorRow]
) -> bytes:
    """A workbook: 比較 (a row an indicator) and 団体別 (a row a municipality)."""
    book = Workbook(write_only=True)
    add_sheet(book, "比較", (*_COLUMNS,), [_row(row) for row in rows])
    heads = [
        ("自治体", 24),
        ("団体コード", 12),
        *((f"{r.indicator.label}（{r.indicator.when}）", 16) for r in rows),
    ]
    figures = [
        [m.full_name, m.code, *(r.indicator.values.get(m.code) for r in rows)] for m in (place, *peers)
    ]
    add_sheet(book, "団体別", heads, figures)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def indicators_csv(place: Municipality, rows: Sequence[IndicatorRow]) -> bytes:
    """CSV with a byte order mark, as Excel wants it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([name if name != "数値" else place.full_name for name, _ in _COLUMNS])
    for row in rows:
        writer.writerow(["" if value is None else _safe(value) for value in _row(row)])
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    """Text that Excel would read as a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value
