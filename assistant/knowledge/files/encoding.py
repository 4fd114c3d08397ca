"""Bytes → Japanese text: strict decoding, then the most plausible result."""

from __future__ import annotations

import codecs
import re

from assistant.errors import FileUnreadable
from assistant.knowledge.files.fidelity import is_foreign, is_hole

_COMMON = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fffー々、。！-～]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_SAMPLE = 20_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNKNOWN = "文字コードを判別できないか、文書ではないファイルです。"
_REMEDY = "UTF-8で保存し直すか、PDF・Word・Excel・PowerPointなどのファイルをお試しください。"


def decode(content: bytes, name: str, declared: str | None = None) -> str:
    """Text of ``content``; ``declared`` (an HTML charset) is tried first.

    :raises FileUnreadable: no Japanese encoding fits, or the bytes are not a text.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text = _strict(content, encoding)
            if text is not None and _sound(text):
                return text
            raise FileUnreadable(name, _UNKNOWN, _REMEDY)
    candidates: list[str] = []
    if declared:
        candidates.append(declared)
    if b"\x1b$" in content or b"\x1b(" in content:
        candidates.append("iso2022_jp_ext")
    if b"\0" in content:
        candidates = ["utf-16-le", "utf-16-be"]
    else:
        candidates += ["utf-8", "cp932", "euc_jis_2004", "euc_jp"]
    best: tuple[float, str] | None = None
    for encoding in candidates:
        text = _strict(content, encoding)
        if text is None:
            continue
        score = _score(text)
        if encoding in (declared, "utf-8", "iso2022_jp_ext") and _sound(text):
            return text  # these fit by accident practically never
        if best is None or score > best[0]:
            best = (score, text)
    if best is None or not _plausible(best[1]):
        raise FileUnreadable(name, _UNKNOWN, _REMEDY)
    return best[1]


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _score(text: str) -> float:
    sample = "".join(text[:_SAMPLE].split())
    if not sample:
        return 0.0
    n = len(sample)
    common = len(_COMMON.findall(sample)) + sum(1 for c in sample if c.isascii())
    half = len(_HALF_KANA.findall(sample))
    return (common - 2.0 * half - 3.0 * sum(1 for c in sample if is_foreign(c))) / n


def _sound(text: str) -> bool:
    """No binary data: hardly a control character or unassigned code point in it (any language)."""
    compact = "".join(text[:_SAMPLE].split())
    return "\0" not in compact and sum(map(is_hole, compact)) <= 0.05 * len(compact)


def _plausible(text: str) -> bool:
    """Sound, and hardly a character that Japanese text does not hold: for guessed encodings."""
    compact = "".join(text[:_SAMPLE].split())
    return _sound(text) and sum(map(is_foreign, compact)) <= 0.1 * len(compact)
