"""XML out of office archives, with hostile constructions refused."""

from __future__ import annotations

import zipfile
import zlib
from xml.etree import ElementTree

from assistant.errors import FileUnreadable
from assistant.knowledge.files.limits import Limits

_NO_MEMORY = 1  # expat's XML_ERROR_NO_MEMORY


def member(archive: zipfile.ZipFile, entry: str, limits: Limits) -> bytes:
    """Bytes of one entry, never more than ``limits.archive_bytes`` whatever its header says.

    :raises KeyError: no such entry.
    :raises zipfile.BadZipFile: broken or larger than it says.
    """
    try:
        with archive.open(entry) as stream:
            content = stream.read(limits.archive_bytes + 1)
    except (zlib.error, RuntimeError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    if len(content) > limits.archive_bytes:
        raise zipfile.BadZipFile("entry too large")
    return content


def parse_xml(content: bytes, name: str) -> ElementTree.Element:
    """Root element of ``content``.

    :raises FileUnreadable: not well-formed, or it declares entities (office programs never do).
    """
    if any(
        mark.encode(code) in content
        for mark in ("<!DOCTYPE", "<!ENTITY")
        for code in ("ascii", "utf-16-le", "utf-16-be")
    ):
        raise FileUnreadable(name, "通常の文書にはない、危険な記述（実体宣言）が含まれています。")
    try:
        return ElementTree.fromstring(content)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        if isinstance(error, ElementTree.ParseError) and error.code == _NO_MEMORY:
            raise MemoryError from error
        raise FileUnreadable(
            name, "ファイルの中身（XML）が壊れています。", "元のファイルを取り直してください。"
        ) from error
