"""How well a statement answers a question: which of the telling words, names and slots it holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.ask.slots import SLOT_BY_NAME, fills
from assistant.ask.units import Unit
from assistant.ask.words import GENERIC, find_classes
from assistant.domain import Intent, Kind, Understanding
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set

Weigh = Callable[[str], float]  # lemma → how telling it is (inverse document frequency)

_ONE_CHARACTER = 0.35  # a lemma of one character (費, 金, 者) tells little
_PHRASE = 0.6  # a compound counts beside its parts
_NAME_LENGTH = 5  # a compound this long is a name: 「地域おこし協力隊」
_NAME_APART = 0.9  # all its words are there, but not as a name
_NAME_MISSING = 0.7
_MOST_OF_NAME = 0.7  # 補助金 = 助成金 does not make 事業再構築補助金 any 助成金
_NAME_OTHER = 0.3  # 第1世代 is not 第2世代; a 補助金 of another name is another one
_SCHEME = re.compile(r"(?:補助金|交付金|給付金|助成金|支援金|奨励金|手当|減税|事業)$")
_REST = 0.34  # share (by weight) of the words beside the subject that a statement must hold
_ASIDE = 0.65  # the question's subject is named only in passing
_CASE_ASIDES = re.compile(r"開始時期は|関係者は|財源・制度などは|断片的な情報|確認できていません")
_NOTHING_ASKED = 0.6  # coverage where the question holds nothing but a name and a slot
_ELIGIBILITY = re.compile(r"対象|でき(?:る|ます|ない|ません)|認められ|充て|必要|要件|求められ|使え")
_DEFINES = re.compile(
    r"とは[、,]|は、.{2,}(?:制度|仕組み|交付金|取組|考え方|サイト|システム|計画|補助|事業|支援|もの|人材|組合|債)"
)
_CASE_HEADINGS = {"取組": 0.4, "成果": 0.25, "課題": -0.3}  # what was done and what came of it, before why
_HISTORY = re.compile(r"前身|旧制度|当時|かつて")


@dataclass(frozen=True)
class Weighed:
    """A unit and how well it answers; ``coverage`` is 0–1, ``score`` orders units."""

    unit: Unit
    score: float
    coverage: float
    own_coverage: float
    filled: tuple[str, ...]
    answers_rest: bool = True  # it holds something of what is asked beside the subject


def subject_of(understanding: Understanding) -> str:
    """What a question is about: its longest compound, else its first telling word."""
    return max(understanding.phrases, key=len, default=understanding.terms[0] if understanding.terms else "")


def _answers_rest(unit: Unit, understanding: Understanding, weigh: Weigh) -> bool:
    """Whether a statement holds something of what is asked beside the subject (「RESASは無料？」: 無料)."""
    if understanding.slots or understanding.intent in (Intent.OVERVIEW, Intent.CASES, Intent.COMPARE):
        return True
    subject = "" if understanding.grant_ids else subject_of(understanding)
    of_subject = {*content_set(subject), subject}
    rest = [t for t in understanding.terms if t not in of_subject and t not in GENERIC]
    if not rest:
        return True
    folded, own = normalise(unit.text), content_set(unit.text)
    if any(
        word not in subject and len(other) > 1 and other in folded for word, other in understanding.expansions
    ):
        return True
    got = sum(
        weigh(t)
        for t in rest
        if t in own
        or (len(t) > 1 and t in folded)
        or any(t in word and other in folded for word, other in understanding.expansions)
    )
    return got >= _REST * sum(map(weigh, rest))


def _is_about(unit: Unit, understanding: Understanding) -> bool:
    """Whether the question's subject stands in the headings or where the statement names its topic."""
    subject = subject_of(understanding)
    if not subject or unit.hit.passage.kind is Kind.UPLOAD:
        return True
    folded = normalise(unit.text)
    at = folded.find("は")
    topic = folded[: max(40, at)] + " " + normalise(unit.surroundings)
    names = [
        subject,
        *(other for word, other in understanding.expansions if subject in word or word in subject),
    ]
    return any(name in topic for name in names) or subject in content_set(topic)


