"""The lexical side: four BM25 fields over one stream of codes and one of lemmas.

Fields and constants were chosen by measurement on JaQuAD train (see
``benchmarks/retrieval.py`` for what each is worth):

========  ==========================================  ====  ====  ======
field     terms                                       k1    b     weight
========  ==========================================  ====  ====  ======
content   lemmas of words that carry meaning          .6    .5    1
char      every letter and digit                      .9    .9    .3
bigram    neighbouring pairs, not of hiragana alone   .6    .75   .5
head      content lemmas of title and trail           .6    .3    .1
========  ==========================================  ====  ====  ======
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.search.mapped import ArrayWriter
from assistant.search.postings import (
    MOST_PASSAGES,
    FieldConfig,
    Postings,
    Segment,
    invert,
    usual_length,
)
from assistant.search.terms import bigram_keys, word_table

CONTENT = FieldConfig("content", 0.6, 0.5, 1.0)
CHAR = FieldConfig("char", 0.9, 0.9, 0.3)
BIGRAM = FieldConfig("bigram", 0.6, 0.75, 0.5)
HEAD = FieldConfig("head", 0.6, 0.3, 0.1)
FIELDS = (CONTENT, CHAR, BIGRAM, HEAD)

SENTENCE = 0  # lemma id that marks the end of a sentence
_SEGMENT_CODES = 20_000_000  # of a segment; longer passages make it end before its most passages


class Stretch(Protocol):
    """Numbers of which ranges are asked for: an array, or a file that is read range by range."""

    def __getitem__(self, part: slice, /) -> NDArray[Any]: ...


@dataclass(frozen=True)
class Streams:
    """Codes and lemma ids of all passages, end to end.

    ``codes[code_at[i]:code_at[i + 1]]`` is passage ``i``; likewise ``lemmas`` with
    ``lemma_at``, where id 0 ends each sentence.  ``head_codes[i]``/``head_lemmas[i]`` tell
    how much of it is title and trail.
    """

    codes: Stretch
    code_at: NDArray[np.int64]
    head_codes: NDArray[np.int32]
    lemmas: Stretch
    lemma_at: NDArray[np.int64]
    head_lemmas: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.code_at) - 1


def _ranges(code_at: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of passages, one for each segment."""
    start, count = 0, len(code_at) - 1
    while start < count:
        end = int(np.searchsorted(code_at, code_at[start] + _SEGMENT_CODES, side="right")) - 1
        end = min(max(end, start + 1), start + MOST_PASSAGES, count)
        yield start, end
        start = end


def _owners(at: NDArray[np.int64], start: int, end: int) -> NDArray[np.uint16]:
    """The passage of each entry, counted from the first of the range."""
    return np.repeat(np.arange(end - start, dtype=np.uint16), np.diff(at[start : end + 1]))


def _char_terms(streams: Streams, start: int, end: int) -> tuple[NDArray[Any], NDArray[np.uint16]]:
    codes = streams.codes[int(streams.code_at[start]) : int(streams.code_at[end])]
    word = word_table()[codes]
    return codes[word], _owners(streams.code_at, start, end)[word]


def _bigram_terms(streams: Streams, start: int, end: int) -> tuple[NDArray[Any], NDArray[np.uint16]]:
    codes = streams.codes[int(streams.code_at[start]) : int(streams.code_at[end])]
    keys, term = bigram_keys(codes)
    owners = _owners(streams.code_at, start, end)
    term &= owners[1:] == owners[:-1]
    return keys[term], owners[:-1][term]


def _content_terms(streams: Streams, start: int, end: int) -> tuple[NDArray[Any], NDArray[np.uint16]]:
    lemmas = streams.lemmas[int(streams.lemma_at[start]) : int(streams.lemma_at[end])]
    word = lemmas != SENTENCE
    return lemmas[word], _owners(streams.lemma_at, start, end)[word]


def _head_terms(streams: Streams, start: int, end: int) -> tuple[NDArray[Any], NDArray[np.uint16]]:
    first = int(streams.lemma_at[start])
    lemmas = streams.lemmas[first : int(streams.lemma_at[end])]
    owners = _owners(streams.lemma_at, start, end)
    at, heads = streams.lemma_at[start:end] - first, streams.head_lemmas[start:end]
    word = (lemmas != SENTENCE) & (np.arange(len(lemmas)) < (at + heads)[owners])
    return lemmas[word], owners[word]


_TERMS = {
    CONTENT.name: _content_terms,
    CHAR.name: _char_terms,
    BIGRAM.name: _bigram_terms,
    HEAD.name: _head_terms,
}


