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


@dataclass(frozen=True)
class Source:
    """Pairs of one kind.

    ``clustered``: the share ordered by cluster, so that passages of one statute or article meet as
    negatives.  ``apart``: the pairs fill batches of their own.
    """

    pairs: Sequence[Pair]
    clustered: float = 0.0
    apart: bool = False


def batches(
    sources: Sequence[Source], size: int, rng: np.random.Generator, *, drop: float, power: float = 0.5
) -> Iterator[Batch]:
    """Batches of one epoch in random order; each holds its share of every source that is not apart."""
    mixed = [(_ordered(s, rng), s) for s in sources if not s.apart and s.pairs]
    number = max(1, sum(len(pairs) for pairs, _ in mixed) // size)
    chunks = [
        [p for pairs, _ in mixed for p in pairs[len(pairs) * k // number : len(pairs) * (k + 1) // number]]
        for k in range(number)
    ]
    for source in sources:
        if source.apart and source.pairs:
            pairs = _ordered(source, rng)
            chunks.extend(pairs[start : start + size] for start in range(0, len(pairs), size))
    for place in rng.permutation(len(chunks)).tolist():
        chunk = chunks[place]
        hard = [p.hard[int(rng.integers(len(p.hard)))] for p in chunk if p.hard]
        yield Batch(
            bag([p.query for p in chunk], rng, drop, power),
            bag([p.passage for p in chunk] + hard, rng, drop, power),
            np.fromiter((p.passage_key for p in chunk), np.int64, len(chunk)),
        )


def _ordered(source: Source, rng: np.random.Generator) -> list[Pair]:
    order = rng.permutation(len(source.pairs)).tolist()
    near = int(len(order) * source.clustered)
    if near:
        turn = {c: float(rng.random()) for c in sorted({source.pairs[i].cluster for i in order[:near]})}
        head = sorted(order[:near], key=lambda i: turn[source.pairs[i].cluster])
        order = head + order[near:]
        shift = int(rng.integers(len(order)))
        order = order[shift:] + order[:shift]
    return [source.pairs[i] for i in order]
