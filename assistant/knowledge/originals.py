"""Publishers' own files: fetched only when asked, kept beside their register, indexed as originals.

A fetch opens connections to public addresses over https alone; every redirect is held against the
same rule, and the address that was checked is the one that is connected to, so that a name cannot
point elsewhere a moment later.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from assistant.domain import Source
from assistant.errors import FetchFailed, StorageFailed

MOST_BYTES = 50 * 1024 * 1024
SECONDS = 30.0
RETRIES = 2
_REDIRECTS = 5
_SUFFIX_BY_TYPE = {
    "application/pdf": ".pdf",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}

Policy = Callable[[str], str]


@dataclass(frozen=True)
class Original:
    """One row of the register: what was fetched when, or why it was not."""

    source_id: str
    url: str
    state: str  # "fetched" | "unchanged" | "moved" | "gone" | "failed"
    at: str
    file: str | None = None
    sha256: str | None = None
    size: int = 0
    final_url: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Fetcher:
    """How to fetch. ``policy`` returns the IP address to connect to, or raises ``FetchFailed``."""

    policy: Policy
    most_bytes: int = MOST_BYTES
    seconds: float = SECONDS
    retries: int = RETRIES
    wait: Callable[[float], None] = field(default=time.sleep)


def public_https_only(url: str) -> str:
    """The address to connect to for ``url``; raises ``FetchFailed`` for anything but public https.

    All addresses of a name must be public: one private address among them is how a name is made to
    point into the network of whoever fetches.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise _refused(url, "https の公開アドレスではありません。")
    if parts.port not in (None, 443):
        raise _refused(url, f"ポート {parts.port} は使えません。")
    try:
        found = socket.getaddrinfo(parts.hostname, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise FetchFailed(
            f"「{parts.hostname}」が見つかりません。",
            why="名前を解決できませんでした。",
            remedy="ネットワークにつながる端末で実行しているかをご確認ください。",
        ) from error
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        if not is_public(address):
            raise _refused(url, f"公開されていないアドレス（{address}）を指しています。")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return inner.is_global
    return ip.is_global and not ip.is_multicast


def _refused(url: str, why: str) -> FetchFailed:
    return FetchFailed(
        f"「{url}」は取得しません。", why=why, remedy="出典の登録（sources.yaml）のURLをご確認ください。"
    )


def wanted(sources: Mapping[str, Source], ids: Sequence[str] = ()) -> list[Source]:
    """The sources to fetch: those named, else those whose publisher's file is registered."""
    if ids:
        return [sources[i] for i in ids]
    return [s for s in sources.values() if s.file_url or urlsplit(s.url).path.lower().endswith(".pdf")]


def sync(
    sources: Sequence[Source],
    folder: Path,
    fetcher: Fetcher,
    *,
    tell: Callable[[Original], None] = lambda row: None,
) -> list[Original]:
    """Fetch each source's file into ``folder``; one that fails never stops the rest."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(
            "原本の保存先を作れませんでした。",
            why=str(error),
            remedy="空き容量と書き込み権限をご確認ください。",
        ) from error
    register = read_register(folder)
    rows = []
    for source in sources:
        row = _fetch_one(source, folder, register.get(source.id), fetcher)
        register[source.id] = row
        _write(
            folder / "register.json",
            json.dumps({k: asdict(v) for k, v in register.items()}, ensure_ascii=False, indent=1).encode(),
        )
        tell(row)
        rows.append(row)
    return rows


def read_register(folder: Path) -> dict[str, Original]:
    """What ``folder`` holds, by source id; a damaged register is an empty one (the files are fetched again)."""
    try:
        rows = json.loads((folder / "register.json").read_text(encoding="utf-8"))
        return {name: Original(**row) for name, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def kept_originals(folder: Path) -> Iterator[tuple[Original, Path]]:
    """Originals whose file is there and unharmed."""
    for row in read_register(folder).values():
        if row.file is None or row.sha256 is None or Path(row.file).name != row.file:
            continue
        path = folder / row.file
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256:
            yield row, path


def _fetch_one(source: Source, folder: Path, earlier: Original | None, fetcher: Fetcher) -> Original:
    url = source.file_url or source.url
    now = datetime.now(UTC).isoformat(timespec="seconds")
    # What was fetched before stays usable, whatever happens now.
    before = (
        replace(earlier, url=url, at=now, why=None) if earlier else Original(source.id, url, "failed", now)
    )
    try:
        status, final, kind, content = _download(url, fetcher)
    except FetchFailed as error:
        return replace(before, state="failed", why=error.why or error.what)
    if status in (404, 410):
        return replace(before, state="gone", final_url=final, why=f"公開元にありません（{status}）。")
    if status != 200:
        return replace(before, state="failed", final_url=final, why=f"公開元が応じませんでした（{status}）。")
    suffix = _suffix(kind, content)
    if suffix is None:
        why = f"扱えない種類のファイルです（{kind or '不明'}）。"
        return replace(before, state="failed", final_url=final, why=why)
    digest = hashlib.sha256(content).hexdigest()
    moved = urlsplit(final)[:3] != urlsplit(url)[:3]
    name = f"{source.id}{suffix}"
    if before.sha256 == digest and before.file == name and (folder / name).is_file():
        state = "unchanged"
    else:
        _write(folder / name, content)
        state = "fetched"
    return Original(source.id, url, "moved" if moved else state, now, name, digest, len(content), final)


def _suffix(kind: str, content: bytes) -> str | None:
    if content[:1024].lstrip().startswith(b"%PDF"):
        return ".pdf"
    suffix = _SUFFIX_BY_TYPE.get(kind)
    return None if suffix == ".pdf" else suffix  # called a PDF, but is none


def _download(url: str, fetcher: Fetcher) -> tuple[int, str, str, bytes]:
    """Status, final address, media type and content, with retries for passing faults."""
    failure: FetchFailed | None = None
    for attempt in range(fetcher.retries + 1):
        if attempt:
            fetcher.wait(2.0**attempt)
        try:
            status, final, kind, content = _follow(url, fetcher)
        except httpx.TimeoutException:
            failure = FetchFailed(
                "取得できませんでした。", why=f"{fetcher.seconds:.0f}秒以内に終わりませんでした。"
            )
        except httpx.HTTPError as error:
            failure = FetchFailed(
                "取得できませんでした。", why=f"通信に失敗しました（{type(error).__name__}）。"
            )
        else:
            if status in (429, 500, 502, 503, 504) and attempt < fetcher.retries:
                continue
            return status, final, kind, content
    raise failure or FetchFailed("取得できませんでした。")


def _follow(url: str, fetcher: Fetcher) -> tuple[int, str, str, bytes]:
    deadline = time.monotonic() + fetcher.seconds
    with httpx.Client(timeout=fetcher.seconds, follow_redirects=False, trust_env=False) as client:
        for _ in range(_REDIRECTS + 1):
            address = fetcher.policy(url)
            parts = urlsplit(url)
            host = parts.hostname or ""
            pinned = httpx.URL(url).copy_with(host=address)
            port = f":{parts.port}" if parts.port else ""
            request = client.build_request(
                "GET",
                pinned,
                headers={"Host": f"{host}{port}", "User-Agent": "chihou-assistant (+sync)", "Accept": "*/*"},
                extensions={"sni_hostname": host},
            )
            response = client.send(request, stream=True)
            try:
                if response.is_redirect:
                    url = urljoin(url, response.headers.get("location", ""))
                    continue
                kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return response.status_code, url, kind, _read(response, fetcher, deadline)
            finally:
                response.close()
    raise FetchFailed("取得できませんでした。", why="転送が多すぎます。")


def _read(response: httpx.Response, fetcher: Fetcher, deadline: float) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > fetcher.most_bytes:
            raise FetchFailed(
                "取得をやめました。", why=f"大きすぎます（上限 {fetcher.most_bytes // 1024 // 1024}MB）。"
            )
        if time.monotonic() > deadline:
            raise FetchFailed("取得をやめました。", why=f"{fetcher.seconds:.0f}秒以内に終わりませんでした。")
    return bytes(content)


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageFailed(
            f"「{path.name}」を保存できませんでした。",
            why=error.strerror or str(error),
            remedy="空き容量と書き込み権限をご確認ください。",
        ) from error
