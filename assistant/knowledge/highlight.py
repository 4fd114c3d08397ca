"""A quote on its PDF page: where it stands, and the page as a picture with the quote marked.

Both run in the child process of ``assistant.knowledge.files``: pdfium aborts its
process on some broken files.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.errors import FileUnreadable
from assistant.knowledge.files.boxes import Box
from assistant.knowledge.files.child import Crashed, absolute, call
from assistant.knowledge.files.limits import DEFAULT, Limits

_SECONDS = 30


def locate_quote(pdf: Path | bytes, page: int, quote: str, *, limits: Limits = DEFAULT) -> list[Box]:
    """Boxes about ``quote`` on ``page`` (from 1), one per line, as shares (0–1) of the page as shown.

    The quote is compared after NFKC and without white space. Empty where it is not found
    or the page does not exist. Boxes never have zero height, whatever the font says.

    :raises FileUnreadable: the file is not a readable PDF.
    """
    answer = _ask(pdf, {"do": "locate", "page": page, "quote": quote}, limits)
    return [Box(*box) for box in answer["boxes"]]


def render_page(
    pdf: Path | bytes, page: int, boxes: Iterable[Box] = (), scale: float = 2.0, *, limits: Limits = DEFAULT
) -> bytes:
    """``page`` as PNG bytes at 72·``scale`` dots per inch (at most 4,000 pixels a side), boxes marked.

    :raises FileUnreadable: the file is not a readable PDF, or has no such page.
    """
    wanted = {"do": "render", "page": page, "boxes": [list(box) for box in boxes], "scale": scale}
    return base64.b64decode(_ask(pdf, wanted, limits)["png"])


def _ask(pdf: Path | bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    name = pdf.name if isinstance(pdf, Path) else "PDF"
    bound = Limits(memory_bytes=limits.memory_bytes, seconds=min(limits.seconds, _SECONDS))
    try:
        if isinstance(pdf, Path):
            return call({**request, "path": absolute(pdf)}, name=name, limits=bound)
        return call(request, name=name, limits=bound, content=pdf)
    except Crashed as error:
        raise FileUnreadable(name, "ページの表示中に処理が異常終了しました。") from error
