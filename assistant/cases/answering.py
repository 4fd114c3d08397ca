"""An answer about cases, with the cases themselves beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.cases.casebook import Casebook
from assistant.cases.follow import SHOWN, ChatCases, find_for_question
from assistant.cases.speak import claims_of
from assistant.domain import Answer, AnswerStatus, CaseHit, Claim, Municipality

Render = Callable[[str, Sequence[Claim]], str]  # name of a status sentence, claims → text with marks
_GOOD = 0.5  # a case fitting less than this is not offered where the question found nothing else
_ASK_PLACE = "「うち」がどの自治体か分からないため、似た自治体では絞れませんでした。自治体を選ぶか、「〇〇町と似た町で」のように自治体名を入れてお尋ねください。"


def with_cases(
    answer: Answer, book: Casebook, question: str, place: Municipality | None, render: Render
) -> Answer:
    """``answer`` to a question about cases with its best cases.

    Sentences found by the asking flow stay, and the cases they cite come first; where a likeness, a size or
    a scheme narrowed the search, or the flow found nothing, the sentences are those of the cases found.
    """
    chat = find_for_question(book, question, place)
    cautions = (*answer.cautions, *chat.cautions, *((_ASK_PLACE,) if chat.needs_place else ()))
    hits = chat.results.hits
    if chat.narrowed and not hits:
        return _nothing(answer, chat, cautions)
    if not chat.narrowed and not answer.claims:
        hits = tuple(hit for hit in hits if hit.score >= _GOOD)
    if not hits:
        return answer.model_copy(update={"cautions": cautions}) if chat.needs_place else answer
    if answer.claims and not chat.narrowed:
        return answer.model_copy(update={"cases": _cited_first(answer, book, hits), "cautions": cautions})
    claims = claims_of(book, hits)
    if not claims:
        return answer.model_copy(update={"cases": hits, "cautions": cautions})
    return answer.model_copy(
        update={
            "status": AnswerStatus.ANSWERED,
            "claims": claims,
            "text": render(str(AnswerStatus.ANSWERED), claims),
            "cases": hits,
            "missing": (),
            "rejected": (),
            "suggestions": _next_questions(chat),
            "cautions": tuple(c for c in cautions if not _speaks_of_old_claims(c, answer)),
        }
    )


def _speaks_of_old_claims(caution: str, answer: Answer) -> bool:
    """Cautions of the asking flow were about sentences that are no longer shown."""
    return caution in answer.cautions


def _cited_first(answer: Answer, book: Casebook, hits: Sequence[CaseHit]) -> tuple[CaseHit, ...]:
    cited = dict.fromkeys(c.document_id for claim in answer.claims for c in claim.citations)
    order = {case_id: place for place, case_id in enumerate(cited)}
    first = sorted((hit for hit in hits if hit.id in order), key=lambda hit: order[hit.id])
    return (*first, *(hit for hit in hits if hit.id not in order))[:SHOWN]


def _nothing(answer: Answer, chat: ChatCases, cautions: tuple[str, ...]) -> Answer:
    lines = ["条件に合う事例は見つかりませんでした。"]
    lines += [f"「{offer.told}」を外すと{offer.count}件あります。" for offer in chat.results.loosen[:3]]
    return answer.model_copy(
        update={
            "status": AnswerStatus.NO_PASSAGE,
            "text": "\n".join(lines),
            "claims": (),
            "rejected": (),
            "cases": (),
            "cautions": tuple(c for c in cautions if c not in answer.cautions),
            "suggestions": _next_questions(chat),
        }
    )


def _next_questions(chat: ChatCases) -> tuple[str, ...]:
    words = chat.results.words
    themes = dict.fromkeys(theme for hit in chat.results.hits[:2] for theme in hit.themes[:1])
    said = [f"{theme}に使える交付金は？" for theme in themes]
    if words and not chat.results.hits:
        said.append(f"{words}の事例は？")
    if chat.results.hits and chat.results.criteria.population is None:
        said.append("もっと小さい町では？")
    return tuple(said[:4])
