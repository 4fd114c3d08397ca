"""The names that questions may use, as plain values handed in from above.

``ask`` may not open the corpus or the grant rules itself; the service hands it this.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from assistant.domain import Municipality
from assistant.japanese.text import normalise

MentionFinder = Callable[[str], list[tuple[Municipality, int, int]]]


@dataclass(frozen=True)
class GrantName:
    """One grant × fiscal year as questions may call it; ``fiscal_year`` None means not tied to a year."""

    id: str
    name: str
    short: str
    aliases: tuple[str, ...]
    family: str
    family_aliases: tuple[str, ...]
    fiscal_year: int | None
    predecessor: str | None = None
    successor: str | None = None


def _no_mentions(text: str) -> list[tuple[Municipality, int, int]]:
    return []


@dataclass(frozen=True)
class Vocabulary:
    """Grants by name and family, and a finder of municipality names."""

    grants: tuple[GrantName, ...] = ()
    mentions: MentionFinder = _no_mentions
    expand: Callable[[str], tuple[tuple[str, str], ...]] = field(default=lambda text: ())

    @cached_property
    def by_id(self) -> dict[str, GrantName]:
        """Grants by id."""
        return {grant.id: grant for grant in self.grants}

    @cached_property
    def by_family(self) -> dict[str, tuple[GrantName, ...]]:
        """Members of each family, latest year first."""
        families: dict[str, list[GrantName]] = {}
        for grant in self.grants:
            families.setdefault(grant.family, []).append(grant)
        return {
            name: tuple(sorted(members, key=lambda g: -(g.fiscal_year or 9999)))
            for name, members in families.items()
        }

    @cached_property
    def _names(self) -> tuple[tuple[str, str, str], ...]:
        """(folded name, "grant" or "family", id), longest first so that the narrower name wins."""
        names: set[tuple[str, str, str]] = set()
        for grant in self.grants:
            for word in (grant.name, grant.short, *grant.aliases):
                names.add((normalise(word).replace(" ", ""), "grant", grant.id))
            for word in grant.family_aliases:
                names.add((normalise(word).replace(" ", ""), "family", grant.family))
        return tuple(sorted((n for n in names if len(n[0]) >= 2), key=lambda n: (-len(n[0]), n)))

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        words = dict.fromkeys(name for name, _, _ in self._names)
        return re.compile("|".join(map(re.escape, words)) or r"(?!)")

    def find_grants(self, question: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Grants and families that ``question`` names, and the question (folded) without those names."""
        folded = normalise(question).replace(" ", "")
        grants: dict[str, None] = {}
        families: dict[str, None] = {}
        for match in self._any_name.finditer(folded):
            for name, what, target in self._names:
                if name == match.group():
                    (grants if what == "grant" else families)[target] = None
        rest = self._any_name.sub(" ", folded)
        return tuple(grants), tuple(families), rest
