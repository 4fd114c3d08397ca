"""Where a quote stands on a PDF page, and the page as a picture. Runs inside the child process."""

from __future__ import annotations

import ctypes
import io
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as raw

from assistant.japanese.text import find_quote, sentences
from assistant.knowledge.files.fidelity import mend

_DEVICE = 100_000  # fine grid for the conversion to shares of the page
_MIN_HEIGHT = 0.55  # of the character width: non-embedded CID fonts give boxes of no height
_MIN_PART = 6  # characters; shorter parts of a quote stand on a page by chance


class Box(NamedTuple):
    """A rectangle as shares (0–1) of the page as shown, from its left upper corner."""

    left: float
    top: float
    right: float
    bottom: float


def locate(source: Path | bytes, number: int, quote: str) -> list[Box]:
    """Boxes about ``quote`` on page ``number`` (from 1), one per line; empty when it is not found.

    A quote that does not stand there as a whole (the readers order the columns of a page
    differently) is looked for sentence by sentence and line by line.
    """
    pdf = pypdfium2.PdfDocument(source)
    try:
        if not 1 <= number <= len(pdf):
            return []
        page = pdf[number - 1]
        textpage = page.get_textpage()
        try:
            # One character per index, so that offsets in this text are pdfium's own.
            text = "".join(_one(raw.FPDFText_GetUnicode(textpage, i)) for i in range(textpage.count_chars()))
            spans = _spans(quote, text)
            return [box for span in spans for box in _line_boxes(page, textpage, text, span)]
        finally:
            textpage.close()
            page.close()
    finally:
        pdf.close()


def _one(code: int) -> str:
    # Radicals become kanji one to one; what mending would delete or multiply stays as it is.
    character = chr(code) if code and code not in (0xFFFE, 0xFFFF) else " "
    mended = mend(character)
    return mended if len(mended) == 1 else character


def _spans(quote: str, text: str) -> list[tuple[int, int]]:
    whole = find_quote(quote, text)
    if whole is not None:
        return [whole]
    found: list[tuple[int, int]] = []
    for start, end in sentences(quote):
        sentence = quote[start:end]
        span = find_quote(sentence, text)
        if span is not None and len(sentence) >= _MIN_PART:
            found.append(span)
            continue
        for line in sentence.replace("|", "\n").split("\n"):
            part = line.strip()
            span = find_quote(part, text) if len(part) >= _MIN_PART else None
            if span is not None:
                found.append(span)
    return found or _longest_piece(quote, text)


def _longest_piece(quote: str, text: str) -> list[tuple[int, int]]:
    """The longest beginning-anchored half or quarter of the quote that the page holds."""
    n = len(quote)
    for parts in (2, 3, 4):
        size = n // parts
        if size < 2 * _MIN_PART:
            break
        spans = [find_quote(quote[i * size : (i + 1) * size], text) for i in range(parts)]
        kept = [span for span in spans if span is not None]
        if kept:
            return kept
    return []


def _line_boxes(page: Any, textpage: Any, text: str, span: tuple[int, int]) -> list[Box]:
    boxes: list[list[float]] = []
    for i in range(*span):
        if text[i].isspace():
            continue
        left, bottom, right, top = textpage.get_charbox(i)
        size = max(right - left, raw.FPDFText_GetFontSize(textpage, i) * 0.5)
        if top - bottom < _MIN_HEIGHT * size:
            middle = (top + bottom) / 2 if top - bottom > 0.1 else bottom + 0.35 * size
            bottom, top = middle - 0.5 * size, middle + 0.55 * size
        if boxes and _same_line(boxes[-1], (left, bottom, right, top), size):
            last = boxes[-1]
            boxes[-1] = [min(last[0], left), min(last[1], bottom), max(last[2], right), max(last[3], top)]
        else:
            boxes.append([left, bottom, right, top])
    return [_shown(page, box) for box in boxes]


def _same_line(last: list[float], box: tuple[float, float, float, float], size: float) -> bool:
    left, bottom, right, top = box
    level = min(last[3], top) - max(last[1], bottom) > 0.3 * min(last[3] - last[1], top - bottom)
    beside = -0.5 * size <= left - last[2] <= 3 * size
    upright = min(last[2], right) - max(last[0], left) > 0.3 * min(last[2] - last[0], right - left)
    below = -0.5 * size <= last[1] - top <= 1.5 * size and last[2] - last[0] < 2.0 * size
    return (level and beside) or (upright and below)


def _shown(page: Any, box: list[float]) -> Box:
    """PDF user space → shares of the page as pdfium shows it (rotation and crop box included)."""
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            page, 0, 0, _DEVICE, _DEVICE, 0, x, y, ctypes.byref(device_x), ctypes.byref(device_y)
        )
        corners.append((device_x.value / _DEVICE, device_y.value / _DEVICE))
    (x0, y0), (x1, y1) = corners
    return Box(
        *(round(min(1.0, max(0.0, v)), 5) for v in (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    )


def render(source: Path | bytes, number: int, boxes: list[Box], scale: float) -> bytes:
    """Page ``number`` as PNG, 72·``scale`` dots per inch, with the boxes marked like a highlighter.

    :raises IndexError: no such page.
    """
    from PIL import Image, ImageChops, ImageDraw

    pdf = pypdfium2.PdfDocument(source)
    try:
        if not 1 <= number <= len(pdf):
            raise IndexError(number)
        page = pdf[number - 1]
        width, height = page.get_size()
        # A page of 200 inches must not ask for gigabytes.
        scale = min(scale, 4000 / max(width, height, 1.0))
        picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        page.close()
    finally:
        pdf.close()
    if boxes:
        marked = Image.new("RGB", picture.size, "white")
        frame = ImageDraw.Draw(marked)
        pad = max(1.0, 1.5 * scale)
        for box in boxes:
            frame.rectangle(
                (
                    box.left * picture.width - pad,
                    box.top * picture.height - pad,
                    box.right * picture.width + pad,
                    box.bottom * picture.height + pad,
                ),
                fill=(255, 236, 128),
                outline=(214, 92, 0),
                width=max(1, round(scale)),
            )
        picture = ImageChops.multiply(picture, marked)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
