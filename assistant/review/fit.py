"""How far the cues reach into a document: whether its words are those that the requirements know.

Sentences and bullets that state an action are counted, and those of them in which a cue of any requirement
was found. Where most actions are in other words, that no cue was found says little: the outcome is unknown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.review.decoys import states_an_action
from assistant.review.second_look import stretches_of
from assistant.review.units import Unit

_POOR, _GOOD = 0.35, 0.45  # shares of actions with a cue: below the first the words are not those we know
_FEW = 10  # actions from which on the share is told
_SHORTEST = 12  # letters

Place = tuple[int, int, int]  # page, start, end


@dataclass(frozen=True, slots=True)
class Fit:
    """Actions that a document states, and those in which a cue was found."""

    actions: int
    known: int

    @property
    def trust(self) -> float:
        """How far a missing cue tells that something is missing: 0 (not at all) to 1."""
        if self.actions < _FEW:
            return 1.0
        return min(1.0, max(0.0, (self.known / self.actions - _POOR) / (_GOOD - _POOR)))

    @property
    def is_poor(self) -> bool:
        """Whether a person is to be told that the words of the document are mostly others."""
        return self.trust < 0.5


def fit_of(units: Sequence[Unit], found_at: Collection[Place]) -> Fit:
    """``found_at``: places of the units in which a cue of any requirement was found."""
    places = sorted(set(found_at))
    actions = known = 0
    for stretch in stretches_of(units):
        first, last = stretch.units[0], stretch.units[-1]
        whole = Unit(first.page, first.start, last.end, stretch.text, stretch.folded, last.trail, "sentence")
        if len(stretch.folded) < _SHORTEST or not states_an_action(whole):
            continue
        actions += 1
        at = bisect_right(places, (first.page, last.end, 0)) - 1
        known += at >= 0 and places[at][0] == first.page and places[at][2] > first.start
    return Fit(actions, known)
