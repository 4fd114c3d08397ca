"""Find cases: words, filters, a place they should be like; with reasons, counts and what to loosen."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.cases.casebook import Casebook, Entry
from assistant.cases.criteria import PILLARS, Criteria, admits, fits_place, is_unknown, passes
from assistant.cases.explain import explain
from assistant.cases.regions import PREFECTURES
from assistant.cases.relevance import Fit, fit_words
from assistant.cases.schemes import LABELS
from assistant.domain import CaseHit, Municipality
from assistant.knowledge.likeness import Likeness, compare
from assistant.knowledge.municipalities import PREFECTURE

# Population bands of the facets and charts: label, least, most.
BANDS: tuple[tuple[str, int, int], ...] = (
    ("5千人未満", 0, 4_999),
    ("5千〜1万人", 5_000, 9_999),
    ("1万〜3万人", 10_000, 29_999),
    ("3万〜5万人", 30_000, 49_999),
    ("5万〜10万人", 50_000, 99_999),
    ("10万〜30万人", 100_000, 299_999),
    ("30万人以上", 300_000, 10**9),
)
_FACETS = (
    ("pillars", "柱"),
    ("themes", "テーマ"),
    ("prefectures", "都道府県"),
    ("population", "人口"),
    ("schemes", "財源・制度"),
    ("kinds", "自治体の区分"),
    ("years", "開始年"),
)
NO_CRITERIA = Criteria()


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet and how many cases would be shown with it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """A filter with its values; counts heed every other filter and the words."""

    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Loosening:
    """A filter to drop and how many cases there would be then."""

    name: str
    told: str
    count: int


@dataclass(frozen=True)
class CaseResults:
    """What was found. ``total`` counts all that match, ``hits`` holds the best ``k`` of them."""

    hits: tuple[CaseHit, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    loosen: tuple[Loosening, ...] = ()
    notes: tuple[str, ...] = ()
    like: Municipality | None = None
    criteria: Criteria = NO_CRITERIA
    words: str = ""


@dataclass(frozen=True)
class _Found:
    """One case on its way to a hit."""

    entry: Entry
    place: Municipality | None
    fit: Fit | None
    likeness: Likeness | None
    score: float


def find(
    book: Casebook,
    words: str = "",
    *,
    criteria: Criteria = NO_CRITERIA,
    like: Municipality | None = None,
    k: int = 10,
) -> CaseResults:
    """The ``k`` best cases.

    ``score`` (0–1): with words, how well the case fits them; with ``like`` alone, the likeness of the place;
    with both √fit × likeness, so that of two cases that fit, the more alike place comes first.
    Without either, cases stand in the order of how much is known of them.  Cases of ``like`` itself are left
    out.  A case of several places is judged by the one most alike (or the first that passes the filters).
    """
    words = words.strip()
    fits = fit_words(book, words)
    others = [e for e in book.entries if like is None or like.code not in e.case.municipality_codes]
    matching = [e for e in others if not words or fits[e.case.id].matches]
    found = [_find(e, criteria, fits.get(e.case.id), like) for e in matching if admits(criteria, e)]
    found.sort(key=lambda f: (-f.score, f.entry.case.id))
    hits = tuple(explain(book, f.entry, f.place, f.fit, f.likeness, f.score) for f in found[: max(0, k)])
    return CaseResults(
        hits=hits,
        total=len(found),
        facets=count_facets(matching, criteria),
        loosen=() if found else _loosen(others, matching, criteria, words),
        notes=_notes(matching, criteria, like, len(book.entries) - len(others)),
        like=like,
        criteria=criteria,
        words=words,
    )


def _find(entry: Entry, criteria: Criteria, fit: Fit | None, like: Municipality | None) -> _Found:
    admitted = [
        place
        for place in entry.places
        if all(
            fits_place(criteria, place.population, place.kind, name)
            for name in criteria.active()
            if name in ("population", "kinds")
        )
    ]
    places = admitted or list(entry.places)
    if like is None:
        place = places[0] if places else None
        return _Found(entry, place, fit, None, fit.score if fit else _known(entry))
    best = max((compare(like, place) for place in places), key=lambda hit: hit.score, default=None)
    alike = best.score if best else 0.0
    score = math.sqrt(fit.score) * alike if fit else alike
    return _Found(entry, best.municipality if best else None, fit, best, score)


def _known(entry: Entry) -> float:
    """How much is known of a case, 0–1: for the order where nothing was asked."""
    case = entry.case
    held = [case.results, case.results_date, case.start_year, case.partners, case.scheme, case.lessons]
    certain = {"high": 1.0, "medium": 0.6, "low": 0.2}[case.confidence]
    return round(0.5 * certain + 0.5 * sum(value is not None for value in held) / len(held), 4)


# ── counts ───────────────────────────────────────────────────────────────────


def bands_of(entry: Entry) -> tuple[str, ...]:
    """Population bands of the places of a case, prefectures left out."""
    return tuple(
        label
        for label, low, high in BANDS
        if any(
            p.population is not None and p.kind != PREFECTURE and low <= p.population <= high
            for p in entry.places
        )
    )


def _values(entry: Entry, name: str) -> Iterable[str]:
    case = entry.case
    if name == "pillars":
        return (str(case.pillar),)
    if name == "themes":
        return case.themes
    if name == "prefectures":
        return entry.prefectures
    if name == "population":
        return bands_of(entry)
    if name == "schemes":
        return entry.schemes
    if name == "kinds":
        return tuple(dict.fromkeys(place.kind for place in entry.places))
    return (str(case.start_year),) if case.start_year is not None else ("未確認",)


def count_facets(entries: Sequence[Entry], criteria: Criteria) -> tuple[Facet, ...]:
    """Counts of every facet among ``entries``, heeding all filters but the facet's own."""
    facets = []
    for name, label in _FACETS:
        counts: Counter[str] = Counter()
        for entry in entries:
            if admits(criteria, entry, but=name):
                counts.update(_values(entry, name))
        values = sorted(counts.items(), key=lambda item: _order(name, *item))
        told = {str(n): f"{n} {pillar}" for n, pillar in PILLARS.items()} if name == "pillars" else {}
        facets.append(Facet(name, label, tuple(FacetValue(v, told.get(v, v), n) for v, n in values)))
    return tuple(facets)


