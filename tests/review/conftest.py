"""Documents made from lines, and the requirements that we ship."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Document, Fidelity, Kind, Outcome, Page, PageFidelity
from assistant.knowledge.sources import load_sources
from assistant.review.nouns import Review, ReviewedItem
from assistant.review.requirements import RequirementFile, load_requirements
from assistant.review.review import review_document

CORPUS = Path(__file__).parents[2] / "corpus"
SOURCES = load_sources(CORPUS / "sources.yaml")


def document(*pages: str, unreadable: Sequence[int] = ()) -> Document:
    """A document of these pages; the unreadable ones hold no text."""
    fidelity = Fidelity(
        pages=tuple(
            PageFidelity(
                page=n,
                characters=len(text),
                reader="test",
                unreadable="画像です。" if n in unreadable else None,
            )
            for n, text in enumerate(pages, 1)
        )
    )
    made = tuple(Page(number=n, text="" if n in unreadable else t) for n, t in enumerate(pages, 1))
    return Document(
        id="d", title="総合戦略", kind=Kind.UPLOAD, pages=made, path="総合戦略.pdf", fidelity=fidelity
    )


@pytest.fixture(scope="session")
def strategy() -> RequirementFile:
    return load_requirements(CORPUS / "requirements" / "strategy.yaml", SOURCES)


@pytest.fixture(scope="session")
def held(strategy: RequirementFile) -> Callable[..., Review]:
    def hold(*pages: str, unreadable: Sequence[int] = (), strictness: str = "standard") -> Review:
        return review_document(
            document(*pages, unreadable=unreadable),
            strategy,
            sources=SOURCES,
            today=date(2026, 11, 23),
            strictness=strictness,  # type: ignore[arg-type]
        )

    return hold


def item(review: Review, requirement_id: str) -> ReviewedItem:
    return next(i for i in review.items if i.requirement_id == requirement_id)


def outcome(review: Review, requirement_id: str) -> Outcome:
    return item(review, requirement_id).outcome
