"""The search of the asking flow: the corpus and one session's uploads as one, with word weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain import Hit, Kind
from assistant.search.index import Index
from assistant.search.rerank import DEPTH, Reranker
from assistant.search.retrieve import find_in
from assistant.search.store import Filters


@dataclass(frozen=True)
class CorpusFinder:
    """The search of the asking flow over the corpus and one session's uploads."""

    index: Index
    uploads: Index | None = None
    frequencies: dict[str, int] = field(default_factory=dict)
    originals: frozenset[str] = frozenset()  # ids of the publishers' own files in the index
    reranker: Reranker | None = None

    def find(
        self, query: str, *, k: int, kinds: Sequence[Kind] = (), grant_ids: Sequence[str] = ()
    ) -> list[Hit]:
        """The ``k`` best passages of corpus and uploads; empty filters mean all."""
        if self.uploads is None and tuple(kinds) == (Kind.UPLOAD,):
            return []
        indexes = [self.index] if self.uploads is None else [self.index, self.uploads]
        filters = Filters.of(kinds=kinds, grant_ids=grant_ids)
        if self.reranker is None:
            return find_in(indexes, query, k=k, filters=filters)
        return self.reranker.rerank(query, find_in(indexes, query, k=max(k, DEPTH), filters=filters))[:k]

    def find_in_originals(self, claim: str, source_ids: Sequence[str], *, k: int) -> list[Hit]:
        """Passages of the publishers' own files of these sources."""
        wanted = [f"original-{i}" for i in source_ids if f"original-{i}" in self.originals]
        if not wanted:
            return []
        return find_in([self.index], claim, k=k, filters=Filters.of(document_ids=wanted))

    def _frequency(self, lemma: str) -> int:
        known = self.frequencies.get(lemma)
        if known is None:
            known = 0
            for index in (self.index, self.uploads):
                if index is not None:
                    known += index.document_frequency(lemma)
            self.frequencies[lemma] = known
        return known

    def weigh(self, lemma: str) -> float:
        """Inverse document frequency of a content lemma (BM25's; the highest for words never seen)."""
        frequency = self._frequency(lemma)
        return (
            math.log(1 + (len(self.index) - frequency + 0.5) / (frequency + 0.5))
            if frequency
            else math.log(1 + len(self.index) / 1.5)
        )

    def knows(self, lemma: str) -> bool:
        """Whether any passage holds the lemma."""
        return self._frequency(lemma) > 0
