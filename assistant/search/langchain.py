"""LangChain's ``BaseRetriever`` over our indexes: the one place of this room that speaks LangChain's types."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from assistant.domain import Hit
from assistant.search.retrieve import DEFAULT, NO_FILTERS, Search, find_in
from assistant.search.store import Filters


def document_of(hit: Hit) -> Document:
    """A hit as LangChain's ``Document``; the page content is the passage as it stands in its file."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": passage.title,
        "trail": list(passage.trail),
        "page": passage.page,
        "locator": passage.locator,
        "kind": str(passage.kind),
        "source_ids": list(passage.source_ids),
        "fiscal_years": list(passage.fiscal_years),
        "score": hit.score,
        "why": list(hit.why),
    }
    return Document(page_content=passage.text, metadata=metadata, id=passage.id)


class PassageRetriever(BaseRetriever):
    """Use our search in a LangChain chain: ``PassageRetriever(indexes=(index,), k=8).invoke("…")``."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    indexes: tuple[Any, ...]  # of ``Index``, which refers to itself: pydantic is not to look into it
    k: int = 8
    filters: SkipValidation[Filters] = NO_FILTERS
    search: SkipValidation[Search] = DEFAULT

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = find_in(self.indexes, query, k=k or self.k, filters=self.filters, search=self.search)
        return [document_of(hit) for hit in hits]
