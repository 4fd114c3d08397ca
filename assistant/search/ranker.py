"""A linear ranker: standardised features times learned weights, a few kB of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.search.features import FEATURES

VECTOR_FEATURES = ("vector", "vector-max", "vector*gap")
BUNDLED = Path(__file__).parent / "ranker.json"


@dataclass(frozen=True)
class Ranker:
    """``score = (features - mean) / scale @ weights + gate * (1 - best coverage) * cosine``."""

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: NDArray[np.float32]
    gate: float = 0.0

    def contributions(
        self, features: NDArray[np.float32], *, use_vectors: bool = True
    ) -> NDArray[np.float32]:
        """What each feature adds to each candidate's score, shape like ``features``.

        Without vectors their features add nothing, rather than what a cosine of 0 would.
        """
        parts: NDArray[np.float32] = (features - self.mean) / self.scale * self.weights
        gap = FEATURES.index("vector*gap")
        parts[:, gap] += np.float32(self.gate) * features[:, gap]
        if not use_vectors:
            parts[:, [FEATURES.index(name) for name in VECTOR_FEATURES]] = 0.0
        return parts


def read_ranker(path: Path) -> Ranker | None:
    """The ranker stored at ``path``; None where it is missing or made for other features.

    Without a ranker the search falls back to the lexical sum and a gated vector score.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        by_name = stored["features"]
        if set(by_name) != set(FEATURES):
            return None
        rows = np.array(
            [[by_name[n][key] for key in ("mean", "scale", "weight")] for n in FEATURES], np.float32
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Ranker(rows[:, 0], rows[:, 1], rows[:, 2], float(stored.get("gate", 0.0)))


@lru_cache(maxsize=1)
def bundled_ranker() -> Ranker | None:
    """The ranker that ships with the program."""
    return read_ranker(BUNDLED)
