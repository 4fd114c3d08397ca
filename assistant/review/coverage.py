"""Where a document deals with each of the five pillars: evidence that was found and commitments, by its own chapters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain import Document, Outcome, PageQuote
from assistant.review.chapters import Chapter, chapters_of
from assistant.review.decoys import why_not
from assistant.review.nouns import (
    Bearing,
    ChapterCell,
    ChapterPages,
    Coverage,
    Peer,
    PillarShare,
    Review,
)
from assistant.review.requirements import Requirement, RequirementFile
from assistant.review.units import Unit, units_of

PILLARS = (1, 2, 3, 4, 5)
_MOST = 0.5  # share of the places from which a chapter is shown by its sections
_MOST_SECTIONS = 20
_Key = tuple[int, int | None]  # chapter, pillar


def coverage_of(document: Document, review: Review, requirements: RequirementFile) -> Coverage:
    """The document's chapters against the pillars of ``requirements``.

    A chapter that holds more than half of the pillars' places is shown by its sections.
    """
    rows = [kpi.where for kpi in review.summary.kpis if kpi.form == "table"]
    units = [unit for unit in units_of(document) if not _lies_in(unit, rows)]
    committed = {
        pillar: _commitments(
            [r for r in requirements.requirements if r.pillar == pillar and r.check == "words"], units
        )
        for pillar in PILLARS
    }
    places = [quote for quotes in committed.values() for quote in quotes]
    met = [item for item in review.items if item.outcome is Outcome.MET]
    places += [quote for item in met if item.pillar for quote in item.evidence]
    others = [quote for item in met if not item.pillar for quote in item.evidence]
    parts = _parts(chapters_of(document), places, others)
    evidence: dict[_Key, list[Bearing]] = defaultdict(list)
    commitments: dict[_Key, list[PageQuote]] = defaultdict(list)
    for item in review.items:
        for quote in item.evidence if item.outcome is Outcome.MET else ():
            number = _part_at(parts, quote)
            if number is not None:
                bearing = Bearing(requirement_id=item.requirement_id, where=quote)
                evidence[number, item.pillar].append(bearing)
    for pillar, quotes in committed.items():
        for quote in quotes:
            number = _part_at(parts, quote)
            if number is not None:
                commitments[number, pillar].append(quote)
    return Coverage(
        chapters=tuple(part.pages for part in parts),
        cells=tuple(
            ChapterCell(
                chapter=key[0],
                pillar=key[1],
                evidence=tuple(evidence.get(key, ())),
                commitments=tuple(commitments.get(key, ())),
            )
            for key in sorted({*evidence, *commitments}, key=lambda k: (k[0], k[1] or 0))
        ),
        pillars=tuple(_share(pillar, review, len(committed[pillar])) for pillar in PILLARS),
    )


def peer_of(review: Review) -> Peer:
    """What of another plan's review is shown beside this one."""
    assert review.coverage is not None
    return Peer(name=review.file, pages=review.pages, pillars=review.coverage.pillars)


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of the picture: from ``start`` up to ``end``, both (page, offset)."""

    start: tuple[int, int]
    end: tuple[int, int]
    pages: ChapterPages


def _parts(
    chapters: Sequence[Chapter], places: Sequence[PageQuote], others: Sequence[PageQuote]
) -> list[_Part]:
    parts = []
    for chapter in chapters:
        held = sum(1 for quote in places if chapter.holds(quote.page, quote.start))
        if 2 <= len(chapter.sections) <= _MOST_SECTIONS and held > _MOST * len(places):
            opening, *sections = _sections_of(chapter)
            told = opening.pages.within or any(
                _part_at([opening], quote) == 0 for quote in (*places, *others)
            )
            parts += [opening, *sections] if told else sections
        else:
            pages = ChapterPages(
                title=chapter.title, first_page=chapter.first_page, last_page=chapter.last_page
            )
            parts.append(_Part((chapter.first_page, chapter.start), (chapter.end_page, chapter.end), pages))
    return parts


def _sections_of(chapter: Chapter) -> list[_Part]:
    starts = [(section.page, section.start) for section in chapter.sections]
    opening = (chapter.first_page, chapter.start)
    titles = [section.title for section in chapter.sections]
    if starts[0] > opening:
        starts, titles = [opening, *starts], [chapter.title, *titles]
    ends = [*starts[1:], (chapter.end_page, chapter.end)]
    parts = []
    for title, start, end in zip(titles, starts, ends, strict=True):
        last = max(start[0], end[0] if end[1] > 0 else end[0] - 1)
        pages = ChapterPages(
            title=title,
            within="" if title == chapter.title else chapter.title,
            first_page=start[0],
            last_page=min(last, chapter.last_page),
        )
        parts.append(_Part(start, end, pages))
    return parts


def _part_at(parts: Sequence[_Part], quote: PageQuote) -> int | None:
    at = (quote.page, quote.start)
    return next((n for n, part in enumerate(parts) if part.start <= at < part.end), None)


def _share(pillar: int, review: Review, commitments: int) -> PillarShare:
    outcomes = [item.outcome for item in review.items if item.pillar == pillar]
    return PillarShare(
        pillar=pillar,
        requirements=len(outcomes),
        met=outcomes.count(Outcome.MET),
        unknown=outcomes.count(Outcome.UNKNOWN),
        commitments=commitments,
    )


def _lies_in(unit: Unit, rows: Sequence[PageQuote]) -> bool:
    return any(r.page == unit.page and r.start <= unit.start and unit.end <= r.end for r in rows)


def _commitments(requirements: Sequence[Requirement], units: Sequence[Unit]) -> list[PageQuote]:
    """Sentences and items of lists that say what will be done about one of ``requirements``, each once."""
    found: dict[tuple[int, int], PageQuote] = {}
    for unit in units:
        if unit.kind in ("sentence", "row") and any(_is_commitment(r, unit) for r in requirements):
            quote = PageQuote(page=unit.page, quote=unit.text, start=unit.start, end=unit.end)
            found.setdefault((unit.page, unit.start), quote)
    return list(found.values())


def _is_commitment(requirement: Requirement, unit: Unit) -> bool:
    end = _cue_end(requirement, unit)
    return (
        end is not None
        and why_not(unit, end, headings=False, measure=True, about_others=False, indicators=False) is None
    )


def _cue_end(requirement: Requirement, unit: Unit) -> int | None:
    """Where the last of the words ends that a form of evidence asks for; None where none of the forms stands here."""
    for form in requirement.forms:
        ends = []
        for group in form:
            matches = list(group.pattern.finditer(unit.folded))
            if matches:
                ends.append(matches[-1].end())
            elif not (group.in_headings and group.pattern.search(unit.trail)):
                break
        else:
            if ends:
                return max(ends)
    return None
