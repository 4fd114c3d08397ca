"""The child process that opens foreign files: ``python -m assistant.knowledge.files.worker``.

Reads one request (a JSON line, then the file's bytes where it has ``size``) from
standard input and writes JSON lines to standard output: ``{"done", "total"}`` while
reading, then one of ``{"document"}``, ``{"boxes"}``, ``{"png"}``, ``{"error"}``.
The limits are set before the file is touched.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from assistant.domain import Kind
from assistant.errors import FileUnreadable
from assistant.knowledge.files import boxes
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.read import read_file


def _bind(memory_bytes: int, seconds: int) -> None:
    """Limit this process where the system can; elsewhere the parent's clock is the limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        # Past the soft CPU limit comes SIGXCPU, which tells the parent why; SIGKILL follows later.
        last = value + 5 if kind == resource.RLIMIT_CPU else value
        if hard != resource.RLIM_INFINITY:
            value, last = min(value, hard), min(last, hard)
        try:
            resource.setrlimit(kind, (value, last))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS
            continue


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: a parser has no business with the network or other programs."""
    if event in (
        "socket.connect",
        "socket.bind",
        "socket.sendto",
        "subprocess.Popen",
        "os.system",
        "os.exec",
    ):
        raise PermissionError(event)


def _answer(out: BinaryIO, **fields: object) -> None:
    out.write(json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n")
    out.flush()


def _work(request: dict[str, Any], content: bytes | None, out: BinaryIO) -> None:
    source = content if content is not None else Path(request["path"])
    try:
        if request["do"] == "read":
            document = read_file(
                Path(request["path"]),
                name=request["name"],
                kind=Kind(request["kind"]),
                document_id=request["document_id"],
                limits=Limits(**request["limits"]),
                progress=lambda done, total: _answer(out, done=done, total=total),
                use_pdfium=request["use_pdfium"],
            )
            _answer(out, document=document.model_dump(mode="json"))
        elif request["do"] == "locate":
            _answer(out, boxes=boxes.locate(source, request["page"], request["quote"]))
        else:
            shown = [boxes.Box(*box) for box in request["boxes"]]
            png = boxes.render(source, request["page"], shown, request["scale"])
            _answer(out, png=base64.b64encode(png).decode("ascii"))
    except FileUnreadable as error:
        _answer(out, error={"why": error.why, "remedy": error.remedy})


def main() -> int:
    """Serve one request; the exit status is 0 whenever an answer was written."""
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not get between our lines
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(request["size"]) if request.get("size") is not None else None
    _bind(request["memory_bytes"], request["seconds"])
    sys.addaudithook(_refuse)
    try:
        _work(request, content, out)
    except MemoryError:
        _answer(out, error={"memory": True})
    except Exception as error:  # whatever a parser raises on a broken file
        _answer(out, error={"raised": type(error).__name__})
    return 0


if __name__ == "__main__":
    sys.exit(main())
