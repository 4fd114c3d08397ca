"""One file → one Document, whatever its format."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from assistant.domain import Document, Fidelity, Kind, Page, PageFidelity
from assistant.errors import FileUnreadable
from assistant.knowledge.files.excel import read_xlsx
from assistant.knowledge.files.limits import DEFAULT, Limits
from assistant.knowledge.files.pdf import Progress, read_pdf
from assistant.knowledge.files.plain import read_beir_pages, read_csv, read_markdown, read_text
from assistant.knowledge.files.powerpoint import read_pptx
from assistant.knowledge.files.sniff import Format, find_format
from assistant.knowledge.files.web import read_html
from assistant.knowledge.files.word import read_docx


def _no_progress(done: int, total: int) -> None:
    """Progress that nobody watches."""


def read_file(
    path: Path,
    *,
    name: str,
    kind: Kind = Kind.OTHER,
    document_id: str | None = None,
    limits: Limits = DEFAULT,
    progress: Progress = _no_progress,
    use_pdfium: bool = True,
) -> Document:
    """Read a file in this process. For files of strangers use ``read_safely``.

    ``name`` is what the person calls the file: shown in messages, never used to open
    anything. ``document_id`` defaults to the kind and the start of the content's sha256.
    ``progress(done, total)`` is called after each PDF page.

    :raises FileUnreadable: with the reason and what to do, in Japanese.
    """
    try:
        found, mismatch = find_format(path, name, limits)
        pages, fidelity, notes, title, encrypted = _read(path, name, found, limits, progress, use_pdfium)
        digest = _sha256(path)
    except (OSError, struct.error, zlib.error, zipfile.BadZipFile) as error:
        raise FileUnreadable(
            name, "ファイルを開けないか、壊れています。", "元のファイルを確かめてください。"
        ) from error
    except RecursionError as error:
        raise FileUnreadable(name, "ファイルの構造が深すぎて読み取れません。") from error
    report = Fidelity(
        pages=tuple(fidelity),
        encrypted=encrypted,
        notes=tuple(([mismatch] if mismatch else []) + list(notes) + _summary(pages, fidelity)),
    )
    return Document(
        id=document_id or f"{kind.value}-{digest[:12]}",
        title=title or Path(name).stem or name,
        kind=kind,
        pages=tuple(pages),
        path=name,
        fidelity=report,
    )


def _read(
    path: Path, name: str, found: Format, limits: Limits, progress: Progress, use_pdfium: bool
) -> tuple[Sequence[Page], Sequence[PageFidelity], Sequence[str], str, bool]:
    title = ""
    if found is Format.PDF:
        result = read_pdf(path, name, limits, progress, use_pdfium=use_pdfium)
        return result.pages, result.fidelity, result.notes, title, result.encrypted
    if found is Format.DOCX:
        pages, fidelity, notes = read_docx(path, name, limits)
    elif found is Format.XLSX:
        pages, fidelity, notes = read_xlsx(path, name, limits)
    elif found is Format.PPTX:
        pages, fidelity, notes = read_pptx(path, name, limits)
    elif found is Format.HTML:
        pages, fidelity, notes, title = read_html(path, name, limits)
    elif found is Format.MARKDOWN:
        pages, fidelity, notes, title = read_markdown(path, name, limits)
    elif found is Format.BEIR:
        pages, fidelity, notes = read_beir_pages(path, name, limits)
    elif found is Format.CSV:
        pages, fidelity, notes = read_csv(path, name, limits)
    else:
        pages, fidelity, notes = read_text(path, name, limits)
    progress(len(pages), len(pages))
    return pages, fidelity, notes, title, False


def _summary(pages: Sequence[Page], fidelity: Sequence[PageFidelity]) -> list[str]:
    """Sentences that name what could not be read."""
    notes = []
    for reason in dict.fromkeys(f.unreadable for f in fidelity if f.unreadable):
        numbers = [f.page for f in fidelity if f.unreadable == reason]
        notes.append(f"{_ranges(numbers)}ページ: {reason}")
    if not any(page.text.strip() for page in pages):
        notes.insert(0, "このファイルからは文字を一つも読み取れませんでした。")
    elif holes := sum(page.text.count("〓") for page in pages):
        notes.append(f"読み取れない文字が{holes:,}字あり、「〓」で示しています。")
    return notes


def _ranges(numbers: Sequence[int]) -> str:
    """1, 2, 3, 7 → 「1〜3、7」"""
    parts: list[str] = []
    start = previous = numbers[0]
    for number in [*numbers[1:], None]:
        if number is not None and number == previous + 1:
            previous = number
            continue
        parts.append(str(start) if start == previous else f"{start}〜{previous}")
        if number is not None:
            start = previous = number
    return "、".join(parts)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
