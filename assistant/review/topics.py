"""Which requirements a question is about: a plan's usual subjects, each with the words that bear it.

Score: cosine of the static vectors of question and requirement, plus the share of the question's terms (by
inverse frequency over all requirements) that the requirement's own words hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set
from assistant.review.asked import Asked, Term, in_words_of_plans
from assistant.review.requirements import Requirement

Encode = Callable[[list[str]], NDArray[np.float32]]

_WORDS = re.compile(r"[^ぁ-んァ-ヶー一-龠a-z0-9]+")
_SURE = 0.82  # score from which a question is about a requirement
_WHOLLY = 0.95  # share of the question that a second subject must hold
_VERB = 0.5
_OF_WHOM = 0.3  # for whom a thing is done tells less of the subject than the thing
_NAMED = 0.4  # share of the question that a requirement's own sentence must name
_PARTLY = 0.8  # share of a term's weight that counts where only its other names or pieces occur
_PERSONS = re.compile(
    r"^(?:高齢|お年寄り|老人|障害|障がい|住民|町民|市民|村民|区民|県民|若者|女性|子ども|児童|学生|家族|世帯|企業|事業)者?$"
)
_UNMET = ("revision", "pdca")  # what a plan says of a missed target
_WHO = ("promotion-body",)


@dataclass(frozen=True)
class Subject:
    """A requirement that a question is about; ``named``: its own sentence names what is asked about."""

    requirement: Requirement
    score: float
    named: bool


@dataclass(frozen=True)
class _Topic:
    requirement: Requirement
    text: str
    words: frozenset[str]
    described: str
    described_words: frozenset[str]
    vector: NDArray[np.float32]


class Topics:
    """The subjects of requirements, by words alone where there is no encoder.

    Requirements about tables of indicators are left out: those are read as tables.
    """

    def __init__(self, requirements: Sequence[Requirement], encode: Encode | None) -> None:
        kept = [r for r in requirements if r.check == "words"]
        self._encode = encode
        described = [f"{r.requirement} {r.missing}" for r in kept]
        without = np.zeros((len(kept), 1), dtype=np.float32)
        vectors = _unit(encode(described)) if kept and encode is not None else without
        self._topics = [
            _Topic(
                r,
                normalise(f"{text} {_cues(r)}"),
                content_set(f"{text} {_cues(r)}"),
                normalise(text),
                content_set(text),
                vector,
            )
            for r, text, vector in zip(kept, described, vectors, strict=True)
        ]

    def find(self, asked: Asked) -> tuple[Subject, ...]:
        """The requirements that a question is about, best first; empty where it is about none of them."""
        by_id = {topic.requirement.id: topic.requirement for topic in self._topics}
        if asked.unmet or asked.who:
            return tuple(
                Subject(by_id[i], 1.0, True) for i in (_UNMET if asked.unmet else _WHO) if i in by_id
            )
        if not self._topics or not asked.focus:
            return ()
        vector = np.zeros(1, dtype=np.float32)
        if self._encode is not None:
            vector = _unit(self._encode([in_words_of_plans(asked.text)]))[0]
        scores = [float(t.vector @ vector) + self._coverage(asked.focus, t) for t in self._topics]
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        one = sum(term.is_noun for term in asked.focus) == 1
        made = []
        for place, i in enumerate(order[:3]):
            topic = self._topics[i]
            named = self._describes(asked.focus, topic)
            wholly = self._coverage(asked.focus, topic) >= _WHOLLY or (one and named)
            if scores[i] >= _SURE and (place == 0 or wholly):
                made.append(Subject(topic.requirement, scores[i], named))
        return tuple(made)

    def _describes(self, terms: Sequence[Term], topic: _Topic) -> bool:
        """Whether a requirement itself, not only a cue of it, names what is asked about."""
        nouns = [t for t in terms if t.is_noun] or list(terms)
        things = [t for t in nouns if not _PERSONS.match(t.surface)]
        nouns = things or nouns  # 「高齢者の移動」 is about 移動
        weights = [max(self._weigh(lemma) for lemma in t.lemmas) for t in nouns]
        named = sum(w for t, w in zip(nouns, weights, strict=True) if _is_named(t, topic))
        return named >= _NAMED * sum(weights)

    def _coverage(self, terms: Sequence[Term], topic: _Topic) -> float:
        total = got = 0.0
        for term in terms:
            weight = max(self._weigh(lemma) for lemma in term.lemmas)
            weight *= 1.0 if term.is_noun else _VERB
            weight *= _OF_WHOM if len(terms) > 1 and _PERSONS.match(term.surface) else 1.0
            total += weight
            got += weight * _held(term, topic)
        return got / total if total else 0.0

    def _weigh(self, lemma: str) -> float:
        count = sum(lemma in topic.words for topic in self._topics)
        return math.log(1 + len(self._topics) / (count + 0.5))


def _is_named(term: Term, topic: _Topic) -> bool:
    return (
        (len(term.surface) > 1 and term.surface in topic.described)
        or all(lemma in topic.described_words for lemma in term.lemmas)
        or any(other in topic.described for other in term.others)
    )


def _held(term: Term, topic: _Topic) -> float:
    if len(term.surface) > 1 and term.surface in topic.text:
        return 1.0
    lemmas = sum(lemma in topic.words for lemma in term.lemmas) / len(term.lemmas)
    others = any(other in topic.text for other in term.others)
    return max(_PARTLY * others, lemmas if len(term.lemmas) == 1 else _PARTLY * lemmas)


def _cues(requirement: Requirement) -> str:
    """The plain words among the patterns of a requirement."""
    words = (word for form in requirement.evidence for word in _WORDS.split(form))
    return " ".join(dict.fromkeys(word for word in words if len(word) >= 2))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    made = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(made, axis=1, keepdims=True)
    norms[norms == 0] = 1.0
    unit: NDArray[np.float32] = made / norms
    return unit
