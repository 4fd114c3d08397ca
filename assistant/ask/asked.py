"""The question's side of every cue: its words with their weights, names, numbers, and what it wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.ask.figures import Figure, asked_figures
from assistant.ask.wanted import Wish, asks_whether, find_wish
from assistant.ask.words import GENERIC
from assistant.domain import Hit, Intent, Understanding
from assistant.japanese.text import normalise
from assistant.japanese.tokens import bigrams, content_set, tokenise

Weigh = Callable[[str], float]  # lemma → how telling it is (inverse document frequency)

# Cues of the question alone: they move the bar that every statement must pass, in either direction.
BARS = ("slots", "grant_named", "words_asked", "can_we", "overview", "cases", "nothing_asked")

_ONE_CHARACTER = 0.35  # a common lemma of one character (費, 金, 者) tells little
_NEARLY = 0.85  # another name for the word
_MOST_OF_NAME = 0.7  # 補助金 = 助成金 does not make 事業再構築補助金 any 助成金
_RARE = 4.5  # weight of a word that about one passage in a hundred holds
_NAMED_SCHEME = re.compile(r".{2,}(?:補助金|交付金|給付金|助成金|奨励金|手当|債)$")
_CODE = re.compile(r"[a-z][a-z0-9]*(?: ?[a-z0-9]+)?")
_NO_CODE = re.compile(r"[hrs]\d+|ok|kpi|ng")
_ATTRIBUTE = re.compile(r"の([^、。のはがをにでと?？]{2,12})(?:は|って|を|と|について|が|$|[?？])")
_NUMBER = re.compile(r"\d[\d,.]*")
_YEAR = re.compile(r"(?:令和|平成|[hr])\d+年?度?|(?:19|20)\d\d年?度?")
_PAST = re.compile(r"前身|旧|当時|かつて|以前|昔|だった|でした|ましたか")


@dataclass(frozen=True)
class Word:
    """A word of the question, its weight, and what else it is called."""

    lemma: str
    weight: float
    others: tuple[str, ...]

    def held(self, words: frozenset[str], text: str) -> float:
        """1 where the text (with its lemmas) holds it, less where it holds another name for it."""
        if self.lemma in words or (len(self.lemma) > 1 and self.lemma in text):
            return 1.0
        return _NEARLY if any(other in text for other in self.others) else 0.0


@dataclass(frozen=True)
class Asked:
    """A question as the cues see it; made once for all its statements."""

    understanding: Understanding
    nouns: tuple[Word, ...]
    verbs: tuple[Word, ...]
    phrases: tuple[Word, ...]
    focus: Word | None
    attribute: tuple[Word, ...]
    codes: tuple[str, ...]
    numbers: tuple[str, ...]
    vocabulary: frozenset[str]
    pairs: frozenset[str]
    wish: Wish
    whether: bool  # a question for yes or no
    figures: tuple[Figure, ...]  # asked for by their unit
    of_the_past: bool
    best: float
    share_by_document: dict[str, float]  # document → its share of the scores of all that was found
    text_by_case: dict[str, str]  # document → all that was found of it, where cases are asked for
    weigh: Weigh

    @property
    def words(self) -> tuple[Word, ...]:
        """Nouns and verbs."""
        return self.nouns + self.verbs

    @property
    def subject(self) -> Word | None:
        """What the question is about: its longest compound, else its first noun."""
        return max(self.phrases, key=lambda p: len(p.lemma), default=self.nouns[0] if self.nouns else None)

    def names_nothing_known(self, hits: Sequence[Hit]) -> bool:
        """Whether the question names a scheme or a type that nothing found speaks of (「辺地債」, 「TYPE Z」)."""
        texts = [normalise(f"{h.passage.title} {' '.join(h.passage.trail)} {h.passage.text}") for h in hits]

        def known(name: Word) -> bool:
            return any(name.held(frozenset(), text) for text in texts)

        schemes = [p for p in self.phrases if _NAMED_SCHEME.search(p.lemma)]
        codes = [Word(code, 1.0, ()) for code in self.codes]
        return any(not known(name) for name in (*schemes, *codes))

    def is_of_another(self, text: str) -> bool:
        """Whether a statement gives a code of the kind that is asked about to something else alone (「TYPE V」 for 「TYPE A」)."""
        kinds = {code.split()[0] for code in self.codes if " " in code}
        told = {code for code in _CODE.findall(normalise(text)) if code.split()[0] in kinds and " " in code}
        return bool(told) and not told & set(self.codes)

    def bars(self) -> tuple[float, ...]:
        """The cues of the question alone, in the order of ``BARS``."""
        read = self.understanding
        return (
            float(bool(read.slots)),
            float(bool(read.grant_ids)),
            len(read.terms) / 6,
            float(read.intent is Intent.CAN_WE),
            float(read.intent is Intent.OVERVIEW),
            float(read.intent is Intent.CASES),
            float(not read.terms),
        )


def read_question(understanding: Understanding, hits: Sequence[Hit], weigh: Weigh) -> Asked:
    """The question's side of every cue."""
    folded = normalise(understanding.question)
    parts = {token.lemma: token.pos for token in reversed(tokenise(folded))}

    def others(word: str) -> tuple[str, ...]:
        return tuple(
            other
            for name, other in understanding.expansions
            if word in name or word in content_set(name)  # 「締切」 is a 締め切り
        )

    def word(lemma: str) -> Word:
        light = len(lemma) == 1 and (parts.get(lemma) == "接尾辞" or weigh(lemma) < _RARE)
        weight = weigh(lemma) * (_ONE_CHARACTER if light else 1.0)
        return Word(lemma, weight / 2 if lemma in GENERIC else weight, others(lemma))

    def phrase(text: str) -> Word:
        names = tuple(
            other
            for name, other in understanding.expansions
            if text in name or (name in text and len(name) >= _MOST_OF_NAME * len(text))
        )
        return Word(text, 1.0, names)

    moving = ("動詞", "形容詞", "形状詞", "副詞")
    words = [(word(term), parts.get(term, "名詞") in moving) for term in understanding.terms]
    nouns = tuple(w for w, moves in words if not moves)
    return Asked(
        understanding=understanding,
        nouns=nouns,
        verbs=tuple(w for w, moves in words if moves),
        phrases=tuple(phrase(text) for text in understanding.phrases),
        focus=nouns[-1] if nouns else None,
        attribute=_attribute(folded, nouns),
        codes=tuple(
            dict.fromkeys(c for c in _CODE.findall(folded) if len(c) > 1 and not _NO_CODE.fullmatch(c))
        ),
        numbers=tuple(dict.fromkeys(_NUMBER.findall(_YEAR.sub("", folded)))),
        vocabulary=content_set(understanding.resolved).union(
            *(content_set(other) for _, other in understanding.expansions)
        ),
        pairs=frozenset(bigrams(folded)),
        wish=find_wish(understanding.question),
        whether=asks_whether(understanding.question),
        figures=asked_figures(understanding.question),
        of_the_past=bool(_PAST.search(folded)),
        best=max((hit.score for hit in hits), default=0.0),
        share_by_document=_shares(hits),
        text_by_case=_texts(hits) if understanding.intent is Intent.CASES else {},
        weigh=weigh,
    )


def _shares(hits: Sequence[Hit]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for hit in hits:
        sums[hit.passage.document_id] = sums.get(hit.passage.document_id, 0.0) + max(hit.score, 0.0)
    total = sum(sums.values())
    return {document_id: score / total for document_id, score in sums.items()} if total else {}


def _texts(hits: Sequence[Hit]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for hit in hits:
        before = texts.get(hit.passage.document_id, normalise(hit.passage.title))
        texts[hit.passage.document_id] = f"{before} {normalise(hit.passage.text)}"
    return texts


def _attribute(folded: str, nouns: Sequence[Word]) -> tuple[Word, ...]:
    """The words of what is asked of something: 「職員の**平均年収**は」."""
    found = _ATTRIBUTE.findall(folded)
    words = content_set(found[-1]) if found else frozenset()
    return tuple(word for word in nouns if word.lemma in words)
