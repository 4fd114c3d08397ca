"""Inverted lists of one lexical field: built block by block, read by memory map.

A posting holds the part of BM25 that depends on the passage alone,
``tf / (tf + k1 * (1 - b + b * length / average_length))`` (Robertson's BM25 in Lucene's
form, without the constant ``k1 + 1``).  The idf is multiplied in at query time, so that
several indexes can be searched together under one idf.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.uint32]
Docs = NDArray[np.int32]
Block = tuple[Rows, Docs]  # one entry per occurrence of a term


@dataclass(frozen=True, slots=True)
class FieldConfig:
    """BM25 constants of one field and its weight in the sum of fields."""

    name: str
    k1: float
    b: float
    weight: float


ROUNDED_FROM = 2_000  # passages
STEPS = 32  # of the average length, per doubling


def usual_length(mean: float, documents: int) -> float:
    """The average length that weights are made with: in a large index the nearest of steps of 2.2 %.

    A few documents more or less then leave the weights of all others as they are, and an index that grew
    scores exactly like one built at once.  A step changes a weight by less than one hundredth.
    """
    if mean <= 0.0:
        return 1.0
    return float(2.0 ** (round(math.log2(mean) * STEPS) / STEPS)) if documents >= ROUNDED_FROM else mean


class Allocate(Protocol):
    """Makes a one-dimensional array, in memory or on disk."""

    def __call__(self, name: str, dtype: Any, length: int) -> NDArray[Any]:
        """An array of ``length`` zeros under ``name``."""


def in_memory(name: str, dtype: Any, length: int) -> NDArray[Any]:
    """Allocate in memory."""
    return np.zeros(length, dtype=dtype)


def on_disk(directory: Path) -> Allocate:
    """Allocate ``<name>.npy`` files in ``directory``, written through a memory map."""

    def allocate(name: str, dtype: Any, length: int) -> NDArray[Any]:
        path = directory / f"{name}.npy"
        if length == 0:  # a memory map cannot be empty
            np.save(path, np.zeros(0, dtype=dtype), allow_pickle=False)
            return np.zeros(0, dtype=dtype)
        return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(length,))

    return allocate


@dataclass(frozen=True)
class Postings:
    """Lists of one field. ``docs[indptr[row]:indptr[row + 1]]`` hold the term of ``row``."""

    config: FieldConfig
    indptr: NDArray[np.int64]
    docs: Docs
    weights: NDArray[np.float32]
    average_length: float
    occurrences: int = 0  # terms of all passages together, known where the lists were just made

    def document_frequency(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of passages that hold each row's term; 0 for row -1 (term not in the index)."""
        known = rows >= 0
        safe = np.where(known, rows, 0)
        if len(self.indptr) < 2:
            return np.zeros(len(rows), dtype=np.int64)
        counts: NDArray[np.int64] = np.where(known, self.indptr[safe + 1] - self.indptr[safe], 0)
        return counts

    def add_scores(
        self, scores: NDArray[np.float32], rows: NDArray[np.int64], factors: NDArray[np.float32]
    ) -> None:
        """``scores[doc] += factor * weight`` over the lists of ``rows``."""
        for row, factor in zip(rows.tolist(), factors.tolist(), strict=True):
            if row < 0 or factor == 0.0:
                continue
            start, end = int(self.indptr[row]), int(self.indptr[row + 1])
            if end > start:  # a passage occurs once in a list, so fancy addition is exact
                scores[self.docs[start:end]] += np.float32(factor) * self.weights[start:end]


def _counted(block: Block) -> tuple[Rows, Docs, NDArray[np.float32]]:
    """Distinct (row, doc) pairs of a block in order, with how often each occurs."""
    rows, docs = block
    pairs = rows.astype(np.uint64)
    pairs <<= np.uint64(32)
    pairs |= docs.view(np.uint32)
    pairs.sort()
    if len(pairs) == 0:
        return np.zeros(0, np.uint32), np.zeros(0, np.int32), np.zeros(0, np.float32)
    first = _run_starts(pairs)
    counts = np.diff(np.append(first, len(pairs))).astype(np.float32)
    distinct = pairs[first]
    return (
        (distinct >> np.uint64(32)).astype(np.uint32),
        distinct.astype(np.uint32).view(np.int32),
        counts,
    )


