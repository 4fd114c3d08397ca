"""Intervals and tests over items: every measure is a function of the sum of per-item counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]  # items × parts
Combine = Callable[[Counts], Counts]  # … × parts → …

DRAWS: Final = 2000
SEED: Final = 20261123
_Z95: Final = 1.959964


def ratio(sums: Counts) -> Counts:
    """First part over second: means and shares. 0/0 is not a number.

    >>> float(ratio(np.array([3.0, 4.0])))
    0.75
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1], dtype=np.float64)


def f1(sums: Counts) -> Counts:
    """2·tp / (2·tp + fp + fn) of the parts (tp, fp, fn).

    >>> float(f1(np.array([2.0, 1.0, 1.0])))
    0.6666666666666666
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * sums[..., 0] / (2 * sums[..., 0] + sums[..., 1] + sums[..., 2]), np.float64)


def total(sums: Counts) -> Counts:
    """How many: the first part."""
    return np.asarray(sums[..., 0], dtype=np.float64)


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927); tells something where all trials went alike.

    >>> [round(x, 4) for x in wilson(10, 10)]
    [0.7225, 1.0]
    """
    if trials <= 0:
        return (0.0, 1.0)
    share, square = successes / trials, _Z95**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return (max(0.0, middle - half), min(1.0, middle + half))


def bootstrap_interval(counts: Counts, combine: Combine = ratio) -> tuple[float, float]:
    """95 % percentile interval over resampled items (Efron 1979), reproducible.

    Where every item went alike, resampling shows no spread at all; then Wilson's interval is given, so that
    10 of 10 is not told as certainty.
    """
    items = len(counts)
    if items == 0:
        return (math.nan, math.nan)
    value = float(combine(counts.sum(axis=0)))
    draws = np.random.default_rng(SEED).multinomial(items, np.full(items, 1 / items), size=DRAWS)
    drawn = combine(draws @ counts)
    drawn = drawn[np.isfinite(drawn)]
    if not len(drawn):
        return (math.nan, math.nan)
    if drawn.min() == drawn.max():
        scale = items if combine is total else 1.0
        low, high = wilson(value / scale * items, items) if 0 <= value / scale <= 1 else (value, value)
        return (low * scale, high * scale)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return (float(low), float(high))


@dataclass(frozen=True)
class Paired:
    """Two runs over the same items: ``difference`` is second minus first."""

    first: float
    second: float
    difference: float
    ci95: tuple[float, float]
    p: float
    items: int


def paired_test(first: Counts, second: Counts, combine: Combine = ratio) -> Paired:
    """Difference of two runs: paired bootstrap interval and a two-sided randomisation test (Fisher 1935).

    In each of ``DRAWS`` shuffles the two runs' counts are swapped item by item with a coin; p is the share
    of shuffles (plus the one seen) with a difference at least as large as the one seen.
    """
    if first.shape != second.shape:
        raise ValueError(f"runs of {first.shape} and {second.shape}")
    items = len(first)
    a, b = float(combine(first.sum(axis=0))), float(combine(second.sum(axis=0)))
    if items == 0 or not (math.isfinite(a) and math.isfinite(b)):
        return Paired(a, b, math.nan, (math.nan, math.nan), 1.0, items)
    random = np.random.default_rng(SEED)
    draws = random.multinomial(items, np.full(items, 1 / items), size=DRAWS)
    spread = combine(draws @ second) - combine(draws @ first)
    spread = spread[np.isfinite(spread)]
    low, high = np.percentile(spread, [2.5, 97.5]) if len(spread) else (math.nan, math.nan)
    swap = random.integers(0, 2, size=(DRAWS, items)).astype(np.float64)
    mixed_first = (1 - swap) @ first + swap @ second
    mixed_second = swap @ first + (1 - swap) @ second
    shuffled = np.abs(combine(mixed_second) - combine(mixed_first))
    as_large = int(np.sum(shuffled[np.isfinite(shuffled)] >= abs(b - a) - 1e-12))
    return Paired(a, b, b - a, (float(low), float(high)), (as_large + 1) / (DRAWS + 1), items)
