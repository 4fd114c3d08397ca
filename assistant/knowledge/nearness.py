"""Names that look or sound like the one a person typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def edit_distance(first: str, second: str, limit: int) -> int:
    """Levenshtein distance, or ``limit`` + 1 where it is greater than ``limit``."""
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    previous = list(range(len(second) + 1))
    for row, char in enumerate(first, start=1):
        current = [row]
        for column, other in enumerate(second, start=1):
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (char != other)))
        if min(current) > limit:
            return limit + 1
        previous = current
    return previous[-1] if previous[-1] <= limit else limit + 1


def nearest(
    wanted: str, pool: Iterable[str], *, spelling: Callable[[str], str] = str, limit: int = 5
) -> tuple[str, ...]:
    """Members of ``pool`` whose spelling is within a third of the length (at least 1) of ``wanted``.

    Nearest first, ties in the order of the pool; at most ``limit``.  Nothing near gives nothing.
    """
    reach = max(1, len(wanted) // 3)
    scored = []
    for order, member in enumerate(pool):
        other = spelling(member)
        shared = len(set(wanted) & set(other))
        if shared:  # an unshared spelling is never near
            distance = edit_distance(wanted, other, reach)
            if distance <= reach and distance < min(len(wanted), len(other)):
                scored.append((distance, -shared, order, member))
    return tuple(member for *_, member in sorted(scored)[:limit])
