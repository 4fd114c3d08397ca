"""What stands before every verb: whose request, how large, how many at once; and the headers of every answer.

The service listens on this machine and has no login, so a page that a browser loaded from elsewhere must
not reach it: by another name for this machine (DNS rebinding, the ``Host`` check), by a form (the
``Origin`` check), or by reading an answer (no CORS headers).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import Refused, refused_response

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_BODY_BYTES = 256 * 1024
_FORM_BYTES = 64 * 1024  # what a form adds to its file


@dataclass(frozen=True)
class House:
    """How much the service takes in. ``hosts``: the names it answers to, in lower case."""

    hosts: frozenset[str] = LOOPBACK
    upload_bytes: int = 50 * 1024 * 1024
    reviews: int = 2  # at once; each reads a file in a child process of up to 1 GiB
    requests: int = 32  # at once


def policy(style: str) -> str:
    """A content security policy: no script, nothing from anywhere, and the one style sheet given."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    parts = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(parts)


def host_name(host: str) -> str:
    """The name in a ``Host`` header, without its port, in lower case: ``[::1]:80`` → ``::1``."""
    name = host.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0].rstrip(".")


class Guard:
    """ASGI middleware with the checks above; refusals are told in Japanese."""

    def __init__(self, app: ASGIApp, house: House, style: str) -> None:
        self.app = app
        self.house = house
        self._running = {"/review": 0, "": 0}
        self._headers = [
            (b"content-security-policy", policy(style).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        headers = Headers(scope=scope)
        is_review = scope["method"] == "POST" and scope["path"] == "/review"
        rooms = ("", "/review") if is_review else ("",)
        try:
            self._check_caller(headers)
            most = self.house.upload_bytes + _FORM_BYTES if is_review else _BODY_BYTES
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > most:
                raise too_large(most)
            self._check_room(rooms)
        except Refused as error:
            await refused_response(error)(scope, receive, answer)
            return
        for room in rooms:
            self._running[room] += 1
        try:
            await self.app(scope, _limited(receive, most), answer)
        finally:
            for room in rooms:
                self._running[room] -= 1

    def _check_caller(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or host_name(hosts[0]) not in self.house.hosts:
            raise Refused(
                400,
                "この宛先の名前では使えません。",
                why="Host が、このサービスの名前として登録されていません。",
                remedy="http://127.0.0.1 か http://localhost で使うか、起動時に --allow-host で名前を加えてください。",
            )
        own = {f"{scheme}://{hosts[0].lower()}" for scheme in ("http", "https")}
        if any(origin.lower() not in own for origin in headers.getlist("origin")):
            raise Refused(
                403,
                "ほかのウェブページからの呼び出しは受け付けません。",
                why="Origin が、このサービス自身ではありません。",
                remedy="ブラウザーのページからではなく、プログラムやコマンドから呼び出してください。",
            )

    def _check_room(self, rooms: Iterable[str]) -> None:
        most_by_room = {"": self.house.requests, "/review": self.house.reviews}
        full = [room for room in rooms if self._running[room] >= most_by_room[room]]
        if full:
            raise Refused(
                503,
                "ただいま込み合っています。",
                why=f"同時に処理できるのは{most_by_room[full[-1]]}件までです。",
                remedy="30秒ほど待ってから、もう一度お試しください。",
            )


def too_large(most: int) -> Refused:
    """A body over ``most`` bytes."""
    size = f"{most // 1024 // 1024}MB" if most >= 1024 * 1024 else f"{most // 1024}KB"
    return Refused(
        413,
        "送られた内容が大きすぎます。",
        why=f"上限は{size}です。",
        remedy="必要な部分だけに分けてから送ってください。",
    )


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise too_large(most)
        return message

    return counted
