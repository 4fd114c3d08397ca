"""Passages on disk (one JSON line each, read when asked for) and what filters look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Kind, Level, Passage
from assistant.japanese.text import normalise
from assistant.search.mapped import MappedFile

COLUMNS = ("document", "kind", "level", "year_set", "municipality_set", "grant", "title")
_CACHED_PASSAGES = 4096


@dataclass(frozen=True)
class Filters:
    """Hard limits on what may be found; an empty set admits everything.

    A passage that states no fiscal year, grant, level or municipality does not pass a
    filter on it, unless ``undated`` admits passages without a fiscal year.
    """

    kinds: frozenset[Kind] = frozenset()
    fiscal_years: frozenset[int] = frozenset()
    grant_ids: frozenset[str] = frozenset()
    levels: frozenset[Level] = frozenset()
    document_ids: frozenset[str] = frozenset()
    municipality_codes: frozenset[str] = frozenset()
    undated: bool = False

    @classmethod
    def of(
        cls,
        *,
        kinds: Iterable[Kind] = (),
        fiscal_years: Iterable[int] = (),
        grant_ids: Iterable[str] = (),
        levels: Iterable[Level] = (),
        document_ids: Iterable[str] = (),
        municipality_codes: Iterable[str] = (),
        undated: bool = False,
    ) -> Filters:
        """The same from any iterables."""
        return cls(
            frozenset(kinds),
            frozenset(fiscal_years),
            frozenset(grant_ids),
            frozenset(levels),
            frozenset(document_ids),
            frozenset(municipality_codes),
            undated,
        )

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return self == Filters(undated=self.undated)


class Labels:
    """Small numbers for the few values that many passages share."""

    def __init__(self, values: dict[str, list[list[str]]] | None = None) -> None:
        self._values = values or {"year_set": [], "municipality_set": [], "grant": []}
        self._ids = {
            column: {tuple(value): number for number, value in enumerate(rows)}
            for column, rows in self._values.items()
        }

    def number(self, column: str, value: Sequence[str]) -> int:
        """The number of ``value``, a new one where it is new."""
        ids = self._ids[column]
        key = tuple(value)
        if key not in ids:
            ids[key] = len(ids)
            self._values[column].append(list(key))
        return ids[key]

    def values(self, column: str) -> list[list[str]]:
        """All values of a column; the position is the number."""
        return self._values[column]

    def to_json(self) -> str:
        """As stored."""
        return json.dumps(self._values, ensure_ascii=False)


_KINDS = {kind: number for number, kind in enumerate(Kind)}


def title_number(title: str) -> int:
    """A number that passages under the same title share."""
    return crc32(normalise(title).encode("utf-8", "surrogatepass")) & 0x7FFFFFFF


def meta_row(passage: Passage, document: int, labels: Labels) -> tuple[int, ...]:
    """Values of ``COLUMNS`` for one passage."""
    return (
        document,
        _KINDS[passage.kind],
        passage.level.trust if passage.level else 0,
        labels.number("year_set", [str(year) for year in passage.fiscal_years]),
        labels.number("municipality_set", passage.municipality_codes),
        labels.number("grant", [passage.grant_id] if passage.grant_id else []),
        title_number(passage.title),
    )


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One document of an index: its passages are ``start`` up to ``start + count``."""

    id: str
    digest: str
    start: int
    count: int


class Meta:
    """What filters and preferences look at, as columns of small integers."""

    def __init__(self, columns: NDArray[np.int32], labels: Labels) -> None:
        self.columns, self.labels = columns, labels

    def __getitem__(self, column: str) -> NDArray[np.int32]:
        row: NDArray[np.int32] = self.columns[COLUMNS.index(column)]
        return row

    def __len__(self) -> int:
        return int(self.columns.shape[1])

    def years(self, number: int) -> tuple[int, ...]:
        """Fiscal years of one passage."""
        return tuple(int(year) for year in self.labels.values("year_set")[self["year_set"][number]])

    def mask(self, filters: Filters) -> NDArray[np.bool_]:
        """Which passages pass, whatever ``filters.document_ids`` says."""
        mask = np.ones(len(self), dtype=bool)
        if filters.kinds:
            mask &= np.isin(self["kind"], [_KINDS[kind] for kind in filters.kinds])
        if filters.levels:
            mask &= np.isin(self["level"], [level.trust for level in filters.levels])
        wanted_years = {str(year) for year in filters.fiscal_years}
        for column, wanted in (
            ("year_set", wanted_years),
            ("municipality_set", set(filters.municipality_codes)),
            ("grant", set(filters.grant_ids)),
        ):
            if wanted:
                admitted = np.array(
                    [
                        not wanted.isdisjoint(value)
                        or (column == "year_set" and filters.undated and not value)
                        for value in self.labels.values(column)
                    ],
                    dtype=bool,
                )
                mask &= admitted[self[column]] if len(self) else mask
        return mask


class Passages(Protocol):
    """Passages by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Passage: ...


class PassageFile:
    """``passages.jsonl``: a line is parsed when its passage is asked for, and kept a while."""

    def __init__(self, file: MappedFile, at: NDArray[np.int64]) -> None:
        self.at, self._file = at, file
        self._parse = lru_cache(maxsize=_CACHED_PASSAGES)(self._read)

    def __len__(self) -> int:
        return len(self.at) - 1

    def __getitem__(self, number: int) -> Passage:
        return self._parse(int(number))

    def _read(self, number: int) -> Passage:
        return Passage.model_validate_json(self.lines(number, number + 1))

    def lines(self, start: int, end: int) -> bytes:
        """The raw lines of a range of passages."""
        return self._file.bytes(int(self.at[start]), int(self.at[end]))


def passage_line(passage: Passage) -> bytes:
    """A passage as one line without what is as by default (another default makes another ``FORMAT``)."""
    return passage.model_dump_json(exclude_defaults=True).encode("utf-8", "surrogatepass") + b"\n"


def read_documents(path: Path) -> list[DocumentEntry]:
    """Entries of ``documents.jsonl``."""
    with path.open(encoding="utf-8") as file:
        return [DocumentEntry(*json.loads(line)) for line in file]
