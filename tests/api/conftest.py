"""The HTTP face as a real server on a free port of this machine."""

import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from assistant.api.app import config, make_app
from assistant.api.guard import House


@contextmanager
def served(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(config(app, port=port, address="127.0.0.1"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def http(assistant):
    with served(make_app(assistant, House(upload_bytes=1024 * 1024))) as client:
        yield client


@pytest.fixture(scope="session")
def openapi(http):
    return http.get("/openapi.json").json()