def _order(name: str, value: str, count: int) -> tuple[float, str]:
    fixed: tuple[str, ...] = ()
    if name == "prefectures":
        fixed = PREFECTURES
    elif name == "population":
        fixed = tuple(label for label, _, _ in BANDS)
    elif name == "schemes":
        fixed = LABELS
    if fixed:
        return (fixed.index(value) if value in fixed else len(fixed)), value
    if name in ("pillars", "years"):
        return (float(value) if value.isdigit() else 9_999.0), value
    return -count, value


def _loosen(
    others: Sequence[Entry], matching: Sequence[Entry], criteria: Criteria, words: str
) -> tuple[Loosening, ...]:
    """What to drop so that something is found, the most fruitful first."""
    offers = [
        Loosening(name, criteria.told(name), sum(admits(criteria, e, but=name) for e in matching))
        for name in criteria.active()
    ]
    if words:
        offers.append(Loosening("words", f"言葉: {words}", sum(admits(criteria, e) for e in others)))
    offers = [offer for offer in offers if offer.count]
    if not offers and not criteria.is_empty:
        offers = [Loosening("all", "すべての絞り込み", len(matching))] if matching else []
    return tuple(sorted(offers, key=lambda offer: (-offer.count, offer.name)))


def _notes(
    matching: Sequence[Entry], criteria: Criteria, like: Municipality | None, left_out: int
) -> tuple[str, ...]:
    said = []
    for name in ("years", "schemes", "population"):
        if name not in criteria.active():
            continue
        unknown = sum(
            is_unknown(e, name) and not passes(criteria, e, name) and admits(criteria, e, but=name)
            for e in matching
        )
        if unknown:
            what = {"years": "開始年", "schemes": "財源・制度", "population": "人口"}[name]
            said.append(f"{what}を出典で確認できない事例が{unknown}件あり、この絞り込みでは除いています。")
    if like is not None and left_out:
        said.append(f"{like.full_name}自身の事例{left_out}件は、似た自治体としては示していません。")
    return tuple(said)


def median_population(hits: Sequence[CaseHit]) -> int | None:
    """Median population of the places of ``hits``; None where none is known."""
    known = [hit.population for hit in hits if hit.population is not None]
    return round(statistics.median(known)) if known else None