def _run_starts(values: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


class _Spool:
    """Counted blocks between the two passes: the first in memory, more of them on disk."""

    def __init__(self, directory: Path | None, name: str) -> None:
        self._directory, self._name = directory, name
        self._kept: list[tuple[Rows, Docs, NDArray[np.float32]]] = []
        self._paths: list[tuple[Path, Path, Path]] = []

    def add(self, counted: tuple[Rows, Docs, NDArray[np.float32]]) -> None:
        if self._directory is None or not self._kept:
            self._kept.append(counted)
            return
        number = len(self._paths)
        paths = tuple(self._directory / f".spool-{self._name}-{number}-{part}.npy" for part in range(3))
        for path, array in zip(paths, counted, strict=True):
            np.save(path, array, allow_pickle=False)
        self._paths.append((paths[0], paths[1], paths[2]))

    def __iter__(self) -> Iterator[tuple[Rows, Docs, NDArray[np.float32]]]:
        yield from self._kept
        for rows, docs, counts in self._paths:
            yield np.load(rows), np.load(docs), np.load(counts)

    def discard(self) -> None:
        for paths in self._paths:
            for path in paths:
                path.unlink(missing_ok=True)


def build_postings(
    blocks: Iterable[Block],
    config: FieldConfig,
    *,
    documents: int,
    rows: int | None,
    allocate: Allocate = in_memory,
    spool: Path | None = None,
    average_length: float | None = None,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> tuple[Postings, NDArray[np.uint32]]:
    """Invert ``blocks`` (each with ascending, disjoint ranges of docs) into lists.

    ``rows`` is the number of terms where terms are numbered already; None lets the field
    number its own keys, and the second value returned is the sorted table of keys.
    ``average_length`` may be given so that a small index scores like a large one beside it.
    Needs memory for one block, whatever the size of the index.
    """
    lengths = np.zeros(documents, dtype=np.float32)
    held = _Spool(spool, config.name)
    occurrences = 0
    frequency = np.zeros(rows or 0, dtype=np.int64)
    keys = np.zeros(0, dtype=np.uint32)
    for block in blocks:
        counted = _counted(block)
        occurrences += len(block[1])
        if len(block[1]):
            low = int(block[1].min())
            within = np.bincount(block[1] - low)
            lengths[low : low + len(within)] += within
        if rows is None:
            keys = np.concatenate([keys, counted[0][_run_starts(counted[0])]])
            keys.sort()
            keys = keys[_run_starts(keys)]
        else:
            frequency += np.bincount(counted[0], minlength=rows)
        held.add(counted)
    checkpoint(f"counted-{config.name}")
    if rows is None:
        frequency = np.zeros(len(keys), dtype=np.int64)
        for block_keys, _, _ in held:
            first = _run_starts(block_keys)
            frequency[np.searchsorted(keys, block_keys[first])] += np.diff(np.append(first, len(block_keys)))
    average = average_length or usual_length(occurrences / max(documents, 1), documents)
    saturation = (config.k1 * (1.0 - config.b + config.b * lengths / average)).astype(np.float32)
    indptr = allocate(f"lex-{config.name}-indptr", np.int64, len(frequency) + 1)
    np.cumsum(frequency, out=indptr[1:])
    total = int(indptr[-1])
    docs = allocate(f"lex-{config.name}-docs", np.int32, total)
    weights = allocate(f"lex-{config.name}-weights", np.float32, total)
    cursor = np.array(indptr[:-1])
    for block_rows, block_docs, counts in held:
        if len(block_rows) == 0:
            continue
        first = _run_starts(block_rows)
        run = np.diff(np.append(first, len(block_rows)))
        terms = (
            np.searchsorted(keys, block_rows[first]) if rows is None else block_rows[first].astype(np.int64)
        )
        place = np.repeat(cursor[terms] - first, run) + np.arange(len(block_rows))
        docs[place] = block_docs
        weights[place] = counts / (counts + saturation[block_docs])
        cursor[terms] += run
    held.discard()
    for array in (indptr, docs, weights):
        if isinstance(array, np.memmap):
            array.flush()
    return Postings(config, indptr, docs, weights, average, occurrences), keys
