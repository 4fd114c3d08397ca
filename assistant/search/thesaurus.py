"""Everyday ↔ official words: data, loaded and looked up; expansion is the searcher's business."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.errors import CorpusInvalid
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_lemmas


@dataclass(frozen=True)
class Thesaurus:
    """Words and what else they are called; keys and values are normalised."""

    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0
    by_lemmas: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)  # → words of ``others``
    most_lemmas: int = 0
    negated: tuple[tuple[re.Pattern[str], str], ...] = ()  # forms of words that end in 「ない」 → the word

    def __len__(self) -> int:
        return sum(len(words) for words in self.others.values()) // 2

    def expand(self, text: str) -> list[tuple[str, str]]:
        """Pairs (word found in normalised ``text``, other word) — longest words first, none overlapping."""
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            for length in range(min(self.longest, len(text) - at), 1, -1):
                word = text[at : at + length]
                if word in self.others and _stands_alone(text, at, at + length):
                    found += [(word, other) for other in self.others[word] if other not in text]
                    at += length
                    break
            else:
                at += 1
        for form, word in self.negated:
            if word not in text and form.search(text):
                found += [(word, other) for other in self.others[word] if other not in text]
        return found

    def expand_lemmas(self, lemmas: Sequence[str]) -> list[tuple[str, str]]:
        """Pairs as of ``expand`` for words that stand in another form, or of one character, by their lemmas.

        「亡くなったとき」 is 「亡くなる」, and 「墓」 is a word where the tokeniser says so and not in 「墓参」.
        """
        found: dict[tuple[str, str], None] = {}
        for said in dict.fromkeys((tuple(lemmas), tuple(self._simple(lemma) for lemma in lemmas))):
            at = 0
            while at < len(said):
                step = 1
                for length in range(min(self.most_lemmas, len(said) - at), 0, -1):
                    words = self._words_at(said, at, length)
                    if words:
                        found |= {(word, other): None for word in words for other in self.others[word]}
                        step = length
                        break
                at += step
        return list(found)

    def _words_at(self, lemmas: tuple[str, ...], at: int, length: int) -> tuple[str, ...]:
        """Words of ``length`` lemmas from ``at`` on; another word may stand between two of them."""
        words = self.by_lemmas.get(lemmas[at : at + length], ())
        for gap in range(at + 1, at + length) if not words and at + length < len(lemmas) else ():
            words = self.by_lemmas.get((*lemmas[at:gap], *lemmas[gap + 1 : at + length + 1]), ())
            if words:
                break
        return words

    def _simple(self, lemma: str) -> str:
        """「呼ぶ」 for 「呼び込む」 where the thesaurus has the one and not the other."""
        match = _COMPOUND.match(lemma)
        if match is None or lemma in self._lemmas:
            return lemma
        stem = match[1]
        row = _I_ROW.find(stem[-1])
        simple = (f"{stem}る", f"{stem[:-1]}{_U_ROW[row]}" if row >= 0 else "")
        return next((verb for verb in simple if verb in self._lemmas), lemma)

    @cached_property
    def _lemmas(self) -> frozenset[str]:
        return frozenset(lemma for key in self.by_lemmas for lemma in key)


_INFLECTED = re.compile(r"(?:[うくぐすつぬぶむる]|(?<!な)い)\Z")  # not 「ない」, which is in no lemma
_COMPOUND = re.compile(
    r"(.*[いきぎしちにびみりえけげせてねべめれ])(?:込む|直す|取る|続ける|始める|上げる|出す|替える|換える|付ける|回る|入れる|返す|立てる)\Z"
)
_A_ROW, _I_ROW, _U_ROW = "わかがさたなばまら", "いきぎしちにびみり", "うくぐすつぬぶむる"
_PARTICLE = re.compile(r"(?<=[^ぁ-ん])[がをにはも](?=.)")
_RUN = re.compile("[a-z0-9]|[ァ-ヺー]")


def _negations(word: str) -> re.Pattern[str] | None:
    """Other forms of a word that ends in 「ない」: 「足りなくて」「足りません」「足りず」; None for other words."""
    if len(word) < 5 or not word.endswith("ない"):
        return None
    stem = word.removesuffix("ない")
    row = _A_ROW.find(stem[-1])
    polite = f"{stem[:-1]}{_I_ROW[row]}" if row >= 0 else stem
    plain, polite = (_PARTICLE.sub("[がをにはもの]?", text) for text in (stem, polite))
    return re.compile(f"{plain}(?:な[いくかけ]|ず|ぬ)|{polite}ませ")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether letters or katakana go on beyond ``text[start:end]`` (「アート」 is not in 「スマート」)."""

    def goes_on(inside: str, outside: str) -> bool:
        return (
            bool(_RUN.match(inside)) and bool(_RUN.match(outside)) and inside.isascii() == outside.isascii()
        )

    before = start > 0 and goes_on(text[start], text[start - 1])
    after = end < len(text) and goes_on(text[end - 1], text[end])
    return not before and not after


def thesaurus_of(groups: Iterable[Iterable[str]]) -> Thesaurus:
    """A thesaurus in which the words of a group stand for each other.

    A word of one character is stood for by the others and never stands for them: its letter is in
    too many words that mean something else.
    """
    others: dict[str, dict[str, None]] = {}
    for group in groups:
        words = list(dict.fromkeys(normalise(word) for word in group))
        for word in words:
            others.setdefault(word, {}).update(dict.fromkeys(w for w in words if w != word and len(w) > 1))
    by_lemmas: dict[tuple[str, ...], list[str]] = {}
    for word in others:
        if len(word) == 1 or _INFLECTED.search(word):
            lemmas = tuple(content_lemmas(word))
            if lemmas:
                by_lemmas.setdefault(lemmas, []).append(word)
    return Thesaurus(
        {word: tuple(names) for word, names in others.items()},
        max((len(word) for word in others), default=0),
        {lemmas: tuple(words) for lemmas, words in by_lemmas.items()},
        max((len(lemmas) for lemmas in by_lemmas), default=0),
        tuple((form, word) for word in others if (form := _negations(word)) is not None),
    )


def load_thesaurus(path: Path) -> Thesaurus:
    """Read ``everyday<TAB>official`` lines (``#`` comments; more columns are further names).

    A missing file is an empty thesaurus; a line that cannot be meant is an error naming all of them.
    """
    if not path.exists():
        return Thesaurus()
    groups: list[list[str]] = []
    problems: list[str] = []
    seen: dict[frozenset[str], int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        words = [word.strip() for word in line.split("\t")]
        key = frozenset(normalise(word) for word in words)
        if len(words) < 2 or not all(words) or len(key) < len(words) or max(map(len, words)) < 2:
            problems.append(
                f"{path.name} {number}行目: 異なる語を2つ以上、うち1つは2字以上で、タブで区切ってください（{line}）"
            )
        elif key in seen:
            problems.append(f"{path.name} {number}行目: {seen[key]}行目と同じ組です（{line}）")
        else:
            seen[key] = number
            groups.append(words)
    if problems:
        raise CorpusInvalid(problems)
    return thesaurus_of(groups)
