"""Hits → draft claims: choose and order the statements that answer, with no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.ask.asked import Asked, Weigh, Word, read_question
from assistant.ask.cues import slots_filled
from assistant.ask.selector import bundled_selector
from assistant.ask.slots import slot_words
from assistant.ask.units import Unit, cut_units, is_repeat
from assistant.ask.vocabulary import Vocabulary
from assistant.ask.words import find_terms
from assistant.domain import Hit, Intent, Kind, Understanding
from assistant.japanese.calendar import FiscalYearMention, find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set

MOST_CLAIMS = 6
_NEAR_BEST = 1.0  # statements whose log odds are so much less than the best one's are left out
_NEAR_BEST_SLOT = 0.8  # a question for a figure wants the figure, not all that is near it
_NEAR_BEST_OVERVIEW = 1.6
_UPLOAD = 1.5
_TELLING = 2.0  # weight of a word that tells what a question is about (about one passage in eight holds it)
_OF_ASKING = frozenset(
    ("申請", "対象", "利用", "活用", "経費", "費用", "購入", "整備", "設置")
)  # what can be done with anything
_CIRCLED = re.compile(r"[①-⑲]")
_A_LIST = 3  # so many different numbers make a list, told in its order
_OWN_SYSTEM = re.compile(
    r"(?:独自|単独)?の?(?:補助|助成|給付|支援|手当|制度|条例|窓口|奨励|予算|人口|総合戦略)"
)


@dataclass(frozen=True)
class Draft:
    """A claim before its check: text, the unit it cites, and why it was chosen."""

    text: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Selection:
    """What composing found: drafts in reading order, slots left open, statements of other years."""

    drafts: tuple[Draft, ...]
    unfilled: tuple[str, ...] = ()
    other_year: bool = False
    best_score: float = 0.0  # log odds above what is needed to be shown


_CASE_NAME = 5  # characters: a compound this long in a case's title is its name
_TOLD = frozenset(("取組", "成果"))  # headings of a case that answer "what did they do?"
_DATED = frozenset(("上限額", "下限額", "補助率", "予算額", "件数"))  # slots whose figures change by the year
_OF_A_PLACE = frozenset(("時点", "件数", "目標", "予算額"))  # slots that a case may fill for its own place


def _named_case(understanding: Understanding, hits: Sequence[Hit]) -> str | None:
    """The case whose name the question holds (「神山まるごと高専の財源は？」): no other document speaks of it."""
    name = max(understanding.phrases, key=len, default="")
    if len(name) < _CASE_NAME:
        return None
    holders = {
        h.passage.document_id for h in hits if name in normalise(f"{h.passage.title} {h.passage.text}")
    }
    titled = {h.passage.document_id for h in hits if name in normalise(h.passage.title)}
    return next(iter(titled)) if len(titled) == 1 and holders == titled else None


def _admissible(unit: Unit, understanding: Understanding, named_case: str | None) -> bool:
    """A case tells of one place: it answers questions about cases or about that place, no others."""
    passage = unit.hit.passage
    if passage.kind is not Kind.CASE or understanding.intent is Intent.CASES:
        return True
    if passage.document_id == named_case:
        return True
    return (
        understanding.place_named
        and not understanding.follows
        and understanding.municipality_code in passage.municipality_codes
        and set(understanding.slots) <= _OF_A_PLACE
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
    named_case = _named_case(understanding, hits)
    units = [unit for unit in cut_units(hits) if _admissible(unit, understanding, named_case)]
    right = [unit for unit in units if _right_year(unit, understanding, this_year)]
    kept = set(map(id, right))
    return right, [unit for unit in units if id(unit) not in kept]


def select(
    understanding: Understanding,
    hits: Sequence[Hit],
    weigh: Weigh,
    *,
    places: Sequence[str] = (),
    most: int = MOST_CLAIMS,
    this_year: int | None = None,
) -> Selection:
    """Choose the statements that answer ``understanding`` from ``hits``.

    Statements of another fiscal year are used only when none of the right year answers,
    and are then marked as such; the caller says so to the person.  ``places``: those that a statement
    must name.
    """
    if not hits:
        return Selection(())
    read = _Reader(hits, weigh)
    if read.asked(understanding).names_nothing_known(hits):
        return Selection((), unfilled=understanding.slots)
    right, other = (
        [unit for unit in units if all(_names(unit, place) for place in places)]
        for units in candidates(understanding, hits, this_year)
    )
    selection = _choose(understanding, right, read, most)
    if selection.drafts and not all(_tells_unknown(d) for d in selection.drafts):
        return selection
    fallback = _choose(understanding, other, read, max(1, most - len(selection.drafts)))
    if not fallback.drafts:
        return selection
    return Selection(
        selection.drafts + fallback.drafts, fallback.unfilled, other_year=True, best_score=fallback.best_score
    )


@dataclass(frozen=True)
class _Weighed:
    """A unit, its log odds of answering less what is needed to be shown, and the slots that it fills."""

    unit: Unit
    score: float
    filled: tuple[str, ...]


@dataclass(frozen=True)
class _Reader:
    """What weighing needs beside question and statements."""

    hits: Sequence[Hit]
    weigh: Weigh

    def asked(self, understanding: Understanding) -> Asked:
        """The question's side of the cues."""
        return read_question(understanding, self.hits, self.weigh)

    def order(self, units: list[Unit], understanding: Understanding) -> list[_Weighed]:
        """Statements, the surest answer first."""
        selector = bundled_selector()
        asked = self.asked(understanding)
        weighed = [
            _Weighed(unit, score - selector.least + _brought(unit), slots_filled(unit, understanding))
            for unit, score in zip(units, selector.score(units, asked), strict=True)
        ]
        return sorted(weighed, key=lambda w: -w.score)


