"""Does this text bear out this sentence?  No model: figures, names, polarity and words are held side by side.

For every sentence of a claim:

1. every figure must stand in the evidence with the same unit and comparison, and hang on the same things
   (class of municipality, year, kind of project …): the figure whose surroundings fit best must be this one;
2. every class, type, grant, place and office must be named in the evidence, and the sentence that fits best
   must not be about a rival of it;
3. predicates (対象/対象外, できる/できない, 必要/不要, 増/減 …) must point the same way as the best-fitting ones;
4. enough of the content words must occur.

The thresholds are calibrated on the development half of ``benchmarks/evidence.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.domain import Support, SupportLabel
from assistant.evidence.analysis import Analysis, Sentence, analyse
from assistant.evidence.coverage import coverage
from assistant.evidence.figures import check_figures
from assistant.evidence.names import check_names
from assistant.evidence.parallel import check_copy
from assistant.evidence.predicates import check_predicates
from assistant.evidence.problem import Problem

ENOUGH: Final = 0.62  # share of content words from which a sentence counts as borne out
LONGEST_CLAIM: Final = 1000  # characters; what is longer is no sentence that a person could check either
SOME: Final = 0.40  # share from which a part counts as borne out


@dataclass(frozen=True, slots=True)
class _Verdict:
    label: SupportLabel
    reason: str
    coverage: float


def check_support(
    claim: str,
    evidence: Sequence[str] | str,
    *,
    context: str = "",
    fiscal_years: Sequence[int] = (),
) -> Support:
    """Whether ``evidence`` bears out ``claim``, with a Japanese reason.

    ``context`` (title, headings) may supply names, years and words but no figures.  ``fiscal_years`` are the
    years that the evidence is known to be about; a year of the claim that is among them needs no mention,
    unless the fitting sentence names another.
    """
    texts = (evidence,) if isinstance(evidence, str) else tuple(evidence)
    if not claim.strip():
        return Support(label=SupportLabel.UNSUPPORTED, reason="文が空です。")
    if len(claim) > LONGEST_CLAIM:
        return Support(
            label=SupportLabel.UNSUPPORTED,
            reason=f"文が長すぎるため確かめられません（{LONGEST_CLAIM}字まで）。",
        )
    if not any(t.strip() for t in texts):
        return Support(label=SupportLabel.UNSUPPORTED, reason="根拠となる文章がありません。")
    known = analyse("\n".join(texts))
    around = analyse(context)
    years = frozenset(str(y) for y in fiscal_years)
    verdicts = [_check_sentence(s, known, around, years) for s in analyse(claim).sentences if not s.is_empty]
    if not verdicts:
        return Support(label=SupportLabel.UNSUPPORTED, reason="文から内容を読み取れませんでした。")
    return _combine(verdicts)


def _check_sentence(claim: Sentence, known: Analysis, around: Analysis, years: frozenset[str]) -> _Verdict:
    share, missing = coverage(claim, known, around)
    problems: list[Problem] = [
        *check_figures(claim, known, around, years),
        *check_names(claim, known, around, years),
        *check_predicates(claim, known),
        *check_copy(claim, known),
    ]
    if share < SOME:
        named = [p for p in problems if p.missing]
        reason = named[0].reason if named else _words_missing(missing, "ほとんど")
        return _Verdict(SupportLabel.UNSUPPORTED, reason, share)
    conflicts = [p for p in problems if p.conflict]
    if conflicts:
        return _Verdict(SupportLabel.CONTRADICTED, conflicts[0].reason, share)
    gaps = [p for p in problems if p.missing]
    if gaps:
        return _Verdict(SupportLabel.UNSUPPORTED, gaps[0].reason, share)
    if problems:
        return _Verdict(SupportLabel.PARTIAL, problems[0].reason, share)
    if share < ENOUGH:
        return _Verdict(SupportLabel.PARTIAL, _words_missing(missing, "一部"), share)
    return _Verdict(SupportLabel.SUPPORTED, "数値・固有名・可否・語句が根拠と一致しています。", share)


def _words_missing(missing: Sequence[str], how_much: str) -> str:
    named = "、".join(f"「{word}」" for word in missing[:3])
    if how_much == "一部":
        return f"文の一部の内容（{named}）が根拠に見当たりません。"
    return f"文の内容（{named}など）が根拠にほとんど見当たりません。"


def _combine(verdicts: Sequence[_Verdict]) -> Support:
    """The worst sentence decides; a claim of which some sentences hold and others merely lack support is partial."""
    share = sum(v.coverage for v in verdicts) / len(verdicts)
    for label in (SupportLabel.CONTRADICTED, SupportLabel.UNSUPPORTED, SupportLabel.PARTIAL):
        found = [v for v in verdicts if v.label is label]
        if not found:
            continue
        held = any(v.label is SupportLabel.SUPPORTED for v in verdicts)
        if label is SupportLabel.UNSUPPORTED and held:
            label = SupportLabel.PARTIAL
        return Support(label=label, reason=found[0].reason, coverage=round(share, 4))
    return Support(label=SupportLabel.SUPPORTED, reason=verdicts[0].reason, coverage=round(share, 4))
