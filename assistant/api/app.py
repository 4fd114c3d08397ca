"""The ASGI app and the server that runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from assistant.api.guard import Guard, House
from assistant.api.openapi import make_openapi
from assistant.api.page import STYLE, render_docs
from assistant.api.problems import json_response, problem_response
from assistant.api.reading import asked_of
from assistant.api.streaming import stream_answer, wants_events
from assistant.api.verbs import VERBS, QuestionAsked, Verb
from assistant.service import Assistant


def make_app(assistant: Assistant, house: House | None = None) -> Starlette:
    """The app over one opened assistant; ``house`` says whom it answers and how much it takes in."""
    openapi = make_openapi()

    async def show_openapi(request: Request) -> Response:
        return json_response(openapi)

    async def show_docs(request: Request) -> Response:
        return HTMLResponse(render_docs(openapi, f"http://{request.headers['host']}"))

    return Starlette(
        routes=[
            *(Route(verb.path, _endpoint(verb, assistant), methods=[verb.method]) for verb in VERBS),
            Route("/openapi.json", show_openapi, methods=["GET"]),
            Route("/docs", show_docs, methods=["GET"]),
            Route("/", show_docs, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, house=house or House(), style=STYLE)],
        exception_handlers={code: _tell for code in (400, 404, 405, 413)},  # what Starlette itself turns away
    )


async def _tell(request: Request, error: Exception) -> Response:
    return problem_response(request, error)


def _endpoint(verb: Verb, assistant: Assistant) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            async with asked_of(verb, request) as asked:
                if isinstance(asked, QuestionAsked) and wants_events(request):
                    return stream_answer(request, assistant, asked)
                value = await run_in_threadpool(verb.do, assistant, asked)
                return await run_in_threadpool(json_response, value)
        except Exception as error:
            return problem_response(request, error)

    return endpoint


def load(assistant: Assistant) -> None:
    """Load what the first request needs, so that mistakes in the corpus are told at the start."""
    for part in (assistant.sources, assistant.grants, assistant.vocabulary, assistant.wording):
        assert part is not None
    assistant.search("地方創生", k=1)


def config(app: Starlette, *, port: int, address: str) -> uvicorn.Config:
    """How the server runs. Nothing is logged of what is asked: addresses carry people's words."""
    return uvicorn.Config(
        app,
        host=address,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
        ws="none",
    )


def serve(assistant: Assistant, house: House, *, port: int, address: str) -> None:
    """Serve until stopped."""
    load(assistant)
    uvicorn.Server(config(make_app(assistant, house), port=port, address=address)).run()
