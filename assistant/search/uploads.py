"""Documents that one session brought, searchable beside the corpus and kept in memory only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Document, Passage
from assistant.search.build import build_memory_index
from assistant.search.index import Index


@dataclass(frozen=True)
class Uploads:
    """The documents, in the order they came, and their index."""

    documents: tuple[Document, ...] = ()
    index: Index | None = None

    def passages_of(self, document_id: str) -> list[Passage]:
        """Passages of one of the documents."""
        return self.index.passages_of(document_id) if self.index else []

    def without(self, document_id: str, beside: Index) -> Uploads:
        """The same with one document less; ``beside`` is the corpus, whose encoder and weights are used."""
        documents = tuple(d for d in self.documents if d.id != document_id)
        return _indexed(documents, [p for d in documents for p in self.passages_of(d.id)], beside)

    def bring(self, document: Document, passages: Sequence[Passage], beside: Index) -> Uploads:
        """The same with one more document; one of its id is replaced."""
        others = tuple(d for d in self.documents if d.id != document.id)
        held = [p for d in others for p in self.passages_of(d.id)]
        return _indexed((*others, document), [*held, *passages], beside)


def _indexed(documents: tuple[Document, ...], passages: Sequence[Passage], beside: Index) -> Uploads:
    return Uploads(
        documents, build_memory_index(passages, beside.encoder, beside=beside) if passages else None
    )
