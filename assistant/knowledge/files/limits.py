"""How much a foreign file may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds on one file; passing one of them ends in ``FileUnreadable``.

    ``memory_bytes`` and ``seconds`` bind the child process of ``read_safely`` only;
    the others also bind ``read_file``.
    """

    file_bytes: int = 50 * 1024**2
    pages: int = 400  # PDF pages, slides, sheets
    characters: int = 5_000_000
    rows: int = 50_000  # of one sheet
    archive_bytes: int = 200 * 1024**2  # Σ unpacked size of an office file
    archive_ratio: float = 100.0  # unpacked / packed
    archive_entries: int = 2000
    memory_bytes: int = 1024**3
    seconds: int = 120  # wall clock; CPU seconds are bound by the same number


DEFAULT = Limits()