def _brought(unit: Unit) -> float:
    """What a person brings along is what they ask about."""
    return _UPLOAD if unit.hit.passage.kind is Kind.UPLOAD else 0.0


def _names(unit: Unit, place: str) -> bool:
    return normalise(place) in normalise(f"{unit.text} {unit.surroundings}")


def _tells_unknown(draft: Draft) -> bool:
    return all(unit.tells_unknown for unit in draft.units)


def _speaks_of(unit: Unit, telling: Sequence[Word]) -> bool:
    """Whether a statement itself holds one of the words: what is said of other costs does not answer "can we?"."""
    words, text = content_set(unit.text), normalise(unit.text)
    return any(word.held(words, text) for word in telling)


def _choose(understanding: Understanding, units: list[Unit], read: _Reader, most: int) -> Selection:
    weighed = read.order(units, understanding)
    good = [w for w in weighed if w.score >= 0.0]
    if understanding.intent is Intent.CAN_WE:
        nouns = read.asked(understanding).nouns
        telling = [word for word in nouns if word.weight >= _TELLING and word.lemma not in _OF_ASKING]
        good = [w for w in good if not telling or _speaks_of(w.unit, telling)]
    if understanding.intent is Intent.CASES:
        return _choose_cases(good, weighed, most) if good else Selection(())
    chosen: list[_Weighed] = []
    near = _NEAR_BEST_SLOT if understanding.slots else _NEAR_BEST
    if understanding.intent is Intent.OVERVIEW:
        near = _NEAR_BEST_OVERVIEW
    for candidate in good:
        if len(chosen) >= most or candidate.score < good[0].score - near:
            break
        if not _repeats(candidate, chosen):
            chosen.append(candidate)
    groups = understanding.grant_ids if understanding.intent is Intent.COMPARE else ()
    if len(understanding.slots) > 1 or len(groups) > 1:
        chosen = _with_parts(chosen, understanding, groups, units, read)[:most]
    if not chosen:
        return Selection((), unfilled=understanding.slots)
    known = {slot for c in chosen if not c.unit.tells_unknown for slot in c.filled}
    return Selection(
        tuple(Draft(c.unit.text, (c.unit,)) for c in _in_reading_order(chosen, understanding)),
        tuple(slot for slot in understanding.slots if slot not in known),
        best_score=max(c.score for c in chosen),
    )


def _with_parts(
    chosen: list[_Weighed],
    understanding: Understanding,
    groups: Sequence[str],
    units: list[Unit],
    read: _Reader,
) -> list[_Weighed]:
    """What was chosen, with the best statement for each slot (of each side of a comparison) still open.

    Each of several things asked at once is asked again by itself: a statement that answers one of them
    shares few words with the rest.
    """
    chosen = list(chosen)
    for slot in understanding.slots:
        weighed: list[_Weighed] | None = None
        for group in groups if len(groups) > 1 else ("",):
            if any(slot in c.filled and _is_of(c, group) for c in chosen):
                continue
            weighed = weighed or read.order(units, _by_itself(understanding, slot))
            fitting = (w for w in weighed if w.score >= 0.0 and slot in w.filled and _is_of(w, group))
            chosen += next(([w] for w in fitting if not _repeats(w, chosen)), [])
    return chosen


