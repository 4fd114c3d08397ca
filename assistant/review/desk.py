"""The review room's desk: documents held against requirements, with cases for what they lack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

from assistant.domain import Case, Document, Municipality, Outcome, Passage, Source
from assistant.japanese.calendar import fiscal_year_of
from assistant.review.coverage import coverage_of
from assistant.review.difference import compare_documents
from assistant.review.draft_nouns import Drafts
from assistant.review.drafts import Desk, draft_gaps
from assistant.review.nouns import Review, ReviewedItem, Strictness
from assistant.review.register import Column, Fills, Mentions, Register, load_fills, places_in
from assistant.review.requirements import RequirementFile, load_requirements
from assistant.review.review import Progress, review_document
from assistant.review.shelf import Expand, GrantNames, Shelf

STRATEGY = "strategy"
_CASES = 3  # told for a gap
AgainstGrant = Callable[[Document, str, Strictness], Review]
# words, pillar, how many, the municipality they should be like → case ids
FindCaseIds = Callable[[str, int, int, str | None], tuple[str, ...]]


class Entry(Protocol):
    """A case as the case room keeps it."""

    @property
    def case(self) -> Case: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the review room asks of the other rooms of the house."""

    against_grant: AgainstGrant
    facts_asked: Callable[
        [str, str], Sequence[tuple[str, bool]]
    ]  # of a grant's rule, see ``Grant.facts_asked``
    find_case_ids: FindCaseIds
    cases: Callable[[], Mapping[str, Entry]]  # by id; another object as soon as somebody adds or removes one
    passages: Callable[[], Iterable[Passage]]  # of the corpus
    grant_names: GrantNames
    columns: Callable[[], Mapping[str, Column]]  # of the register of municipalities
    mentions: Mentions
    expand: Expand


class ReviewDesk:
    """Holds documents against requirements; safe to share between threads."""

    def __init__(self, corpus: Path, rooms: Rooms, *, sources: Mapping[str, Source], today: date) -> None:
        self._corpus, self._sources, self._today = corpus, sources, today
        self._rooms = rooms
        self._found: tuple[Mapping[str, Entry], dict[tuple[str, int, str | None], tuple[str, ...]]] = ({}, {})

    @cached_property
    def requirements(self) -> RequirementFile:
        """What a 地方版総合戦略 is held against."""
        return load_requirements(self._corpus / "requirements" / "strategy.yaml", self._sources)

    @cached_property
    def _shelf(self) -> Shelf:
        rooms = self._rooms
        year = fiscal_year_of(self._today)
        return Shelf(rooms.passages, rooms.grant_names, self._sources, year, rooms.expand)

    @cached_property
    def _fills(self) -> Fills:
        return load_fills(self._corpus / "drafts.yaml")

    def hold(
        self,
        document: Document,
        target: str = STRATEGY,
        *,
        strictness: Strictness = "standard",
        progress: Progress | None = None,
        like: Municipality | None = None,
    ) -> Review:
        """Hold ``document`` against ``target``: ``strategy`` or a grant's id or name.

        ``like``: whose document it is; cases are then those of places like it. ``progress(done, total)`` counts
        requirements. Raises ``UnknownName``.
        """
        found = self._held(document, target, strictness, progress)
        if target != STRATEGY:
            return found
        coverage = coverage_of(document, found, self.requirements)
        return self.with_help(found.model_copy(update={"coverage": coverage}), like)

    def _held(
        self, document: Document, target: str, strictness: Strictness, progress: Progress | None = None
    ) -> Review:
        if target != STRATEGY:
            return self._rooms.against_grant(document, target, strictness)
        return review_document(
            document,
            self.requirements,
            sources=self._sources,
            today=self._today,
            strictness=strictness,
            progress=progress,
        )

    def compare(self, old: Document, new: Document, review: Review) -> Review:
        """``review``, which is of ``new``, with its difference from the earlier version ``old``."""
        before = self._held(old, review.target, review.summary.strictness)
        return review.model_copy(update={"difference": compare_documents(old, new, before, review)})

    def with_help(self, review: Review, like: Municipality | None = None) -> Review:
        """``review`` with cases and grants for what is missing; ``like``: whose document it is."""
        items = tuple(
            item.model_copy(
                update={"cases": self.cases_for(item, like=like), "grants": self._shelf.grants_for(item)}
            )
            if item.pillar is not None and item.outcome is not Outcome.MET
            else item
            for item in review.items
        )
        cases = tuple(dict.fromkeys(item.cases[0] for item in items if item.cases))
        return review.model_copy(update={"items": items, "similar_cases": cases})

    def cases_for(self, item: ReviewedItem, *, like: Municipality | None = None) -> tuple[str, ...]:
        """Ids of cases that worked on what ``item`` asks for, where the document lacks it."""
        if item.pillar is None or item.outcome is Outcome.MET:
            return ()
        cases = self._rooms.cases()
        held, found = self._found
        if held is not cases:
            held, found = self._found = cases, {}
        key = (item.requirement, item.pillar, like.code if like else None)
        if key not in found:
            found[key] = self._rooms.find_case_ids(item.requirement, item.pillar, _CASES, key[2])
        return found[key]

    def cases_of(self, review: Review) -> dict[str, Case]:
        """The cases that ``review`` names, by id."""
        known = self._rooms.cases()
        return {i: known[i].case for item in review.items for i in item.cases if i in known}

    def draft(
        self, review: Review, *, place: Municipality | None = None, only: Iterable[str] | None = None
    ) -> Drafts:
        """A suggested paragraph for each gap of ``review``, or for the requirements ``only``.

        ``place``: whose document it is, as a person confirmed; the register then fills what it knows.
        """
        desk = Desk(
            shelf=self._shelf,
            sources=self._sources,
            case_of=lambda case: e.case if (e := self._rooms.cases().get(case)) else None,
            facts_asked=lambda rule: (
                () if review.target == STRATEGY else self._rooms.facts_asked(review.target, rule)
            ),
        )
        register = Register(place, self._rooms.columns(), self._fills) if place else None
        return draft_gaps(review, desk, register=register, only=only)

    def places_in(self, document: Document) -> tuple[Municipality, ...]:
        """Whose document it may be, for a person to confirm."""
        return places_in(document, self._rooms.mentions)
