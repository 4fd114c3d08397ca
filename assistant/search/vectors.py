"""Vectors of passages, memory-mapped, in a form chosen by size.

Below 100,000 passages a FAISS scan of half-precision vectors is exact and takes a few
milliseconds; above, FAISS's inverted lists with 4-bit codes find candidates which are then
scored again with the half-precision vectors, kept in a plain file beside them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import faiss as _faiss
import numpy as np
from numpy.typing import NDArray

from assistant.search.mapped import MappedFile

faiss: Any = _faiss  # its stubs lack the keyword arguments of its own wrappers

Matrix = NDArray[np.float32]

SCAN_BELOW = 100_000  # passages
_EXACT_BELOW = 20_000  # passages admitted by a filter
_CHUNK = 16_384  # rows in memory at once
_TRAINING_PER_LIST = 48  # vectors
# Of the 40 nearest of 100,000 (a million) passages 128 lists give .91 (.81), 32 lists .70 (.63).
_PROBES = 128
# Candidates that are scored again: ten a hit, but not more than 400 unless that is less than three a hit.
_REFINED_PER_HIT, _REFINED, _REFINED_AT_LEAST = 10, 400, 3
FAISS_FILE, RAW_FILE = "vectors.faiss", "vectors.f16"


class Encoder(Protocol):
    """What the index asks of an encoder: unit vectors, and a digest that changes when they would."""

    @property
    def name(self) -> str:
        """The name it was opened by."""

    @property
    def dimension(self) -> int:
        """Length of its vectors."""

    @property
    def digest(self) -> str:
        """Changes whenever the vectors of the same text would."""

    def encode_queries(self, texts: list[str]) -> Matrix:
        """Unit vectors of questions, shape (n, dimension)."""

    def encode_passages(self, texts: list[str]) -> Matrix:
        """Unit vectors of passages, shape (n, dimension)."""


def recipe(count: int, dimension: int) -> str:
    """The FAISS factory string for ``count`` vectors."""
    if count < SCAN_BELOW or dimension % 8:
        return "SQfp16"
    lists = 2 ** round(math.log2(2.0 * math.sqrt(count)))
    return f"IVF{lists},PQ{dimension // 2}x4fs"


class VectorStore:
    """Inner-product search over the vectors of an index, and the vectors themselves.

    ``matrix`` holds the vectors where the FAISS index itself has only codes of them.
    """

    def __init__(self, index: Any, matrix: NDArray[np.float16] | None = None) -> None:
        self.faiss_index = index
        self.refined = matrix is not None
        if matrix is None:
            count, dimension = int(index.ntotal), int(index.d)
            raw = (
                faiss.rev_swig_ptr(index.codes.data(), count * dimension * 2)
                if count
                else np.zeros(0, np.uint8)
            )
            matrix = raw.view(np.float16).reshape(count, dimension)
        self.matrix: NDArray[np.float16] = matrix

    def __len__(self) -> int:
        return int(self.faiss_index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.faiss_index.d)

    def search(
        self, query: Matrix, k: int, mask: NDArray[np.bool_] | None = None
    ) -> tuple[Matrix, NDArray[np.int64]]:
        """Cosines and numbers of the ``k`` nearest passages of one query (1-d), best first.

        ``mask`` admits passages; fewer than ``k`` come back where fewer are admitted.
        """
        k = min(k, len(self))
        if k == 0:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        selector = None
        if mask is not None:
            admitted = np.flatnonzero(mask)
            if len(admitted) <= _EXACT_BELOW:  # exact, and independent of which lists are probed
                return self._best(query, admitted, k)
            bits = np.packbits(mask, bitorder="little")  # has to outlive the search
            selector = faiss.IDSelectorBitmap(len(mask), faiss.swig_ptr(bits))
        faiss.omp_set_num_threads(1)  # one query is not split; waiting for other threads only costs
        scores, numbers = self.faiss_index.search(
            query.reshape(1, -1), self.wanted(k), params=self.parameters(selector)
        )
        kept = numbers[0] >= 0
        if self.refined:
            return self._best(query, numbers[0][kept], k)
        return scores[0][kept], numbers[0][kept]

    def _best(self, query: Matrix, numbers: NDArray[np.int64], k: int) -> tuple[Matrix, NDArray[np.int64]]:
        """The ``k`` nearest of the passages ``numbers``."""
        cosines = self.cosines(query, numbers)
        best = np.argsort(-cosines, kind="stable")[:k]
        return cosines[best], numbers[best]

    def wanted(self, k: int) -> int:
        """How many candidates FAISS is asked for, where ``k`` are wanted."""
        return max(min(k * _REFINED_PER_HIT, _REFINED), k * _REFINED_AT_LEAST) if self.refined else k

    def parameters(self, selector: Any) -> Any:
        """FAISS search parameters of this kind of index, with an id selector or None."""
        if not self.refined:
            return faiss.SearchParameters(sel=selector)
        return faiss.SearchParametersIVF(nprobe=_PROBES, sel=selector)

    def cosines(self, query: Matrix, numbers: NDArray[np.int64]) -> Matrix:
        """Cosines of one query with the passages ``numbers``."""
        product: Matrix = self.matrix[numbers].astype(np.float32) @ query.astype(np.float32)
        return product


def _chunks(raw: NDArray[np.float16] | Path, count: int, dimension: int) -> Iterator[Matrix]:
    """The rows in order, some at a time; a file is never in memory as a whole."""
    for start in range(0, count, _CHUNK):
        rows = min(_CHUNK, count - start)
        if isinstance(raw, Path):
            read = np.fromfile(raw, np.float16, rows * dimension, offset=start * dimension * 2)
            yield read.reshape(rows, dimension).astype(np.float32)
        else:
            yield raw[start : start + rows].astype(np.float32)


def _fill(
    raw: NDArray[np.float16] | Path, count: int, dimension: int, trained: Path | None = None
) -> tuple[Any, str]:
    """A FAISS index over half-precision unit vectors, and its factory string.

    ``trained`` is an older index of the same recipe whose lists and codes are used again, since training
    takes longer than anything else when little has changed.
    """
    made = recipe(count, dimension)
    threads = faiss.omp_get_max_threads()
    # The lists of words are made beside; threads of FAISS that wait for a core cost more than they bring.
    faiss.omp_set_num_threads(max(1, (os.cpu_count() or 1) - 1))
    try:
        if trained is not None:
            index = faiss.read_index(str(trained))
            index.reset()
        else:
            index = faiss.index_factory(dimension, made, faiss.METRIC_INNER_PRODUCT)
            if made.startswith("IVF"):
                chosen = np.random.default_rng(0).permutation(count)[: _TRAINING_PER_LIST * index.nlist]
                chosen.sort()
                sample, held = np.empty((len(chosen), dimension), np.float32), 0
                for number, rows in enumerate(_chunks(raw, count, dimension)):
                    first = number * _CHUNK
                    mine = chosen[held : int(np.searchsorted(chosen, first + len(rows)))]
                    sample[held : held + len(mine)] = rows[mine - first]
                    held += len(mine)
                index.train(sample)
        for rows in _chunks(raw, count, dimension):
            index.add(rows)
    finally:
        faiss.omp_set_num_threads(threads)
    return index, made


def build_vectors(raw: NDArray[np.float16]) -> VectorStore:
    """A store in memory over the rows of ``raw``."""
    index, made = _fill(raw, *raw.shape)
    return VectorStore(index, raw if made.startswith("IVF") else None)


def write_vectors(folder: Path, count: int, dimension: int, old: tuple[str, Path] | None = None) -> str:
    """Make the FAISS file from the raw vectors in ``folder``; returns the factory string.

    ``old``: the factory string of an older index, and its folder.  The raw vectors stay where the FAISS
    file has only codes.
    """
    made = recipe(count, dimension)
    again = old[1] / FAISS_FILE if old is not None and old[0] == made and made.startswith("IVF") else None
    index, _ = _fill(folder / RAW_FILE, count, dimension, again)
    faiss.write_index(index, str(folder / FAISS_FILE))
    if not made.startswith("IVF"):
        (folder / RAW_FILE).unlink()
    return made


def open_vectors(folder: Path) -> tuple[VectorStore, list[MappedFile]]:
    """Open files whose checksums were verified (FAISS itself would not notice flipped bits).

    Also returns the files whose pages may be let go.
    """
    index = faiss.read_index(str(folder / FAISS_FILE), faiss.IO_FLAG_MMAP_IFC)
    if not (folder / RAW_FILE).exists():
        return VectorStore(index), []
    raw = MappedFile(folder / RAW_FILE)
    return VectorStore(index, raw.array(np.float16, (int(index.ntotal), int(index.d)))), [raw]
