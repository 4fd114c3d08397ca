"""Everyday ↔ official words: data, loaded and looked up; expansion is the searcher's business."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
        return found

    def expand_lemmas(self, lemmas: Sequence[str]) -> list[tuple[str, str]]:
        """Pairs as of ``expand`` for words that stand in another form, or of one character, by their lemmas.

        「亡くなったとき」 is 「亡くなる」, and 「墓」 is a word where the tokeniser says so and not in 「墓参」.
        """
        found: list[tuple[str, str]] = []
        at = 0
        while at < len(lemmas):
            for length in range(min(self.most_lemmas, len(lemmas) - at), 0, -1):
                words = self.by_lemmas.get(tuple(lemmas[at : at + length]), ())
                if words:
                    found += [(word, other) for word in words for other in self.others[word]]
                    at += length
                    break
            else:
                at += 1
        return found


_INFLECTED = re.compile(r"(?:[うくぐすつぬぶむる]|(?<!な)い)\Z")  # not 「ない」, which is in no lemma
_RUN = re.compile("[a-z0-9]|[ァ-ヺー]")


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
