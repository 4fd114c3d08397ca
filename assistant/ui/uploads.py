"""Uploads: kept on this machine, per session, under names made from their content, and not for ever."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from assistant.errors import FileUnreadable, StorageFailed
from assistant.settings import Settings

_SUFFIX_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DAY: Final = 86_400  # seconds
_GRACE: Final = 300  # seconds in which a page that lost its connection may come back
_EVERY: Final = 600  # seconds between two looks for old uploads


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


# ── how long they stay ───────────────────────────────────────────────────────


class Stay:
    """One session being here: from its first page until it is gone, nothing of it is old."""

    _here: Final[set[str]] = set()
    _lock: Final = threading.Lock()

    def __init__(self, settings: Settings, session_id: str) -> None:
        self._folder, self._session_id = folder(settings, session_id), session_id
        with self._lock:
            self._here.add(session_id)

    def end(self) -> None:
        """The session is gone; the age of its uploads counts from now."""
        with self._lock:
            self._here.discard(self._session_id)
        if self._folder.is_dir():
            os.utime(self._folder)

    @classmethod
    def here(cls) -> frozenset[str]:
        """Ids of the sessions that are here."""
        with cls._lock:
            return frozenset(cls._here)


def remove_old(settings: Settings, here: Iterable[str] = ()) -> int:
    """Delete uploads of sessions that are gone for more than ``upload_days``; returns how many sessions'.

    A session in ``here`` keeps everything. The age is that of the newest file, or of the session's end.
    """
    root = settings.home / "uploads"
    if not root.is_dir():
        return 0
    staying = frozenset(here)
    limit = time.time() - max(settings.upload_days * _DAY, _GRACE)
    gone = 0
    for place in root.iterdir():
        if place.name in staying or not place.is_dir() or place.is_symlink() or _touched(place) >= limit:
            continue
        shutil.rmtree(place, ignore_errors=True)
        gone += not place.exists()
    return gone


def _touched(place: Path) -> float:
    times = []
    for path in (place, *place.rglob("*")):
        try:
            times.append(path.lstat().st_mtime)
        except OSError:  # it went while we looked
            continue
    return max(times, default=time.time())


async def keep_removing(settings: Settings, every_seconds: float = _EVERY) -> None:
    """Delete old uploads now and again and again, until cancelled."""
    while True:
        await asyncio.to_thread(lambda: remove_old(settings, Stay.here()))
        await asyncio.sleep(every_seconds)


def how_long(settings: Settings) -> str:
    """What a person is told of it."""
    hours = settings.upload_days * 24
    if hours <= 0:
        minutes = (_GRACE + _EVERY) // 60
        return f"添付した文書はこの機械の中だけに置き、画面を閉じてから{minutes}分以内に自動で消します。"
    term = f"{settings.upload_days:g}日" if hours >= 24 else f"{hours:.2g}時間"
    return f"添付した文書はこの機械の中だけに置き、画面を閉じてから{term}で自動で消します。"
