"""A sentence that copies the evidence but for a word or two: what was put in place of what?

Token by token, the claim is laid beside the evidence sentences that it resembles most.  Where it has another
figure, name, comparison or side (not/yes) in the same place, that is a conflict even when the other value
occurs elsewhere in the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from assistant.evidence.analysis import Analysis, Sentence, Word
from assistant.evidence.fit import same_name
from assistant.evidence.lexicon import COMPARING, MUST_RE, NEGATING, NEUTRAL_RE, VAGUE_NAMES
from assistant.evidence.problem import Problem
from assistant.evidence.quantities import comparable, same
from assistant.japanese.tokens import Token, tokenise

ALIKE: Final = 0.72  # share of common tokens from which one sentence counts as a copy of another
VERBATIM: Final = 0.85  # share from which any word in place of a name is taken for another name
NEAR_BEST: Final = 0.06  # sentences that resemble the claim nearly as much as the best one
_SMALL_CUT: Final = 3  # tokens; a longer cut drops a clause, which is no denial of it
_SHORTEST: Final = 5  # tokens; below this resemblance says nothing
_NAMED: Final = frozenset({"class", "type", "label", "grant", "place", "work", "payee", "slot", "money", "term", "budget", "move"})  # fmt: skip
_TOPIC: Final = re.compile(r"(?:では|には|とは|は|も)(?=、|[^ぁ-ん])")
_STRANGE: Final = 4  # letters that the evidence does not have
_LOST: Final = 2  # letters of the evidence that the claim does not have any more
_KANA: Final = re.compile(r"[ぁ-ん、。・ー]+")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the claim differs: its stretch, the evidence's, and the evidence's stretches that it kept."""

    new: tuple[int, int]
    old: tuple[int, int] | None
    kept: tuple[tuple[int, int], ...]
    strict: bool
    close: bool  # a word for a word, not a clause dropped


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(t for t in tokenise(text) if t.surface.strip())


