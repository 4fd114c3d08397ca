"""All cases at hand with what is known of their places: the corpus's own and those that people added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.cases.schemes import schemes_of
from assistant.domain import Case, Municipality, Source
from assistant.japanese.text import normalise
from assistant.knowledge.municipalities import Municipalities
from assistant.knowledge.themes import Themes
from assistant.search.index import Index


@dataclass(frozen=True)
class Entry:
    """One case, the places it happened in, and what it was paid with."""

    case: Case
    places: tuple[Municipality, ...]
    is_own: bool = False  # added by a person here, not part of the corpus

    @cached_property
    def prefectures(self) -> tuple[str, ...]:
        """Prefectures of all places."""
        return tuple(dict.fromkeys(place.prefecture for place in self.places)) or (self.case.prefecture,)

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """Groups of schemes."""
        return schemes_of(self.case)

    @cached_property
    def scheme_text(self) -> str:
        """The scheme's words, for matching."""
        return normalise(self.case.scheme or "")


@dataclass(frozen=True)
class Casebook:
    """What finding needs: the cases, the indexes that hold them, the register, the sources.

    ``indexes``: the corpus's index first, then one of added cases where there are any.
    ``figure_sources``: column of the register → sources that bear it.
    """

    entries: tuple[Entry, ...]
    indexes: tuple[Index, ...]
    municipalities: Municipalities | None
    themes: Themes
    sources: Mapping[str, Source]
    figure_sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # added cases that could not be read

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Entries by the id of the case."""
        return {entry.case.id: entry for entry in self.entries}


def make_entries(
    cases: Iterable[Case], municipalities: Municipalities | None, *, own: bool = False
) -> tuple[Entry, ...]:
    """Cases with their places; a code that the register does not hold is left out."""

    def places(codes: Sequence[str]) -> tuple[Municipality, ...]:
        if municipalities is None:
            return ()
        return tuple(municipalities.by_code(code) for code in codes if code in municipalities)

    return tuple(Entry(case, places(case.municipality_codes), own) for case in cases)
