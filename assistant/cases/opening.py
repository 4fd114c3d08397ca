"""Open the casebook: the corpus's cases, the added ones, the register, under one search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assistant.cases.casebook import Casebook, make_entries
from assistant.cases.columns import load_columns
from assistant.cases.own import load_own_cases
from assistant.domain import Source
from assistant.errors import InputError
from assistant.knowledge.cases import case_document, load_cases
from assistant.knowledge.municipalities import Municipalities
from assistant.knowledge.passages import cut_passages
from assistant.knowledge.themes import load_themes
from assistant.search.build import build_memory_index
from assistant.search.index import Index


def open_casebook(
    corpus: Path,
    own: Path,
    *,
    index: Index,
    sources: Mapping[str, Source],
    municipalities: Municipalities | None,
    today: date,
) -> Casebook:
    """All cases of ``corpus`` and of the folder ``own``.

    Raises ``InputError`` for a corpus without cases and ``CorpusInvalid`` for one with mistakes; mistakes in
    added cases are told in ``Casebook.problems`` and stop nothing.
    """
    if not (corpus / "themes.yaml").is_file() or not (corpus / "cases").is_dir():
        raise InputError(
            "この資料データには事例がありません。",
            why=f"{corpus} に cases フォルダーまたは themes.yaml がありません。",
            remedy="--corpus で、事例を含む資料データを指定してください。",
        )
    themes = load_themes(corpus / "themes.yaml")
    cases = load_cases(corpus / "cases", sources.keys())
    added = load_own_cases(own, themes=themes, known=sources, today=today)
    every = {**sources, **added.sources}
    indexes = [index]
    if added.cases:
        levels = {source_id: source.level for source_id, source in every.items()}
        passages = [
            passage
            for case in added.cases.values()
            for passage in cut_passages(case_document(case, every), levels=levels)
        ]
        indexes.append(build_memory_index(passages, index.encoder, beside=index))
    columns = load_columns(corpus / "municipalities.yaml", sources)
    return Casebook(
        entries=(
            *make_entries(cases.values(), municipalities),
            *make_entries(added.cases.values(), municipalities, own=True),
        ),
        indexes=tuple(indexes),
        municipalities=municipalities,
        themes=themes,
        sources=every,
        figure_sources={name: column.sources for name, column in columns.items()},
        problems=added.problems,
    )
