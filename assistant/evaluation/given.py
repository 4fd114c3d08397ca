"""Answers as they are scored: ours and any other system's in one form."""

from __future__ import annotations

from assistant.domain import Answer, AnswerStatus, Citation, Level, Noun, VerdictOutcome


class GivenCitation(Noun):
    """What a shown sentence points to."""

    passage_id: str
    document_id: str
    kind: str = ""
    title: str = ""
    trail: tuple[str, ...] = ()
    page: int | None = None
    quote: str
    start: int
    end: int
    context: str
    fiscal_years: tuple[int, ...] = ()
    levels: tuple[Level, ...] = ()
    urls: tuple[str, ...] = ()

    @property
    def around(self) -> str:
        """Title and headings: where names and years may come from, but no figures."""
        return " ".join((self.title, *self.trail))


class GivenClaim(Noun):
    """One shown sentence with its citations."""

    text: str
    citations: tuple[GivenCitation, ...] = ()


class Given(Noun):
    """What a system gave for one gold question."""

    id: str
    status: AnswerStatus
    text: str
    claims: tuple[GivenClaim, ...] = ()
    cases: tuple[str, ...] = ()
    case_lines: tuple[str, ...] = ()
    verdict: VerdictOutcome | None = None
    verdict_grant: str | None = None
    fiscal_year: int | None = None
    cautions: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()  # documents, best first
    milliseconds: float = 0.0
    error: str | None = None


def given_of(item_id: str, answer: Answer, ranking: tuple[str, ...], milliseconds: float) -> Given:
    """Our own answer in the form that is scored."""
    verdict = answer.verdict
    return Given(
        id=item_id,
        status=answer.status,
        text=answer.text,
        claims=tuple(
            GivenClaim(text=claim.text, citations=tuple(_citation(c) for c in claim.citations))
            for claim in answer.claims
        ),
        cases=tuple(case.id for case in answer.cases),
        case_lines=tuple(f"{case.title} {case.place or case.municipality}" for case in answer.cases),
        verdict=verdict.outcome if verdict else None,
        verdict_grant=verdict.grant_id if verdict else None,
        fiscal_year=answer.fiscal_year,
        cautions=answer.cautions,
        ranking=ranking,
        milliseconds=round(milliseconds, 2),
    )


def _citation(citation: Citation) -> GivenCitation:
    return GivenCitation(
        passage_id=citation.passage_id,
        document_id=citation.document_id,
        kind=citation.kind,
        title=citation.title,
        trail=citation.trail,
        page=citation.page,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        context=citation.context,
        fiscal_years=citation.fiscal_years,
        levels=tuple(source.level for source in citation.sources),
        urls=tuple(source.url for source in citation.sources),
    )
