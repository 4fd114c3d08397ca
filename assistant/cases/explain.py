"""Why a case was found, what differs from the place that asks, and what is not known of it."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.cases.casebook import Casebook, Entry
from assistant.cases.relevance import Fit
from assistant.domain import CaseHit, Municipality, Source
from assistant.knowledge.likeness import Likeness

_MOST_WORDS = 6
# Factors of likeness that are read from flags, and columns of the register whose sources bear them.
_COLUMNS_OF_FACTOR = {
    "island": "flags",
    "depopulated": "flags",
    "metro": "flags",
    "kind": "kind",
    "place": "latitude",
}


def explain(
    book: Casebook,
    entry: Entry,
    place: Municipality | None,
    fit: Fit | None,
    likeness: Likeness | None,
    score: float,
) -> CaseHit:
    """The hit of one case; ``place`` is the municipality that population and likeness speak of."""
    case = entry.case
    why: list[str] = []
    if fit is not None:
        why += [f"テーマ「{theme}」の事例です" for theme in fit.themes]
        if fit.words:
            why.append(f"探している言葉がこの事例の記述にあります（{'、'.join(fit.words[:_MOST_WORDS])}）")
        if fit.by_vector:
            why.append("言葉は違いますが、内容の近い記述があります")
        why += fit.told
    differences: tuple[str, ...] = ()
    figure_sources: tuple[Source, ...] = ()
    if likeness is not None:
        joint = f"（{likeness.municipality.name}との比較）" if len(entry.places) > 1 else ""
        why += [told + joint for told in likeness.why]
        differences = likeness.differences
        figure_sources = _sources_of((f.factor for f in likeness.factors), book)
    elif fit is not None and fit.told:
        figure_sources = _sources_of(("population", "flags"), book)
    return CaseHit(
        id=case.id,
        title=case.title,
        municipality=place.name if place else case.place,
        prefecture=place.prefecture if place else case.prefecture,
        population=place.population if place else None,
        pillar=case.pillar,
        themes=case.themes,
        score=round(score, 4),
        why=tuple(why),
        differences=differences,
        sources=tuple(book.sources[i] for i in case.source_ids if i in book.sources),
        results=case.results,
        place=case.place,
        municipality_code=place.code if place else None,
        issue=case.issue,
        approach=case.approach,
        lessons=case.lessons,
        start_year=case.start_year,
        scheme=case.scheme,
        likeness=round(likeness.score, 4) if likeness else None,
        likeness_confidence=round(likeness.confidence, 4) if likeness else None,
        cautions=_cautions(entry),
        figure_sources=figure_sources,
        is_own=entry.is_own,
    )


def _cautions(entry: Entry) -> tuple[str, ...]:
    case = entry.case
    said = []
    if entry.is_own:
        said.append("利用者が登録した事例です。出典の内容はこのアシスタントでは確認していません。")
    if case.confidence == "low":
        said.append("断片的な情報によるため、一次資料での確認が必要です。")
    if case.results is None:
        said.append("成果は、出典で確認できていません。")
    if case.budget_yen is None and case.scheme is None:
        said.append("費用と財源は、出典で確認できていません。")
    return tuple(said)


def _sources_of(factors: Iterable[str], book: Casebook) -> tuple[Source, ...]:
    found: dict[str, Source] = {}
    for factor in factors:
        for source in book.figure_sources.get(_COLUMNS_OF_FACTOR.get(factor, factor), ()):
            found[source.id] = source
    return tuple(found.values())
