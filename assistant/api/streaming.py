"""An answer as server-sent events: each checked sentence as it comes, then the whole answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from assistant.api.openapi import EVENTS
from assistant.api.problems import problem_of
from assistant.api.verbs import QuestionAsked, answer_question
from assistant.export.values import render_json
from assistant.service import Assistant


def wants_events(request: Request) -> bool:
    """Whether the caller asked for events."""
    kinds = request.headers.get("accept", "").split(",")
    return any(kind.partition(";")[0].strip().lower() == EVENTS for kind in kinds)


def stream_answer(request: Request, assistant: Assistant, asked: QuestionAsked) -> Response:
    """``claim`` events (sentences that passed their check), then one ``answer`` or ``problem``.

    The answer holds what counts: a sentence told early may be left out of it, for example as a repetition.
    """
    return StreamingResponse(_events(request, assistant, asked), media_type=EVENTS)


async def _events(request: Request, assistant: Assistant, asked: QuestionAsked) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    def tell(event: str, value: Any) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, (event, value))

    def work() -> None:
        try:
            answer = answer_question(assistant, asked, on_claim=lambda claim: tell("claim", claim))
            tell("answer", answer)
        except Exception as error:
            tell("problem", problem_of(request, error)[0])

    task = asyncio.create_task(run_in_threadpool(work))
    event = "claim"
    while event == "claim":
        event, value = await queue.get()
        yield f"event: {event}\ndata: {render_json(value)}\n\n"
    await task
