"""Which piece of an earlier version became which piece of a later one.

Pieces that say the same and keep their order are anchors (patience diff: those that occur once, then the same within
each gap). In a gap, pieces cut otherwise are joined, the alike are paired as changed; what is left over is looked for
elsewhere as moved. Time grows with the length of the documents and with the square of single gaps.

The pairing does not depend on which version is the earlier one.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import pairwise

from assistant.review.pieces import Piece, joined

_IN_GAP = 0.42  # likeness from which two pieces between the same anchors are one that was changed
_ELSEWHERE = 0.62  # the same for pieces that stand elsewhere
_SHORTEST_ELSEWHERE = 5  # words; shorter pieces are alike by chance
_SHORTEST_MOVED = 8  # characters
_BETTER = 0.08  # by how much a neighbour must improve the likeness to be taken in
_TELLING = 12  # characters from which a piece is the same as another by more than chance
_MOST_JOINED = 12  # pieces that one piece may have been cut into
_SMALL = 40_000  # pairs up to which a gap is compared each with each
_NEARNESS = 0.15  # what standing between the same anchors adds to the likeness
_CANDIDATES = 12  # pieces that are compared with each piece
_SMALL_GAP = 30
_COMMON = 200  # pieces; a word in more of them does not bring candidates


@dataclass(frozen=True)
class Match:
    """Pieces of the one version and of the other, by number. ``same``: they say the same."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    same: bool
    moved: bool = False


@dataclass
class Alignment:
    """All pieces of both versions, each in exactly one place."""

    matches: list[Match]
    removed: list[int]
    added: list[int]


def align(old: Sequence[Piece], new: Sequence[Piece]) -> Alignment:
    """Match the pieces of two versions."""
    if _order(old) > _order(new):
        other = _Table(new, old).align()
        matches = [Match(m.new, m.old, m.same, m.moved) for m in other.matches]
        return Alignment(sorted(matches, key=lambda m: (m.old, m.new)), other.added, other.removed)
    return _Table(old, new).align()


def _order(pieces: Sequence[Piece]) -> tuple[int, list[str]]:
    return len(pieces), [piece.folded for piece in pieces]


