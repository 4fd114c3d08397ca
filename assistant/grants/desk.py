"""The grant room's desk: what it adds to an answer — a verdict, grants that fit, a comparison."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assistant.domain import Answer, Hit, Intent, Understanding
from assistant.grants.comparing import add_comparison
from assistant.grants.fit import Profiles, Project, score_grants
from assistant.grants.in_answers import add_verdict, asks_verdict, may_describe
from assistant.grants.loader import Grants
from assistant.grants.propose import FactProposal
from assistant.grants.rules import Grant
from assistant.grants.scene import Mark, Say, Scene, is_current
from assistant.grants.sides import NamedInOrder, find_sides
from assistant.grants.table import ReadPassages
from assistant.search.vectors import Encoder

# What asks for a grant and tells nothing of the project.
_ASKING = re.compile(
    r"(?:に|で)?(?:使える|使いたい|もらえる|活用できる|当てはまる)?(?:国の)?(?:交付金|補助金|補助|助成金|助成|支援制度|制度|財源)"
    r"(?:は|が|って|を)?(?:何か|なにか)?(?:あり(?:ます|ません)か|ある|ない|教えて(?:ください)?|知りたい|どれ(?:です)?か?)?(?:[?？。]|$)"
)


@dataclass(frozen=True)
class Rooms:
    """What the desk asks of others. ``named``: grants that a reading names, of the year it asks for."""

    read: ReadPassages
    find: Callable[[str], Sequence[Hit]]
    encoder: Encoder | None
    expand: Callable[[str], Sequence[tuple[str, str]]]
    propose: Callable[[str, str | None], tuple[FactProposal, ...]]
    named: Callable[[Understanding], Sequence[str]]
    named_in_order: NamedInOrder
    asks_for_a_place: Callable[[Understanding], bool]
    speaks_of: Callable[[str], bool]
    without_places: Callable[[str], str]
    say: Say
    mark: Mark


def without_spans(text: str, mentions: Sequence[tuple[Any, int, int]]) -> str:
    """``text`` without the stretches that ``mentions`` (what, start, end) tell."""
    for _, start, end in sorted(mentions, key=lambda mention: -mention[1]):
        text = text[:start] + text[end:]
    return text


class GrantDesk:
    """Adds to answers what the rules of grants say; safe to share between threads."""

    def __init__(self, load: Callable[[], Grants], rooms: Rooms, today: date) -> None:
        self._load, self._rooms, self._today = load, rooms, today

    @cached_property
    def grants(self) -> Grants:
        """All grants with their rules, read when first needed."""
        return self._load()

    @cached_property
    def profiles(self) -> Profiles:
        """All grants with what they say they are for."""
        return Profiles(self.grants, self._rooms.read, self._rooms.encoder)

    @property
    def current(self) -> tuple[Grant, ...]:
        """Grants of this fiscal year or a later one, and standing schemes."""
        return tuple(grant for grant in self.grants if is_current(grant, self._today))

    def read_project(self, text: str, municipality_code: str | None = None) -> Project:
        """A described project as the ranking sees it."""
        rooms = self._rooms
        told = _ASKING.sub(" ", rooms.without_places(text))
        return Project(told, rooms.find(told), rooms.propose(text, municipality_code), rooms.expand(told))

    def rank(self, text: str) -> list[str]:
        """Ids of current grants, the one that suits the described project best first."""
        return [
            scored.grant.id for scored in score_grants(self.read_project(text), self.profiles, self.current)
        ]

    def add(self, answer: Answer, facts: Mapping[str, Any]) -> Answer:
        """``answer`` with what its question asks of the grants; ``facts``: those that a person confirmed."""
        understanding = answer.trace.understanding
        if understanding is None:
            return answer
        if understanding.intent is Intent.COMPARE:
            return self._compare(answer, understanding)
        if (asks_verdict(understanding) or may_describe(understanding, answer)) and len(self.grants):
            if not understanding.grant_ids and self._rooms.asks_for_a_place(understanding):
                return answer
            scene = Scene(
                grants=self.grants,
                project=self.read_project(understanding.question, understanding.municipality_code),
                profiles=lambda: self.profiles,
                facts=facts,
                today=self._today,
                say=self._rooms.say,
                mark=self._rooms.mark,
            )
            return add_verdict(answer, scene, named=self._rooms.named(understanding))
        return answer

    def _compare(self, answer: Answer, understanding: Understanding) -> Answer:
        rooms = self._rooms
        if not rooms.named_in_order(understanding.question):
            return answer
        found = find_sides(
            understanding.question, self.grants, rooms.named_in_order, rooms.speaks_of, self._today
        )
        if found is None:
            return answer
        return add_comparison(answer, self.grants, found, read=rooms.read, say=rooms.say, mark=rooms.mark)
