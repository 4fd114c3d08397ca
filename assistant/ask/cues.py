"""What shows that a statement answers a question: one number per cue, for the selector to weigh.

A cue tells of one thing only and has a direction (``CUES``): more of it speaks for the statement, or
against it.  The weights are learned with these directions kept (``training/train_selector.py``), so
that each weight can be read, and no set of questions can turn a cue round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.ask.asked import Asked, Word
from assistant.ask.slots import SLOT_BY_NAME, fills, is_headed, is_headed_elsewhere
from assistant.ask.units import Unit
from assistant.ask.wanted import DEFINES, tells_first, tells_whether
from assistant.ask.words import GENERIC, find_classes
from assistant.domain import Intent, Kind, Understanding
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.text import normalise
from assistant.japanese.tokens import bigrams, content_set

# Every cue of a statement, and whether it speaks for it (+1) or against it (-1).
CUES: dict[str, int] = {
    "passage": 1,  # score of its passage as a share of the best passage's
    "passage_behind": -1,  # … and how far behind the best it is
    "document": 1,  # its document's share of the scores of all that was found
    "words": 1,  # share (by weight) of the question's nouns in the statement itself
    "nouns": 1,  # … with headings
    "noun_weight_missing": -1,  # weight of the nouns that neither statement nor headings hold
    "phrases": 1,  # compounds
    "focus": 1,  # the noun that the question ends in (「…の利用者数は」)
    "attribute_missing": -1,  # … where it is an attribute of something, and nothing says a word of it
    "scheme_missing": -1,  # 「辺地債」: a scheme's name that is not there
    "code_missing": -1,  # 「TYPE Z」
    "numbers": 1,  # 「第11回」
    "number_missing": -1,
    "pairs": 1,  # character pairs
    "topic": 1,  # how much of what the statement is about (before は) was asked for
    "comment": 1,  # share of the question's words after は
    "heading_asked": 1,  # share of the last heading's words that the question holds
    "about": 1,  # the question's subject stands in the headings or before は
    "slot_filled": 1,
    "slot_open": -1,
    "slot_is_topic": 1,  # 「上限額は…」
    "slot_in_heading": 1,
    "slot_heading": 1,  # the grant's own section on it: 「スケジュール」 for a date to apply by
    "slot_elsewhere": -1,  # … or its section on something else
    "wish_shown": 1,  # it shows the sort of thing that is wanted
    "wish_not_shown": -1,
    "figure_missing": -1,
    "figure_of_other_unit": -1,  # 「何台」 is asked, and no number of machines is there
    "whether_told": 1,  # yes or no is wanted, and it says what may, must or may not be
    "whether_of_other": -1,  # … but of something else: it holds hardly a word of the question
    "figure_unasked": -1,  # it gives a sum or a rate, and none was asked for
    "figure_of_other": -1,  # a figure is wanted, and the subject's name is not there
    "terms_of_other": -1,  # … rate or cap of a grant that was not named as one of ours
    "first_missing": -1,  # 「一番多い市は」: it does not say which is first
    "rate": 1,
    "count": 1,
    "date": 1,
    "place": 1,
    "of_grant": 1,  # it is of the grant that was named
    "class": 1,  # 市区町村, 都道府県 …
    "class_other": -1,
    "year": 1,  # it names the year asked for
    "eligibility": 1,  # for "can we?"
    "definition": 1,  # for "what is it?"
    "case_words": 1,  # of a question for cases: share of its words in all that was found of the case
    "tells_unknown": -1,
    "past": -1,  # 前身, 当時 where the question does not ask for the past
    "row": -1,  # a sentence reads better than a table row that says the same
}

_IN_HEADING = 0.8
_NOTHING_ASKED = 0.6  # coverage where the question holds nothing but a name and a slot
_HARDLY = 0.25  # share of the question's words
_HEAVY = 20.0  # weight of two or three rare words
_BEHIND = 10.0  # ranker's units
_SCHEME = re.compile(r"(?:補助金|交付金|給付金|助成金|支援金|奨励金|手当|減税|事業|債|補助|資金|年金|保険)$")
_ELIGIBILITY = re.compile(r"対象|でき(?:る|ます|ない|ません)|認められ|充て|必要|要件|求められ|使え")
_DEFINES = re.compile(DEFINES)
_HISTORY = re.compile(r"前身|旧制度|当時|かつて")
_SUM = re.compile(r"\d[\d,.]*(?:億|千万|百万|万|千)?円|補助率|交付率")
_TERMS = frozenset(("補助率", "上限額", "下限額"))
_NUMBER = re.compile(r"\d")
_TOPIC_ENDS = 60  # characters


@dataclass(frozen=True)
class Side:
    """The statement's side: its words and those of title and headings; the same for every question."""

    own: str
    around: str
    heading: str  # the last two headings
    heading_words: frozenset[str]  # of the last one
    both: str
    own_words: frozenset[str]
    around_words: frozenset[str]
    pairs: frozenset[str]
    topic: str  # what stands before its first は
    topic_words: frozenset[str]
    rest_words: frozenset[str]
    years: frozenset[int]
    classes: frozenset[str]
    has_number: bool


