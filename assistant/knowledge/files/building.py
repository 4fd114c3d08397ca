"""A page under construction: text and headings grow together, so that offsets are right."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain import Page, PageFidelity
from assistant.knowledge.files.fidelity import mark_holes, mend


class PageText:
    """Collects blocks of one page; blocks are set apart by a line break."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[int, int, str]] = []

    def __len__(self) -> int:
        return self._length

    def add(self, text: str, *, heading: int | None = None, apart: bool = False) -> None:
        """Append a block. ``heading``: its depth from 1. ``apart``: a blank line goes before it."""
        block = mark_holes(mend(text)).strip("\n")
        if not block.strip():
            return
        if self._parts:
            gap = "\n\n" if apart or heading is not None else "\n"
            self._parts.append(gap)
            self._length += len(gap)
        if heading is not None:
            self._headings.append((self._length, heading, " ".join(block.split())))
        self._parts.append(block)
        self._length += len(block)

    def add_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Append a table as ``| a | b |`` lines; rows without any text are left out."""
        lines = [row_line(row) for row in rows if any(cell.strip() for cell in row)]
        if lines:
            self.add("\n".join(lines), apart=True)

    def page(self, number: int, locator: str, reader: str) -> tuple[Page, PageFidelity]:
        """The page and how well it was read.

        These formats say which character they mean, so another script is another
        language, not a fault; only the share of holes counts as garbled.
        """
        text = "".join(self._parts)
        compact = "".join(text.split())
        fidelity = PageFidelity(
            page=number,
            characters=len(compact),
            reader=reader,
            garbled_share=round(compact.count("〓") / len(compact), 4) if compact else 0.0,
        )
        return Page(number=number, text=text, locator=locator, headings=tuple(self._headings)), fidelity


def row_line(cells: Sequence[str]) -> str:
    """One table row as a line: white space inside a cell becomes one space."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "｜") for cell in cells) + " |"
