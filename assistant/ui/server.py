"""The app as one ASGI process: Streamlit, security headers, the page's language, warm-up."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import ROOT, Settings
from assistant.ui.uploads import keep_removing

SCRIPT = ROOT / "streamlit_app.py"
_INDEX_HTML = Path(st.__file__).parent / "static" / "index.html"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
# Streamlit's uploader has English words that no option changes, and an input with an English name beside its button.
_UPLOADER_STYLE = """<style>
[data-testid="stFileUploaderDropzone"] button[data-testid="stBaseButton-secondary"] p,
[data-testid="stFileUploaderDropzoneInstructions"] span { display: none; }
[data-testid="stFileUploaderDropzone"] button[data-testid="stBaseButton-secondary"]
  [data-testid="stMarkdownContainer"]::after { content: "ファイルを選ぶ"; }
[data-testid="stFileUploaderDropzoneInstructions"] > div::after {
  content: "1ファイル%dMBまで"; font-size: 0.875rem; opacity: 0.75;
}
[data-testid="stFileUploaderDropzoneInput"] { visibility: hidden; }
</style>"""
_HIDDEN_PATHS = ("/_stcore/metrics",)  # answers without login; nobody needs it here


def content_security_policy() -> str:
    """Nothing from outside, and no inline script but the ones Streamlit's own page holds (by hash)."""
    scripts = _INLINE_SCRIPT.findall(_INDEX_HTML.read_text(encoding="utf-8"))
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes} 'wasm-unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def uploader_style(settings: Settings) -> str:
    """A style that gives Streamlit's file uploader Japanese words, with the limit in megabytes."""
    return _UPLOADER_STYLE % (settings.max_upload_bytes // (1024 * 1024))


class HeadersMiddleware:
    """Security headers on every answer, ``lang="ja"`` and ``style`` on the page, no metrics for strangers."""

    def __init__(self, app: ASGIApp, style: str = "") -> None:
        self.app = app
        self._head_end = f"{style}</head>".encode()
        self._headers = [
            (b"content-security-policy", content_security_policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/") in _HIDDEN_PATHS:
            await send({"type": "http.response.start", "status": 404, "headers": list(self._headers)})
            await send({"type": "http.response.body", "body": b""})
            return
        wanted = b"".join(value for name, value in scope["headers"] if name == b"accept")
        if b"text/html" in wanted:  # a page is rewritten on its way, so it must come unpacked
            plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": plain}
        await self.app(scope, receive, self._sender(send))

    def _sender(self, send: Send) -> Callable[[Message], Awaitable[None]]:
        held: dict[str, Any] = {"start": None, "html": False, "body": b""}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *self._headers]
                message = {**message, "headers": headers}
                kinds = [value for name, value in headers if name.lower() == b"content-type"]
                packed = any(name.lower() == b"content-encoding" for name, _ in headers)
                if kinds and kinds[0].startswith(b"text/html") and not packed:
                    held.update(start=message, html=True)
                    return
                await send(message)
                return
            if not held["html"] or message["type"] != "http.response.body":
                await send(message)
                return
            held["body"] += message.get("body", b"")
            if message.get("more_body"):
                return
            body = held["body"].replace(b'<html lang="en">', b'<html lang="ja">', 1)
            body = body.replace(b"</head>", self._head_end, 1)
            start = held["start"]
            headers = [(n, v) for n, v in start["headers"] if n.lower() not in (b"content-length", b"etag")]
            await send({**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
            await send({"type": "http.response.body", "body": body})

        return answer


@asynccontextmanager
async def alive(settings: Settings, warm_up: Callable[[], None]) -> AsyncIterator[None]:
    """What goes on while the server lives: ``warm_up`` before the first request, old uploads go from then on."""
    warm_up()
    removing = asyncio.create_task(keep_removing(settings))
    try:
        yield
    finally:
        removing.cancel()
        with suppress(asyncio.CancelledError):
            await removing


def make_app(settings: Settings, warm_up: Callable[[], None]) -> st.App:
    """The ASGI app."""

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
        async with alive(settings, warm_up):
            yield None

    headers = Middleware(HeadersMiddleware, style=uploader_style(settings))
    return st.App(SCRIPT, lifespan=lifespan, middleware=[headers])


def config(settings: Settings, port: int, address: str) -> dict[str, Any]:
    """Streamlit options: everything local, nothing reported, no English error details."""
    return {
        "server.port": port,
        "server.address": address,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": settings.max_upload_bytes // (1024 * 1024),
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "viewer",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "runner.magicEnabled": False,
    }


def serve(settings: Settings, *, port: int, address: str, warm_up: Callable[[], None]) -> None:
    """Serve until stopped."""
    make_app(settings, warm_up).run(config=config(settings, port, address))
