"""How far raters agree beyond chance.  A rating that was not given is ``None``: missing, never good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import permutations

Label = Hashable
Distance = Callable[[float, float], float]


def cohen_kappa(first: Sequence[Label], second: Sequence[Label]) -> float | None:
    """Agreement of two raters on the same items (Cohen 1960): (observed - chance) / (1 - chance).

    None where chance alone would agree on everything or nothing was rated.  Worked example: they agree on 3
    of 4; chance is (2*3 + 2*1) / 16 = 0.5, so kappa is (0.75 - 0.5) / 0.5.

    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "a", "a", "b"])
    0.5
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} ratings")
    if not first:
        return None
    total = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / total
    mine, theirs = Counter(first), Counter(second)
    chance = sum(mine[label] * theirs[label] for label in mine) / total**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float | None:
    """Agreement of a fixed number of raters (Fleiss 1971).

    ``counts[i][c]``: how many raters gave item i the category c; every row has the same sum, at least 2.
    Worked example: two raters, two items; they agree on one of them: P = 0.5, chance = 0.75² + 0.25².

    >>> round(fleiss_kappa([[2, 0], [1, 1]]), 4)
    -0.3333
    """
    if not counts:
        return None
    raters = sum(counts[0])
    if raters < 2 or any(sum(row) != raters for row in counts):
        raise ValueError("every item needs the same number of ratings, at least 2")
    items = len(counts)
    shares = [sum(row[c] for row in counts) / (items * raters) for c in range(len(counts[0]))]
    observed = sum((sum(n * n for n in row) - raters) / (raters * (raters - 1)) for row in counts) / items
    chance = sum(share**2 for share in shares)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def nominal(a: float, b: float) -> float:
    """Distance of categories: same or not."""
    return float(a != b)


def interval(a: float, b: float) -> float:
    """Distance of numbers: squared difference."""
    return (a - b) ** 2


def krippendorff_alpha(
    ratings: Sequence[Sequence[float | None]], distance: Distance = nominal
) -> float | None:
    """Agreement of any number of raters with gaps (Krippendorff 2011): 1 - observed / expected disagreement.

    ``ratings[r][i]``: rater r on item i, None where missing; items with fewer than two ratings are left out.
    None where nothing can be paired or all pairable ratings are equal.  Worked example: items (1, 1), (2, 2)
    and (1, 2): observed disagreement 2/6, expected 2 * 3 * 3 / (6 * 5), so alpha is 1 - (1/3) / (3/5).

    >>> round(krippendorff_alpha([[1, 2, 1], [1, 2, 2]]), 4)
    0.4444
    """
    if not ratings:
        return None
    units = [[value for value in column if value is not None] for column in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    values = [value for unit in units for value in unit]
    total = len(values)
    if total < 2:
        return None
    observed = (
        sum(sum(distance(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / total
    )
    counts = Counter(values)
    expected = sum(counts[a] * counts[b] * distance(a, b) for a in counts for b in counts) / (
        total * (total - 1)
    )
    return 1 - observed / expected if expected else None
