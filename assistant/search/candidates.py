"""Candidates of one query side by side, from one index or several, ready for the ranker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.search.fields import score_fields
from assistant.search.index import Index
from assistant.search.lexical import SENTENCE
from assistant.search.query import Weighed
from assistant.search.terms import Codes

OTHER, END = -1, -2  # in ``Candidates.terms``: a word the query does not hold; the end of a sentence


@dataclass(frozen=True)
class Candidates:
    """Passages of one query. Arrays of all passages follow each other; ``*_at`` tells where each starts."""

    index: NDArray[np.int64]  # which index each passage is from
    number: NDArray[np.int64]  # its number there
    fields: NDArray[np.float32]  # BM25 by field, shape (4, n)
    cosine: NDArray[np.float32]
    title: NDArray[np.int64]  # equal for equal titles
    codes: Codes
    code_at: NDArray[np.int64]
    head_codes: NDArray[np.int64]
    terms: NDArray[np.int32]  # number of the query's lemma, OTHER or END
    term_at: NDArray[np.int64]
    head_terms: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.number)


def _ranges(
    at: NDArray[np.int64], numbers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    starts, ends = at[numbers], at[numbers + 1]
    return ends - starts, list(zip(starts.tolist(), ends.tolist(), strict=True))


def _numbered(lemmas: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """The number of the query's lemma for each lemma of passages; OTHER where it holds none."""
    order = np.argsort(rows, kind="stable")
    known = rows[order]
    if len(known) == 0:
        return np.full(len(lemmas), OTHER, dtype=np.int32)
    place = np.minimum(np.searchsorted(known, lemmas), len(known) - 1)
    return np.where(known[place] == lemmas, order[place], OTHER).astype(np.int32)


def gather(
    weighed: Weighed,
    indexes: Sequence[Index],
    found: Sequence[NDArray[np.int64]],
    vector: NDArray[np.float32] | None,
) -> Candidates:
    """Lay the passages ``found[i]`` of ``indexes[i]`` side by side."""
    where, numbers, fields, cosines, titles = [], [], [], [], []
    codes: list[Codes] = []
    terms: list[NDArray[np.int32]] = []
    code_lengths, term_lengths, head_codes, head_terms = [], [], [], []
    for which, (index, chosen) in enumerate(zip(indexes, found, strict=True)):
        if len(chosen) == 0:
            continue
        where.append(np.full(len(chosen), which, dtype=np.int64))
        numbers.append(chosen)
        known = vector is not None and index.vectors is not None
        cosines.append(
            index.vectors.cosines(vector, chosen)
            if known and index.vectors is not None and vector is not None
            else np.zeros(len(chosen), dtype=np.float32)
        )
        titles.append(index.meta["title"][chosen].astype(np.int64))
        streams = index.streams
        lengths, ranges = _ranges(streams.code_at, chosen)
        code_lengths.append(lengths)
        owners = np.arange(len(chosen))
        held = np.concatenate([streams.codes[start:end] for start, end in ranges])
        held_by = np.repeat(owners, lengths)
        codes.append(held)
        head_codes.append(streams.head_codes[chosen].astype(np.int64))
        lengths, ranges = _ranges(streams.lemma_at, chosen)
        term_lengths.append(lengths)
        lemmas = np.concatenate([streams.lemmas[start:end] for start, end in ranges]).astype(np.int64)
        mapped = _numbered(lemmas, weighed.rows[which]["content"])
        mapped[lemmas == SENTENCE] = END
        terms.append(mapped)
        heads = streams.head_lemmas[chosen].astype(np.int64)
        head_terms.append(heads)
        lemmas_by = np.repeat(owners, lengths)
        within = np.arange(len(lemmas)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        fields.append(
            score_fields(
                weighed,
                index.lexicon,
                chosen,
                (held, held_by),
                (mapped.astype(np.int64), lemmas_by),
                within < heads[lemmas_by],
            )
        )

    def places(lengths: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(lengths))])

    return Candidates(
        index=np.concatenate(where),
        number=np.concatenate(numbers),
        fields=np.concatenate(fields, axis=1),
        cosine=np.concatenate(cosines),
        title=np.concatenate(titles),
        codes=np.concatenate(codes),
        code_at=places(code_lengths),
        head_codes=np.concatenate(head_codes),
        terms=np.concatenate(terms),
        term_at=places(term_lengths),
        head_terms=np.concatenate(head_terms),
    )
