"""Which statements of a document answer a question: those that hold what it is about, and a figure or time if asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain import Hit
from assistant.japanese.text import fold
from assistant.japanese.tokens import content_set
from assistant.review.asked import Asked, Term
from assistant.review.decoys import why_not
from assistant.review.reading import DocumentReading, Statement
from assistant.review.units import Unit

Weigh = Callable[[str], float]  # lemma → how telling it is (inverse document frequency)
Expand = Callable[[str], Sequence[tuple[str, str]]]  # text → (words in it, what else they are called)

ENOUGH = 0.65  # share of the question's terms, by weight, that a statement (with its headings) must hold
ENOUGH_OF_PASSAGE = 0.5  # … that a passage must hold where no statement of it does alone
_SOME = 0.3  # … and then each statement shown of it
_FEWEST_TERMS = 3  # a question of fewer things is answered by one statement or not at all
_LEAD = 0.5  # share of the weightiest term that it must hold
_NEAR_BEST = 0.85
_IN_ITS_WORDS = 0.9  # a statement that has the question's own topic
_ONE_CHARACTER = 0.35  # 「前」 may stand for anything
_VERB = 0.5  # a verb tells less than the thing it is said of
_OTHER, _PIECES, _HEADING = 0.8, 0.8, 0.6
_NAME = 3  # characters
_STEM = re.compile(r"[一-龠々ァ-ヴー]{1,}|[a-z0-9]{2,}")
_TOPIC = re.compile(r"^[^はがをに、。?？]{3,16}は")
_KATAKANA = re.compile(r"^[ァ-ヴー]+$")
_TIME = re.compile(
    r"[0-9元]年|年度|毎年|毎月|[0-9]月|年[0-9一二三四]回|定期|随時|適宜|中間年|[0-9]か年|場合|際|とき|今後|速やか|終了後"
)
_EARLIER = re.compile(r"これまで|第?[1-3一二三]期|前期|前回|前計画|前戦略|旧戦略|総括|現行|達成した")
_BODY = re.compile(r"本部|課|室|[町市村区]長|知事|会議|委員会|協議会|法人|センター")
_DIGIT = re.compile(r"[0-9]")
_HONEST = ("tentative", "negated")  # 「検討します」 answers "what is done?" too
_META = re.compile(r"^(?:次の図|図表の|下表|本章では)|次のとおり")


@dataclass(frozen=True, slots=True)
class Match:
    """A statement and how much of the question it holds, 0–1."""

    statement: Statement
    coverage: float


class Matcher:
    """Holds questions against the statements of one document."""

    def __init__(self, reading: DocumentReading, weigh: Weigh, expand: Expand) -> None:
        self._reading, self._weigh, self._expand = reading, weigh, expand
        self._headings: dict[tuple[int, str], str] = {}
        self._words: dict[str, frozenset[str]] = {}  # by statement, as far as any was looked at

    def find(self, asked: Asked, most: int = 4, *, within: int | None = None) -> list[Match]:
        """The best statements, best first; ``within``: of one chapter only. Empty where none holds enough."""
        terms = self.with_other_names(asked)
        if not terms:
            return []
        topic = _topic_of(asked)
        tail = next((t for t in terms if t.surface == asked.tail), None)
        found: dict[str, Match] = {}
        for statement in self._candidates(terms, within):
            if not self._answers_kind(asked, statement):
                continue
            coverage, lead = self.cover(terms, statement)
            if topic and topic in statement.folded:
                coverage, lead = max(coverage, _IN_ITS_WORDS), 1.0
            if tail and _held(tail, statement.folded, content_set(statement.shown)) < _LEAD:
                continue
            if coverage >= ENOUGH and lead >= _LEAD and statement.folded not in found:
                found[statement.folded] = Match(statement, coverage)
        ranked = sorted(found.values(), key=lambda m: (-m.coverage, m.statement.repeats, m.statement.page))
        best = ranked[0].coverage if ranked else 0.0
        return [m for m in ranked if m.coverage >= _NEAR_BEST * best][:most]

    def lead_of(self, terms: Sequence[Term]) -> Term | None:
        """The weightiest thing that a question names."""
        nouns = [term for term in terms if term.is_noun]
        return max(nouns, key=lambda t: max(self._weigh(lemma) for lemma in t.lemmas), default=None)

    def near(self, asked: Asked, hits: Sequence[Hit], most: int = 3) -> list[Match]:
        """Statements of passages that together hold what is asked, though no one of them does alone."""
        terms = self.with_other_names(asked)
        if sum(term.is_noun for term in terms) < _FEWEST_TERMS:
            return []
        for hit in hits:
            passage = hit.passage
            text = fold(f"{' '.join(passage.trail)} {passage.text}", drop_spaces=True).text
            coverage, lead = self._cover(terms, text, content_set(passage.text), "")
            if coverage < ENOUGH_OF_PASSAGE or lead < _LEAD:
                continue
            inside = [
                Match(s, self.cover(terms, s)[0])
                for s in self._reading.statements
                if s.page == passage.page and passage.start <= s.start and s.end <= passage.end and s.whole
            ]
            ranked = sorted((m for m in inside if m.coverage >= _SOME), key=lambda m: -m.coverage)
            if ranked:
                return ranked[:most]
        return []

    def with_other_names(self, asked: Asked) -> list[Term]:
        """The terms of a question with what the thesaurus calls them as well."""
        other_names = self._expand(asked.text)
        made = []
        for term in asked.focus:
            more = [
                fold(other, drop_spaces=True).text
                for words, other in other_names
                if words == term.surface or (len(words) >= _NAME and words in term.surface)
            ]
            made.append(replace(term, others=(*term.others, *more)))
        return made

    def cover(self, terms: Sequence[Term], statement: Statement) -> tuple[float, float]:
        """Share of the terms that a statement holds, by weight, and the share of the weightiest one."""
        words = self._words.get(statement.folded)
        if words is None:
            words = self._words[statement.folded] = content_set(statement.shown)
        return self._cover(terms, statement.folded, words, self._headings_of(statement))

    def _cover(
        self, terms: Sequence[Term], folded: str, own: frozenset[str], headings: str
    ) -> tuple[float, float]:
        total = got = 0.0
        lead = (0.0, 0.0)
        held_itself = False
        for term in terms:
            weight = max(self._weigh(lemma) for lemma in term.lemmas) * (1.0 if term.is_noun else _VERB)
            share = _held(term, folded, own)
            held_itself = held_itself or share > 0
            if share < _HEADING and term.surface in headings:
                share = _HEADING
            total += weight
            got += weight * share
            lead = max(lead, (weight, share))
        return (got / total if total and held_itself else 0.0), lead[1]

    def _candidates(self, terms: Sequence[Term], within: int | None) -> list[Statement]:
        stems = {stem for t in terms for stem in _STEM.findall(fold(t.surface, drop_spaces=True).text)}
        stems |= {other for t in terms for other in t.others} | {t.surface for t in terms}
        return [
            s
            for s in self._reading.statements
            if (within is None or s.chapter == within)
            and s.whole
            and not _META.search(s.folded)
            and any(stem in s.folded for stem in stems)
        ]

    def _headings_of(self, statement: Statement) -> str:
        key = (statement.chapter, statement.section)
        if key not in self._headings:
            title = self._reading.chapters[statement.chapter].title
            self._headings[key] = fold(f"{title} {statement.section}", drop_spaces=True).text
        return self._headings[key]

    @staticmethod
    def _answers_kind(asked: Asked, statement: Statement) -> bool:
        if asked.measure:
            unit = Unit(
                statement.page, statement.start, statement.end, statement.quote, statement.folded,
                fold(statement.section, drop_spaces=True).text, "sentence",
            )  # fmt: skip
            reason = why_not(
                unit, len(unit.folded), headings=False, measure=True, about_others=False, indicators=False
            )
            if reason is not None and reason[0] not in _HONEST:
                return False
        if asked.past and not _EARLIER.search(statement.folded):
            return False
        if (asked.who or asked.by_whom) and not _BODY.search(statement.folded):
            return False
        if asked.figure and not _DIGIT.search(statement.folded):
            return False
        return not asked.when or _TIME.search(statement.folded) is not None


def _topic_of(asked: Asked) -> str:
    """What stands before 「は」 in a question: 「町の木は何ですか」 → 「町の木は」."""
    match = _TOPIC.match(fold(asked.text, drop_spaces=True).text)
    return match[0] if match else ""


def holds(term: Term, folded: str) -> bool:
    """Whether a text names a term, or what plans call it."""
    return _held(term, folded, content_set(folded)) >= _LEAD


def _held(term: Term, folded: str, own: frozenset[str]) -> float:
    surface = fold(term.surface, drop_spaces=True).text
    if len(surface) > 1 and surface in folded:
        return 1.0
    lemmas = sum(lemma in own for lemma in term.lemmas) / len(term.lemmas)
    lemmas *= 1.0 if len(term.lemmas) == 1 else _PIECES
    lemmas *= 1.0 if max(map(len, term.lemmas)) > 1 else _ONE_CHARACTER
    return max(lemmas, _OTHER if any(names(other, folded) for other in term.others) else 0.0)


def names(word: str, folded: str) -> bool:
    """Whether a text holds a word; one of katakana not as a piece of a longer one."""
    if not _KATAKANA.match(word):
        return word in folded
    return re.search(rf"(?<![ァ-ヴー]){re.escape(word)}(?![ァ-ヴー])", folded) is not None