@lru_cache(maxsize=4096)
def _side_of(text: str, title: str, trail: tuple[str, ...]) -> Side:
    surroundings = " ".join((title, *trail))
    own, around = normalise(text), normalise(surroundings)
    at = own.find("は", 0, _TOPIC_ENDS)
    topic = own[:at] if at > 0 else ""
    own_words = content_set(text)
    topic_words = content_set(topic) if topic else frozenset()
    return Side(
        own=own,
        around=around,
        heading=normalise(" ".join(trail[-2:])),
        heading_words=content_set(trail[-1]) if trail else frozenset(),
        both=f"{own} {around}",
        own_words=own_words,
        around_words=content_set(surroundings),
        pairs=frozenset(bigrams(own)),
        topic=topic,
        topic_words=topic_words,
        rest_words=own_words - topic_words,
        years=frozenset(m.year for m in find_fiscal_years(text)),
        classes=frozenset(find_classes(text)),
        has_number=bool(_NUMBER.search(own)),
    )


def cues_of(unit: Unit, asked: Asked) -> tuple[float, ...]:
    """The cues of one statement, in the order of ``CUES``."""
    side = _side_of(unit.text, unit.hit.passage.title, unit.hit.passage.trail)
    cues = {
        **_of_words(side, asked),
        **_of_topic(side, asked),
        **_of_slots(unit, side, asked),
        **_of_wish(side, asked),
        **_of_question(unit, side, asked),
        **_of_kind(unit, asked),
    }
    return tuple(float(cues[name]) for name in CUES)


def _share(words: Sequence[Word], held: Callable[[Word], float]) -> float:
    total = sum(word.weight for word in words)
    return sum(word.weight * held(word) for word in words) / total if total else _NOTHING_ASKED


def _missing(words: Iterable[Word], side: Side) -> int:
    return sum(word.lemma not in side.both and not word.held(frozenset(), side.both) for word in words)


def _of_words(side: Side, asked: Asked) -> dict[str, float]:
    def in_own(word: Word) -> float:
        return word.held(side.own_words, side.own)

    def in_both(word: Word) -> float:
        return max(in_own(word), _IN_HEADING * word.held(side.around_words, side.around))

    lacking = [word.weight * (1.0 - in_both(word)) for word in asked.nouns]
    schemes = [p for p in asked.phrases if _SCHEME.search(p.lemma) and not content_set(p.lemma) <= GENERIC]
    return {
        "words": _share(asked.nouns, in_own),
        "nouns": _share(asked.nouns, in_both),
        "noun_weight_missing": sum(lacking) / _HEAVY,
        "phrases": _share(asked.phrases, in_both),
        "focus": in_both(asked.focus) if asked.focus else _NOTHING_ASKED,
        "attribute_missing": float(bool(asked.attribute) and not any(map(in_both, asked.attribute))),
        "scheme_missing": float(_missing(schemes, side) > 0),
        "code_missing": sum(code not in side.both for code in asked.codes),
        "numbers": float(bool(asked.numbers) and all(n in side.both for n in asked.numbers)),
        "number_missing": min(2, sum(n not in side.both for n in asked.numbers)) / 2,
        "pairs": len(asked.pairs & side.pairs) / len(asked.pairs) if asked.pairs else 0.0,
    }


def _of_topic(side: Side, asked: Asked) -> dict[str, float]:
    subject, unnamed = asked.subject, not asked.understanding.grant_ids
    known = not subject or bool(subject.held(side.own_words | side.around_words, side.both))
    about = not subject or bool(subject.held(side.topic_words, f"{side.topic} {side.around}"))
    return {
        "figure_of_other": float(asked.wish.figure and unnamed and not known),
        "terms_of_other": float(bool(_TERMS & set(asked.understanding.slots)) and unnamed and not known),
        "topic": _asked_share(side.topic_words, asked),
        "comment": _share(asked.words, lambda word: float(word.lemma in side.rest_words)),
        "about": float(about),
        "heading_asked": _asked_share(side.heading_words, asked),
    }


