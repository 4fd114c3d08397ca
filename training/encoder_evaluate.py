"""Dense-only ranking quality of a table of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


def ranks_of_gold(queries: Matrix, passages: Matrix, gold: Sequence[int]) -> npt.NDArray[np.int64]:
    """Rank (from 1) of each query's one right passage; ties count against it."""
    ranks = np.empty(len(queries), np.int64)
    for begin in range(0, len(queries), 1024):
        scores = queries[begin : begin + 1024] @ passages.T
        right = scores[np.arange(len(scores)), np.asarray(gold[begin : begin + 1024])]
        ranks[begin : begin + 1024] = (scores >= right[:, None]).sum(1)
    return ranks


def ndcg_at_10(ranks: npt.NDArray[np.int64]) -> float:
    """Mean nDCG@10 where each query has one right passage: 1 / log2(1 + rank) within the first ten."""
    return float(np.where(ranks <= 10, 1.0 / np.log2(1.0 + ranks), 0.0).mean())


def recall_at(ranks: npt.NDArray[np.int64], depth: int) -> float:
    """Share of queries whose right passage is among the first ``depth``."""
    return float((ranks <= depth).mean())
