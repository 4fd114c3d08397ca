"""Cases as claims: sentences of the case's own document, word for word, with their sources."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.cases.casebook import Casebook
from assistant.domain import CaseHit, Citation, Claim, Passage, SupportLabel
from assistant.japanese.text import split_sentences

_REASON = "事例の記述をそのまま示しています。"
_SECTIONS = ("取組", "成果")  # what was done, and what came of it
MOST_CLAIMS = 6


def claims_of(book: Casebook, hits: Sequence[CaseHit]) -> tuple[Claim, ...]:
    """What was done in each case, then what came of it while there is room, in the order of ``hits``."""
    by_section = [[_first(book, hit.id, section) for section in _SECTIONS] for hit in hits]
    room = MOST_CLAIMS - sum(claims[0] is not None for claims in by_section)
    chosen: list[Claim] = []
    for done, result in by_section:
        chosen += [done] if done is not None else []
        if result is not None and room > 0:
            chosen.append(result)
            room -= 1
    return tuple(chosen[:MOST_CLAIMS])


def _first(book: Casebook, case_id: str, section: str) -> Claim | None:
    for index in book.indexes:
        for passage in index.passages_of(case_id):
            if passage.trail and passage.trail[-1] == section:
                return _claim(passage, book)
    return None


def _claim(passage: Passage, book: Casebook) -> Claim | None:
    """The first statement of a passage; None where it holds none."""
    if not passage.statements:
        return None
    statement = passage.statements[0]
    spans = split_sentences(passage.text[statement.start : statement.end])
    if not spans:
        return None
    start = statement.start + spans[0][0]
    quote = passage.text[start : statement.start + spans[0][1]].rstrip()
    citation = Citation.of(passage, start, start + len(quote), book.sources, statement.source_ids)
    return Claim(text=quote, support=SupportLabel.SUPPORTED, citations=(citation,), reason=_REASON)
