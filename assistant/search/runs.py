"""TREC runs: ``qid Q0 document_id rank score tag``, the best passage standing for its document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.domain import Hit
from assistant.errors import StorageFailed
from assistant.search.index import Index
from assistant.search.retrieve import DEFAULT, NO_FILTERS, Search, find_in
from assistant.search.store import Filters

TAG = "chihou-assistant"


def find_documents(
    indexes: Sequence[Index],
    query: str,
    *,
    k: int = 10,
    filters: Filters = NO_FILTERS,
    search: Search = DEFAULT,
) -> list[Hit]:
    """The ``k`` best documents, each by its best passage."""
    return find_in(indexes, query, k=k, filters=filters, search=replace(search, per_document=1))


def write_run(
    index: Index,
    queries: Iterable[tuple[str, str]],
    path: Path,
    *,
    k: int = 10,
    filters: Filters = NO_FILTERS,
    search: Search = DEFAULT,
    tag: str = TAG,
) -> int:
    """Search every (qid, text) and write a run; returns the number of lines.

    White space within ids would break the form and becomes ``_``.
    """
    lines = 0
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for qid, text in queries:
                for hit in find_documents([index], text, k=k, filters=filters, search=search):
                    document = "_".join(hit.passage.document_id.split())
                    file.write(f"{'_'.join(qid.split())} Q0 {document} {hit.rank} {hit.score:.6f} {tag}\n")
                    lines += 1
    except OSError as error:
        raise StorageFailed(
            f"検索結果を {path} に保存できませんでした。", why=str(error), remedy="保存先を確認してください。"
        ) from error
    return lines
