"""What a file is, by its content, and whether an office archive is safe to open."""

from __future__ import annotations

import json
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from assistant.errors import FileUnreadable
from assistant.knowledge.files.encoding import decode
from assistant.knowledge.files.limits import Limits


class Format(StrEnum):
    """A format that can be read."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"
    BEIR = "jsonl"
    CSV = "csv"


READABLE = "PDF、Word（.docx）、Excel（.xlsx）、PowerPoint（.pptx）、HTML、Markdown、CSV、テキスト"
_OFFICE = {"word/": Format.DOCX, "xl/": Format.XLSX, "ppt/": Format.PPTX}
_LABEL = {
    Format.PDF: "PDF",
    Format.DOCX: "Word文書",
    Format.XLSX: "Excelブック",
    Format.PPTX: "PowerPoint資料",
    Format.HTML: "HTML",
    Format.MARKDOWN: "テキスト",
    Format.TEXT: "テキスト",
    Format.BEIR: "JSON Lines",
    Format.CSV: "表（CSV）",
}
_CLAIMS = {  # extension → formats that its content may rightly have
    ".pdf": {Format.PDF},
    ".docx": {Format.DOCX},
    ".docm": {Format.DOCX},
    ".xlsx": {Format.XLSX},
    ".xlsm": {Format.XLSX},
    ".pptx": {Format.PPTX},
    ".pptm": {Format.PPTX},
}
_BINARY = {Format.PDF, Format.DOCX, Format.XLSX, Format.PPTX}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"<(?:p|div|table|h[1-6]|ul|br)\b[^>]*>", re.I)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|\|.+\|\s*$|---\s*$)", re.M)


def find_format(path: Path, name: str, limits: Limits) -> tuple[Format, str | None]:
    """The format of the file and, where the extension says otherwise, a Japanese note.

    :raises FileUnreadable: empty, too large, of a format that is not read, or a text
        that calls itself an office file.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileUnreadable(
            name, "ファイルが空です（0バイト）。", "元のファイルを確かめて、もう一度お試しください。"
        )
    if size > limits.file_bytes:
        raise FileUnreadable(
            name,
            f"ファイルの大きさ（{size / 1024**2:.0f}MB）が上限（{limits.file_bytes / 1024**2:.0f}MB）を超えています。",
            "必要な部分だけのファイルに分けてください。",
        )
    with path.open("rb") as stream:
        head = stream.read(4096)
    found = _by_signature(path, name, head, limits) or _by_text(path, name)
    return found, _compare_extension(name, found)


def _by_signature(path: Path, name: str, head: bytes, limits: Limits) -> Format | None:
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith((b"PK\x05\x06", b"PK\x03\x04")):
        return check_archive(path, name, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        content = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FileUnreadable(
                name,
                "パスワードで保護されています。",
                "パスワードを外して保存し直してから、もう一度お試しください。",
            )
        raise FileUnreadable(
            name,
            "古い形式のファイル（.doc、.xls、.ppt など）です。",
            "新しい形式（.docx、.xlsx、.pptx）で保存し直してください。",
        )
    if head.startswith(b"{\\rtf"):
        raise FileUnreadable(
            name, "リッチテキスト（RTF）には対応していません。", "Word形式（.docx）で保存し直してください。"
        )
    if head.startswith(_IMAGES):
        raise FileUnreadable(
            name,
            "画像や音声などのファイルで、文字の情報がありません。",
            "文字認識（OCR）をかけたPDFなどにしてください。",
        )
    return None


def _by_text(path: Path, name: str) -> Format:
    content = path.read_bytes()
    text = decode(content, name)
    if not text.strip():
        raise FileUnreadable(
            name, "文字が一つもありません（空白だけです）。", "元のファイルを確かめてください。"
        )
    if _HTML.match(text) or len(_HTML_TAG.findall(text[:20_000])) >= 5:
        return Format.HTML
    if _is_beir(text):
        return Format.BEIR
    suffix = Path(name).suffix.lower()
    if suffix == ".jsonl":
        raise FileUnreadable(
            name,
            "1行目に _id と text がありません。",
            '各行を {"_id": "…", "title": "…", "text": "…"} の形にしてください。',
        )
    if suffix in (".csv", ".tsv"):
        return Format.CSV
    if suffix in (".md", ".markdown") or (suffix != ".txt" and _MARKDOWN.search(text)):
        return Format.MARKDOWN
    return Format.TEXT


def _is_beir(text: str) -> bool:
    first = text.lstrip().split("\n", 1)[0]
    if not first.startswith("{"):
        return False
    try:
        line = json.loads(first)
    except ValueError:
        return False
    return isinstance(line, dict) and "_id" in line and "text" in line


def _compare_extension(name: str, found: Format) -> str | None:
    suffix = Path(name).suffix.lower()
    claimed = _CLAIMS.get(suffix)
    if claimed is not None and found not in claimed:
        if found not in _BINARY:
            raise FileUnreadable(
                name,
                f"拡張子は「{suffix}」ですが、中身は{_LABEL[next(iter(claimed))]}ではありません"
                f"（{_LABEL[found]}のようです）。",
                "正しいファイルを選び直すか、拡張子を中身に合わせてください。",
            )
        return (
            f"拡張子は「{suffix}」ですが、中身は{_LABEL[found]}だったため、{_LABEL[found]}として読みました。"
        )
    if claimed is None and found in _BINARY and suffix:
        return (
            f"拡張子は「{suffix}」ですが、中身は{_LABEL[found]}だったため、{_LABEL[found]}として読みました。"
        )
    return None


def check_archive(path: Path, name: str, limits: Limits) -> Format:
    """Look at an office archive's table of contents before anything is unpacked.

    :raises FileUnreadable: broken, encrypted, not an office file, or so large when
        unpacked that it must be taken for an attack.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            name, "ファイルが壊れています（途中で切れているなど）。", "元のファイルを取り直してください。"
        ) from error
    if len(entries) > limits.archive_entries:
        raise FileUnreadable(name, f"中の部品が多すぎます（{len(entries):,}個）。")
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, path.stat().st_size)
    if unpacked > limits.archive_bytes:
        raise FileUnreadable(name, f"展開すると{unpacked / 1024**2:,.0f}MBになり、大きすぎます。")
    if unpacked > 1024**2 and unpacked / packed > limits.archive_ratio:
        raise FileUnreadable(name, f"圧縮率が異常です（展開すると{unpacked / packed:,.0f}倍）。")
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileUnreadable(
            name, "パスワードで保護されています。", "パスワードを外してから、もう一度お試しください。"
        )
    if "[Content_Types].xml" in names:
        for prefix, found in _OFFICE.items():
            if any(entry.startswith(prefix) for entry in names):
                return found
    raise FileUnreadable(
        name,
        "ZIPなどのまとめたファイルには対応していません。",
        f"中のファイル（{READABLE}）を一つずつお選びください。",
    )
