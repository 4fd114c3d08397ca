"""Which texts are held out from training, decided by their names alone.

Every script under ``training/`` asks here, so that what the encoder has seen, the
ranker is not trained on, and what either is measured on, neither has seen.
"""

from __future__ import annotations

import hashlib

TUNE_TITLES = 10  # one JaQuAD train article in ten
HELD_OUT_LAWS = 60  # one statute in sixty
HELD_OUT_BULLETINS = 12  # one issue of a municipal bulletin in twelve
HELD_OUT_ARTICLES = 10  # one bulletin article in ten of those that people's questions are written for


def bucket(name: str, buckets: int) -> int:
    """A stable number in ``0 … buckets - 1`` for a name."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % buckets


def is_tune_title(title: str) -> bool:
    """Whether a JaQuAD *train* article is held out for choosing settings and for training the ranker."""
    return bucket(title, TUNE_TITLES) == 0


def is_held_out_law(law: str) -> bool:
    """Whether a statute is held out."""
    return bucket(law, HELD_OUT_LAWS) == 0


def is_held_out_bulletin(issue: str) -> bool:
    """Whether an issue of a bulletin (its title, 「広報あつぎ 第1421号…」) is held out."""
    return bucket(issue, HELD_OUT_BULLETINS) == 0


def is_held_out_article(name: str) -> bool:
    """Whether the questions written for an article of a bulletin (its id) are held out."""
    return bucket(name, HELD_OUT_ARTICLES) == 0
