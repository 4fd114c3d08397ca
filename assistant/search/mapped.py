"""Files read by memory map: many arrays in one file, and pages let go when enough have been read.

A file of arrays holds them one after the other, each at a multiple of 64 bytes; then a table of them as
JSON (name → [type, shape, offset]); then the length of the table in eight bytes and a mark.
"""

from __future__ import annotations

import json
import mmap
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGNED = 64
_MARK = b"ARRAYS-1"
_STATUS = Path("/proc/self/statm")
MOST_RESIDENT_BYTES = 1152 * 1024 * 1024  # pages of mapped files in memory before they are let go


class MappedFile:
    """A file whose bytes are read from disk as they are looked at."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._map: mmap.mmap | None = None
        if self.size:  # a memory map cannot be empty
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def bytes(self, start: int, end: int) -> bytes:
        """A copy of some bytes."""
        return self._map[start:end] if self._map is not None else b""

    def array(self, dtype: Any, shape: tuple[int, ...] | None = None, offset: int = 0) -> NDArray[Any]:
        """A view of some bytes as an array; by default of all of them."""
        kind = np.dtype(dtype)
        length = int(np.prod(shape)) if shape is not None else self.size // kind.itemsize
        if self._map is None or length == 0:
            return np.zeros(shape if shape is not None else 0, dtype=kind)
        view = np.frombuffer(self._map, dtype=kind, count=length, offset=offset)
        return view.reshape(shape) if shape is not None else view

    def let_go(self) -> None:
        """Give the memory of pages that were read back; arrays stay valid and are read again when used."""
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def resident_bytes() -> int:
    """How much memory pages of mapped files take in this process; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        return int(_STATUS.read_text(encoding="ascii").split()[2]) * mmap.PAGESIZE
    except (OSError, ValueError, IndexError):
        return 0


def let_go_of(files: Iterable[MappedFile], most: int) -> bool:
    """Let go of the pages of large ``files`` where more than ``most`` bytes are resident; whether it was done.

    Files come in the order in which they are let go, until few enough bytes are left.  What is needed again
    comes from the system's cache of files.
    """
    held = list(files)
    if sum(file.size for file in held) <= most or resident_bytes() <= most:
        return False
    for file in held:
        file.let_go()
        if resident_bytes() <= most:
            break
    return True


class ArrayWriter:
    """Writes arrays into one file as they come."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._table: dict[str, tuple[str, tuple[int, ...], int]] = {}

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Append an array under a name of its own."""
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNED))
        self._table[name] = (array.dtype.str, array.shape, self._file.tell())
        self._file.write(np.ascontiguousarray(array).data)

    def close(self, *, whole: bool = True) -> None:
        """Write the table, unless the file is given up."""
        if self._file.closed:
            return
        if whole:
            table = json.dumps(self._table).encode()
            self._file.write(table + len(table).to_bytes(8, "little") + _MARK)
        self._file.close()


def read_arrays(file: MappedFile) -> dict[str, NDArray[Any]]:
    """All arrays of a file.

    Raises ``ValueError`` where the file is not one of arrays.
    """
    end = file.size - len(_MARK) - 8
    if end < 0 or file.bytes(end + 8, file.size) != _MARK:
        raise ValueError("数値の表の形式が違います")
    start = end - int.from_bytes(file.bytes(end, end + 8), "little")
    table = json.loads(file.bytes(start, end))
    return {name: file.array(kind, tuple(shape), offset) for name, (kind, shape, offset) in table.items()}
