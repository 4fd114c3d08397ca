"""How well each case fits the words: passages of the one index, gathered per case.

A case stands in the index as some six short passages (課題・取組・連携・財源・成果・留意点), and a person's
words touch several of them, so the best passage alone is a poor judge.  Per case five figures are taken:
best and summed BM25 of its passages, best and mean cosine, and the best score of the passage ranker.  Each
is brought to mean 0 and deviation 1 over all cases; a weighted sum with the theme the words name and the
wishes the place meets gives the order.  Weights were set on one half of corpus/gold/cases.jsonl and
measured on the other (benchmarks/cases.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.cases.casebook import Casebook
from assistant.cases.wishes import met, read_wishes
from assistant.domain import Hit, Kind
from assistant.japanese.text import normalise
from assistant.search.retrieve import Search, find_in
from assistant.search.store import Filters

_ALL = 5_000  # passages: more than all cases have together
_SEARCH = Search(lexical_candidates=_ALL, vector_candidates=_ALL)
SIGNALS = ("bm25-best", "bm25-sum", "vector-best", "vector-mean", "ranker-best", "theme", "wish")
_KATAKANA = re.compile("[ァ-ヴー]+")
_MATCHED_WORDS = "一致した語: "


@dataclass(frozen=True)
class Weights:
    """Weight of each signal."""

    values: tuple[float, ...] = (0.3, 0.3, 0.25, 0.25, 0.3, 0.5, 0.6)


@dataclass(frozen=True)
class Fit:
    """How a case fits the words. ``score``: 0–1, higher fits better."""

    case_id: str
    score: float
    matches: bool  # the words say something of this case, not only of cases in general
    words: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()  # wishes met, in words
    by_vector: bool = False


def measure(book: Casebook, words: str) -> tuple[NDArray[np.float64], dict[str, list[Hit]]]:
    """Signals of every case, shape (cases, ``SIGNALS``), and the hits of each case best first."""
    named = book.themes.named_in(words)
    expansions = [
        name for theme in named for name in (theme, *book.themes.synonyms(theme)) if "/" not in name
    ]
    hits = find_in(
        book.indexes,
        words,
        k=_ALL,
        filters=Filters.of(kinds=[Kind.CASE]),
        expansions=expansions[:24],
        search=_SEARCH,
    )
    by_case: dict[str, list[Hit]] = {}
    for hit in hits:
        by_case.setdefault(hit.passage.document_id, []).append(hit)
    wishes = read_wishes(words)
    table = np.zeros((len(book.entries), len(SIGNALS)))
    for row, entry in enumerate(book.entries):
        own = by_case.get(entry.case.id, [])
        lexical = sorted((hit.parts.get("bm25", 0.0) for hit in own), reverse=True)
        vectors = sorted((hit.parts.get("vector", 0.0) for hit in own), reverse=True)
        table[row, :5] = (
            lexical[0] if lexical else 0.0,
            sum(lexical[:4]),
            vectors[0] if vectors else 0.0,
            sum(vectors[:4]) / 4,
            max((hit.score for hit in own), default=-8.0),
        )
        table[row, 5] = len(set(named) & set(entry.case.themes)) / len(named) if named else 0.0
        table[row, 6] = len(met(wishes, entry)) / len(wishes) if wishes else 0.0
    return table, by_case


def fuse(table: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """One number a case: weighted sum of standardised signals, theme and wish as they are."""
    if not len(table):
        return np.zeros(0)
    scaled = table[:, :5]
    deviation = scaled.std(axis=0)
    scaled = (scaled - scaled.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    total: NDArray[np.float64] = np.hstack([scaled, table[:, 5:]]) @ np.array(weights.values)
    return total


_DEFAULT = Weights()


def fit_words(book: Casebook, words: str, weights: Weights = _DEFAULT) -> dict[str, Fit]:
    """How each case fits the words, by id; empty words fit nothing."""
    if not words.strip():
        return {}
    table, by_case = measure(book, words)
    scores = fuse(table, weights)
    named = book.themes.named_in(words)
    wishes = read_wishes(words)
    fits = {}
    for row, entry in enumerate(book.entries):
        own = by_case.get(entry.case.id, [])
        held = tuple(theme for theme in named if theme in entry.case.themes)
        found = _words_of(own, words)
        coverage = max((hit.parts.get("coverage", 0.0) for hit in own), default=0.0)
        by_vector = float(table[row, 2]) >= 0.5 and coverage < 0.25
        fits[entry.case.id] = Fit(
            case_id=entry.case.id,
            score=round(1.0 / (1.0 + math.exp(-(float(scores[row]) - 1.0) * 1.2)), 4),
            matches=coverage >= 0.25 or bool(held) or by_vector,
            words=found,
            themes=held,
            told=tuple(wish.told(place) for wish, place in met(wishes, entry)),
            by_vector=by_vector,
        )
    return fits


def _words_of(hits: Sequence[Hit], asked: str) -> tuple[str, ...]:
    """Words of the question that passages hold, without dictionary forms that nobody wrote (「トウホク」)."""
    plain = normalise(asked)
    found: dict[str, None] = {}
    for hit in hits:
        for why in hit.why:
            if why.startswith(_MATCHED_WORDS):
                found.update(dict.fromkeys(why.removeprefix(_MATCHED_WORDS).split("、")))
    return tuple(word for word in found if word in plain or not _KATAKANA.fullmatch(word))
