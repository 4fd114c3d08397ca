"""``Understanding`` → hits: where to look, and how much."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from assistant.domain import Hit, Intent, Kind, Understanding


class Finder(Protocol):
    """A search over the corpus and the person's uploads."""

    def find(
        self,
        query: str,
        *,
        k: int,
        kinds: Sequence[Kind] = (),
        grant_ids: Sequence[str] = (),
    ) -> list[Hit]:
        """The ``k`` best passages; empty filters mean all."""
        ...

    def find_in_originals(self, claim: str, source_ids: Sequence[str], *, k: int) -> list[Hit]:
        """Passages of the publishers' own files of these sources; empty where none was fetched."""
        ...

    def weigh(self, lemma: str) -> float:
        """Inverse document frequency of a content lemma (highest for words the index never saw)."""
        ...

    def knows(self, lemma: str) -> bool:
        """Whether any passage holds the lemma."""
        ...


# The document that was brought along, by what people call it.
_THIS_DOCUMENT = re.compile(
    r"(?:この|本|添付した|添付の|添付|うちの|当該|上の)(?:計画|文書|資料|ファイル|総合戦略|戦略|書類|PDF|pdf)"
)


def retrieve(
    understanding: Understanding, finder: Finder, *, k: int = 12, related_grants: Sequence[str] = ()
) -> list[Hit]:
    """Find passages: those of the named grants first, then the whole corpus.

    A question about good practices looks among cases only; any other looks everywhere.
    """
    query = understanding.resolved
    if understanding.slots:
        query = f"{query} {' '.join(understanding.slots)}"
    found: dict[str, Hit] = {}

    def add(hits: Sequence[Hit]) -> None:
        for hit in hits:
            found.setdefault(hit.passage.id, hit)

    if understanding.intent is Intent.CASES:
        add(finder.find(query, k=k * 2, kinds=(Kind.CASE, Kind.UPLOAD)))
    else:
        grants = (*understanding.grant_ids, *(g for g in related_grants if g not in understanding.grant_ids))
        for grant in grants[:8]:
            add(finder.find(query, k=k, grant_ids=(grant,)))
        uploaded = finder.find(query, k=k, kinds=(Kind.UPLOAD,))
        if uploaded and not grants and _THIS_DOCUMENT.search(understanding.question):
            return uploaded  # the corpus does not speak of it
        add(uploaded)
        if (
            not uploaded or understanding.terms or grants
        ):  # a bare 「目標は？」 is about the document brought along
            add(finder.find(query, k=k if not grants else max(6, k // 2)))
    ranked = sorted(found.values(), key=lambda hit: -hit.score)
    return [hit.model_copy(update={"rank": rank}) for rank, hit in enumerate(ranked, 1)]
