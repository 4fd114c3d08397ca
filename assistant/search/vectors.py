"""Vectors of passages in one FAISS file, memory-mapped, chosen by size.

Below 100,000 passages a scan of half-precision vectors is exact and takes a few
milliseconds; above, inverted lists with 4-bit codes find candidates which are then
scored again with the half-precision vectors kept beside them.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, Protocol

import faiss as _faiss
import numpy as np
from numpy.typing import NDArray

faiss: Any = _faiss  # its stubs lack the keyword arguments of its own wrappers

Matrix = NDArray[np.float32]

SCAN_BELOW = 100_000  # passages
_EXACT_BELOW = 20_000  # passages admitted by a filter
_CHUNK = 65_536
_TRAINING_PER_LIST = 48  # vectors
_PROBES, _REFINE_FACTOR = 32, 10.0


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
    return f"IVF{lists},PQ{dimension // 2}x4fs,Refine(SQfp16)"


class VectorStore:
    """Inner-product search over the vectors of an index, and the vectors themselves."""

    def __init__(self, index: Any) -> None:
        self.faiss_index = index
        self._refined = isinstance(index, faiss.IndexRefine)
        flat = faiss.downcast_index(index.refine_index) if self._refined else index
        self._flat = flat
        count, dimension = int(index.ntotal), int(index.d)
        raw = faiss.rev_swig_ptr(flat.codes.data(), count * dimension * 2) if count else np.zeros(0, np.uint8)
        self.matrix: NDArray[np.float16] = raw.view(np.float16).reshape(count, dimension)

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
                cosines = self.cosines(query, admitted)
                best = np.argsort(-cosines, kind="stable")[:k]
                return cosines[best], admitted[best]
            bits = np.packbits(mask, bitorder="little")  # has to outlive the search
            selector = faiss.IDSelectorBitmap(len(mask), faiss.swig_ptr(bits))
        faiss.omp_set_num_threads(1)  # one query is not split; waiting for other threads only costs
        scores, numbers = self.faiss_index.search(query.reshape(1, -1), k, params=self.parameters(selector))
        kept = numbers[0] >= 0
        return scores[0][kept], numbers[0][kept]

    def parameters(self, selector: Any) -> Any:
        """FAISS search parameters of this kind of index, with an id selector or None."""
        if not self._refined:
            return faiss.SearchParameters(sel=selector)
        inner = faiss.SearchParametersIVF(nprobe=_PROBES, sel=selector)
        return faiss.IndexRefineSearchParameters(k_factor=_REFINE_FACTOR, base_index_params=inner)

    def cosines(self, query: Matrix, numbers: NDArray[np.int64]) -> Matrix:
        """Cosines of one query with the passages ``numbers``."""
        product: Matrix = self.matrix[numbers].astype(np.float32) @ query.astype(np.float32)
        return product


def build_vectors(raw: NDArray[np.float16], trained: Path | None = None) -> Any:
    """A FAISS index over half-precision unit vectors (rows of ``raw``, which may be a memory map).

    ``trained`` is an older index of the same recipe whose lists and codes are used again, since training
    takes longer than anything else when little has changed.
    """
    count, dimension = raw.shape
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        if trained is not None:
            index = faiss.read_index(str(trained))
            index.reset()
        else:
            index = faiss.index_factory(dimension, recipe(count, dimension), faiss.METRIC_INNER_PRODUCT)
            if isinstance(index, faiss.IndexRefine):
                lists = faiss.extract_index_ivf(index.base_index).nlist
                sample = np.random.default_rng(0).permutation(count)[: _TRAINING_PER_LIST * lists]
                sample.sort()
                index.train(raw[sample].astype(np.float32))
        for start in range(0, count, _CHUNK):
            index.add(raw[start : start + _CHUNK].astype(np.float32))
    finally:
        faiss.omp_set_num_threads(threads)
    return index


def write_vectors(raw: NDArray[np.float16], path: Path, old: tuple[str, Path] | None = None) -> str:
    """Build and write; returns the factory string.  ``old``: that of an older index, and where it lies."""
    made = recipe(*raw.shape)
    again = old[1] if old is not None and old[0] == made and made.startswith("IVF") else None
    faiss.write_index(build_vectors(raw, again), str(path))
    return made


def open_vectors(path: Path) -> VectorStore:
    """Open a file whose checksum was verified (FAISS itself would not notice flipped bits)."""
    return VectorStore(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
