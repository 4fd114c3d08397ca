"""BM25 by field of a few passages, counted in the passages themselves.

The inverted lists answer "which passages"; for the candidates of one query it is cheaper to count the
query's terms in their words and characters, which the ranker looks at anyway.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.search.lexical import BIGRAM, CHAR, CONTENT, FIELDS, HEAD, Lexicon
from assistant.search.query import Query, Weighed
from assistant.search.terms import Codes

Owners = NDArray[np.int64]  # the passage of each entry, counted from 0
Terms = NDArray[np.int64]  # the term of each entry as the query counts them; below 0: none


def score_fields(
    weighed: Weighed,
    lexicon: Lexicon,
    passages: NDArray[np.int64],
    codes: tuple[Codes, Owners],
    lemmas: tuple[Terms, Owners],
    in_head: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Scores of ``passages`` (content, char, bigram, head), shape (4, passages).

    ``codes`` and ``lemmas`` are those of the passages end to end, ``in_head`` tells which lemmas belong to
    title and trail.
    """
    factors = weighed.factors(dict.fromkeys((f.name for f in FIELDS), 1.0))
    terms, owners = lemmas
    held = {
        CONTENT.name: (terms, owners),
        CHAR.name: (_characters(weighed.query, codes[0]), codes[1]),
        BIGRAM.name: _bigrams(weighed.query, *codes),
        HEAD.name: (terms[in_head], owners[in_head]),
    }
    scores = np.zeros((len(FIELDS), len(passages)), dtype=np.float32)
    for line, (name, (of_query, of_passage)) in enumerate(held.items()):
        if name not in factors:
            continue
        asked = of_query >= 0
        width = len(factors[name])
        counts = np.bincount(
            of_passage[asked] * width + of_query[asked], minlength=len(passages) * width
        ).reshape(len(passages), width)
        weights = counts / (counts + lexicon.fields[name].saturation_of(passages)[:, None])
        scores[line] = weights.astype(np.float32) @ factors[name]
    return scores


def _characters(query: Query, codes: Codes) -> Terms:
    numbers = np.full(1 << 16, -1, dtype=np.int64)
    numbers[query.characters] = np.arange(len(query.characters))
    return numbers[codes]


def _bigrams(query: Query, codes: Codes, owners: Owners) -> tuple[Terms, Owners]:
    """The query's pairs among neighbouring characters; no other pairs are returned."""
    first, second = np.zeros(1 << 16, dtype=bool), np.zeros(1 << 16, dtype=bool)
    first[query.bigrams >> np.uint32(16)] = True
    second[query.bigrams & np.uint32(0xFFFF)] = True
    at = np.flatnonzero(first[codes[:-1]] & second[codes[1:]] & (owners[1:] == owners[:-1]))
    keys = (codes[at].astype(np.uint32) << np.uint32(16)) | codes[at + 1]
    order = np.argsort(query.bigrams)
    known = query.bigrams[order]
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1) if len(known) else at
    return np.where(known[place] == keys, order[place], -1) if len(known) else at, owners[at]
