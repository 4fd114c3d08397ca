"""Hits → draft claims: choose and order the statements that answer, with no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.ask.asked import Asked, Weigh, Word, read_question
from assistant.ask.candidates import candidates
from assistant.ask.cues import slots_filled
from assistant.ask.selector import bundled_selector
from assistant.ask.slots import slot_words
from assistant.ask.units import Unit, is_repeat
from assistant.ask.vocabulary import Vocabulary
from assistant.ask.words import find_terms
from assistant.domain import Hit, Intent, Kind, Understanding
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set

MOST_CLAIMS = 6
_FEW = 3  # so many statements may stand beside each other where the surest is not sure enough
_NEAR_BEST = 2.5  # … those whose log odds are so much less than the best one's are left out
_NEW = 0.3  # … and that share of their words is new
_NEAR_BEST_LIST = 1.0  # more than a few are told only where they are about as sure: then they make a list
_NEAR_BEST_LIST_SLOT = 0.8  # a question for a figure wants the figure, not all that is near it
_NEAR_BEST_OVERVIEW = 1.6
_UPLOAD = 1.5
_TELLING = 2.0  # weight of a word that tells what a question is about (about one passage in eight holds it)
_OF_ASKING = frozenset(
    ("申請", "対象", "利用", "活用", "経費", "費用", "購入", "整備", "設置")
)  # what can be done with anything
_PAID = re.compile("対象外|対象とな|対象に(?:な|でき)|充て|認められ")
_OF_MONEY = re.compile(
    "交付|補助|助成|支援|給付|手当|経費|費|予算|採択|財源|減税|税制|制度|お?金|事業|対象|要件|使|充|もらえ|もらう|出[るま]"
    "|買|購入|発注|申請|導入|整備|改修|建設|設置|型|債|寄[附付]|計画|作|したい|タイプ|type"
)
_CIRCLED = re.compile(r"[①-⑲]")
_TOLD = frozenset(("取組", "成果"))  # headings of a case that answer "what did they do?"
_NUMBER = re.compile(r"\d[\d,.]*")
_SAME_TOPIC = 0.8  # share of the shorter one's words
_A_LIST = 3  # so many different numbers make a list, told in its order
_OWN_PAYMENT = re.compile(
    r"の[^、。はがをでに]{2,14}?(?:補助|助成|給付|手当|奨励)|[^、。]{0,10}[市町村]から[^、。]{0,8}(?:補助|助成|支援)"
)
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
    _read: list[tuple[Understanding, Asked]] = field(default_factory=list)

    def asked(self, understanding: Understanding) -> Asked:
        """The question's side of the cues; read once, though several steps ask for it."""
        for known, asked in self._read:
            if known is understanding:
                return asked
        self._read.append((understanding, read_question(understanding, self.hits, self.weigh)))
        return self._read[-1][1]

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


def _is_paid(unit: Unit, understanding: Understanding) -> bool:
    """Whether a statement says what a grant pays for, where the question is not about paying for anything."""
    return (
        unit.hit.passage.grant_id is not None
        and not understanding.grant_ids
        and bool(_PAID.search(normalise(unit.text)))
        and not _OF_MONEY.search(normalise(understanding.question))
    )


def _choose(understanding: Understanding, units: list[Unit], read: _Reader, most: int) -> Selection:
    weighed = read.order(units, understanding)
    good = [w for w in weighed if w.score >= 0.0 and not _is_paid(w.unit, understanding)]
    asked = read.asked(understanding)
    good = [w for w in good if not asked.is_of_another(w.unit.text)]
    if understanding.intent is Intent.CAN_WE:
        nouns = asked.nouns
        telling = [word for word in nouns if word.weight >= _TELLING and word.lemma not in _OF_ASKING]
        good = [w for w in good if not telling or _speaks_of(w.unit, telling)]
    if understanding.intent is Intent.CASES:
        return _choose_cases(good, weighed, most) if good else Selection(())
    chosen: list[_Weighed] = []
    for candidate in good:
        behind = good[0].score - candidate.score
        if len(chosen) >= most or behind > _near_best(understanding, len(chosen)):
            break
        if not _repeats(candidate, chosen) and _adds(candidate.unit, behind, chosen):
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


def _near_best(understanding: Understanding, told: int) -> float:
    """How far behind the best a statement may be where ``told`` statements stand before it."""
    if told < _FEW:
        return _NEAR_BEST
    if understanding.intent is Intent.OVERVIEW:
        return _NEAR_BEST_OVERVIEW
    return _NEAR_BEST_LIST_SLOT if understanding.slots else _NEAR_BEST_LIST


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
    if understanding.fiscal_year is None and understanding.calendar_year is None:
        chosen = _newest_first(chosen)
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


def _newest_first(chosen: list[_Weighed]) -> list[_Weighed]:
    """Statements of one thing in several years, where no year is asked for: the newest before those gone by."""
    ordered: list[_Weighed] = []
    for candidate in chosen:
        older = [
            i
            for i, other in enumerate(ordered)
            if _same_thing(candidate.unit, other.unit)
            and 0 < _latest_year(other.unit) < _latest_year(candidate.unit)
        ]
        ordered.insert(older[0] if older else len(ordered), candidate)
    return ordered


def _latest_year(unit: Unit) -> int:
    return max((mention.year for mention in find_fiscal_years(unit.text)), default=0)


def _same_thing(one: Unit, other: Unit) -> bool:
    """Whether what stands before は is the same but for years."""
    topics = [content_set(_topic_of(unit.text)) for unit in (one, other)]
    least = min(map(len, topics))
    return least > 0 and len(topics[0] & topics[1]) >= _SAME_TOPIC * least


def _topic_of(text: str) -> str:
    folded = normalise(text)
    for mention in reversed(find_fiscal_years(folded)):
        folded = folded[: mention.start] + folded[mention.end :]
    return folded.partition("は")[0]


def _repeats(candidate: _Weighed, chosen: Sequence[_Weighed]) -> bool:
    return is_repeat(candidate.unit.text, (c.unit.text for c in chosen))


def _adds(unit: Unit, behind: float, chosen: Sequence[_Weighed]) -> bool:
    """Whether a statement, so far behind the best, says something that those before it do not.

    That a thing is not known adds nothing where something is, and a row only what it holds in figures.
    """
    if not chosen:
        return True
    if unit.tells_unknown and not chosen[0].unit.tells_unknown:
        return False
    if unit.is_row and _numbers(unit) <= frozenset().union(*(_numbers(c.unit) for c in chosen)):
        return False
    if behind <= _NEAR_BEST_LIST:
        return True
    said = frozenset().union(*(content_set(c.unit.text) for c in chosen))
    words = content_set(unit.text)
    return len(words - said) > _NEW * len(words)


def _numbers(unit: Unit) -> frozenset[str]:
    return frozenset(_NUMBER.findall(normalise(unit.text)))


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


def named_own_system(question: str, place: str, *, grant_named: bool) -> bool:
    """Whether a question asks for a named place's own scheme (「札幌市の補助制度」).

    Where no grant is named, also for what it pays for something (「札幌市の移住者への補助金」).
    """
    folded, name = normalise(question), normalise(place)
    at = folded.find(name)
    wide = not grant_named and _OWN_PAYMENT.match(folded, at + len(name))
    return at >= 0 and bool(_OWN_SYSTEM.match(folded, at + len(name)) or wide)


def grant_label(vocabulary: Vocabulary, grant_id: str) -> str:
    """A grant's short name for a sentence; its id where it is not known."""
    grant = vocabulary.by_id.get(grant_id)
    return grant.short if grant else grant_id
