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

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.search.postings import Allocate, Block, FieldConfig, Postings, build_postings, in_memory
from assistant.search.terms import Codes, bigram_keys, word_table

CONTENT = FieldConfig("content", 0.6, 0.5, 1.0)
CHAR = FieldConfig("char", 0.9, 0.9, 0.3)
BIGRAM = FieldConfig("bigram", 0.6, 0.75, 0.5)
HEAD = FieldConfig("head", 0.6, 0.3, 0.1)
FIELDS = (CONTENT, CHAR, BIGRAM, HEAD)

SENTENCE = 0  # lemma id that marks the end of a sentence
_BLOCK_CODES = 4_000_000


@dataclass(frozen=True)
class Streams:
    """Codes and lemma ids of all passages, end to end.

    ``codes[code_at[i]:code_at[i + 1]]`` is passage ``i``; likewise ``lemmas`` with
    ``lemma_at``, where id 0 ends each sentence.  ``head_codes[i]``/``head_lemmas[i]`` tell
    how much of it is title and trail.
    """

    codes: Codes
    code_at: NDArray[np.int64]
    head_codes: NDArray[np.int32]
    lemmas: NDArray[np.uint32]
    lemma_at: NDArray[np.int64]
    head_lemmas: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.code_at) - 1


def _ranges(code_at: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of passages of about four million codes each."""
    start, count = 0, len(code_at) - 1
    while start < count:
        end = int(np.searchsorted(code_at, code_at[start] + _BLOCK_CODES, side="right")) - 1
        end = min(max(end, start + 1), count)
        yield start, end
        start = end


def _owners(at: NDArray[np.int64], start: int, end: int) -> NDArray[np.int32]:
    return np.repeat(np.arange(start, end, dtype=np.int32), np.diff(at[start : end + 1]))


def _char_blocks(streams: Streams) -> Iterator[Block]:
    for start, end in _ranges(streams.code_at):
        codes = np.asarray(streams.codes[streams.code_at[start] : streams.code_at[end]])
        word = word_table()[codes]
        yield codes[word].astype(np.uint32), _owners(streams.code_at, start, end)[word]


def _bigram_blocks(streams: Streams) -> Iterator[Block]:
    for start, end in _ranges(streams.code_at):
        codes = np.asarray(streams.codes[streams.code_at[start] : streams.code_at[end]])
        keys, term = bigram_keys(codes)
        owners = _owners(streams.code_at, start, end)
        term &= owners[1:] == owners[:-1]
        yield keys[term], owners[:-1][term]


def _content_blocks(streams: Streams) -> Iterator[Block]:
    for start, end in _ranges(streams.code_at):
        lemmas = np.asarray(streams.lemmas[streams.lemma_at[start] : streams.lemma_at[end]])
        word = lemmas != SENTENCE
        yield lemmas[word], _owners(streams.lemma_at, start, end)[word]


def _head_blocks(streams: Streams) -> Iterator[Block]:
    for start, end in _ranges(streams.code_at):
        first = streams.lemma_at[start]
        lemmas = np.asarray(streams.lemmas[first : streams.lemma_at[end]])
        owners = _owners(streams.lemma_at, start, end)
        within = np.arange(len(lemmas)) - (streams.lemma_at[owners] - first)
        word = (lemmas != SENTENCE) & (within < streams.head_lemmas[owners])
        yield lemmas[word], owners[word]


@dataclass(frozen=True)
class Lexicon:
    """All fields of an index and the tables that turn a query's terms into rows."""

    fields: dict[str, Postings]
    bigrams: NDArray[np.uint32]  # sorted keys; the position is the row
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

    def bigram_rows(self, keys: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Rows of bigram keys; -1 where the index does not hold the pair."""
        if len(self.bigrams) == 0:
            return np.full(len(keys), -1, dtype=np.int64)
        place = np.searchsorted(self.bigrams, keys)
        safe = np.minimum(place, len(self.bigrams) - 1)
        return np.where(self.bigrams[safe] == keys, safe, -1)


def build_lexicon(
    streams: Streams,
    lemma_keys: NDArray[np.uint64],
    *,
    allocate: Allocate = in_memory,
    spool: Path | None = None,
    average_lengths: dict[str, float] | None = None,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> Lexicon:
    """Invert ``streams``; ``lemma_keys[i]`` is the key of lemma id ``i`` (0 is the sentence mark)."""
    given = average_lengths or {}
    fields: dict[str, Postings] = {}
    bigrams = np.zeros(0, dtype=np.uint32)
    plan: tuple[tuple[FieldConfig, Iterator[Block], int | None], ...] = (
        (CONTENT, _content_blocks(streams), len(lemma_keys)),
        (CHAR, _char_blocks(streams), 0x10000),
        (BIGRAM, _bigram_blocks(streams), None),
        (HEAD, _head_blocks(streams), len(lemma_keys)),
    )
    for config, blocks, rows in plan:
        fields[config.name], keys = build_postings(
            blocks,
            config,
            documents=len(streams),
            rows=rows,
            allocate=allocate,
            spool=spool,
            average_length=given.get(config.name),
            checkpoint=checkpoint,
        )
        if rows is None:
            bigrams = keys
    order = np.argsort(lemma_keys, kind="stable")
    tables: dict[str, NDArray[Any]] = {
        "bigrams": bigrams,
        "lemma-keys": lemma_keys[order],
        "lemma-ids": order.astype(np.uint32),
    }
    stored: dict[str, NDArray[Any]] = {}
    for name, table in tables.items():
        target = stored[name] = allocate(f"lex-{name}", table.dtype, len(table))
        target[:] = table
        if isinstance(target, np.memmap):
            target.flush()
    return Lexicon(fields, stored["bigrams"], stored["lemma-keys"], stored["lemma-ids"], len(streams))


def open_lexicon(directory: Path, average_lengths: dict[str, float], documents: int) -> Lexicon:
    """Read what ``build_lexicon`` wrote into ``directory``, by memory map."""

    def load(name: str) -> NDArray[np.generic]:
        path = directory / f"lex-{name}.npy"
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        # A plain view: slicing np.memmap costs five times as much as slicing an array.
        return np.asarray(array).view(np.ndarray) if array.size else np.load(path, allow_pickle=False)

    fields = {}
    for config in FIELDS:
        fields[config.name] = Postings(
            config,
            load(f"{config.name}-indptr"),  # type: ignore[arg-type]
            load(f"{config.name}-docs"),  # type: ignore[arg-type]
            load(f"{config.name}-weights"),  # type: ignore[arg-type]
            average_lengths[config.name],
        )
    return Lexicon(fields, load("bigrams"), load("lemma-keys"), load("lemma-ids"), documents)  # type: ignore[arg-type]


def inverse_frequency(frequency: NDArray[np.int64], documents: int) -> NDArray[np.float32]:
    """Lucene's idf, ``ln(1 + (N - df + 0.5) / (df + 0.5))``; never negative."""
    return np.log1p((documents - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