def weigh_unit(unit: Unit, understanding: Understanding, weigh: Weigh, best_hit: float) -> Weighed:
    """How well a statement answers.

    Coverage is the share of the question's telling words that the statement and its
    headings hold; expansions (thesaurus) count for the word they stand for.
    """
    own = content_set(unit.text)
    around = content_set(unit.surroundings)
    folded_own = normalise(unit.text)
    folded_around = normalise(unit.surroundings)
    total = got = got_own = 0.0
    for term in understanding.terms:
        weight = weigh(term) * (1.0 if len(term) > 1 else _ONE_CHARACTER)
        total += weight
        if term in own or (len(term) >= 2 and term in folded_own):
            got += weight
            got_own += weight
        elif term in around or (len(term) >= 2 and term in folded_around):
            got += 0.75 * weight
        elif any(
            term in word and other in folded_own + folded_around for word, other in understanding.expansions
        ):
            got += 0.8 * weight
            got_own += 0.4 * weight
    for phrase in understanding.phrases:
        words = [weigh(word) for word in content_set(phrase)]
        weight = _PHRASE * sum(words) / len(words) if words else _PHRASE
        total += weight
        if phrase in folded_own:
            got += weight
            got_own += weight
        elif phrase in folded_around:
            got += 0.75 * weight
        elif any(
            phrase in word and other in folded_own + folded_around for word, other in understanding.expansions
        ):
            got += 0.8 * weight
    coverage = got / total if total else _NOTHING_ASKED
    for phrase in understanding.phrases:
        numbered = phrase.startswith("第") and any(c.isdigit() for c in phrase)
        if len(phrase) < _NAME_LENGTH or (any(c.isdigit() for c in phrase) and not numbered):
            continue
        held = phrase in folded_own or phrase in folded_around
        other = any(
            w in phrase and len(w) >= _MOST_OF_NAME * len(phrase) and o in folded_own + folded_around
            for w, o in understanding.expansions
        )
        if held or other:
            continue
        if numbered or (_SCHEME.search(phrase) and phrase not in understanding.known_phrases):
            coverage *= _NAME_OTHER
            got_own *= _NAME_OTHER
        elif phrase in understanding.known_phrases:  # a name that other statements bear
            held_words = folded_own + folded_around
            parts = [w for w in content_set(phrase) if len(w) > 1]
            whole = all(w in own | around or w in held_words for w in parts)
            coverage *= _NAME_APART if whole else _NAME_MISSING
    if (
        not understanding.grant_ids
        and understanding.intent is not Intent.CASES
        and not _is_about(unit, understanding)
    ):
        coverage *= _ASIDE
    own_coverage = got_own / total if total else _NOTHING_ASKED
    filled = tuple(
        name
        for name in understanding.slots
        if fills(name, unit.text, " ".join(unit.hit.passage.trail))
        or (unit.tells_unknown and SLOT_BY_NAME[name].topic.search(folded_own))
    )
    score = 1.0 * coverage + 0.6 * own_coverage + 0.5 * (unit.hit.score / best_hit if best_hit > 0 else 0.0)
    if understanding.slots:
        score += 0.9 * len(filled) / len(understanding.slots)
        if any(
            re.search(rf"(?:{SLOT_BY_NAME[name].topic.pattern})[^。]{{0,4}}は", folded_own) for name in filled
        ):
            score += 0.15  # it is about the slot, not only of it
        if any(f"{word}は" in folded_own[:60] for word in understanding.slot_words):
            score += 0.3  # … in the question's own word for it
        heading = normalise(" ".join(unit.hit.passage.trail[-2:]))
        if any(SLOT_BY_NAME[name].topic.search(heading) for name in understanding.slots):
            score += 0.2
        if unit.tells_unknown:
            score -= 0.35
    elif unit.tells_unknown:
        score -= 0.5
    if understanding.fiscal_year and understanding.fiscal_year in {
        m.year for m in find_fiscal_years(unit.text)
    }:
        score += 0.2
    if understanding.calendar_year and f"{understanding.calendar_year}年の" in folded_own[:24]:
        score += 0.25
    if _HISTORY.search(folded_own) and not any(_HISTORY.search(t) for t in (understanding.question,)):
        score -= 0.3
    if understanding.intent is Intent.CASES:
        score += _CASE_HEADINGS.get(unit.hit.passage.trail[-1] if unit.hit.passage.trail else "", 0.0)
        if _CASE_ASIDES.search(unit.text):
            score -= 0.5
    if understanding.intent is Intent.OVERVIEW and _DEFINES.search(folded_own[:80]):
        score += 0.35
    if understanding.intent is Intent.CAN_WE and _ELIGIBILITY.search(folded_own):
        score += 0.4
    if unit.is_row:
        score -= 0.25  # a sentence reads better than a table row that says the same
    if understanding.classes:
        named = find_classes(unit.text)
        if named and not set(named) & set(understanding.classes):
            score -= 1.2
        elif len(named) > len(understanding.classes):
            score -= 0.1
    if unit.hit.passage.level is not None:
        score += 0.04 * unit.hit.passage.level.trust
    if unit.hit.passage.kind is Kind.UPLOAD:
        score += 0.15
    score -= 0.0006 * max(0, len(unit.text) - 120)
    return Weighed(unit, score, coverage, own_coverage, filled, _answers_rest(unit, understanding, weigh))
