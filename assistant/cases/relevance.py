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
from assistant.cases.wishes import Wish, met, read_wishes
from assistant.domain import Hit, Kind
from assistant.japanese.text import normalise
from assistant.search.retrieve import Search, find_in
from assistant.search.store import Filters

_ALL = 5_000  # passages: more than all cases have together
_SEARCH = Search(candidates=_ALL, depth=_ALL)
SIGNALS = ("bm25-best", "bm25-sum", "vector-best", "vector-mean", "ranker-best", "theme", "wish")
# Logistic curve fitted on the odd queries of the gold set: share of cases judged to be of use, by score.
_STEEP, _CENTRE = 1.3, 4.9
_LEAST = 0.6  # below it hardly one case in three hundred is of use
_LEAST_COVERAGE = 0.08  # share of the question's words (by idf) that one passage must hold at least
_PLACE_NAMED = 4.0  # words that name the place itself say more than 「小さな町」
_NEAR = 0.45  # or the cosine it must reach
_KATAKANA = re.compile("[ァ-ヴー]+")
_MATCHED_WORDS = "一致した語: "


@dataclass(frozen=True)
class Weights:
    """Weight of each signal."""

    values: tuple[float, ...] = (0.1, 0.1, 0.25, 0.2, 0.6, 0.9, 1.0)


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


@dataclass(frozen=True)
class Measured:
    """Signals of every case, shape (cases, ``SIGNALS``), and what in the words they rest on."""

    table: NDArray[np.float64]
    hits_by_case: dict[str, list[Hit]]  # best first
    themes: tuple[str, ...]  # named in the words
    wishes: tuple[Wish, ...]  # read from the words


def measure(book: Casebook, words: str) -> Measured:
    """Hold every case against the words."""
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
    wishes = read_wishes(words, book.municipalities)
    bare = _bareness(book, words, named)
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
        held = len(set(named) & set(entry.case.themes))
        table[row, 5] = bare * held / len(named) if named else 0.0
        weight = sum(_PLACE_NAMED if wish.is_place else 1.0 for wish, _ in met(wishes, entry))
        table[row, 6] = weight / len(wishes) if wishes else 0.0
    return Measured(table, by_case, named, wishes)


def _bareness(book: Casebook, words: str, named: Sequence[str]) -> float:
    """1 where a theme is named in passing, up to 3 where the words are little but its name (「空き家」)."""
    plain = normalise(words).replace(" ", "")
    names = (normalise(name) for theme in named for name in (theme, *book.themes.synonyms(theme)))
    longest = max((len(name) for name in names if name in plain), default=0)
    return 1.0 + 2.0 * min(1.0, longest / max(1, len(plain))) ** 2


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


def _chance(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-_STEEP * (score - _CENTRE)))


def fit_words(book: Casebook, words: str, weights: Weights = _DEFAULT) -> dict[str, Fit]:
    """How each case fits the words, by id; empty words fit nothing."""
    if not words.strip():
        return {}
    measured = measure(book, words)
    scores = fuse(measured.table, weights)
    fits = {}
    for row, entry in enumerate(book.entries):
        own = measured.hits_by_case.get(entry.case.id, [])
        held = tuple(theme for theme in measured.themes if theme in entry.case.themes)
        found = _words_of(own, words)
        coverage = max((hit.parts.get("coverage", 0.0) for hit in own), default=0.0)
        by_vector = float(measured.table[row, 2]) >= _NEAR and coverage < 0.25
        kept = met(measured.wishes, entry)
        fits[entry.case.id] = Fit(
            case_id=entry.case.id,
            score=round(_chance(float(scores[row])), 4),
            matches=any(wish.is_place for wish, _ in kept)
            or (float(scores[row]) >= _LEAST and (coverage >= _LEAST_COVERAGE or bool(held) or by_vector)),
            words=found,
            themes=held,
            told=tuple(wish.told(place) for wish, place in kept),
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
