"""PowerPoint (.pptx): one page per slide, shapes in reading order, tables as rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.domain import Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files import fidelity as fid
from assistant.knowledge.files.building import PageText
from assistant.knowledge.files.limits import Limits

_BAND = 360_000  # shapes whose tops differ by less (1 cm in EMU) stand on one line


def read_pptx(path: Path, name: str, limits: Limits) -> tuple[list[Page], list[PageFidelity], list[str]]:
    """Slides in order, title first, with speaker notes at the end of each.

    :raises FileUnreadable: broken, or too many slides.
    """
    import pptx

    pages: list[Page] = []
    found: list[PageFidelity] = []
    try:
        slides = pptx.Presentation(str(path)).slides
        if len(slides) > limits.pages:
            raise FileUnreadable(
                name, f"スライドが多すぎます（{len(slides):,}枚）。", "ファイルを分けてください。"
            )
        for number, slide in enumerate(slides, start=1):
            page, fidelity = _slide(slide, number)
            pages.append(page)
            found.append(fidelity)
    except (FileUnreadable, MemoryError):
        raise
    except Exception as error:  # python-pptx raises whatever its XML and zip layers do
        raise FileUnreadable(
            name, "PowerPoint資料が壊れています。", "元のファイルを取り直してください。"
        ) from error
    if not pages:
        raise FileUnreadable(name, "スライドが一枚もありません。")
    return pages, found, []


def _slide(slide: Any, number: int) -> tuple[Page, PageFidelity]:
    text = PageText()
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        text.add(title.text_frame.text, heading=1)
    pictures = 0
    for shape in _in_order(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            text.add_rows([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            text.add(shape.text_frame.text, apart=True)
        elif shape.shape_type is not None and "PICTURE" in str(shape.shape_type):
            pictures += 1
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        if notes.strip():
            text.add("【ノート】" + notes, apart=True)
    page, fidelity = text.page(number, f"スライド{number}", "pptx")
    if not page.text and pictures and fidelity.unreadable is None:
        fidelity = fidelity.model_copy(update={"image_only": True, "unreadable": fid.IMAGE_ONLY})
    return page, fidelity


def _in_order(shapes: Any) -> Iterator[Any]:
    """Shapes from top to bottom, then left to right; groups opened where they stand."""
    placed = [((shape.top or 0) // _BAND, shape.left or 0, i, shape) for i, shape in enumerate(shapes)]
    for *_, shape in sorted(placed, key=lambda p: p[:3]):
        if hasattr(shape, "shapes"):
            yield from _in_order(shape.shapes)
        else:
            yield shape
