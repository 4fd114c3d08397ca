"""Uploads: kept on this machine, per session, under names made from their content."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

from assistant.errors import FileUnreadable, StorageFailed
from assistant.settings import Settings

_SUFFIX_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def folder(settings: Settings, session_id: str) -> Path:
    """Where a session's uploads lie."""
    return settings.home / "uploads" / session_id


def keep(settings: Settings, session_id: str, name: str, content: bytes) -> Path:
    """Write an upload; the file's name is its hash, so nothing a person typed becomes a path."""
    if not content:
        raise FileUnreadable(
            name, "ファイルの中身が空です（0バイト）。", "ファイルを保存し直してからお試しください。"
        )
    if len(content) > settings.max_upload_bytes:
        raise FileUnreadable(
            name,
            f"ファイルが大きすぎます（{len(content) / 1024 / 1024:.0f}MB、上限は{settings.max_upload_bytes // 1024 // 1024}MB）。",
            "必要なページだけに分けてからお試しください。",
        )
    ending = name.rpartition(".")[2].lower() if "." in name else "bin"
    suffix = ending if 0 < len(ending) <= 5 and set(ending) <= _SUFFIX_LETTERS else "bin"
    place = folder(settings, session_id)
    path = place / f"{hashlib.sha256(content).hexdigest()[:32]}.{suffix}"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        path.chmod(0o600)
    except OSError as error:
        raise StorageFailed(
            f"「{name}」を保存できませんでした。",
            why=error.strerror or str(error),
            remedy="保存先の空き容量と書き込み権限をご確認ください。",
        ) from error
    return path


def remove(path: Path) -> None:
    """Delete an upload."""
    path.unlink(missing_ok=True)


def remove_old(settings: Settings) -> int:
    """Delete sessions' uploads older than ``upload_days``; returns how many folders went."""
    root = settings.home / "uploads"
    if not root.is_dir():
        return 0
    limit = time.time() - settings.upload_days * 86400
    gone = 0
    for place in root.iterdir():
        if place.is_dir() and place.stat().st_mtime < limit:
            shutil.rmtree(place, ignore_errors=True)
            gone += 1
    return gone
