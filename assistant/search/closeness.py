"""How near a passage's words and sentences lie to a question's, where they are not the same words.

The vector of a whole passage blurs what one sentence of it says.  Here the question is held against single
sentences, and each of its word pieces against the nearest piece of the passage.  That reads the passages
themselves, so it is done for the first candidates only (``Ranked`` says how many).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Passage
from assistant.search.static_encoder import StaticEncoder, count_pieces
from assistant.search.terms import BREAK, indexed_head

CLOSENESS = ("words-near", "sentence-near", "body-sentence-near")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_FAR = np.float32(0.25)  # cosine of two pieces up to which they have nothing to do with each other


def measure_closeness(
    encoder: StaticEncoder, question: str, passages: Sequence[Passage]
) -> NDArray[np.float32]:
    """One row per passage, one column per name of ``CLOSENESS``, each 0 (nothing near) to 1.

    ``words-near``: share of the question's pieces, by their weight in its vector, that have a near one in
    the passage.  ``sentence-near``: the highest cosine of a sentence, or of what stands above the passage;
    ``body-sentence-near``: of a sentence alone.
    """
    out = np.zeros((len(passages), len(CLOSENESS)), np.float32)
    asked = np.unique(encoder.pieces([question])[0])
    if len(asked) == 0 or not passages:
        return out
    rows = encoder.table(asked)
    weights = np.linalg.norm(rows, axis=1)
    vector = encoder.encode_queries([question])[0]
    cut = [_cut(encoder, passage) for passage in passages]
    sentences = [pieces for parts in cut for pieces in parts]
    owner = np.repeat(np.arange(len(cut)), [len(parts) for parts in cut])
    heads = np.concatenate([[True], owner[1:] != owner[:-1]])

    texts, ids, counts = count_pieces(sentences)
    if len(ids) == 0:
        return out
    known, place = np.unique(ids, return_inverse=True)
    table = encoder.table(known)
    lengths = np.linalg.norm(table, axis=1)
    units = table / np.maximum(lengths, 1e-9)[:, None]
    # einsum, not @: products so small are done before a second thread of BLAS has woken up.
    near = np.einsum("ik,jk->ij", rows / np.maximum(weights, 1e-9)[:, None], units)
    near = np.clip((near - _FAR) / (1 - _FAR), 0.0, 1.0)[:, place]
    passage_of = owner[texts]
    first = np.flatnonzero(np.diff(passage_of, prepend=-1))
    best = np.maximum.reduceat(near, first, axis=1)
    out[passage_of[first], 0] = weights @ best / weights.sum()

    first = np.flatnonzero(np.diff(texts, prepend=-1))
    vectors = np.add.reduceat(counts[:, None] * table[place], first, axis=0)
    cosines = np.zeros(len(sentences), np.float32)
    cosines[texts[first]] = np.einsum("ik,k->i", vectors, vector) / np.maximum(
        np.linalg.norm(vectors, axis=1), 1e-9
    )
    np.maximum.at(out[:, 1], owner, cosines)
    np.maximum.at(out[:, 2], owner[~heads], cosines[~heads])
    return out


def _cut(encoder: StaticEncoder, passage: Passage) -> tuple[list[int], ...]:
    """Pieces of what stands above the passage, then of each of its sentences."""
    head = indexed_head(passage).replace(BREAK, " ")
    return encoder.pieces_of_parts((head, *(s for s in _SENTENCE.findall(passage.text) if s.strip())))
