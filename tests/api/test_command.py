"""``assistant api`` as people start and stop it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(settings, tmp_path):
    running: list[subprocess.Popen[str]] = []

    def call(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "api", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "ASSISTANT_INDEX": str(settings.index),
                "ASSISTANT_HOME": str(tmp_path),
                "PYTHONUTF8": "1",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        running.append(process)
        return process

    yield call
    for process in running:
        process.kill()
        process.communicate()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_it_serves_on_this_machine_alone_logs_no_words_and_stops_quietly(start, assistant):
    port = free_port()
    process = start("--port", str(port))
    assert f"http://127.0.0.1:{port}/docs" in process.stdout.readline()
    transport = httpx.HTTPTransport(retries=8)  # the line is said just before the port is open
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=60) as client:
        assert client.get("/health").json()["index"] == assistant.index.digest
        assert client.get("/search", params={"query": "個人の名前"}).status_code == 200
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=60)
    assert process.returncode in (0, 130)  # 0 where the parent had the signal ignored
    assert "Traceback" not in told and "個人の名前" not in rest + told and "search" not in rest + told


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("--address", "0.0.0.0"), 2, "--allow-host"),
        (("--index", "/nonexistent"), 1, "assistant index build"),
        (("--port", "0"), 2, "範囲"),
    ],
)
def test_it_says_in_japanese_why_it_does_not_start(start, arguments, status, told):
    process = start(*arguments) if "--port" in arguments else start("--port", str(free_port()), *arguments)
    _, error = process.communicate(timeout=60)
    assert process.returncode == status and told in error and "Traceback" not in error


def test_a_port_in_use_is_told(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start("--port", str(taken.getsockname()[1]))
        _, error = process.communicate(timeout=60)
    assert process.returncode == 2 and "使われています" in error
