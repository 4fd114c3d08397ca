"""The review room's desk: documents held against requirements, with cases for what they lack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.domain import Document, Outcome, Source
from assistant.review.nouns import Review, ReviewedItem, Strictness
from assistant.review.requirements import RequirementFile, load_requirements
from assistant.review.review import Progress, review_document

STRATEGY = "strategy"
AgainstGrant = Callable[[Document, str, Strictness], Review]
FindCaseIds = Callable[[str, int, int], tuple[str, ...]]  # words, pillar, how many → case ids


class ReviewDesk:
    """Holds documents against requirements; safe to share between threads."""

    def __init__(
        self,
        corpus: Path,
        *,
        sources: Mapping[str, Source],
        against_grant: AgainstGrant,
        find_case_ids: FindCaseIds,
        today: date,
    ) -> None:
        self._corpus, self._sources, self._today = corpus, sources, today
        self._against_grant, self._find_case_ids = against_grant, find_case_ids

    @cached_property
    def requirements(self) -> RequirementFile:
        """What a 地方版総合戦略 is held against."""
        return load_requirements(self._corpus / "requirements" / "strategy.yaml", self._sources)

    def hold(
        self,
        document: Document,
        target: str = STRATEGY,
        *,
        strictness: Strictness = "standard",
        progress: Progress | None = None,
    ) -> Review:
        """Hold ``document`` against ``target``: ``strategy`` or a grant's id or name.

        ``progress(done, total)`` counts requirements. Raises ``UnknownName``.
        """
        if target != STRATEGY:
            return self._against_grant(document, target, strictness)
        found = review_document(
            document,
            self.requirements,
            sources=self._sources,
            today=self._today,
            strictness=strictness,
            progress=progress,
        )
        cases = tuple(dict.fromkeys(i for item in found.items for i in self.cases_for(item, 1)))
        return found.model_copy(update={"similar_cases": cases})

    def cases_for(self, item: ReviewedItem, k: int = 3) -> tuple[str, ...]:
        """Ids of cases that worked on what ``item`` asks for, where the document lacks it."""
        if item.pillar is None or item.outcome is Outcome.MET:
            return ()
        return self._find_case_ids(item.requirement, item.pillar, k)
