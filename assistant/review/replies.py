"""A reply to a question about a document: claims with their places, each held against its quotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain import Citation, Claim, Kind, PageQuote, Rejected, SupportLabel
from assistant.evidence.check import check_support
from assistant.review.chapters import chapter_at
from assistant.review.reading import DocumentReading, shown_text

MOST_CLAIMS = 6
_CONTEXT = 200  # characters about a quote that are shown with it


@dataclass(frozen=True, slots=True)
class Reply:
    """What one way of answering found."""

    claims: tuple[Claim | Rejected, ...]
    lead: str = ""
    cautions: tuple[str, ...] = ()
    partly: bool = False


class Citer:
    """Makes claims of one document's own words."""

    def __init__(self, reading: DocumentReading) -> None:
        self._reading = reading

    def claim(self, text: str, quotes: Sequence[PageQuote], *, checked: bool = False) -> Claim | Rejected:
        """A claim that its quotes bear out, or what was rejected; ``checked``: it was held against its cells already."""
        support = None if checked else check_support(text, tuple(shown_text(q.quote) for q in quotes))
        if support is not None and support.label is not SupportLabel.SUPPORTED:
            return Rejected(text=text, reason=support.reason)
        return Claim(
            text=text,
            support=SupportLabel.SUPPORTED,
            citations=tuple(self._cite(quote) for quote in quotes),
            reason=support.reason
            if support is not None
            else "表の行と見出しにある語句・数値と一致しています。",
        )

    def _cite(self, quote: PageQuote) -> Citation:
        document = self._reading.document
        page = document.pages[quote.page - 1]
        begin = max(0, quote.start - _CONTEXT)
        passage = next(
            (p.id for p in self._reading.passages if p.page == quote.page and p.start <= quote.start < p.end),
            "",
        )
        chapter = chapter_at(self._reading.chapters, quote.page, quote.start)
        return Citation(
            passage_id=passage or f"{document.id}#p{quote.page}",
            document_id=document.id,
            title=document.title,
            page=quote.page,
            locator=page.locator,
            trail=(chapter.title,) if chapter is not None and chapter.form == "heading" else (),
            quote=quote.quote,
            start=quote.start - begin,
            end=quote.end - begin,
            context=page.text[begin : quote.end + _CONTEXT],
            kind=Kind.UPLOAD,
            page_start=quote.start,
        )

    def unread(self) -> str:
        """Which pages may hold what was not found; empty where all were read."""
        holes = self._reading.report.holes
        if not holes:
            return ""
        pages = "、".join(str(page) for page in holes)
        return f"{pages}ページには読み取れない部分があり、そこに書かれている可能性があります。"


def unique_claims(claims: Iterable[Claim | Rejected]) -> tuple[Claim | Rejected, ...]:
    """The claims, each text once."""
    return tuple({claim.text: claim for claim in claims}.values())


def marked_lines(claims: Sequence[Claim]) -> list[str]:
    """The claims as lines with ``[n]`` marks."""
    numbers: dict[tuple[str, int, int], int] = {}
    lines = []
    for claim in claims:
        marks = []
        for c in claim.citations:
            marks.append(numbers.setdefault((c.passage_id, c.start, c.end), len(numbers) + 1))
        lines.append(f"{claim.text}{''.join(f'[{mark}]' for mark in marks)}")
    return lines


def page_words(pages: Sequence[int], *, listed: bool = False) -> str:
    """Pages in words: a range of first and last, or a list."""
    if listed:
        return f"{'、'.join(str(page) for page in pages)}ページ"
    first, last = pages
    return f"{first}ページ" if first == last else f"{first}～{last}ページ"
