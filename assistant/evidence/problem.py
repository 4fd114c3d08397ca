"""One thing in a claim that the evidence does not bear out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """``conflict``: the evidence says otherwise. ``soft``: the evidence says it with a limit that the claim drops."""

    reason: str
    conflict: bool = False
    soft: bool = False

    @property
    def missing(self) -> bool:
        """Neither said otherwise nor limited: the evidence is silent."""
        return not self.conflict and not self.soft
