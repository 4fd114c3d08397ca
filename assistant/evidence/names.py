"""Names of a claim against the evidence: they must occur, and the fitting sentence must not be about a rival."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from assistant.evidence.analysis import Analysis, Sentence
from assistant.evidence.fit import in_words, same_name
from assistant.evidence.lexicon import MUST_OCCUR
from assistant.evidence.mentions import Mention
from assistant.evidence.problem import Problem
from assistant.japanese.calendar import wareki

MARGIN: Final = 0.12
_RIVALS: Final = ("class", "year", "type", "label", "grant", "place", "work", "payee")
_SPACES: Final = re.compile(r"\s+")


def check_names(
    claim: Sentence, known: Analysis, around: Analysis, years: frozenset[str]
) -> Iterable[Problem]:
    """Problems with the names of one sentence of a claim."""
    mentions = list({(m.kind, m.value): m for m in reversed(claim.mentions)}.values())[::-1]
    for mention in mentions:
        if mention.kind in MUST_OCCUR and not _occurs(mention, claim, known, around):
            theirs = sorted(known.mentioned(mention.kind))
            if theirs and mention.kind in ("class", "type", "label"):
                said = "・".join(in_words(mention.kind, value) for value in theirs[:3])
                yield Problem(
                    f"根拠の{MUST_OCCUR[mention.kind]}は「{said}」ですが、文は「{mention.shown}」としています。",
                    conflict=True,
                )
            else:
                yield Problem(f"文の「{mention.shown}」が根拠に見当たりません。")
    yield from _misdated(claim, known)
    for mention in mentions:
        if mention.kind in _RIVALS:
            problem = _rival(mention, claim, known)
            if problem is not None:
                yield problem


def _year_heads(sentence: Sentence) -> dict[str, set[str]]:
    """For each name the years written directly before it: 「令和7年度の第2世代交付金」."""
    heads: dict[str, set[str]] = {}
    years = [m for m in sentence.mentions if m.kind == "year"]
    for mention in sentence.mentions:
        if mention.kind in ("grant", "type", "work"):
            for year in years:
                if sentence.text[year.end : mention.start] in ("の", "") and year.end <= mention.start:
                    heads.setdefault(mention.value, set()).add(year.value)
    return heads


def _misdated(claim: Sentence, known: Analysis) -> Iterable[Problem]:
    """A name with a year right before it that the evidence only writes with other years."""
    dated: dict[str, set[str]] = {}
    for sentence in known.sentences:
        for name, years in _year_heads(sentence).items():
            dated.setdefault(name, set()).update(years)
    for name, years in _year_heads(claim).items():
        theirs = dated.get(name, set())
        if theirs and not years & theirs:
            yield Problem(
                f"根拠の「{name}」は{_fiscal(theirs)}のものですが、文は{_fiscal(years)}としています。",
                conflict=True,
            )


def _fiscal(years: set[str]) -> str:
    return "・".join(f"「{wareki(int(y))}」" for y in sorted(years))


def _occurs(mention: Mention, claim: Sentence, known: Analysis, around: Analysis) -> bool:
    value = _SPACES.sub("", claim.text[mention.start : mention.end])
    if value in known.flat or value in around.flat:
        return True
    if mention.kind in ("class", "type", "label"):
        named = known.mentioned(mention.kind) | around.mentioned(mention.kind)
        return any(
            same_name(mention.value, other)
            for other in named
            if mention.kind == "class" or other == mention.value
        )
    if mention.kind == "grant":
        # 「地域未来推進型交付金」 for 「地域未来交付金（地域未来推進型）」: all parts in one sentence.
        words = {w.lemma for w in claim.words if mention.start <= w.start and w.end <= mention.end}
        return bool(words) and any(words <= s.bag for s in (*known.sentences, *around.sentences))
    return False


def _rival(mention: Mention, claim: Sentence, known: Analysis) -> Problem | None:
    """The sentence that fits what the claim says of a name must be about that name, or about none of its kind."""
    mine = claim.values(mention.kind)
    context = _context(mention, claim)
    if not context:
        return None
    with_name = without = rival_score = 0.0
    rival: Sentence | None = None
    for sentence in known.sentences:
        score = _share(context, sentence)
        theirs = sentence.values(mention.kind)
        if any(same_name(mention.value, other) for other in theirs):
            with_name = max(with_name, score)
        elif not theirs:
            without = max(without, score)
        elif score > rival_score and not any(same_name(m, other) for m in mine for other in theirs):
            rival, rival_score = sentence, score
    if rival is None or rival_score <= max(with_name, without) + MARGIN:
        return None
    theirs_shown = "・".join(dict.fromkeys(m.shown for m in rival.mentions if m.kind == mention.kind))
    shown = mention.shown
    return Problem(
        f"根拠の該当箇所は「{theirs_shown}」についてのもので、「{shown}」についてではありません。",
        conflict=True,
    )


def _context(mention: Mention, claim: Sentence) -> dict[str, float]:
    """Words of the claim outside its names, those after the name and before the next of its kind counting most."""
    nexts = [m.start for m in claim.mentions if m.kind == mention.kind and m.start >= mention.end]
    stop = min(nexts, default=len(claim.text))
    context: dict[str, float] = {}
    for word in claim.words:
        if any(m.start <= word.start and word.end <= m.end for m in claim.mentions if m.kind == mention.kind):
            continue
        weight = 1.0 if mention.end <= word.start < stop else 0.3
        context[word.lemma] = max(weight, context.get(word.lemma, 0.0))
    for figure in claim.figures:
        if figure.quantity.unit != "年度":
            near = mention.end <= figure.quantity.start < stop
            context[f"={figure.quantity.value}{figure.quantity.unit}"] = 2.0 if near else 0.5
    return context


def _share(context: dict[str, float], sentence: Sentence) -> float:
    values = {f"={v}{f.quantity.unit}" for f in sentence.figures for v in f.quantity.values}
    got = sum(w for word, w in context.items() if word in sentence.bag or word in values)
    return got / sum(context.values())
