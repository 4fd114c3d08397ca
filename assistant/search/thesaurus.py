"""Everyday ↔ official words: data, loaded and looked up; expansion is the searcher's business."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import CorpusInvalid
from assistant.japanese.text import normalise


@dataclass(frozen=True)
class Thesaurus:
    """Words and what else they are called; keys and values are normalised."""

    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    longest: int = 0

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
    """A thesaurus in which the words of a group stand for each other."""
    others: dict[str, dict[str, None]] = {}
    for group in groups:
        words = list(dict.fromkeys(normalise(word) for word in group))
        for word in words:
            others.setdefault(word, {}).update(dict.fromkeys(w for w in words if w != word))
    longest = max((len(word) for word in others), default=0)
    return Thesaurus({word: tuple(names) for word, names in others.items()}, longest)


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
        if len(words) < 2 or any(len(word) < 2 for word in words) or len(key) < len(words):
            problems.append(f"{path.name} {number}行目: 2字以上の異なる語をタブで区切ってください（{line}）")
        elif key in seen:
            problems.append(f"{path.name} {number}行目: {seen[key]}行目と同じ組です（{line}）")
        else:
            seen[key] = number
            groups.append(words)
    if problems:
        raise CorpusInvalid(problems)
    return thesaurus_of(groups)
