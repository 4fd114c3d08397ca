"""How sure it is that a statement answers: learned weights over cues, a few kB of JSON.

``score = Σ weight · (cue - mean) / scale - bar``: the log odds of the statement against "none of these
answers", under the model of ``training/train_selector.py``.  Above 0 it is likelier than no answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.ask.asked import BARS, Asked
from assistant.ask.cues import CUES, cues_of
from assistant.ask.units import Unit
from assistant.errors import CorpusInvalid

BUNDLED = Path(__file__).with_name("selector.json")

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Selector:
    """Weights of the cues and of the bar (its first entry is the bar of a question without any bar cue)."""

    mean: Numbers
    scale: Numbers
    weights: Numbers
    bar: Numbers
    least: float  # score from which a statement is shown

    def score(self, units: list[Unit], asked: Asked) -> list[float]:
        """Log odds of each statement; higher is better."""
        if not units:
            return []
        rows = np.array([cues_of(unit, asked) for unit in units])
        bar = self.bar @ np.array((1.0, *asked.bars()))
        return [float(s) for s in (rows - self.mean) / self.scale @ self.weights - bar]


def read_selector(path: Path) -> Selector:
    """The weights stored at ``path``. Raises ``CorpusInvalid`` where they are not for these cues."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        by_cue, by_bar = stored["cues"], stored["bar"]
        if list(by_cue) != list(CUES) or list(by_bar) != ["always", *BARS]:
            raise ValueError("手がかりの一覧がプログラムと違います")
        rows = np.array([[by_cue[name][key] for key in ("mean", "scale", "weight")] for name in CUES])
        bar = np.array([by_bar[name] for name in ("always", *BARS)])
        return Selector(rows[:, 0], rows[:, 1], rows[:, 2], bar, float(stored["least"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusInvalid([f"{path.name}: 読めません（{error}）"]) from error


@lru_cache(maxsize=1)
def bundled_selector() -> Selector:
    """The weights that ship with the program."""
    return read_selector(BUNDLED)
