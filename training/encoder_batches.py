"""Pairs drawn afresh each epoch from every source, as token ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ids = npt.NDArray[np.int32]


class Pieces:
    """Token ids of every string, found once."""

    def __init__(self, tokenizer: Tokenizer, strings: Sequence[str]) -> None:
        self._place = {text: number for number, text in enumerate(strings)}
        self._ids: list[Ids] = []
        for start in range(0, len(strings), 20_000):
            for encoding in tokenizer.encode_batch_fast(list(strings[start : start + 20_000])):
                self._ids.append(np.asarray(encoding.ids, dtype=np.int32))

    def of(self, *texts: str) -> Ids:
        """Ids of several strings, one after another."""
        parts = [self._ids[self._place[text]] for text in texts if text]
        return np.concatenate(parts) if parts else np.zeros(0, np.int32)


@dataclass(frozen=True)
class Pair:
    """One training pair: ids of the query and its passage, and the names that make two pairs kin."""

    query: Ids
    passage: Ids
    passage_key: int  # equal keys are never each other's negatives
    cluster: int  # article, statute, issue: kin that may be put into one batch
    hard: tuple[Ids, ...] = ()


@dataclass(frozen=True)
class Batch:
    """A batch as bags of pieces: ``rows[i]`` says which text piece ``ids[i]`` belongs to, ``weights`` is √tf."""

    queries: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]
    passages: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]
    keys: npt.NDArray[np.int64]


def bag(
    texts: Sequence[Ids],
    rng: np.random.Generator | None = None,
    drop: float = 0.0,
    power: float = 0.5,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Distinct pieces of each text with the square root of their number: (ids, offsets, weights).

    ``drop`` leaves out that share of the distinct pieces of each text (training only).
    """
    lengths = np.fromiter((len(t) for t in texts), np.int64, len(texts))
    flat = np.concatenate(texts).astype(np.int64) if len(texts) else np.zeros(0, np.int64)
    keys, counts = np.unique((np.repeat(np.arange(len(texts)), lengths) << 20) | flat, return_counts=True)
    if rng is not None and drop > 0:
        kept = rng.random(len(keys)) >= drop
        keys, counts = keys[kept], counts[kept]
    rows, ids = keys >> 20, keys & 0xFFFFF
    offsets = np.searchsorted(rows, np.arange(len(texts)))
    return ids, offsets, (counts.astype(np.float32) ** np.float32(power))


def batches(
    sources: Sequence[Sequence[Pair]],
    size: int,
    rng: np.random.Generator,
    *,
    clustered: float,
    mixed: bool,
    drop: float,
    power: float = 0.5,
) -> Iterator[Batch]:
    """Batches of one epoch.

    A share ``clustered`` of the batches is cut from pairs sorted by cluster, so that passages of
    one article meet as negatives.  ``mixed`` shuffles the sources together; otherwise each batch
    comes from one source.
    """
    pools = [[p for source in sources for p in source]] if mixed else [list(source) for source in sources]
    chunks: list[list[Pair]] = []
    for pool in pools:
        order = rng.permutation(len(pool))
        near = int(len(pool) * clustered)
        clusters = np.fromiter((pool[i].cluster for i in order[:near]), np.int64, near)
        shuffled = {c: r for r, c in enumerate(rng.permutation(np.unique(clusters)).tolist())}
        by_cluster = np.argsort([shuffled[c] for c in clusters.tolist()], kind="stable")
        order = np.concatenate([order[:near][by_cluster], order[near:]]).astype(np.int64)
        chunks.extend([pool[i] for i in order[start : start + size]] for start in range(0, len(order), size))
    for number in rng.permutation(len(chunks)):
        chunk = chunks[number]
        if len(chunk) < size // 8:
            continue
        hard = [p.hard[int(rng.integers(len(p.hard)))] for p in chunk if p.hard]
        yield Batch(
            bag([p.query for p in chunk], rng, drop, power),
            bag([p.passage for p in chunk] + hard, rng, drop, power),
            np.fromiter((p.passage_key for p in chunk), np.int64, len(chunk)),
        )
