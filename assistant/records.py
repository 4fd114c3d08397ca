"""What is remembered: questions and answers, feedback, uploads. SQLite in WAL, append-only.

Each row carries the hash of the row before it, so that an edited, deleted or reordered
row is found (``verify``).  One writer at a time; readers never wait.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import StorageFailed

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    session TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS events_by_kind ON events (kind, session, id);
"""
_GENESIS = "0" * 64


def _hash(at: str, kind: str, session: str, body: str, previous: str) -> str:
    return hashlib.sha256("\x1f".join((at, kind, session, body, previous)).encode()).hexdigest()


class Records:
    """An append-only log of events in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._connect() as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> StorageFailed:
        return StorageFailed(
            "記録を保存できませんでした。",
            why=f"{self.path}: {error}",
            remedy="保存先の空き容量と書き込み権限をご確認ください（環境変数 ASSISTANT_HOME で変更できます）。",
        )

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            yield connection
        finally:
            connection.close()

    def append(self, kind: str, body: Mapping[str, Any], *, session: str = "") -> int:
        """Write one event; returns its id once it is on disk."""
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        try:
            with self._connect() as connection:
                connection.execute("BEGIN IMMEDIATE")
                row = connection.execute("SELECT hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
                previous = row[0] if row else _GENESIS
                cursor = connection.execute(
                    "INSERT INTO events (at, kind, session, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)",
                    (at, kind, session, text, previous, _hash(at, kind, session, text, previous)),
                )
                connection.execute("COMMIT")
                return int(cursor.lastrowid or 0)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def read(self, kind: str, *, session: str | None = None, limit: int = 1000) -> list[dict[str, Any]]:
        """The latest events of a kind, oldest first; each is its body with ``id`` and ``at``."""
        query = "SELECT id, at, body FROM events WHERE kind = ?"
        values: list[object] = [kind]
        if session is not None:
            query += " AND session = ?"
            values.append(session)
        try:
            with self._connect() as connection:
                rows = connection.execute(f"{query} ORDER BY id DESC LIMIT ?", (*values, limit)).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return [{"id": i, "at": at, **json.loads(body)} for i, at, body in reversed(rows)]

    def verify(self) -> int | None:
        """The id of the first row that was tampered with, or None when the chain is whole."""
        previous = _GENESIS
        with self._connect() as connection:
            for i, at, kind, session, body, linked, digest in connection.execute(
                "SELECT id, at, kind, session, body, previous, hash FROM events ORDER BY id"
            ):
                if linked != previous or digest != _hash(at, kind, session, body, linked):
                    return int(i)
                previous = digest
        return None
