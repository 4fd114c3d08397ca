"""One document behind the door: its chapters, its summary, and questions that it alone answers.

It joins what the rooms of the house know: the reading and the review of the document, the search over its
passages, and, only where the person wants it, the asking flow over the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from assistant.domain import Answer, AnswerStatus, Document, Hit, Kind
from assistant.review.answering import DocumentAnswers
from assistant.review.chapters import Chapter
from assistant.review.desk import STRATEGY
from assistant.review.nouns import Review
from assistant.review.reading import DocumentReading
from assistant.review.summaries import ChapterSummary, Length, summarise
from assistant.review.topics import Topics
from assistant.search.finder import CorpusFinder
from assistant.service import Assistant, Uploads

_NOT_IN_DOCUMENT = "文書には、ご質問に答える記載が見当たりません。手元の資料には次の記載があります。"
_BESIDE = "文書のほかに、手元の資料の記載も示しています。出典の題名でお確かめください。"


class AboutDocument:
    """What can be asked about ``document``; everything is made when first needed.

    ``review``: its review against a strategy's requirements, where there is one already.
    """

    def __init__(self, assistant: Assistant, document: Document, review: Review | None = None) -> None:
        self._assistant = assistant
        self._given = review if review is not None and review.target == STRATEGY else None
        self.reading = DocumentReading(document)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The document's own chapters."""
        return self.reading.chapters

    def summary(self, length: Length = "usual") -> tuple[ChapterSummary, ...]:
        """What each chapter says, in its own sentences."""
        return summarise(self.reading, length)

    def ask(self, question: str, history: Sequence[Answer] = (), *, with_corpus: bool = False) -> Answer:
        """Answer by the document; ``history``: the answers before. Raises ``QuestionRejected``.

        No sentence of the corpus answers unless ``with_corpus``; then what it says stands after the document's.
        """
        own = self._answers.ask(question, history)
        if not with_corpus:
            return own
        return _joined(own, self._assistant.ask(question, uploads=self._uploads))

    @cached_property
    def _answers(self) -> DocumentAnswers:
        encoder = self._assistant.index.encoder
        return DocumentAnswers(
            self.reading,
            topics=Topics(
                self._assistant.reviews.requirements.requirements,
                encoder.encode_queries if encoder is not None else None,
            ),
            review_of=self._review,
            find=self._find,
            weigh=CorpusFinder(self._assistant.index).weigh,
            expand=self._assistant.vocabulary.expand,
        )

    def _review(self) -> Review:
        return self._given or self._assistant.reviews.hold(self.reading.document, STRATEGY)

    @cached_property
    def _uploads(self) -> Uploads:
        return self._assistant.bring(Uploads(), self.reading.document, self.reading.passages)

    def _find(self, words: str, k: int) -> Sequence[Hit]:
        if self._uploads.index is None:
            return ()
        return self._assistant.search(words, k=k, kinds=(Kind.UPLOAD,), uploads=self._uploads)


def _joined(own: Answer, wide: Answer) -> Answer:
    """The document's answer, and after it what the corpus says."""
    known = {claim.text for claim in own.claims}
    more = tuple(
        claim
        for claim in wide.claims
        if claim.text not in known and any(c.kind is not Kind.UPLOAD for c in claim.citations)
    )
    if not more:
        return own
    offset = len({(c.passage_id, c.start, c.end) for claim in own.claims for c in claim.citations})
    numbers: dict[tuple[str, int, int], int] = {}
    lines = []
    for claim in more:
        marks = [
            numbers.setdefault((c.passage_id, c.start, c.end), offset + len(numbers) + 1)
            for c in claim.citations
        ]
        lines.append(f"{claim.text}{''.join(f'[{mark}]' for mark in marks)}")
    lead = own.text if own.claims else _NOT_IN_DOCUMENT
    return own.model_copy(
        update={
            "status": own.status if own.claims else AnswerStatus.PARTLY_ANSWERED,
            "text": "\n".join((lead, *lines)),
            "claims": (*own.claims, *more),
            "fiscal_year": wide.fiscal_year,
            "cautions": (*own.cautions, *([_BESIDE] if own.claims else []), *wide.cautions),
            "rejected": (*own.rejected, *wide.rejected),
        }
    )
