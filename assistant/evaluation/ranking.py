"""Measures of a ranking.  Documents that are missing from the ranking count as not found; an empty one scores 0."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence


def ndcg(ranking: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """Normalised discounted cumulative gain at ``k`` (Järvelin & Kekäläinen 2002, as trec_eval's ndcg_cut).

    The gain of the document at rank r counts ``gain / log2(r + 1)``; the sum is divided by that of the best
    possible order.  Worked example: the only relevant document at rank 2 gives (1/log2 3) / (1/log2 2).

    >>> round(ndcg(["a", "b"], {"b": 1}, 10), 4)
    0.6309
    """
    found = sum(gains.get(document, 0) / math.log2(rank + 1) for rank, document in enumerate(ranking[:k], 1))
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k]
    ideal = sum(gain / math.log2(rank + 1) for rank, gain in enumerate(best, 1))
    return found / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """One over the rank of the first relevant document among the first ``k``; 0 without one (Voorhees 1999).

    >>> reciprocal_rank(["a", "b", "c"], {"b", "c"}, 10)
    0.5
    """
    for rank, document in enumerate(ranking[:k], 1):
        if document in relevant:
            return 1 / rank
    return 0.0


def recall_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """Share of the relevant documents among the first ``k``.

    >>> recall_at(["a", "b", "c"], {"b", "x"}, 3)
    0.5
    """
    wanted = set(relevant)
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else 0.0
