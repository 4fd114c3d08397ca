"""How much of what a claim says is said by the evidence, word by word."""

from __future__ import annotations

import re
from typing import Final

from assistant.evidence.analysis import Analysis, Sentence

_KANJI: Final = re.compile(r"[\u4e00-\u9fff]")
_STRONG: Final = re.compile(r"[ァ-ヶー]{3,}|[a-z]{2,}")
_HALF: Final = 0.6  # credit for a word whose characters occur, but not the word itself


def coverage(claim: Sentence, known: Analysis, around: Analysis) -> tuple[float, list[str]]:
    """Share of the claim's content words found in the evidence or its headings (0–1), and the words not found."""
    total = got = 0.0
    missing: list[str] = []
    seen: set[str] = set()
    classes = [
        m for m in claim.mentions if m.kind == "class"
    ]  # one word in six tokens, and checked by itself
    for word in claim.words:
        if word.lemma in seen or any(m.start <= word.start and word.end <= m.end for m in classes):
            continue
        seen.add(word.lemma)
        surface = claim.text[word.start : word.end]
        weight = 2.0 if _STRONG.fullmatch(surface) else 1.0
        credit = _credit(word.lemma, surface, known, around)
        total += weight
        got += weight * credit
        if credit < 0.5:
            missing.append(surface)
    return (got / total if total else 1.0), missing


def _credit(lemma: str, surface: str, known: Analysis, around: Analysis) -> float:
    if lemma in known.bag or lemma in around.bag:
        return 1.0
    if len(surface) >= 2 and (surface in known.flat or surface in around.flat):
        return 1.0
    kanji = _KANJI.findall(surface)
    if not kanji:
        return 0.0
    return _HALF * sum(c in known.characters for c in kanji) / len(kanji)
