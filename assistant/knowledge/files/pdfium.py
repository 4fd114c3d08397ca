"""PDF pages through pdfium: text, the direction of writing, what is drawn without text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

_PROBE = 400  # characters looked at to tell the direction of writing
_DRAWN = 40  # this many paths without any text: letters drawn as shapes


class WrongPassword(Exception):
    """The PDF opens only with a password."""


@dataclass(frozen=True)
class PdfiumPage:
    """What pdfium knows of a page. ``cover``: share of the page that images cover, 0–1."""

    text: str
    vertical: bool
    cover: float
    paths: int

    @property
    def drawn(self) -> bool:
        """True where letters may have been drawn as shapes."""
        return self.paths >= _DRAWN


class PdfiumFile:
    """One open PDF. pdfium is not thread-safe: use one file in one process."""

    def __init__(self, source: Path | bytes) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(source)
        except pypdfium2.PdfiumError as error:
            if "assword" in str(error):
                raise WrongPassword from error
            raise

    def __len__(self) -> int:
        return len(self._pdf)

    def close(self) -> None:
        """Free the document."""
        self._pdf.close()

    def page(self, number: int) -> PdfiumPage:
        """Read page ``number`` (from 1)."""
        page = self._pdf[number - 1]
        try:
            textpage = page.get_textpage()
            try:
                text = textpage.get_text_range()
                vertical = page.get_rotation() == 0 and _is_vertical(textpage)
                if vertical:
                    text = _columns(textpage)
            finally:
                textpage.close()
            cover, paths = (0.0, 0) if len(text.split()) > 40 else _drawing(page)
            return PdfiumPage(text, vertical, cover, paths)
        finally:
            page.close()


def _is_vertical(textpage: Any) -> bool:
    """Most characters stand below the one before them, upright."""
    count = min(textpage.count_chars(), _PROBE)
    down = across = 0
    before: tuple[float, float] | None = None
    for i in range(count):
        if (
            chr(raw.FPDFText_GetUnicode(textpage, i)).isspace()
            or abs(raw.FPDFText_GetCharAngle(textpage, i)) > 0.1
        ):
            before = None
            continue
        left, bottom, right, top = textpage.get_charbox(i)
        here = ((left + right) / 2, (bottom + top) / 2)
        if before is not None:
            dx, dy = abs(here[0] - before[0]), before[1] - here[1]
            size = max(right - left, top - bottom, 1.0)
            if dx < 0.4 * size and 0.4 * size < dy < 3 * size:
                down += 1
            elif dx > 0.3 * size:
                across += 1
        before = here
    return down >= 4 and down > 2 * across


def _columns(textpage: Any) -> str:
    """Text of a vertical page: columns from right to left, tiers from top to bottom."""
    columns: list[tuple[float, float, float, str]] = []  # x, top, bottom, text
    letters: list[str] = []
    xs: list[float] = []
    ys: list[float] = []

    def finish() -> None:
        text = "".join(letters)
        if text.strip() and xs:
            columns.append((sum(xs) / len(xs), max(ys), min(ys), text))
        letters.clear()
        xs.clear()
        ys.clear()

    for i in range(textpage.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(textpage, i))
        if character in "\r\n":
            finish()
            continue
        left, bottom, right, top = textpage.get_charbox(i)
        letters.append(character)
        xs.append((left + right) / 2)
        ys += (bottom, top)
    finish()
    tiers: list[list[tuple[float, float, float, str]]] = []
    for column in sorted(columns, key=lambda c: -c[1]):
        _, top, bottom, _ = column
        for tier in tiers:
            tier_top, tier_bottom = max(c[1] for c in tier), min(c[2] for c in tier)
            if min(top, tier_top) - max(bottom, tier_bottom) >= 0.5 * (top - bottom):
                tier.append(column)
                break
        else:
            tiers.append([column])
    tiers.sort(key=lambda tier: -max(c[1] for c in tier))
    return "\n".join(c[3] for tier in tiers for c in sorted(tier, key=lambda c: (-round(c[0]), -c[1])))


def _drawing(page: Any) -> tuple[float, int]:
    width, height = page.get_size()
    area = max(1.0, width * height)
    covered = 0.0
    paths = 0
    for item in page.get_objects(max_depth=4):
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, min(right, width) - max(left, 0.0)) * max(
                0.0, min(top, height) - max(bottom, 0.0)
            )
    return min(1.0, covered / area), paths
