"""Finding: candidates from words and vectors, one ranking over all indexes, reasons per hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Hit, Level, Passage
from assistant.search.candidates import Candidates, gather
from assistant.search.features import FEATURES, compute_features
from assistant.search.index import Index
from assistant.search.lexical import FIELDS
from assistant.search.query import EXPANSION_WEIGHT, Weighed, analyse_query, weigh
from assistant.search.ranker import Ranker, bundled_ranker
from assistant.search.store import Filters
from assistant.search.vectors import Encoder

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True)
class Preferences:
    """Soft wishes: they move passages up or down, and exclude none.

    A passage of ``year`` gains ``year_weight``, one of other years only loses as much, one
    without a year stays; a level gains ``level_weight`` per step of trust above 第三者.
    """

    year: int | None = None
    year_weight: float = 1.0
    level_weight: float = 0.0
    grant_ids: frozenset[str] = frozenset()
    grant_weight: float = 1.0


@dataclass(frozen=True)
class Search:
    """How to search. The defaults are what was measured best; stages can be turned off one by one."""

    candidates: int = 64  # chosen by words and vectors together; what the ranker sees at the least
    depth: int = 160  # passages that words, and vectors, bring to that choice
    cosine_weight: float = 2.5  # of the cosine, beside the lexical sum as a share of the highest
    field_weights: tuple[tuple[str, float], ...] = tuple((f.name, f.weight) for f in FIELDS)
    use_vectors: bool = True
    use_ranker: bool = True
    use_thesaurus: bool = True
    expansion_weight: float = EXPANSION_WEIGHT
    per_document: int | None = None  # at most so many passages of one document
    ranker: Ranker | None = None  # None: the bundled one


DEFAULT = Search()
NO_PREFERENCES = Preferences()
NO_FILTERS = Filters()


@dataclass(frozen=True)
class Ranked:
    """Candidates with their scores before they become hits, best first in ``order``."""

    indexes: Sequence[Index]  # parts of indexes, as ``found.index`` counts them; empty indexes are left out
    weighed: Weighed
    found: Candidates
    features: NDArray[np.float32]
    scores: Scores
    contributions: NDArray[np.float32] | None
    order: Numbers


def find_passages(
    index: Index,
    query: str,
    *,
    k: int = 12,
    filters: Filters = NO_FILTERS,
    expansions: Iterable[str] = (),
    prefer: Preferences = NO_PREFERENCES,
    search: Search = DEFAULT,
) -> list[Hit]:
    """The ``k`` best passages of one index; see ``find_in``."""
    return find_in([index], query, k=k, filters=filters, expansions=expansions, prefer=prefer, search=search)


def find_in(
    indexes: Sequence[Index],
    query: str,
    *,
    k: int = 12,
    filters: Filters = NO_FILTERS,
    expansions: Iterable[str] = (),
    prefer: Preferences = NO_PREFERENCES,
    search: Search = DEFAULT,
) -> list[Hit]:
    """The ``k`` best passages over several indexes that share an encoder, under one ranking.

    ``expansions`` are other names of what is asked (old names, abbreviations), searched at low weight.
    No passage outside ``filters`` is ever returned; fewer than ``k`` hits come back where fewer match.
    ``Hit.parts``: ``bm25`` (sum of fields), ``vector`` (cosine), ``coverage`` (0–1, idf-weighted share of
    the question's words that the passage holds), ``ranker`` and ``preference`` where they apply.
    """
    ranked = rank(indexes, query, k=k, filters=filters, expansions=expansions, prefer=prefer, search=search)
    if ranked is None:
        return []
    figures = _Figures(ranked)
    hits: list[Hit] = []
    taken: dict[str, int] = {}
    texts: set[tuple[str, str]] = set()
    for at in ranked.order.tolist():
        index = ranked.indexes[int(ranked.found.index[at])]
        passage = index.passages[int(ranked.found.number[at])]
        key = (passage.title, passage.text)
        if key in texts or (
            search.per_document is not None and taken.get(passage.document_id, 0) >= search.per_document
        ):
            continue
        texts.add(key)
        taken[passage.document_id] = taken.get(passage.document_id, 0) + 1
        hits.append(_hit(ranked, figures, at, passage, len(hits) + 1))
        if len(hits) == k:
            break
    return hits


def rank(
    indexes: Sequence[Index],
    query: str,
    *,
    k: int = 12,
    filters: Filters = NO_FILTERS,
    expansions: Iterable[str] = (),
    prefer: Preferences = NO_PREFERENCES,
    search: Search = DEFAULT,
) -> Ranked | None:
    """Candidates scored and ordered; None where nothing can be found."""
    indexes = [index for index in indexes if len(index)]
    if not indexes or not query.strip():
        return None
    thesaurus = indexes[0].thesaurus if search.use_thesaurus else type(indexes[0].thesaurus)()
    analysed = analyse_query(query, thesaurus, expansions, weight=search.expansion_weight)
    parts = [part for index in indexes for part in index.parts]
    weighed = weigh(
        analysed,
        [part.lexicon for part in parts],
        [index.dead for index in indexes if index.dead is not None],
    )
    weights = dict(search.field_weights)
    vector = _vector(indexes, query) if search.use_vectors else None
    found: list[Numbers] = []
    # Room for hits that turn out to be copies or too many of one document.
    wanted = max(search.candidates, k + k // 2)
    for index in indexes:
        pools: list[_Pool] = []
        for part, mask in zip(index.parts, index.masks(filters), strict=True):
            if mask is not None and not mask.any():
                pools.append(_NO_POOL)
                continue
            scores = weighed.score_all(len(found) + len(pools), part.lexicon, weights)
            if mask is not None:
                scores[~mask] = 0.0
            numbers = best_numbers(scores, max(search.depth, wanted))
            cosines = np.zeros(len(numbers), dtype=np.float32)
            if vector is not None and part.vectors is not None:
                _, near = part.vectors.search(vector, max(search.depth, wanted), mask)
                numbers = np.union1d(numbers, near).astype(np.int64)
                cosines = part.vectors.cosines(vector, numbers)
            pools.append((numbers, scores[numbers], cosines))
        found += _choose(pools, wanted, search.cosine_weight)
    if not any(len(chosen) for chosen in found):
        return None
    candidates = gather(weighed, parts, found, vector)
    features = compute_features(weighed, candidates, weights)
    ranker = (search.ranker or bundled_ranker()) if search.use_ranker else None
    contributions = None
    if ranker is not None:
        contributions = ranker.contributions(features, use_vectors=vector is not None)
        scores = contributions.sum(axis=1)
    else:
        scores = fallback_scores(features, use_vectors=vector is not None)
    scores = scores + preference_scores(parts, candidates, prefer)
    order = np.lexsort((*_places(indexes, candidates), -scores))
    for index in indexes:
        index.rest()
    return Ranked(parts, weighed, candidates, features, scores, contributions, order)


_Pool = tuple[Numbers, Scores, Scores]  # passages, their lexical sums, their cosines
_NO_POOL: _Pool = (np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))


def _choose(pools: Sequence[_Pool], k: int, cosine_weight: float) -> list[Numbers]:
    """What is left of each part when the best of all parts together are kept.

    ``k`` are kept by both signals together, so that a passage that is middling in both is seen, and a
    fourth as many by each signal alone.
    """
    words = np.concatenate([lexical for _, lexical, _ in pools])
    near = np.concatenate([cosines for _, _, cosines in pools])
    both = words / (float(words.max(initial=0.0)) or 1.0) + np.float32(cosine_weight) * near
    kept = np.zeros(len(words), dtype=bool)
    for scores, share in ((both, k), (words, k // 4), (near, k // 4)):
        kept[np.argsort(-scores, kind="stable")[:share]] = True
    ends = np.cumsum([len(numbers) for numbers, _, _ in pools])
    return [
        numbers[kept[end - len(numbers) : end]]
        for (numbers, _, _), end in zip(pools, ends.tolist(), strict=True)
    ]


def _places(indexes: Sequence[Index], found: Candidates) -> tuple[Numbers, Numbers]:
    """Place of each candidate in its corpus, and which corpus it is of: the order among equal scores."""
    places, corpus, at = found.number.copy(), np.zeros(len(found), dtype=np.int64), 0
    for number, index in enumerate(indexes):
        for part in index.parts:
            mine = found.index == at
            corpus[mine] = number
            if part.places is not None:
                places[mine] = part.places[found.number[mine]]
            at += 1
    return places, corpus


def best_numbers(scores: Scores, k: int) -> Numbers:
    """Numbers of the ``k`` highest scores above zero, in no order."""
    if k < len(scores):
        numbers = np.argpartition(scores, len(scores) - k)[len(scores) - k :]
    else:
        numbers = np.arange(len(scores))
    return numbers[scores[numbers] > 0.0].astype(np.int64)


def fallback_scores(features: NDArray[np.float32], *, use_vectors: bool) -> Scores:
    """Lexical sum over its best, plus the cosine the more the less of the question any passage holds."""
    columns = {name: features[:, i] for i, name in enumerate(FEATURES)}
    scores = columns["sum/max"].copy()
    if use_vectors:
        gate = 0.1 + 2.0 * (1.0 - float(columns["coverage"].max()))
        scores += np.float32(gate) * columns["vector"]
    return scores


def preference_scores(indexes: Sequence[Index], found: Candidates, prefer: Preferences) -> Scores:
    """What soft wishes add to each candidate."""
    scores = np.zeros(len(found), dtype=np.float32)
    if prefer.year is None and not prefer.level_weight and not prefer.grant_ids:
        return scores
    for at, (which, number) in enumerate(zip(found.index.tolist(), found.number.tolist(), strict=True)):
        meta = indexes[which].meta
        years = meta.years(number)
        if prefer.year is not None and years:
            scores[at] += prefer.year_weight if prefer.year in years else -prefer.year_weight
        trust = int(meta["level"][number])
        if trust:
            scores[at] += prefer.level_weight * (trust - Level.THIRD_PARTY.trust)
        grant = meta.labels.values("grant")[int(meta["grant"][number])]
        if prefer.grant_ids.intersection(grant):
            scores[at] += prefer.grant_weight
    return scores


def _encoder(indexes: Sequence[Index]) -> Encoder | None:
    return next((index.encoder for index in indexes if index.encoder is not None), None)


def _vector(indexes: Sequence[Index], query: str) -> Scores | None:
    encoder = _encoder(indexes)
    if encoder is None:
        return None
    return np.asarray(encoder.encode_queries([query])[0], dtype=np.float32)


# the features that a hit's parts and reasons speak of
_TOLD = ("vector", "coverage", "head-coverage", "run")


class _Figures:
    """The figures of all candidates as Python numbers: read row by row, arrays are several times slower."""

    def __init__(self, ranked: Ranked) -> None:
        found = ranked.found
        columns = [FEATURES.index(name) for name in _TOLD]
        weights = np.array([f.weight for f in FIELDS])
        self.features = [dict(zip(_TOLD, row, strict=True)) for row in ranked.features[:, columns].tolist()]
        self.bm25 = (found.fields.astype(np.float64) * weights[:, None]).sum(axis=0).tolist()
        self.scores = ranked.scores.tolist()
        self.terms = found.terms.tolist()
        self.term_at = found.term_at.tolist()
        self.idf = ranked.weighed.idf["content"].tolist()
        self.expansions = [
            (e.other_terms, f"言い換え: {e.word}→{e.other}" if e.word else f"別名: {e.other}")
            for e in ranked.weighed.query.expansions
            if e.other_terms
        ]
        self.ranker: list[float] | None = None
        if ranked.contributions is not None:
            sums = ranked.contributions.sum(axis=1)
            self.ranker, self.wishes = sums.tolist(), (ranked.scores - sums).tolist()


def _hit(ranked: Ranked, figures: _Figures, at: int, passage: Passage, place: int) -> Hit:
    features = figures.features[at]
    parts = {
        "bm25": round(figures.bm25[at], 4),
        "vector": round(features["vector"], 4),
        "coverage": round(features["coverage"], 4),
    }
    if figures.ranker is not None:
        parts["ranker"] = round(figures.ranker[at], 4)
        if abs(figures.wishes[at]) > 1e-4:
            parts["preference"] = round(figures.wishes[at], 4)
    return Hit(
        passage=passage,
        score=round(figures.scores[at], 6),
        rank=place,
        parts=parts,
        why=_why(ranked, figures, at),
    )


def _why(ranked: Ranked, figures: _Figures, at: int) -> tuple[str, ...]:
    query, features, idf = ranked.weighed.query, figures.features[at], figures.idf
    held = set(figures.terms[figures.term_at[at] : figures.term_at[at + 1]])  # below 0: not a word asked
    asked = sorted((t for t in held if 0 <= t < query.asked), key=lambda t: (-idf[t], t))
    why = []
    if asked:
        why.append("一致した語: " + "、".join(query.lemmas[t] for t in asked[:6]))
    for terms, told in figures.expansions:
        if held.issuperset(terms):
            why.append(told)
    missing = [query.lemmas[t] for t in range(query.asked) if t not in held]
    if missing and asked:
        why.append("見当たらない語: " + "、".join(missing[:4]))
    if features["head-coverage"] >= 0.5:
        why.append("見出しが質問と合う")
    if features["run"] >= 8:
        why.append("質問と同じ言い回しがある")
    if features["vector"] >= 0.5 and features["coverage"] < 0.5:
        why.append("語は違うが内容が近い")
    return tuple(why)
