"""Reading a stranger's file: in a child process with memory, CPU and time limits."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from assistant.domain import Document, Kind
from assistant.errors import FileUnreadable
from assistant.knowledge.files.child import Crashed, absolute, call
from assistant.knowledge.files.limits import DEFAULT, Limits


def read_safely(
    path: Path,
    *,
    name: str,
    kind: Kind = Kind.OTHER,
    document_id: str | None = None,
    limits: Limits = DEFAULT,
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """``read_file`` in a child process; a parser that crashes takes only the child with it.

    Where pdfium brings the child down, the file is read once more with pypdf alone, and
    the fidelity report says so. ``progress(done, total)`` counts pages.

    :raises FileUnreadable: with the reason and what to do, in Japanese.
    """
    request = {
        "do": "read",
        "path": absolute(path),
        "name": name,
        "kind": kind.value,
        "document_id": document_id,
        "limits": dataclasses.asdict(limits),
        "use_pdfium": True,
    }
    try:
        answer = call(request, name=name, limits=limits, progress=progress)
    except Crashed:
        try:
            answer = call({**request, "use_pdfium": False}, name=name, limits=limits, progress=progress)
        except Crashed as error:
            raise FileUnreadable(
                name, "読み取りの途中で処理が異常終了しました。ファイルが壊れている可能性があります。"
            ) from error
        document = Document.model_validate(answer["document"])
        if document.fidelity is None:
            return document
        note = "一部の読み取り部品が異常終了したため、残りの部品だけで読み取りました。"
        report = document.fidelity.model_copy(update={"notes": (*document.fidelity.notes, note)})
        return document.model_copy(update={"fidelity": report})
    return Document.model_validate(answer["document"])
