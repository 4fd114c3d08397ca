"""A real HTTP server that speaks the OpenAI chat protocol with streaming, and misbehaves on request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[str], str]


class ModelServer:
    """``reply(prompt)`` makes the text; ``fault`` is one of the ways in which servers fail."""

    def __init__(self, reply: Reply, *, fault: str = "", chunk: int = 7) -> None:
        self.reply, self.fault, self.chunk = reply, fault, chunk
        self.requests: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                return

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.requests.append(body)
                if outer.fault in ("429", "500", "401"):
                    self._plain(int(outer.fault), {"error": {"message": "no", "type": "x"}})
                    return
                text = outer.reply(body["messages"][-1]["content"])
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                try:
                    for start in range(0, len(text), outer.chunk):
                        if outer.fault == "slow":
                            time.sleep(3)
                        if outer.fault == "cut" and start > len(text) // 2:
                            self.wfile.flush()
                            self.connection.close()
                            return
                        self._event(text[start : start + outer.chunk], None)
                    self._event("", "stop")
                    self.wfile.write(b"data: [DONE]\n\n")
                except (BrokenPipeError, ConnectionResetError, ValueError, OSError):
                    return

            def _event(self, text: str, finish: str | None) -> None:
                event = {
                    "id": "c", "object": "chat.completion.chunk", "created": 0, "model": body_model,
                    "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
                }
                self.wfile.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
                self.wfile.flush()

            def _plain(self, status: int, value: dict[str, Any]) -> None:
                payload = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

        body_model = "test"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"


@contextmanager
def serving(reply: Reply, *, fault: str = "", chunk: int = 7) -> Iterator[ModelServer]:
    server = ModelServer(reply, fault=fault, chunk=chunk)
    thread = threading.Thread(target=server._server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server._server.shutdown()
        server._server.server_close()
        thread.join()
