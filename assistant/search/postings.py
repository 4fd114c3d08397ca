"""Inverted lists of one lexical field, in segments of at most 65,536 passages.

A posting is a passage's number within its segment (16 bits) and how often the passage holds the term
(8 bits where that is enough).  The part of BM25 that depends on the passage alone,
``tf / (tf + k1 * (1 - b + b * length / average_length))`` (Robertson's BM25 in Lucene's form, without the
constant ``k1 + 1``), is computed when a list is read, and so is the idf: several indexes can be searched
together under one of each, and a segment is finished as soon as its passages are known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_PASSAGES = 65_536  # of a segment: numbers within it have 16 bits
_MANY = 3  # a list of more than a third of the passages


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
    """The average length that passages are held against: in a large index the nearest of steps of 2.2 %.

    A few documents more or less then leave the scores of all others as they are, and an index that grew
    scores exactly like one built at once.  A step changes a weight by less than one hundredth.
    """
    if mean <= 0.0:
        return 1.0
    return float(2.0 ** (round(math.log2(mean) * STEPS) / STEPS)) if documents >= ROUNDED_FROM else mean


@dataclass(frozen=True, slots=True)
class Segment:
    """Lists of neighbouring passages: those of ``terms[i]`` are ``starts[i]`` up to ``starts[i + 1]``."""

    terms: NDArray[np.uint32]  # ascending
    starts: NDArray[np.uint32]
    docs: NDArray[np.uint16]  # ascending within a list
    counts: NDArray[Any]  # unsigned, as narrow as the highest allows
    lengths: NDArray[Any]  # terms of each passage, likewise

    def lists_of(self, terms: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the list of each term starts and ends; an empty range where no passage holds it."""
        if len(self.terms) == 0:
            return np.zeros(len(terms), dtype=np.int64), np.zeros(len(terms), dtype=np.int64)
        place = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        start = self.starts[place].astype(np.int64)
        return start, np.where(self.terms[place] == terms, self.starts[place + 1], start).astype(np.int64)


@dataclass(frozen=True)
class Postings:
    """All lists of one field.  A term is a number below 2³²; -1 stands for one that no index knows."""

    config: FieldConfig
    segments: Sequence[Segment]
    average_length: float

    @property
    def occurrences(self) -> int:
        """Terms of all passages together."""
        return sum(int(segment.lengths.sum(dtype=np.int64)) for segment in self.segments)

    @cached_property
    def saturations(self) -> list[NDArray[np.float32]]:
        """``k1 * (1 - b + b * length / average_length)`` of every passage, by segment."""
        k1, b, average = self.config.k1, self.config.b, self.average_length
        return [
            (k1 * (1.0 - b + b * segment.lengths.astype(np.float32) / average)).astype(np.float32)
            for segment in self.segments
        ]

    def saturation_of(self, passages: NDArray[np.int64]) -> NDArray[np.float32]:
        """The same of a few passages."""
        ends = np.cumsum([len(segment.lengths) for segment in self.segments])
        found = np.zeros(len(passages), dtype=np.float32)
        which = np.searchsorted(ends, passages, side="right")
        for number in np.unique(which).tolist():
            mine = which == number
            first = int(ends[number]) - len(self.segments[number].lengths)
            found[mine] = self.saturations[number][passages[mine] - first]
        return found

    def document_frequency(self, terms: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of passages that hold each term; 0 for -1."""
        known = terms >= 0
        wanted = np.where(known, terms, 0).astype(np.uint32)
        total = np.zeros(len(terms), dtype=np.int64)
        for segment in self.segments:
            start, end = segment.lists_of(wanted)
            total += end - start
        return np.where(known, total, 0)

    def add_scores(
        self, scores: NDArray[np.float32], terms: NDArray[np.int64], factors: NDArray[np.float32]
    ) -> None:
        """``scores[passage] += factor * weight`` over the lists of ``terms``."""
        used = (terms >= 0) & (factors != 0.0)
        wanted, worth = terms[used].astype(np.uint32), factors[used]
        first = 0
        for segment, saturation in zip(self.segments, self.saturations, strict=True):
            passages = len(segment.lengths)
            mine = scores[first : first + passages]
            first += passages
            starts, ends = segment.lists_of(wanted)
            held = np.flatnonzero(ends > starts)
            for start, end, factor in zip(
                starts[held].tolist(), ends[held].tolist(), worth[held], strict=True
            ):
                docs = segment.docs[start:end].astype(np.intp)
                many = (end - start) * _MANY > passages
                if many:  # going over all passages is faster
                    spread = np.zeros(passages, dtype=segment.counts.dtype)
                    spread[docs] = segment.counts[start:end]
                    counts = spread.astype(np.float32)
                    weights = saturation + counts
                else:
                    counts = segment.counts[start:end].astype(np.float32)
                    weights = saturation.take(docs)
                    weights += counts
                np.divide(counts, weights, out=weights)
                weights *= factor
                if many:
                    mine += weights
                else:  # a passage occurs once in a list
                    weights += mine.take(docs)
                    mine[docs] = weights


def _run_starts(values: NDArray[Any]) -> NDArray[np.int64]:
    """Where each run of equal values begins."""
    if len(values) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


def _narrow(values: NDArray[np.int64]) -> NDArray[Any]:
    """The same numbers in the narrowest unsigned type that holds the highest."""
    highest = int(values.max()) if len(values) else 0
    return values.astype(np.uint8 if highest < 1 << 8 else np.uint16 if highest < 1 << 16 else np.uint32)


def invert(terms: NDArray[Any], docs: NDArray[np.uint16], documents: int) -> Segment:
    """The lists of ``documents`` passages from one entry per occurrence: its term and its passage."""
    wide = len(terms) > 0 and int(terms.max()) >= 1 << 16
    pairs: NDArray[Any] = terms.astype(np.uint64 if wide else np.uint32)
    pairs <<= pairs.dtype.type(16)
    pairs |= docs
    pairs.sort()
    first = _run_starts(pairs)
    counts = _narrow(np.diff(np.append(first, len(pairs))))
    distinct = pairs[first]
    del pairs, first
    rows = (distinct >> distinct.dtype.type(16)).astype(np.uint32)
    first = _run_starts(rows)
    return Segment(
        terms=rows[first],
        starts=np.append(first, len(rows)).astype(np.uint32),
        docs=distinct.astype(np.uint16),
        counts=counts,
        lengths=_narrow(np.bincount(docs, minlength=documents)),
    )
