"""One gold question, what was given for it, and what an inspection of each sentence found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.domain import AnswerStatus, Kind, Level, SupportLabel
from assistant.evaluation.entailment import Entailment
from assistant.evaluation.given import Given, GivenCitation, GivenClaim
from assistant.evaluation.gold import GoldQuestion, Nugget, fold_for_patterns
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.numbers import find_quantities

SHOWN = (AnswerStatus.ANSWERED, AnswerStatus.PARTLY_ANSWERED)
_SAYS_UNSURE = re.compile(r"要確認|報[じ道]|紹介|解説|とされ|案内|説明|確認(?:でき|が必要)|答弁|発表")

Stored = Callable[[str], tuple[str, int] | None]  # passage id → its text and page, None where unknown


@dataclass(frozen=True)
class Inspected:
    """One shown sentence: what holds of it and of each of its citations."""

    claim: GivenClaim
    support: SupportLabel  # by all its quotes together
    needed: tuple[bool, ...]  # ALCE: the citation bears it alone, or the others do not without it
    exact: tuple[bool, ...]  # the quote stands verbatim in the stored passage
    page_right: tuple[bool, ...]
    numbers_hold: bool
    years_hold: bool
    source_suits: bool


@dataclass(frozen=True)
class Scene:
    """All that a measure may look at."""

    gold: GoldQuestion
    given: Given
    claims: tuple[Inspected, ...]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Shown sentences and cases in the form that patterns are matched on."""
        return tuple(
            fold_for_patterns(line) for line in (*(c.text for c in self.given.claims), *self.given.case_lines)
        )

    @cached_property
    def is_shown(self) -> bool:
        """Whether anything was claimed."""
        return self.given.status in SHOWN or bool(self.given.claims)

    @cached_property
    def forbidden(self) -> tuple[str, ...]:
        """Patterns that no shown sentence may match, but one does."""
        return tuple(p for p in self.gold.forbidden if any(re.search(p, line) for line in self.lines))

    @cached_property
    def admits(self) -> bool:
        """Whether the answer says what is not known, or corrects the premise."""
        text = fold_for_patterns(" ".join((self.given.text, *self.given.cautions)))
        return any(re.search(pattern, text) for pattern in self.gold.admissions)

    @cached_property
    def is_honest(self) -> bool:
        """For a question the sources do not answer: nothing was claimed that they do not bear."""
        return not self.forbidden and (self.given.status in self.gold.expected_status or self.admits)

    @cached_property
    def is_refusal(self) -> bool:
        """Nothing was claimed; of an unanswerable question, an honest admission counts too."""
        return not self.is_shown or (not self.gold.answerable and self.is_honest)

    def says(self, nugget: Nugget) -> bool:
        """Whether one shown line says it."""
        return any(nugget.is_in(line) for line in self.lines)


def inspect(gold: GoldQuestion, given: Given, entailment: Entailment, stored: Stored) -> Scene:
    """Look at each sentence once, so that measures only count."""
    return Scene(gold, given, tuple(_inspect(claim, entailment, stored) for claim in given.claims))


def _inspect(claim: GivenClaim, entailment: Entailment, stored: Stored) -> Inspected:
    citations = claim.citations

    def judged(chosen: Sequence[GivenCitation]) -> SupportLabel:
        return entailment.judge(
            claim.text,
            [c.quote for c in chosen],
            context=" ".join(dict.fromkeys(c.around for c in chosen)),
            fiscal_years=sorted({year for c in chosen for year in c.fiscal_years}),
        )

    support = judged(citations)
    holds = support is SupportLabel.SUPPORTED
    needed = tuple(
        holds
        and (
            len(citations) == 1
            or judged((citation,)) is SupportLabel.SUPPORTED
            or judged([c for c in citations if c is not citation]) is not SupportLabel.SUPPORTED
        )
        for citation in citations
    )
    exact, pages = [], []
    for citation in citations:
        held = stored(citation.passage_id)
        exact.append(
            bool(citation.quote)
            and citation.context[citation.start : citation.end] == citation.quote
            and held is not None
            and citation.quote in held[0]
        )
        pages.append(held is not None and citation.page == held[1])
    return Inspected(
        claim=claim,
        support=support,
        needed=needed,
        exact=tuple(exact),
        page_right=tuple(pages),
        numbers_hold=numbers_hold(claim),
        years_hold=years_hold(claim),
        source_suits=source_suits(claim),
    )


def numbers_hold(claim: GivenClaim) -> bool:
    """Whether every quantity of the sentence, value and unit, stands in its quotes (1億円 = 100,000千円)."""
    held = {
        (q.value, q.upper, q.unit) for c in claim.citations for q in find_quantities(f"{c.around}。{c.quote}")
    }
    return all((q.value, q.upper, q.unit) in held for q in find_quantities(claim.text))


def years_hold(claim: GivenClaim) -> bool:
    """Whether every year of the sentence stands in its quotes, their headings, or the years they are of."""
    held = {year for c in claim.citations for year in c.fiscal_years}
    for citation in claim.citations:
        held.update(mention.year for mention in find_fiscal_years(f"{citation.around}。{citation.quote}"))
    return all(mention.year in held for mention in find_fiscal_years(claim.text))


def source_suits(claim: GivenClaim) -> bool:
    """Whether it rests on more than third parties, or says itself that it does not.

    A case tells what one place did, and its sources stand beside it: there the press may be the only witness.
    """
    if claim.citations and all(citation.kind == Kind.CASE for citation in claim.citations):
        return True
    levels = [level for citation in claim.citations for level in citation.levels]
    return any(level is not Level.THIRD_PARTY for level in levels) or bool(_SAYS_UNSURE.search(claim.text))