def _is_of(weighed: _Weighed, group: str) -> bool:
    return not group or weighed.unit.hit.passage.grant_id == group


def _by_itself(understanding: Understanding, slot: str) -> Understanding:
    """The question for one slot alone: 「〈subject〉の任期は」."""
    subject = max(understanding.phrases, key=len, default="".join(understanding.terms[:1]))
    if understanding.grant_ids:
        subject = ""
    word = next(iter(slot_words(normalise(understanding.question), (slot,))), slot)
    return understanding.model_copy(
        update={
            "question": f"{subject}の{word}は" if subject else f"{word}は",
            "slots": (slot,),
            "slot_words": (word,),
            "terms": find_terms(subject),
            "phrases": (subject,) if subject in understanding.phrases else (),
        }
    )


def _in_reading_order(chosen: list[_Weighed], understanding: Understanding) -> list[_Weighed]:
    """Surest first; what stands in a list or was asked in an order, in that order."""
    if understanding.intent is Intent.OVERVIEW:
        first = chosen[0].unit.hit.passage
        return chosen[:1] + sorted(
            chosen[1:],
            key=lambda c: (
                c.unit.hit.passage.document_id != first.document_id,
                c.unit.hit.passage.id,
                c.unit.start,
            ),
        )
    if len({_place_in_list(c) for c in chosen}) > _A_LIST:
        return sorted(chosen, key=_place_in_list)
    order = {slot: i for i, slot in enumerate(understanding.slots)}
    sides = understanding.grant_ids if understanding.intent is Intent.COMPARE else ()
    if len(order) < 2 and len(sides) < 2:
        return chosen
    rank = {group: i for i, group in enumerate(sides)}
    return sorted(
        chosen,
        key=lambda c: (
            rank.get(c.unit.hit.passage.grant_id or "", 99),
            min((order[s] for s in c.filled), default=99),
            -c.score,
        ),
    )


def _repeats(candidate: _Weighed, chosen: Sequence[_Weighed]) -> bool:
    return is_repeat(candidate.unit.text, (c.unit.text for c in chosen))


def _place_in_list(candidate: _Weighed) -> str:
    match = _CIRCLED.search(candidate.unit.text)
    return match[0] if match else "⑳"


def _choose_cases(good: Sequence[_Weighed], weighed: Sequence[_Weighed], most: int) -> Selection:
    """Two statements of each of the best cases: what was done and what came of it, where the case says so."""
    best_of: dict[str, _Weighed] = {}
    for candidate in good:
        best_of.setdefault(candidate.unit.hit.passage.document_id, candidate)
    drafts: list[Draft] = []
    told_of: dict[str, list[_Weighed]] = {document_id: [] for document_id in best_of}
    for w in sorted(weighed, key=lambda w: -w.score):
        if set(w.unit.hit.passage.trail[-1:]) & _TOLD and not w.unit.tells_unknown:
            told_of.get(w.unit.hit.passage.document_id, []).append(w)
    ordered = sorted(best_of.items(), key=lambda item: not told_of[item[0]])  # stable: best first within each
    for document_id, best in ordered[: max(1, most // 2)]:
        told = told_of[document_id]
        first = told[0] if told else best
        second = next(
            (w for w in told if w.unit.hit.passage.trail[-1:] != first.unit.hit.passage.trail[-1:]), None
        )
        drafts.extend(Draft(w.unit.text, (w.unit,)) for w in (first, second) if w is not None)
    return Selection(tuple(drafts[:most]), best_score=good[0].score)


def named_own_system(question: str, place: str) -> bool:
    """Whether a question asks for a named place's own scheme (「札幌市の補助制度」)."""
    folded, name = normalise(question), normalise(place)
    at = folded.find(name)
    return at >= 0 and bool(_OWN_SYSTEM.match(folded, at + len(name)))


def grant_label(vocabulary: Vocabulary, grant_id: str) -> str:
    """A grant's short name for a sentence; its id where it is not known."""
    grant = vocabulary.by_id.get(grant_id)
    return grant.short if grant else grant_id
