"""What the index sees of a text: character codes, content lemmas by sentence, and their keys.

A passage is indexed as ``title / trail / text``; the part before the text is its *head*.
Characters are kept as 16-bit codes, so that the character and bigram fields and the
ranker's features are plain array operations and need no second pass of Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from assistant.domain import Passage
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_lemmas

Codes = NDArray[np.uint16]
Keys = NDArray[np.uint64]

TERMS = "terms-1"  # written into every index; change it when what is stored here changes

BREAK = "\n"  # between head and text; also ends a sentence
_SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")
_PRIVATE_USE, _PRIVATE_SIZE, _NO_WORD = 0xE000, 6400, 0xFFFD


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """One passage ready for the index.

    ``codes[:head_codes]`` and ``sentences[:head_sentences]`` belong to title and trail.
    """

    codes: Codes
    head_codes: int
    sentences: tuple[tuple[str, ...], ...]  # content lemmas, sentence by sentence
    head_sentences: int


def indexed_head(passage: Passage) -> str:
    """Title and trail as one line each, without what the trail repeats of the title."""
    parts = [passage.title, *(part for part in passage.trail if part and part != passage.title)]
    return BREAK.join(part.replace(BREAK, " ") for part in parts if part)


def indexed_text(passage: Passage) -> str:
    """The text that lexical fields and the encoder see."""
    head = indexed_head(passage)
    return f"{head}{BREAK}{passage.text}" if head else passage.text


def analyse_passage(passage: Passage) -> PassageTerms:
    """Codes and lemmas of one passage."""
    return analyse_text(indexed_head(passage), passage.text)


def analyse_text(head: str, text: str) -> PassageTerms:
    """Codes and lemmas of a text and what stands above it."""
    head, body = normalise(head), normalise(text)
    if head:
        head += BREAK
    head_lemmas = lemma_sentences(head)
    return PassageTerms(
        codes=codes_of(head + body),
        head_codes=len(head),
        sentences=head_lemmas + lemma_sentences(body),
        head_sentences=len(head_lemmas),
    )


def lemma_sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """Content lemmas of normalised ``text`` by sentence; sentences without any are left out."""
    found = (tuple(content_lemmas(piece)) for piece in _SENTENCE_END.split(text) if piece)
    return tuple(lemmas for lemmas in found if lemmas)


def codes_of(text: str) -> Codes:
    """16-bit codes of normalised ``text``, one per character.

    Letters beyond the basic plane (rare characters of names) fold into the private use
    area: equal ones keep equal codes, and two different ones seldom meet.
    """
    if not text:
        return np.zeros(0, dtype=np.uint16)
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if int(wide.max()) > 0xFFFF:
        wide = wide.copy()
        for at in np.flatnonzero(wide > 0xFFFF).tolist():
            code = int(wide[at])
            wide[at] = _PRIVATE_USE + code % _PRIVATE_SIZE if chr(code).isalnum() else _NO_WORD
    return wide.astype(np.uint16)


@lru_cache(maxsize=1)
def word_table() -> NDArray[np.bool_]:
    """Which codes are letters or digits (``\\w`` without the underscore)."""
    table = np.fromiter((chr(code).isalnum() for code in range(0x10000)), dtype=bool, count=0x10000)
    table[_PRIVATE_USE : _PRIVATE_USE + _PRIVATE_SIZE] = True
    return table


@lru_cache(maxsize=1)
def hiragana_table() -> NDArray[np.bool_]:
    """Which codes are hiragana or the long vowel mark."""
    table = np.zeros(0x10000, dtype=bool)
    table[0x3041:0x3097] = True
    table[0x30FC] = True
    return table


def bigram_keys(codes: Codes) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Key of each pair of neighbours (length ``len(codes) - 1``) and whether it is a term.

    A pair is a term when both are letters or digits and not both hiragana.
    """
    if len(codes) < 2:
        return np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=bool)
    keys = (codes[:-1].astype(np.uint32) << np.uint32(16)) | codes[1:]
    word, kana = word_table()[codes], hiragana_table()[codes]
    return keys, word[:-1] & word[1:] & ~(kana[:-1] & kana[1:])


def lemma_key(lemma: str) -> int:
    """A 64-bit key of a lemma, the same on every machine."""
    return int.from_bytes(blake2b(lemma.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def lemma_keys(lemmas: Sequence[str]) -> Keys:
    """Keys of several lemmas."""
    return np.fromiter((lemma_key(lemma) for lemma in lemmas), dtype=np.uint64, count=len(lemmas))