def _segments(streams: Streams) -> Iterator[tuple[str, Segment]]:
    """Segments of all fields, those of one field in order."""
    for start, end in _ranges(streams.code_at):
        for name, terms_of in _TERMS.items():
            yield name, invert(*terms_of(streams, start, end), end - start)


@dataclass(frozen=True)
class Lexicon:
    """All fields of an index and the table that turns lemmas into terms.

    Terms are ids of lemmas (content, head), 16-bit codes (char) and keys of pairs (bigram).
    """

    fields: dict[str, Postings]
    lemma_keys: NDArray[np.uint64]  # sorted
    lemma_ids: NDArray[np.uint32]  # in the order of lemma_keys
    documents: int

    def lemma_rows(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Lemma ids of 64-bit keys; -1 where the index does not hold the lemma."""
        place = np.searchsorted(self.lemma_keys, keys)
        inside = place < len(self.lemma_keys)
        safe = np.where(inside, place, 0)
        if len(self.lemma_keys) == 0:
            return np.full(len(keys), -1, dtype=np.int64)
        found = inside & (self.lemma_keys[safe] == keys)
        return np.where(found, self.lemma_ids[safe].astype(np.int64), -1)


def usual_lengths(occurrences: Mapping[str, int], documents: int) -> dict[str, float]:
    """The average length of each field (see ``usual_length``)."""
    return {name: usual_length(total / max(documents, 1), documents) for name, total in occurrences.items()}


def build_lexicon(
    streams: Streams, lemma_keys: NDArray[np.uint64], *, average_lengths: Mapping[str, float] | None = None
) -> Lexicon:
    """Invert ``streams`` in memory; ``lemma_keys[i]`` is the key of lemma id ``i`` (0 is the sentence mark).

    ``average_lengths`` may be given so that a small index scores like a large one beside it.
    """
    segments: dict[str, list[Segment]] = {name: [] for name in _TERMS}
    for name, segment in _segments(streams):
        segments[name].append(segment)
    order = np.argsort(lemma_keys, kind="stable")
    fields = {f.name: Postings(f, segments[f.name], 1.0) for f in FIELDS}
    averages = average_lengths or usual_lengths(
        {name: field.occurrences for name, field in fields.items()}, len(streams)
    )
    fields = {f.name: Postings(f, segments[f.name], averages[f.name]) for f in FIELDS}
    return Lexicon(fields, lemma_keys[order], order.astype(np.uint32), len(streams))


def write_lexicon(
    streams: Streams,
    lemma_keys: NDArray[np.uint64],
    arrays: ArrayWriter,
    *,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> dict[str, int]:
    """Invert ``streams`` into a file, one segment after the other; returns the terms that each field holds.

    Needs memory for one segment, whatever the size of the index.
    """
    held = {name: [0, 0] for name in _TERMS}  # segments, occurrences
    for name, segment in _segments(streams):
        for part in _PARTS:
            arrays.add(f"{name}.{held[name][0]}.{part}", getattr(segment, part))
        held[name][0] += 1
        held[name][1] += int(segment.lengths.sum(dtype=np.int64))
        checkpoint(f"inverted-{name}")
    order = np.argsort(lemma_keys, kind="stable")
    arrays.add("lemma-keys", lemma_keys[order])
    arrays.add("lemma-ids", order.astype(np.uint32))
    return {name: occurrences for name, (_, occurrences) in held.items()}


_PARTS = ("terms", "starts", "docs", "counts", "lengths")


def open_lexicon(
    arrays: Mapping[str, NDArray[Any]], average_lengths: Mapping[str, float], documents: int
) -> Lexicon:
    """What ``write_lexicon`` wrote.  Raises ``KeyError`` or ``ValueError`` where something is missing."""
    fields = {}
    for config in FIELDS:
        segments: list[Segment] = []
        while f"{config.name}.{len(segments)}.terms" in arrays:
            segments.append(Segment(*(arrays[f"{config.name}.{len(segments)}.{part}"] for part in _PARTS)))
        if sum(len(segment.lengths) for segment in segments) != documents:
            raise ValueError("語の索引の断片の数が目録と合いません")
        fields[config.name] = Postings(config, segments, float(average_lengths[config.name]))
    return Lexicon(fields, arrays["lemma-keys"], arrays["lemma-ids"], documents)


def inverse_frequency(frequency: NDArray[np.int64], documents: int) -> NDArray[np.float32]:
    """Lucene's idf, ``ln(1 + (N - df + 0.5) / (df + 0.5))``; never negative."""
    return np.log1p((documents - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
