"""The first of three steps: every gold question is asked, nothing is judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from assistant.domain import AnswerStatus, Understanding
from assistant.errors import AssistantError
from assistant.evaluation.given import Given, given_of
from assistant.evaluation.gold import GoldQuestion
from assistant.service import Assistant

DEPTH = 20  # documents kept of the search's ranking

Progress = Callable[[int, int], None]


def generate(
    assistant: Assistant,
    gold: Sequence[GoldQuestion],
    *,
    model: str | None = None,
    on_progress: Progress | None = None,
) -> list[Given]:
    """Ask every question; an error is kept as an answer of status ``model_error`` with its message."""
    given = []
    for number, item in enumerate(gold, start=1):
        given.append(_ask(assistant, item, model))
        if on_progress:
            on_progress(number, len(gold))
    return given


def _ask(assistant: Assistant, item: GoldQuestion, model: str | None) -> Given:
    started = time.perf_counter()
    try:
        history: list[Understanding] = []
        for earlier in item.history:
            understood = assistant.ask(earlier, history=tuple(history), model=model).trace.understanding
            if understood is not None:
                history.append(understood)
        started = time.perf_counter()
        answer = assistant.ask(
            item.question,
            fiscal_year=item.fiscal_year,
            municipality=item.municipality,
            history=tuple(history),
            model=model,
        )
        spent = (time.perf_counter() - started) * 1000
        understood = answer.trace.understanding
        query = understood.resolved if understood else item.question
        return given_of(item.id, answer, _ranking(assistant, query), spent)
    except AssistantError as error:
        return Given(
            id=item.id,
            status=AnswerStatus.MODEL_ERROR,
            text=str(error),
            milliseconds=(time.perf_counter() - started) * 1000,
            error=f"{type(error).__name__}: {error}",
        )


def _ranking(assistant: Assistant, query: str) -> tuple[str, ...]:
    if not query.strip():
        return ()
    hits = assistant.search(query, k=4 * DEPTH)
    return tuple(dict.fromkeys(hit.passage.document_id for hit in hits))[:DEPTH]