@dataclass
class _Table:
    """Two versions while they are matched."""

    old: Sequence[Piece]
    new: Sequence[Piece]
    matches: list[Match] = field(default_factory=list)

    def align(self) -> Alignment:
        a, b = _numbered(self.old, self.new)
        self.free_old, self.free_new = set(range(len(a))), set(range(len(b)))
        self.anchors = self._without_recut(sorted(_anchors(a, b)))
        self._old_at, self._new_at = [i for i, _ in self.anchors], [j for _, j in self.anchors]
        for i, j in self.anchors:
            self._take((i,), (j,), same=True)
        for gap in self._gaps():
            self._rejoin(*gap)
        self._find_moved(a, b)
        self._pair_alike()
        self.matches.sort(key=lambda m: (m.old, m.new))
        return Alignment(self.matches, sorted(self.free_old), sorted(self.free_new))

    def _without_recut(self, anchors: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Take stretches between telling anchors that say the same as a whole, whatever their cuts.

        Cells of a table that are cut otherwise match here and there by chance; those are no anchors.
        """
        telling = [(i, j) for i, j in anchors if len(self.old[i].flat) >= _TELLING]
        ends = [(-1, -1), *telling, (len(self.old), len(self.new))]
        recut: set[int] = set()
        for (i, j), (k, m) in pairwise(ends):
            old, new = tuple(range(i + 1, k)), tuple(range(j + 1, m))
            if not old or not new or len(old) == len(new):
                continue
            if "".join(self.old[n].flat for n in old) == "".join(self.new[n].flat for n in new):
                self._take(old, new, same=True)
                recut.update(old)
        return [(i, j) for i, j in anchors if i not in recut]

    def _take(self, old: tuple[int, ...], new: tuple[int, ...], *, same: bool, moved: bool = False) -> None:
        self.matches.append(Match(old, new, same, moved))
        self.free_old.difference_update(old)
        self.free_new.difference_update(new)

    def _gaps(self) -> list[tuple[range, range]]:
        ends = [(-1, -1), *self.anchors, (len(self.old), len(self.new))]
        return [
            (range(i + 1, k), range(j + 1, m)) for (i, j), (k, m) in pairwise(ends) if k - i > 1 and m - j > 1
        ]

    def _rejoin(self, old: range, new: range) -> None:
        """Pieces of a gap that say the same when they are put together: only the cuts differ."""
        if len(old) * len(new) > _SMALL:
            return
        for i in old:
            for j in new:
                if i in self.free_old and j in self.free_new:
                    found = self._same_run(i, old.stop, j, new.stop)
                    if found is not None:
                        self._take(tuple(range(i, found[0])), tuple(range(j, found[1])), same=True)

    def _same_run(self, i: int, last_i: int, j: int, last_j: int) -> tuple[int, int] | None:
        a, b = self.old[i].flat, self.new[j].flat
        k, m = i + 1, j + 1
        while a != b:
            short, long = (a, b) if len(a) < len(b) else (b, a)
            if not long.startswith(short) or len(a) == len(b):
                return None
            if len(a) < len(b):
                if k >= last_i or k - i >= _MOST_JOINED or k not in self.free_old:
                    return None
                a, k = a + self.old[k].flat, k + 1
            else:
                if m >= last_j or m - j >= _MOST_JOINED or m not in self.free_new:
                    return None
                b, m = b + self.new[m].flat, m + 1
        return k, m

    def _find_moved(self, a: list[int], b: list[int]) -> None:
        places: dict[int, list[int]] = defaultdict(list)
        for j in sorted(self.free_new, reverse=True):
            places[b[j]].append(j)
        for i in sorted(self.free_old):
            if places[a[i]]:
                telling = len(self.old[i].folded) >= _SHORTEST_MOVED  # a cell's 「町内」 is no paragraph
                self._take((i,), (places[a[i]].pop(),), same=True, moved=telling)

    # ── changed pieces ───────────────────────────────────────────────────────

    def _pair_alike(self) -> None:
        features = _Features([*(self.old[i] for i in self.free_old), *(self.new[j] for j in self.free_new)])
        pairs: list[tuple[float, bool, int, int]] = []
        for i, j in self._candidates(features):
            one, other = self.old[i], self.new[j]
            if (one.kind == "kpi") != (other.kind == "kpi"):
                continue
            alike = features.likeness(one, other)
            near = self._gap_of_old(i) == self._gap_of_new(j)
            enough = alike >= (_IN_GAP if near else _ELSEWHERE)
            if enough and (near or min(len(one.words), len(other.words)) >= _SHORTEST_ELSEWHERE):
                pairs.append((alike + (_NEARNESS if near else 0.0), near, i, j))
        chosen: list[tuple[int, int, bool]] = []
        for _, near, i, j in sorted(pairs, key=lambda p: (-p[0], p[2] + p[3])):
            if i in self.free_old and j in self.free_new:
                self.free_old.discard(i)
                self.free_new.discard(j)
                chosen.append((i, j, near))
        straight = set(_longest_rise(sorted((i, j) for i, j, near in chosen if near)))
        for i, j, _ in chosen:
            old, new = self._widened(i, j, features)
            one, other = self._sides(old, new)
            self._take(old, new, same=one.key == other.key, moved=(i, j) not in straight)

    def _gap_of_old(self, i: int) -> int:
        return bisect_right(self._old_at, i)

    def _gap_of_new(self, j: int) -> int:
        return bisect_right(self._new_at, j)

    def _candidates(self, features: _Features) -> list[tuple[int, int]]:
        """For each piece that is left, those that share most with it, and all of a small gap."""
        holders: dict[str, list[int]] = defaultdict(list)
        gaps: dict[int, list[int]] = defaultdict(list)
        for j in sorted(self.free_new):
            gaps[self._gap_of_new(j)].append(j)
            for feature in features.of(self.new[j]):
                holders[feature].append(j)
        found: set[tuple[int, int]] = set()
        for i in sorted(self.free_old):
            shared: dict[int, float] = defaultdict(float)
            for feature in features.of(self.old[i]):
                if len(holders[feature]) <= _COMMON:
                    for j in holders[feature]:
                        shared[j] += features.rarity(feature)
            found.update((i, j) for j in nlargest(_CANDIDATES, shared, key=lambda j: (shared[j], -j)))
            near = gaps[self._gap_of_old(i)]
            if len(near) <= _SMALL_GAP:
                found.update((i, j) for j in near)
        return sorted(found)

    def _widened(self, i: int, j: int, features: _Features) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """A changed pair with the neighbours that were cut off one of its sides."""
        old, new = [i], [j]
        grown = True
        while grown:
            grown = False
            alike = features.likeness(*self._sides(old, new))
            for free, numbers in ((self.free_old, old), (self.free_new, new)):
                for at in (numbers[0] - 1, numbers[-1] + 1):
                    if at not in free or len(numbers) >= _MOST_JOINED or "kpi" in self._kinds(numbers, free):
                        continue
                    wider = sorted([*numbers, at])
                    sides = self._sides(wider, new) if numbers is old else self._sides(old, wider)
                    if features.likeness(*sides) >= alike + _BETTER:
                        numbers[:] = wider
                        free.discard(at)
                        grown = True
                        break
        return tuple(old), tuple(new)

    def _kinds(self, numbers: Sequence[int], free: set[int]) -> set[str]:
        pieces = self.old if free is self.free_old else self.new
        return {pieces[n].kind for n in numbers}

    def _sides(self, old: Sequence[int], new: Sequence[int]) -> tuple[Piece, Piece]:
        return joined([self.old[n] for n in old]), joined([self.new[n] for n in new])


class _Features:
    """How alike two pieces are: shared words, rare ones counting more; all numbers of one unit are one word.

    Likeness is Dice's coefficient over words weighted by inverse document frequency, from 0 to 1.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._kept = {id(piece): _features_of(piece) for piece in pieces}
        self._pieces = pieces  # kept alive, so that no other piece gets one of the ids
        counts = Counter(feature for features in self._kept.values() for feature in features)
        self._rarity = {f: math.log((len(pieces) + 1) / n) + 0.1 for f, n in counts.items()}
        self._weight_by_id = {at: self._weight(features) for at, features in self._kept.items()}

    def of(self, piece: Piece) -> Counter[str]:
        """The words of a piece and how often they stand in it."""
        return self._kept.get(id(piece)) or _features_of(piece)

    def rarity(self, feature: str) -> float:
        """The weight of a word."""
        return self._rarity.get(feature, 1.0)

    def likeness(self, one: Piece, other: Piece) -> float:
        """From 0 to 1."""
        a, b = self.of(one), self.of(other)
        if len(b) < len(a):
            a, b = b, a
        shared = sum(self._rarity.get(f, 1.0) * min(n, b[f]) for f, n in a.items() if f in b)
        whole = self._whole(one) + self._whole(other)
        return 2 * shared / whole if whole else 0.0

    def _whole(self, piece: Piece) -> float:
        known = self._weight_by_id.get(id(piece))
        return known if known is not None else self._weight(_features_of(piece))

    def _weight(self, features: Counter[str]) -> float:
        return sum(self._rarity.get(f, 1.0) * n for f, n in features.items())


def _features_of(piece: Piece) -> Counter[str]:
    words = (word.key if word.kind == "word" else word.key.split(":")[0] for word in piece.words)
    return Counter(words) or Counter([piece.folded])


def _numbered(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """Each piece as a number; equal numbers say the same. A text that stands in both is cut into words once."""
    number_by_text: dict[str, int] = {}
    number_by_key: dict[tuple[str, ...], int] = {}
    for piece in (*old, *new):
        if piece.folded not in number_by_text:
            number_by_text[piece.folded] = number_by_key.setdefault(piece.key, len(number_by_key))
    return [number_by_text[p.folded] for p in old], [number_by_text[p.folded] for p in new]


# ── anchors ──────────────────────────────────────────────────────────────────


def _anchors(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of equal items in the order of both sequences."""
    found: list[tuple[int, int]] = []
    left = [(0, len(a), 0, len(b))]
    while left:
        i, k, j, m = left.pop()
        while i < k and j < m and a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < k and j < m and a[k - 1] == b[m - 1]:
            k, m = k - 1, m - 1
            found.append((k, m))
        if i == k or j == m:
            continue
        chain = _longest_rise(_once_in_both(a, i, k, b, j, m))
        if not chain:
            found += _repeated(a, i, k, b, j, m)
            continue
        ends = [(i - 1, j - 1), *chain, (k, m)]
        found += chain
        left += [(p + 1, r, q + 1, s) for (p, q), (r, s) in pairwise(ends) if r - p > 1 and s - q > 1]
    return found


def _once_in_both(
    a: Sequence[int], i: int, k: int, b: Sequence[int], j: int, m: int
) -> list[tuple[int, int]]:
    in_a, in_b = Counter(a[i:k]), Counter(b[j:m])
    at = {b[n]: n for n in range(j, m) if in_b[b[n]] == 1}
    return [(n, at[a[n]]) for n in range(i, k) if in_a[a[n]] == 1 and a[n] in at]


def _repeated(a: Sequence[int], i: int, k: int, b: Sequence[int], j: int, m: int) -> list[tuple[int, int]]:
    """A stretch in which nothing occurs just once: by the longest common blocks, or occurrence by occurrence."""
    if (k - i) * (m - j) <= _SMALL:
        blocks = SequenceMatcher(None, a[i:k], b[j:m], autojunk=False).get_matching_blocks()
        return [(i + block.a + n, j + block.b + n) for block in blocks for n in range(block.size)]
    places: dict[int, list[int]] = defaultdict(list)
    for n in range(m - 1, j - 1, -1):
        places[b[n]].append(n)
    return _longest_rise([(n, places[a[n]].pop()) for n in range(i, k) if places[a[n]]])


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs that rises on both sides; ``pairs`` are in order of the first."""
    tails: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        place = bisect_left(tails, j)
        before.append(at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(j)
            at.append(number)
        else:
            tails[place], at[place] = j, number
    chain = []
    number = at[-1] if at else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]
