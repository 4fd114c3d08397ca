"""Predicates of a claim against those of the evidence: do they point the same way?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from assistant.evidence.analysis import Analysis, Mark, Sentence
from assistant.evidence.fit import fit
from assistant.evidence.lexicon import HEDGE_FAMILY, MUST_RE, NEGATING, NEUTRAL_RE, OVERCLAIM_RE, SAID_AS
from assistant.evidence.problem import Problem

_DENIED: Final = re.compile(r"(?:では)?(?:あり)?(?:ませんでした|ません|なかった|ない)。?$")
MARGIN: Final = 0.08
_NEAR: Final = 0.30  # below this fit two predicates speak of different matters
_GRANTING: Final = frozenset({"支援", "申請", "利用", "得る", "決定", "併用"})  # what 対象外 denies


def check_predicates(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """Problems with the polarity of one sentence of a claim."""
    marks = [m for s in known.sentences for m in s.marks]
    for mark in claim.marks:
        problem = _mark(mark, marks)
        if problem is not None:
            yield problem
    yield from _limits(claim, known)
    yield from _unknown(claim, known)


def _mark(mark: Mark, marks: list[Mark]) -> Problem | None:
    same = opposite = 0.0
    said: Mark | None = None
    for other in marks:
        kinship = _kinship(mark, other)
        if not kinship:
            continue
        score = fit(mark.context, other.context) * kinship
        if other.sign == mark.sign:
            same = max(same, score)
        elif score > opposite:
            opposite, said = score, other
    if said is not None and opposite >= _NEAR and opposite > same + MARGIN:
        return Problem(
            f"根拠には「{said.shown}」とありますが、文は「{mark.shown}」としています。", conflict=True
        )
    if mark.sign < 0 and same < _NEAR / 2:
        return Problem(f"文の「{mark.shown}」に当たる記述が根拠に見当たりません。")
    return None


def _kinship(claim: Mark, evidence: Mark) -> float:
    """1 on the same axis; less across axes that a person uses for the same thing (対象外 and 支援しません)."""
    if claim.axis == evidence.axis:
        return 1.0
    if "known" in (claim.axis, evidence.axis):
        return 0.0
    if claim.sign < 0 and evidence.sign < 0:
        return 0.8
    if claim.sign < 0:
        return 0.7 if evidence.axis == "elig" and claim.axis.startswith("verb:") else 0.0
    verb = claim.axis.removeprefix("verb:")
    if evidence.axis == "elig" and evidence.sign < 0:
        return 0.7 if verb in _GRANTING and evidence.context.get(verb, 0.0) == 1.0 else 0.0
    return 0.0


def _unknown(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """What the evidence calls unconfirmed, told as if it were known."""
    if any(m.axis == "known" for m in claim.marks) or "確認" in claim.text or not claim.words:
        return
    told = unsure = 0.0
    shown = ""
    for sentence in known.sentences:
        open_ends = [m for m in sentence.marks if m.axis == "known" and m.sign < 0]
        near = {w for m in open_ends for w, weight in m.context.items() if weight == 1.0}
        share = _share(claim, frozenset(near) | sentence.names)
        plain = (
            _share(claim, sentence.bag - near | sentence.names) if open_ends else _share(claim, sentence.bag)
        )
        if share > unsure:
            unsure, shown = share, open_ends[0].shown if open_ends else ""
        told = max(told, plain)
    if shown and unsure >= 0.6 and unsure > told + MARGIN:
        yield Problem(f"根拠では「{shown}」とされている事柄を、文では確かなこととしています。", conflict=True)


def _share(claim: Sentence, words: frozenset[str]) -> float:
    mine = {w.lemma for w in claim.words}
    return len(mine & words) / len(mine)


def _limits(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """必ず, 一律 … that the evidence does not say; 原則, 予定, 可能性 that the evidence says and the claim drops."""
    flat = known.flat
    for match in OVERCLAIM_RE.finditer(claim.text):
        if match[0] not in flat:
            yield Problem(f"文の「{match[0]}」に当たる記述が根拠に見当たりません。")
    for word, ways in SAID_AS.items():
        if word in claim.text and not ways.search(flat):
            yield Problem(f"文の「{word}」に当たる記述が根拠に見当たりません。")
    yield from _denial(claim, known)
    best = _closest(claim, known)
    if best is None:
        return
    for family in HEDGE_FAMILY[:3]:
        hedge = family.search(best.text)
        if hedge is not None and family.search(claim.text) is None and _concerns(hedge, best, claim):
            yield Problem(f"根拠には「{hedge[0]}」という限定がありますが、文では落ちています。", soft=True)


def _denial(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """A sentence that ends in a denial while the evidence nearest to it denies nothing."""
    masked = MUST_RE.sub("", NEUTRAL_RE.sub("", claim.text))
    end = _DENIED.search(masked)
    if end is None or not claim.bag:
        return
    shares = [(len(claim.bag & s.bag) / len(claim.bag), s) for s in known.sentences]
    most = max((share for share, _ in shares), default=0.0)
    near = [s for share, s in shares if share >= most - 0.2]
    if not any(NEGATING.search(s.text) or any(m.sign < 0 for m in s.marks) for s in near):
        yield Problem(f"文の「{end[0].strip('。')}」という否定が根拠に見当たりません。")


def _concerns(hedge: re.Match[str], sentence: Sentence, claim: Sentence) -> bool:
    """Whether the limit stands in the clause that the claim is drawn from (原則 limits what follows it)."""
    start = sentence.text.rfind("、", 0, hedge.start()) + 1
    end = sentence.text.find("、", hedge.end())
    clause = [w.lemma for w in sentence.words if start <= w.start < (end if end >= 0 else len(sentence.text))]
    return sum(w in claim.bag for w in clause) >= 0.5 * len(clause)


def _closest(claim: Sentence, known: Analysis) -> Sentence | None:
    """The evidence sentence that nearly holds the whole claim; None when the claim is drawn from several."""
    if not claim.bag:
        return None
    scored = [(len(claim.bag & s.bag) / len(claim.bag), s) for s in known.sentences]
    share, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best if share >= 0.6 else None
