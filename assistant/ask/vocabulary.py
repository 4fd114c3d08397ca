"""The names that questions may use, as plain values handed in from above.

``ask`` may not open the corpus or the grant rules itself; the service hands it this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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


def grant_name(keys: Mapping[str, Any], yearly: bool) -> GrantName:
    """A grant's names from the naming keys of its file."""
    return GrantName(
        id=keys["id"],
        name=keys["name"],
        short=keys["short"],
        aliases=tuple(keys.get("aliases") or ()),
        family=keys["family"],
        family_aliases=tuple(keys.get("family_aliases") or ()),
        fiscal_year=keys["fiscal_year"] if yearly else None,
        predecessor=keys.get("predecessor"),
        successor=keys.get("successor"),
    )


def _folded(name: str) -> str:
    return normalise(name).replace(" ", "")


# What may stand before a scheme's name without being part of it: a year, a place, an office, a wider name.
_BEFORE_NAME = re.compile(r"[度年金型プ国旧新府省庁都道県市町村区着]$")
_NAME_OF_KANJI = re.compile(r"[一-龥ァ-ヴ].*(?:交付金|補助金|支援金|助成金|税制|債)")


def _ends_other(match: re.Match[str]) -> bool:
    """Whether a name is only the end of a longer one: 「推進交付金」 in 「みどりの食料システム戦略推進交付金」."""
    before = match.string[: match.start()]
    return (
        bool(_NAME_OF_KANJI.fullmatch(match.group()))
        and bool(re.search(r"[一-龥ァ-ヴー々]$", before))
        and not _BEFORE_NAME.search(before)
    )


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
            # 「地域未来交付金（地域未来推進型）」 is also called by the name before the bracket, which all its types share.
            umbrella = grant.name.partition("（")[0]
            for word in (grant.name, grant.short, umbrella, *grant.aliases):
                names.add((_folded(word), "grant", grant.id))
        of_grants = {name for name, _, _ in names}
        for grant in self.grants:
            for word in grant.family_aliases:
                if _folded(word) not in of_grants:
                    names.add((_folded(word), "family", grant.family))
        return tuple(sorted((n for n in names if len(n[0]) >= 2), key=lambda n: (-len(n[0]), n)))

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        words = dict.fromkeys(name for name, _, _ in self._names)
        return re.compile("|".join(map(re.escape, words)) or r"(?!)")

    def named_in_order(self, question: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each name of a grant or family in ``question`` (folded), in order, with the grants that it means."""
        found: dict[str, tuple[str, ...]] = {}
        for match in self._any_name.finditer(_folded(question)):
            if _ends_other(match):
                continue
            targets = [(what, target) for name, what, target in self._names if name == match.group()]
            meant = {target for what, target in targets if what == "grant"} or {
                member.id for what, target in targets if what == "family" for member in self.by_family[target]
            }
            found.setdefault(match.group(), tuple(g.id for g in self.grants if g.id in meant))
        return tuple(found.items())

    def find_grants(self, question: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """Grants and families that ``question`` names, and the question (folded) without those names."""
        folded = _folded(question)
        groups: list[frozenset[str]] = []
        families: dict[str, None] = {}
        for match in dict.fromkeys(m.group() for m in self._any_name.finditer(folded) if not _ends_other(m)):
            meant = frozenset(
                target for name, what, target in self._names if name == match and what == "grant"
            )
            if meant:
                groups.append(meant)
            families.update(
                (target, None) for name, what, target in self._names if name == match and what == "family"
            )
        # 「地域未来交付金のTYPE V」: the narrower name decides, the wider one only introduces it.
        narrow = [group for group in groups if not any(other < group for other in groups)]
        grants = dict.fromkeys(grant.id for grant in self.grants for group in narrow if grant.id in group)
        narrow_families = {self.by_id[g].family for g in grants}
        if grants and not (set(families) - narrow_families):
            families = {}
        rest = self._any_name.sub(lambda m: m.group() if _ends_other(m) else " ", folded)
        return tuple(grants), tuple(families), rest
