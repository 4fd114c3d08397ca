"""Runs the worker process and turns every way it can end into an answer or a ``FileUnreadable``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import FileUnreadable
from assistant.knowledge.files.limits import Limits
from assistant.settings import ROOT

_ANSWER_BYTES = 256 * 1024**2  # more than any honest answer has
_SMALLER = "ページや画像の少ないファイルに分けてください。"


class Crashed(Exception):
    """The child was ended by a signal that was not ours: a parser brought the process down."""


def call(
    request: dict[str, Any],
    *,
    name: str,
    limits: Limits,
    content: bytes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Send one request to a fresh worker and return its final answer.

    :raises FileUnreadable: the worker refused the file, or a limit was passed.
    :raises Crashed: the worker died.
    """
    wire = {**request, "memory_bytes": limits.memory_bytes, "seconds": limits.seconds}
    if content is not None:
        wire["size"] = len(content)
    child = subprocess.Popen(
        [sys.executable, "-B", "-X", "utf8", "-m", "assistant.knowledge.files.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(limits.seconds, stop)
    clock.daemon = True
    clock.start()
    try:
        answer = _converse(child, wire, content, progress)
    finally:
        clock.cancel()
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # the child was gone before it read everything
                    continue
        status = child.wait()
    if answer is None:
        if late.is_set() or status == -getattr(signal, "SIGXCPU", 24):
            raise FileUnreadable(
                name, f"読み取りが制限時間（{limits.seconds}秒）内に終わりませんでした。", _SMALLER
            )
        raise Crashed(str(status))
    return _judge(answer, name, limits)


def _converse(
    child: subprocess.Popen[bytes],
    wire: dict[str, Any],
    content: bytes | None,
    progress: Callable[[int, int], None] | None,
) -> dict[str, Any] | None:
    """The worker's final line, or None where it ended without one."""
    if child.stdin is None or child.stdout is None:
        return None
    try:
        child.stdin.write(json.dumps(wire).encode("ascii") + b"\n")
        if content is not None:
            child.stdin.write(content)
        child.stdin.close()
    except OSError:
        return None
    while line := child.stdout.readline(_ANSWER_BYTES):
        try:
            answer = json.loads(line)
        except ValueError:
            return None
        if "done" not in answer:
            return dict(answer)
        if progress is not None:
            progress(answer["done"], answer["total"])
    return None


def _judge(answer: dict[str, Any], name: str, limits: Limits) -> dict[str, Any]:
    error = answer.get("error")
    if error is None:
        return answer
    if error.get("memory"):
        raise FileUnreadable(
            name,
            f"読み取りに必要なメモリが上限（{limits.memory_bytes // 1024**2:,}MB）を超えました。",
            _SMALLER,
        )
    if "raised" in error:
        raise FileUnreadable(
            name,
            "ファイルが壊れているか、想定外の作りのため読み取れません。",
            "元のファイルを取り直してください。",
        )
    raise FileUnreadable(name, error["why"], error["remedy"])


def absolute(path: Path) -> str:
    """The path as the child, which has another working folder, must be told it."""
    return str(path.resolve())
