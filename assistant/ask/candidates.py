"""Which statements of the hits may answer at all: by kind of document and by year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.ask.units import Unit, cut_units
from assistant.domain import Hit, Intent, Kind, Understanding
from assistant.japanese.calendar import FiscalYearMention, find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import tokenise

_CASE_NAME = 5  # characters: a compound this long in a case's title is its name
_KATAKANA = re.compile(r"[ァ-ヴー]{4,}")
_DATED = frozenset(("上限額", "下限額", "補助率", "予算額", "件数"))  # slots whose figures change by the year


def _named_cases(understanding: Understanding, hits: Sequence[Hit]) -> frozenset[str]:
    """The cases whose name the question holds (「神山まるごと高専の財源は？」): no other document speaks of it."""
    texts: dict[str, str] = {}
    for hit in hits:
        passage = hit.passage
        told = normalise(f"{passage.title} {passage.text}")
        texts[passage.document_id] = f"{texts.get(passage.document_id, '')} {told}"
    titles = {h.passage.document_id: normalise(h.passage.title) for h in hits if h.passage.kind is Kind.CASE}
    named: set[str] = set()
    for name in _proper_names(understanding):
        holders = {document_id for document_id, text in texts.items() if name in text}
        if holders and all(name in titles.get(document_id, "") for document_id in holders):
            named |= holders
    return frozenset(named)


def _proper_names(understanding: Understanding) -> set[str]:
    names = {phrase for phrase in understanding.phrases if len(phrase) >= _CASE_NAME}
    folded = normalise(understanding.question)
    names |= {run.group() for run in _KATAKANA.finditer(folded)}
    return names | {t.surface for t in tokenise(folded) if t.pos2 == "固有名詞" and len(t.surface) > 1}


def _admissible(unit: Unit, understanding: Understanding, named_cases: frozenset[str]) -> bool:
    """A case tells of one place: it answers questions about cases, about that place or itself, no others."""
    passage = unit.hit.passage
    if passage.kind is not Kind.CASE or understanding.intent is Intent.CASES:
        return True
    if passage.document_id in named_cases:
        return True
    return (
        understanding.place_named
        and not understanding.follows
        and understanding.municipality_code in passage.municipality_codes
    )


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[FiscalYearMention, ...]:
    return tuple(find_fiscal_years(text))


def _right_year(unit: Unit, understanding: Understanding, this_year: int | None) -> bool:
    """Whether a statement may answer for the year asked.

    A grant's statement must be of that fiscal year, or of none, and where it names fiscal years itself
    they must hold it.  A year named in the question must be among the years that any statement names.
    Of a year to come (``this_year`` is the present one) only a statement that names it can speak.
    """
    passage = unit.hit.passage
    if understanding.calendar_year is not None:
        return understanding.calendar_year in {m.year for m in _mentions(unit.text)}
    year = understanding.fiscal_year
    if year is None:
        return True
    asked_in_words = understanding.fiscal_year_given or year in {
        m.year for m in _mentions(understanding.question)
    }
    of_grant = passage.kind in (Kind.GRANT, Kind.ORIGINAL)
    if not of_grant and not asked_in_words:
        return True
    figures = bool(set(understanding.slots) & _DATED)  # 「平成27年は400万円」 is no figure of 平成20年度
    mentions = [m for m in _mentions(unit.text) if m.fiscal or figures or not of_grant]
    # A supplementary budget is spent in the year after: 「令和6年度補正」 speaks of 令和7年度 too.
    own = {m.year for m in mentions} | {m.year + 1 for m in mentions if m.supplementary}
    if own:
        return year in own or (unit.tells_unknown and year in passage.fiscal_years)
    if this_year is not None and year > this_year:
        return year in passage.fiscal_years
    if passage.grant_id in understanding.standing_grants:
        return True  # a scheme not tied to a year: what it says without a year holds over the years
    return not of_grant or not passage.fiscal_years or year in passage.fiscal_years


def candidates(
    understanding: Understanding, hits: Sequence[Hit], this_year: int | None = None
) -> tuple[list[Unit], list[Unit]]:
    """The statements of ``hits`` that may answer: those of the right year, and those of other years."""
    named_cases = _named_cases(understanding, hits)
    units = [unit for unit in cut_units(hits) if _admissible(unit, understanding, named_cases)]
    right = [unit for unit in units if _right_year(unit, understanding, this_year)]
    kept = set(map(id, right))
    return right, [unit for unit in units if id(unit) not in kept]
