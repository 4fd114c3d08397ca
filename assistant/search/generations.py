"""Generations of an index on disk: built beside, published by one rename, pinned by readers.

::

    index/
      CURRENT                     "<generation> <sha256 of its manifest.json>"
      build.lock                  one builder at a time
      generations/<generation>/   files, and manifest.json with size and sha256 of each
      generations/.building-…     a build under way, or what a killed one left

The order of writing is: files, fsync; manifest, fsync; rename of the folder, fsync of its
parent; ``CURRENT`` by ``os.replace``.  Whatever moment a build is killed at, ``CURRENT``
names a whole generation.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from assistant.errors import IndexUnusable, StorageFailed

if sys.platform != "win32":
    import fcntl
else:  # pragma: no cover - Windows refuses to rename open files, which does the same
    fcntl = None

Manifest = dict[str, Any]
Checkpoint = Callable[[str], None]

CURRENT, MANIFEST, FOLDER, LOCK = "CURRENT", "manifest.json", "generations", "build.lock"
VERIFY_AT_OPEN_BYTES = 768 * 1024 * 1024
_AT_ONCE = 4  # files
REBUILD = "「assistant index build」で索引を作り直してください。"


def nothing(_: str) -> None:
    """The checkpoint of a build that nobody watches."""


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    flags = os.O_RDONLY
    try:
        handle = os.open(path, flags)
    except OSError:  # folders cannot be opened on Windows
        return
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _sync_and_enter(path: Path) -> dict[str, Any] | None:
    _sync(path)
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)} if path.is_file() else None


def share(source: Path, target: Path) -> None:
    """Take a file that is never written again into another folder, without copying where the disk can."""
    try:
        os.link(source, target)
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
        _sync(target)


def _try_lock(file: IO[bytes], *, shared: bool) -> bool:
    if fcntl is None:  # pragma: no cover
        return True
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def building(directory: Path) -> Iterator[Path]:
    """A fresh folder to build in; leftovers are cleaned before, and the folder itself on failure."""
    try:
        (directory / FOLDER).mkdir(parents=True, exist_ok=True)
        lock = (directory / LOCK).open("ab")
    except OSError as error:
        raise StorageFailed(
            "索引の保存先に書き込めませんでした。",
            why=str(error),
            remedy="保存先の権限と空き容量を確認してください。",
        ) from error
    with lock:
        if not _try_lock(lock, shared=False):
            raise StorageFailed(
                "索引は別の処理が作成中です。", remedy="その処理の終了を待ってから、もう一度お試しください。"
            )
        _clean(directory)
        work = directory / FOLDER / f".building-{uuid4().hex[:12]}"
        try:
            work.mkdir()
            yield work
        except OSError as error:
            raise StorageFailed(
                "索引を保存できませんでした。",
                why=str(error),
                remedy="ディスクの空き容量と権限を確認してください。",
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)


def publish(
    directory: Path,
    work: Path,
    manifest: Manifest,
    checkpoint: Checkpoint = nothing,
    *,
    known: Mapping[str, dict[str, Any]] | None = None,
) -> str:
    """Make the files in ``work`` the current generation; returns its name.

    ``known``: entries of files taken over from the generation before, which were checked when it was opened.
    """
    files = dict(known or {})
    new = [path for path in sorted(work.rglob("*")) if path.relative_to(work).as_posix() not in files]
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # the disk takes several together in the time of one
        for path, entry in zip(new, pool.map(_sync_and_enter, new), strict=True):
            if entry is not None:
                files[path.relative_to(work).as_posix()] = entry
    checkpoint("files-synced")
    text = json.dumps({**manifest, "files": files}, ensure_ascii=False, indent=1, sort_keys=True)
    (work / MANIFEST).write_text(text, encoding="utf-8")
    _sync(work / MANIFEST)
    _sync(work)
    checkpoint("manifest-written")
    digest = sha256_of(work / MANIFEST)
    name = f"{digest[:12]}-{uuid4().hex[:6]}"
    work.rename(directory / FOLDER / name)
    _sync(directory / FOLDER)
    checkpoint("folder-renamed")
    pointer = directory / f".{CURRENT}-{uuid4().hex[:6]}"
    pointer.write_text(f"{name} {digest}\n", encoding="ascii")
    _sync(pointer)
    checkpoint("pointer-written")
    pointer.replace(directory / CURRENT)
    _sync(directory)
    checkpoint("published")
    _clean(directory)
    checkpoint("cleaned")
    return name


def _clean(directory: Path) -> None:
    """Remove what killed builds left, and generations that are neither current nor pinned."""
    for pointer in directory.glob(f".{CURRENT}-*"):
        pointer.unlink(missing_ok=True)
    try:
        current = _pointer(directory)[0]
    except IndexUnusable:
        current = ""
    for path in (directory / FOLDER).iterdir():
        if path.name == current or not path.is_dir():
            continue
        if not path.name.startswith("."):
            if not current:  # the pointer is damaged: keep what a person may still rescue
                continue
            with contextlib.suppress(OSError), (path / MANIFEST).open("rb") as file:
                if not _try_lock(file, shared=False):
                    continue
            trash = path.with_name(f".trash-{path.name}")
            try:
                path.rename(trash)
            except OSError:  # open on Windows: the next build tries again
                continue
            path = trash
        shutil.rmtree(path, ignore_errors=True)


def _pointer(directory: Path) -> tuple[str, str]:
    path = directory / CURRENT
    try:
        parts = path.read_text(encoding="ascii").split()
    except FileNotFoundError as error:
        raise IndexUnusable(
            "検索用の索引がまだありません。", why=f"{path} がありません", remedy=REBUILD
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable("検索用の索引を開けません。", why=f"{path}: {error}", remedy=REBUILD) from error
    if len(parts) != 2 or Path(parts[0]).name != parts[0] or len(parts[1]) != 64:
        raise IndexUnusable("検索用の索引が壊れています。", why=f"{path} の内容が不正です", remedy=REBUILD)
    return parts[0], parts[1]


class Pin:
    """A generation held by a reader: its files stay until the pin is let go."""

    def __init__(self, path: Path, manifest: Manifest, file: IO[bytes]) -> None:
        self.path, self.manifest, self._file = path, manifest, file

    def close(self) -> None:
        """Let the generation go."""
        self._file.close()

    def __del__(self) -> None:
        self._file.close()


def pin(directory: Path) -> Pin:
    """Pin the current generation and read its manifest (whose checksum ``CURRENT`` holds)."""
    for _ in range(5):
        name, digest = _pointer(directory)
        path = directory / FOLDER / name
        try:
            file = (path / MANIFEST).open("rb")
        except OSError as error:
            if _pointer(directory)[0] != name:
                continue  # a build published while we looked
            raise IndexUnusable(
                "検索用の索引が壊れています。", why=f"{path / MANIFEST} を読めません", remedy=REBUILD
            ) from error
        pinned = _try_lock(file, shared=True)
        content = file.read()
        if not pinned or not path.exists():
            file.close()
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            file.close()
            raise IndexUnusable(
                "検索用の索引が壊れています。", why=f"{path / MANIFEST} の照合値が合いません", remedy=REBUILD
            )
        return Pin(path, json.loads(content), file)
    raise IndexUnusable(
        "検索用の索引を開けません。", why="索引の更新が続いています", remedy="少し待ってください。"
    )


def find_damage(path: Path, manifest: Manifest, *, up_to_bytes: int | None = None) -> list[str]:
    """What differs from the manifest, as Japanese sentences; sizes always, contents smallest first.

    Contents are read until ``up_to_bytes`` bytes (None: all of them).
    """
    expected: dict[str, dict[str, Any]] = manifest.get("files", {})
    jobs, left = [], up_to_bytes
    for name, entry in sorted(expected.items(), key=lambda item: int(item[1]["bytes"])):
        if left is not None:
            left -= int(entry["bytes"])
        jobs.append((path / name, name, entry, left is None or left >= 0))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [problem for problem in pool.map(lambda job: _damage_of(*job), jobs) if problem]


def _damage_of(file: Path, name: str, entry: dict[str, Any], contents: bool) -> str:
    try:
        size = file.stat().st_size
        if size != entry["bytes"]:
            return f"{name} の大きさが違います（{entry['bytes']:,}バイトのはずが{size:,}バイト）"
        if contents and sha256_of(file) != entry["sha256"]:
            return f"{name} の照合値が合いません"
    except OSError:
        return f"{name} がありません"
    return ""