def check_copy(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """Conflicts in what was replaced, unless a sentence just as close shows none."""
    mine = _tokens(claim.text)
    if len(mine) < _SHORTEST or not claim.bag:
        return
    surfaces = [t.surface for t in mine]
    most = max((len(claim.bag & s.bag) / len(claim.bag) for s in known.sentences), default=0.0)
    matcher = SequenceMatcher(None, [], surfaces, autojunk=False)
    alike: list[tuple[float, Sentence]] = []
    for sentence in known.sentences:
        if len(claim.bag & sentence.bag) < max(0.5, most - NEAR_BEST) * len(claim.bag):
            continue
        matcher.set_seq1([t.surface for t in _tokens(sentence.text)])
        common = sum(block.size for block in matcher.get_matching_blocks())
        alike.append((common / len(surfaces), sentence))
    best = max((share for share, _ in alike), default=0.0)
    if best < ALIKE or best == 1.0:
        return
    found: Problem | None = None
    for share, sentence in alike:
        if share >= max(ALIKE, best - NEAR_BEST):
            problem = _replaced(claim, mine, sentence, share >= VERBATIM)
            if problem is None:
                return
            if share == best or found is None:
                found = problem
    if found is not None:
        yield found


def _replaced(claim: Sentence, mine: tuple[Token, ...], evidence: Sentence, strict: bool) -> Problem | None:
    theirs = _tokens(evidence.text)
    matcher = SequenceMatcher(None, [t.surface for t in theirs], [t.surface for t in mine], autojunk=False)
    codes = matcher.get_opcodes()
    kept = tuple((theirs[c[1]].start, theirs[c[2] - 1].end) for c in codes if c[0] == "equal")
    for tag, i1, i2, j1, j2 in codes:
        if tag == "equal":
            continue
        if tag == "delete":
            lost = (theirs[i1].start, theirs[i2 - 1].end)
            if i2 - i1 <= _SMALL_CUT and _sides(evidence, lost):
                return _conflict(
                    _whole(evidence, lost),
                    _whole(claim, (mine[max(0, j1 - 1)].start, mine[min(j1, len(mine) - 1)].end)),
                )
            continue
        new = (mine[j1].start, mine[j2 - 1].end)
        old = (theirs[i1].start, theirs[i2 - 1].end) if i2 > i1 else None
        place = _Place(new, old, kept, strict, (i2 - i1) - (j2 - j1) <= _SMALL_CUT)
        problem = _difference(claim, evidence, place)
        if problem is not None:
            return problem
    return None


def _difference(claim: Sentence, evidence: Sentence, place: _Place) -> Problem | None:
    new, old = place.new, place.old
    said, written = (evidence.text[slice(*old)] if old else ""), claim.text[slice(*new)]
    if place.close and _sides(claim, new) != _sides(evidence, old):
        return _conflict(_whole(evidence, old), _whole(claim, new))
    if old is None:
        return None
    mine = [m for m in COMPARING if m in written]
    others = [m for m in COMPARING if m in said]
    if mine and others and not set(mine) & set(others) and not _kin(mine, others):
        return _conflict(said, written)
    for figure in claim.figures:
        if not _touch(new, (figure.quantity.start, figure.quantity.end)):
            continue
        beside = [
            f.quantity
            for f in evidence.figures
            if _touch(old, (f.quantity.start, f.quantity.end)) and comparable(figure.quantity, f.quantity)
        ]
        if not beside or any(same(figure.quantity, q) for q in beside):
            continue
        elsewhere = [f.quantity for f in evidence.figures if same(figure.quantity, f.quantity)]
        other_unit = beside[0].unit != figure.quantity.unit
        moved = any(not _inside((q.start, q.end), place.kept) for q in elsewhere)
        if moved or (elsewhere and other_unit):
            continue  # an enumeration in another order is judged by what each figure hangs on
        return _conflict(evidence.text[beside[0].start : beside[0].end], figure.shown)
    return _names(claim, new, evidence, old, place.strict)


def _names(
    claim: Sentence, new: tuple[int, int], evidence: Sentence, old: tuple[int, int], strict: bool
) -> Problem | None:
    here = [m for m in claim.mentions if m.kind in _NAMED and _touch(new, (m.start, m.end))]
    there = [m for m in evidence.mentions if m.kind in _NAMED and _touch(old, (m.start, m.end))]
    for mention in here:
        beside = [m for m in there if m.kind == mention.kind]
        if not beside or any(same_name(mention.value, m.value) for m in beside):
            continue
        moved = mention.value in evidence.values(mention.kind) and beside[0].value in claim.values(
            mention.kind
        )
        if not moved:
            return _conflict(beside[0].shown, mention.shown)
    written = claim.text[slice(*new)]
    words = [w for w in claim.words if _touch(new, (w.start, w.end)) and w.end - w.start > 1]
    if all(claim.text[w.start : w.end] in VAGUE_NAMES for w in words):
        return None
    for mention in there:
        # A name of the evidence gave way to another word and is found nowhere else in the claim.
        lost = mention.kind in ("grant", "place", "type") and not any(
            same_name(m.value, mention.value) for m in claim.mentions if m.kind == mention.kind
        )
        odd = strict or not any(w.lemma in evidence.bag for w in words)
        if lost and odd and mention.value not in claim.text and not _abbreviates(written, mention.value):
            return _conflict(mention.shown, written)
    return _other_matter(claim, new, evidence, old, strict)


def _other_matter(
    claim: Sentence, new: tuple[int, int], evidence: Sentence, old: tuple[int, int], strict: bool
) -> Problem | None:
    """Words that the evidence does not have, in place of words that the claim does not have any more.

    Anywhere in an all but literal copy; elsewhere only in the topic, where a swap changes what is spoken of.
    """
    topic = _TOPIC.search(claim.text)
    if not strict and (topic is None or new[0] >= topic.start()):
        return None
    strange = [
        w
        for w in claim.words
        if _touch(new, (w.start, w.end))
        and w.lemma not in evidence.bag
        and claim.text[w.start : w.end] not in evidence.text
    ]
    lost = [
        w
        for w in evidence.words
        if _touch(old, (w.start, w.end))
        and w.lemma not in claim.bag
        and evidence.text[w.start : w.end] not in claim.text
    ]
    said, written = evidence.text[slice(*old)], claim.text[slice(*new)]
    if (
        _letters(strange) < _STRANGE
        or _letters(lost) < _LOST
        or _abbreviates(written, said)
        or _abbreviates(said, written)
    ):
        return None
    return _conflict(said, written)


def _letters(words: list[Word]) -> int:
    return sum(w.end - w.start for w in words)


def _abbreviates(short: str, full: str) -> bool:
    """Whether all characters of ``short`` occur in ``full`` in the same order (経産省 for 経済産業省)."""
    rest = iter(full)
    return all(c in rest for c in _KANA.sub("", short))


def _sides(sentence: Sentence, span: tuple[int, int] | None) -> int:
    """0 for an affirmation, 1 for a denial: the parity of the negations that touch a stretch."""
    if span is None:
        return 0
    masked = MUST_RE.sub(_blank, NEUTRAL_RE.sub(_blank, sentence.text))
    return sum(_touch(m.span(), span) for m in NEGATING.finditer(masked)) % 2


def _blank(match: re.Match[str]) -> str:
    return "　" * len(match[0])


def _kin(mine: list[str], others: list[str]) -> bool:
    groups = (
        {"以内", "以下", "まで", "上限", "最大", "最長"},
        {"以上", "下限", "最低", "最短"},
        {"以降", "以上"},
    )
    return any(set(mine) <= group and set(others) <= group for group in groups)


def _inside(span: tuple[int, int], stretches: tuple[tuple[int, int], ...]) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in stretches)


def _touch(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _whole(sentence: Sentence, span: tuple[int, int] | None) -> str:
    """The stretch with enough about it to be read: a lone 「ん」 tells a person nothing."""
    if span is None:
        return sentence.text[-12:].strip()
    start, end = span
    return sentence.text[max(0, start - 8) : end + 4].strip("、。 ")


def _conflict(said: str, written: str) -> Problem:
    return Problem(
        f"根拠には「{said.strip()}」とありますが、文には「{written.strip()}」とあります。", conflict=True
    )