def _asked_share(words: frozenset[str], asked: Asked) -> float:
    """How much of some words, by weight, the question holds."""
    weight = sum(map(asked.weigh, words))
    return sum(asked.weigh(word) for word in words if word in asked.vocabulary) / weight if weight else 0.0


def _of_slots(unit: Unit, side: Side, asked: Asked) -> dict[str, float]:
    slots = asked.understanding.slots
    filled = slots_filled(unit, asked.understanding) if slots else ()
    words = asked.understanding.slot_words
    passage = unit.hit.passage
    read = asked.understanding  # a question of little else than a grant's name and a slot
    of_grant = passage.kind is Kind.GRANT and bool(read.grant_ids) and len(read.terms) <= 1
    last = normalise(passage.trail[-1]) if passage.trail else ""
    return {
        "slot_filled": len(filled) / len(slots) if slots else 0.0,
        "slot_open": float(bool(slots) and not filled),
        "slot_is_topic": float(
            any(
                re.search(rf"(?:{SLOT_BY_NAME[name].topic.pattern})[^。]{{0,4}}は", side.own)
                for name in filled
            )
            or any(f"{word}は" in side.own[:60] for word in words)
        ),
        "slot_in_heading": float(any(SLOT_BY_NAME[name].topic.search(side.heading) for name in slots)),
        "slot_heading": float(of_grant and any(is_headed(name, last) for name in slots)),
        "slot_elsewhere": float(of_grant and bool(slots) and is_headed_elsewhere(slots, last)),
    }


def slots_filled(unit: Unit, understanding: Understanding) -> tuple[str, ...]:
    """The slots that a statement fills; one that says a thing is not known fills the slot it names."""
    headings = " ".join(unit.hit.passage.trail)
    return tuple(
        name
        for name in understanding.slots
        if fills(name, unit.text, headings)
        or (unit.tells_unknown and SLOT_BY_NAME[name].topic.search(normalise(unit.text)))
    )


def _of_wish(side: Side, asked: Asked) -> dict[str, float]:
    wish = asked.wish
    shown = wish.shown(side.own)
    told = asked.whether and tells_whether(side.own)
    of_it = _share(asked.words, lambda word: word.held(side.own_words, side.own)) if told else 0.0
    by_name = {
        sort.name: (1.0 if is_shown else -1.0) for sort, is_shown in zip(wish.sorts, shown, strict=True)
    }
    return {
        "wish_shown": sum(shown) / len(shown) if shown else 0.5,
        "wish_not_shown": float(bool(shown) and not any(shown)),
        "figure_unasked": float(
            not wish.figure and not asked.understanding.slots and bool(_SUM.search(side.own))
        ),
        "figure_missing": float(wish.figure and not side.has_number),
        "figure_of_other_unit": float(not all(figure.is_given(side.own) for figure in asked.figures)),
        "whether_told": float(told),
        "whether_of_other": float(told and of_it < _HARDLY),
        "first_missing": float(wish.first_of_many and not tells_first(side.own)),
        **{name: by_name.get(name, 0.0) for name in ("rate", "count", "date", "place")},
    }


def _of_question(unit: Unit, side: Side, asked: Asked) -> dict[str, float]:
    read = asked.understanding
    classes = frozenset(read.classes)
    can_we, overview = read.intent is Intent.CAN_WE, read.intent is Intent.OVERVIEW
    return {
        "of_grant": float(unit.hit.passage.grant_id in read.grant_ids),
        "class": float(bool(side.classes & classes)),
        "class_other": float(bool(classes) and bool(side.classes) and not side.classes & classes),
        "year": float(read.fiscal_year in side.years),
        "eligibility": float(can_we and bool(_ELIGIBILITY.search(side.own))),
        "definition": float(overview and bool(_DEFINES.search(side.own))),
        "past": float(bool(_HISTORY.search(side.own)) and not asked.of_the_past),
    }


def _of_kind(unit: Unit, asked: Asked) -> dict[str, float]:
    passage = unit.hit.passage
    score = unit.hit.score
    whole = asked.text_by_case.get(passage.document_id, "")
    whole_words = content_set(whole) if whole else frozenset()
    return {
        "case_words": _share(asked.words, lambda word: word.held(whole_words, whole)) if whole else 0.0,
        "passage": score / asked.best if asked.best > 0 else 0.0,
        "passage_behind": (asked.best - score) / _BEHIND,
        "document": asked.share_by_document.get(passage.document_id, 0.0),
        "tells_unknown": float(unit.tells_unknown),
        "row": float(unit.is_row),
    }
