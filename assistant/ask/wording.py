"""The sentences around the claims: statuses, cautions, suggestions, and the text with its marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.ask.compose import Selection, grant_label
from assistant.ask.understand import Context
from assistant.ask.vocabulary import Vocabulary
from assistant.domain import (
    AnswerStatus,
    Claim,
    Intent,
    Kind,
    Level,
    MissingFact,
    Rejected,
    Understanding,
)
from assistant.japanese.calendar import find_fiscal_years, fiscal_year_label, fiscal_year_of
from assistant.prompts import fill_slots

_FOLLOW_UPS = (
    "補助率と上限額は？",
    "対象外になる経費は？",
    "要件は？",
    "申請の期限は？",
    "窓口はどこですか？",
)
_STARTERS = (
    "第2世代交付金の市町村の国費上限と補助率は？",
    "買物支援に取り組んでいる小さな町の事例は？",
    "地域おこし協力隊の任期は何年までですか？",
)


@dataclass(frozen=True)
class Wording:
    """Named sentences of ``prompts/statuses.md``."""

    sentences: Mapping[str, str]
    version: str = "1"

    def say(self, sentence: str, /, **values: object) -> str:
        """A named sentence with its slots filled."""
        return fill_slots(self.sentences[sentence], values)

    def cautions(
        self,
        whole: Understanding,
        asking: Sequence[Understanding],
        related: Sequence[tuple[str, ...]],
        selections: Sequence[Selection],
        claims: Sequence[Claim],
        rejected: Sequence[Rejected],
        vocabulary: Vocabulary,
        context: Context,
    ) -> tuple[str, ...]:
        """What a person must know beside the claims."""
        said: dict[str, None] = {}
        for part, later, selection in zip(asking, related, selections, strict=True):
            if not selection.drafts:
                continue
            found_years = sorted(
                {
                    y
                    for d in selection.drafts
                    for u in d.units
                    for y in u.hit.passage.fiscal_years
                    if u.hit.passage.kind is Kind.GRANT
                }
            )
            if part.fiscal_year is not None and later:
                said[self._renamed(part, later, vocabulary)] = None
            elif selection.other_year and part.fiscal_year is not None:
                others = [y for y in found_years if y != part.fiscal_year]
                if others:
                    found = "・".join(fiscal_year_label(y) for y in others)
                    said[
                        self.say("caution_other_year", asked=fiscal_year_label(part.fiscal_year), found=found)
                    ] = None
            elif (
                part.fiscal_year is None
                and part.grant_ids
                and part.intent not in (Intent.COMPARE, Intent.CASES)
            ):
                years = {vocabulary.by_id[g].fiscal_year for g in part.grant_ids if g in vocabulary.by_id} - {
                    None
                }
                current = fiscal_year_of(context.today)
                for year in sorted(y for y in years if y is not None)[-1:]:
                    name = "caution_current_year" if year == current else "caution_latest_year"
                    said[self.say(name, year=fiscal_year_label(year))] = None
            if selection.other_year and part.calendar_year is not None:
                said[self.say("caution_other_calendar_year", asked=f"{part.calendar_year}年")] = None
            if selection.unfilled:
                said[self.say("caution_slot_missing", slots="」「".join(selection.unfilled))] = None
            if any(u.tells_unknown for d in selection.drafts for u in d.units):
                said[self.say("caution_unknown")] = None
        third = [claim for claim in claims if _only_third_party(claim)]
        if third:
            gone_by = _years_gone_by(third, fiscal_year_of(context.today))
            dated = "・".join(map(fiscal_year_label, gone_by))
            said[
                self.say("caution_third_party_dated", years=dated)
                if dated
                else self.say("caution_third_party")
            ] = None
        if rejected:
            said[self.say("caution_dropped", count=len(rejected))] = None
        return tuple(said)

    def _renamed(self, part: Understanding, later: Sequence[str], vocabulary: Vocabulary) -> str:
        named = vocabulary.by_id[part.grant_ids[0]]
        asked = fiscal_year_label(part.fiscal_year or 0)
        return self.say(
            "caution_renamed",
            name=named.short,
            found=fiscal_year_label(named.fiscal_year) if named.fiscal_year else "別の年度",
            asked=asked,
            successor="」「".join(grant_label(vocabulary, g) for g in later),
        )

    def suggestions(
        self,
        whole: Understanding,
        status: AnswerStatus,
        vocabulary: Vocabulary,
        missing: Sequence[MissingFact],
    ) -> tuple[str, ...]:
        """Questions a person may ask next, each complete in itself."""
        if missing and missing[0].name == "fiscal_year":
            return tuple(f"{option.partition('（')[0]}の{whole.question}" for option in missing[0].options)
        if missing and missing[0].name == "grant":
            return tuple(f"{option}について、{whole.question}" for option in missing[0].options)
        if whole.intent in (Intent.FACT, Intent.OVERVIEW, Intent.CAN_WE) and len(whole.grant_ids) == 1:
            name = grant_label(vocabulary, whole.grant_ids[0])
            asked = " ".join(whole.slots)
            opened = [f for f in _FOLLOW_UPS if not any(s and s[:2] in f for s in asked.split())]
            return tuple(f"{name}の{f}" for f in opened[:3])
        if status in (AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NO_PASSAGE):
            return _STARTERS
        return ()


def _only_third_party(claim: Claim) -> bool:
    levels = {source.level for citation in claim.citations for source in citation.sources}
    return levels == {Level.THIRD_PARTY}


def _years_gone_by(claims: Sequence[Claim], this_year: int) -> list[int]:
    """The latest fiscal years of the sources of claims about a grant that tell no year, where they are gone by."""
    years: set[int] = set()
    for claim in claims:
        of_grant = any(citation.kind is Kind.GRANT for citation in claim.citations)
        if of_grant and not find_fiscal_years(claim.text):
            latest = [
                max(source.fiscal_years)
                for citation in claim.citations
                for source in citation.sources
                if source.fiscal_years
            ]
            years |= {max(latest)} if latest and max(latest) < this_year else set()
    return sorted(years)


def number_citations(claims: Sequence[Claim]) -> dict[tuple[str, int, int], int]:
    """The mark of each citation: passages and places in order of first appearance, from 1."""
    numbers: dict[tuple[str, int, int], int] = {}
    for claim in claims:
        for citation in claim.citations:
            numbers.setdefault((citation.passage_id, citation.start, citation.end), len(numbers) + 1)
    return numbers


def claim_marks(claims: Sequence[Claim], claim: Claim) -> str:
    """The ``[n]`` marks of one of ``claims``."""
    numbers = number_citations(claims)
    return "".join(f"[{numbers[(c.passage_id, c.start, c.end)]}]" for c in claim.citations)


def render_text(
    wording: Wording, reason: str, claims: Sequence[Claim], missing: Sequence[MissingFact]
) -> str:
    """The answer as a person reads it, with ``[n]`` marks."""
    numbers = number_citations(claims)
    lines = []
    lead = wording.sentences.get(reason, "")
    if lead:
        lines.append(lead)
    for claim in claims:
        marks = "".join(f"[{numbers[(c.passage_id, c.start, c.end)]}]" for c in claim.citations)
        lines.append(f"{claim.text}{marks}")
    for fact in missing:
        lines.append(fact.question)
        lines.extend(f"・{option}" for option in fact.options)
    return "\n".join(lines)
