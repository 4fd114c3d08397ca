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

_LEAST = 0.4  # share of actions with a cue below which the words are not those we know
_FEW = 10  # actions from which on the share is told
_SHORTEST = 12  # letters

Place = tuple[int, int, int]  # page, start, end


@dataclass(frozen=True, slots=True)
class Fit:
    """Actions that a document states, and those in which a cue was found."""

    actions: int
    known: int

    @property
    def is_poor(self) -> bool:
        """Whether a missing cue does not tell that something is missing."""
        return self.actions >= _FEW and self.known < _LEAST * self.actions


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
