"""Hard negatives: what BM25 ranks high and is not the answer."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np

from training.encoder_batches import Ids


def lexical_negatives(
    queries: Sequence[Ids], passages: Sequence[Ids], gold: Sequence[int], wanted: int = 6
) -> list[tuple[int, ...]]:
    """For each query the passages that BM25 over pieces ranks highest, without the right one."""
    index = bm25s.BM25(k1=0.9, b=0.75)
    index.index([[str(i) for i in p] for p in passages], show_progress=False)
    asked = [[str(i) for i in q] for q in queries]
    found, _ = index.retrieve(asked, k=min(wanted + 1, len(passages)), show_progress=False, n_threads=2)
    return [
        tuple(int(p) for p in np.asarray(row) if int(p) != right)[:wanted]
        for row, right in zip(found, gold, strict=True)
    ]
