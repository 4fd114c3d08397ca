"""Tokens by fugashi with unidic-lite, and the three kinds of terms that the index holds.

The kinds (content lemmas, characters, character bigrams) and what they leave out were
chosen by measurement on Japanese retrieval sets: one surface field alone loses 1.5 to
13 points of nDCG@10 against the three together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import fugashi
import unidic_lite

from assistant.japanese.text import normalise

TOKENIZER = "fugashi-unidic-lite-1.0/fields-2"  # written into every index; change it when terms change

_CONTENT = frozenset(("名詞", "動詞", "形容詞", "形状詞", "接頭辞", "接尾辞"))
# Verbs and nouns so light that they match everything.
_LIGHT = frozenset(
    [
        "為る",
        "居る",
        "有る",
        "成る",
        "言う",
        "出来る",
        "事",
        "物",
        "為",
        "者",
        "其の",
        "此の",
        "様",
        "時",
        "内",
        "等",
        "又",
        "及び",
        "御",
        "因る",
        "於く",
        "対する",
        "関する",
        "行う",
        "有り",
    ]
)
_WORD_RUN = re.compile(r"\w+")
_HIRAGANA = re.compile(r"[ぁ-ゖー]+\Z")
_NOT_TERM = re.compile(r"[\W_]+\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A morpheme; ``start``/``end`` are offsets in the text that was given."""

    surface: str
    lemma: str
    pos: str  # 名詞, 動詞, …
    pos2: str  # 固有名詞, 数詞, …
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Whether it carries meaning by itself."""
        return self.pos in _CONTENT and self.lemma not in _LIGHT and not _NOT_TERM.match(self.surface)


# A line for each word: its class, surface and lemma, where the dictionary knows it.
_LINES = r' -O "" -F "%f[0]\t%m\t%f[7]\n" -U "%f[0]\t%m\t\n" -E ""'
_idle: dict[str, list[Any]] = {
    "": [],
    _LINES: [],
}  # taggers nobody is using; list.pop and list.append are atomic


@contextmanager
def borrowed_tagger(output: str = "") -> Iterator[Any]:
    """A MeCab tagger of one's own until the block ends; its nodes must be read within.

    A tagger's nodes live in memory that its next parse overwrites, so one shared between threads
    gives words of another thread's text.  A pool and not one per thread, because a web server makes
    threads by the request.  The dictionary's path is quoted: it may hold spaces.
    """
    idle = _idle[output]
    try:
        tagger = idle.pop()
    except IndexError:
        tagger = fugashi.GenericTagger(f'-r {os.devnull} -d "{unidic_lite.DICDIR}"{output}')
    try:
        yield tagger
    finally:
        idle.append(tagger)


def _lemma(surface: str, features: list[str]) -> str:
    if len(features) > 7 and features[7] and features[7] != "*":
        return features[7].partition("-")[0]
    return surface


def tokenise(text: str) -> list[Token]:
    """Morphemes of ``text`` (give it normalised text for matching, original text for display)."""
    tokens: list[Token] = []
    at = 0
    with borrowed_tagger() as tagger:
        for node in tagger.parseToNodeList(text):
            surface = node.surface
            start = text.find(surface, at)
            if start < 0:  # MeCab stops at NUL; nothing after it can be placed
                break
            at = start + len(surface)
            features = node.feature_raw.split(",")
            pos2 = features[1] if len(features) > 1 else ""
            tokens.append(Token(surface, _lemma(surface, features), features[0], pos2, start, at))
    return tokens


def content_lemmas(text: str) -> list[str]:
    """Lemmas of the words that carry meaning, in order, of already normalised text."""
    lemmas: list[str] = []
    with borrowed_tagger(_LINES) as tagger:  # reading every feature of every node takes twice as long
        lines = tagger.parse(text.replace("\0", " ")).split("\n")
    for line in lines:
        kind, _, word = line.partition("\t")
        if kind in _CONTENT:
            surface, _, known = word.partition("\t")
            lemma = known.partition("-")[0] if known and known != "*" else surface
            if lemma not in _LIGHT and not _NOT_TERM.match(surface):
                lemmas.append(lemma)
    return lemmas


def characters(text: str) -> list[str]:
    """Every letter and digit of already normalised text."""
    return [character for run in _WORD_RUN.findall(text) for character in run if character != "_"]


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring characters within runs, without those of hiragana alone."""
    return [
        pair
        for run in _WORD_RUN.findall(text)
        for pair in (run[i : i + 2] for i in range(len(run) - 1))
        if not _HIRAGANA.match(pair)
    ]


@lru_cache(maxsize=4096)
def content_set(text: str) -> frozenset[str]:
    """The content lemmas of ``text`` as a set; folds first."""
    return frozenset(content_lemmas(normalise(text)))
