"""Draft claims → checked claims. What the evidence does not bear out is dropped, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.ask.compose import Draft
from assistant.ask.units import cut_units
from assistant.domain import Citation, Claim, Hit, Rejected, Source, SupportLabel
from assistant.evidence.check import check_support


def cite(draft: Draft, sources: Mapping[str, Source]) -> tuple[Citation, ...]:
    """The citations of a draft: verbatim quotes with their places and sources."""
    return tuple(
        Citation.of(unit.hit.passage, unit.start, unit.end, sources, unit.source_ids) for unit in draft.units
    )


def check_draft(draft: Draft, sources: Mapping[str, Source]) -> Claim | Rejected:
    """Hold a draft against the text it cites.

    Only ``supported`` passes: a sentence that is borne out in part would be read as a whole.
    """
    units = draft.units
    support = check_support(
        draft.text,
        tuple(_evidence(unit.quote, unit.hit.passage.text, unit.start) for unit in units),
        context=" ".join(unit.surroundings for unit in units),
        fiscal_years=tuple(sorted({year for unit in units for year in unit.hit.passage.fiscal_years})),
    )
    if support.label is not SupportLabel.SUPPORTED:
        return Rejected(text=draft.text, reason=support.reason)
    return Claim(
        text=draft.text, support=support.label, citations=cite(draft, sources), reason=support.reason
    )


def _evidence(quote: str, passage: str, start: int) -> str:
    """The quote; for a table row also the row of column names above it."""
    if "|" not in quote:
        return quote
    above = [line for line in passage[:start].split("\n") if "|" in line]
    return "\n".join((*above[:2], quote))


def with_originals(claim: Claim, hits: Sequence[Hit], sources: Mapping[str, Source]) -> Claim:
    """The claim cited first from the publisher's own file, where a sentence of it bears the claim out."""
    for unit in cut_units(hits):
        support = check_support(
            claim.text, (unit.quote,), context=unit.surroundings, fiscal_years=unit.hit.passage.fiscal_years
        )
        if support.label is SupportLabel.SUPPORTED:
            own = cite(Draft(claim.text, (unit,)), sources)
            return claim.model_copy(update={"citations": (*own, *claim.citations)})
    return claim
