"""Fetching publishers' files, against a local server that is good, huge, slow, moved or of the wrong kind."""

import threading
import time
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Level, Source
from assistant.errors import FetchFailed
from assistant.knowledge.originals import (
    Fetcher,
    is_public,
    kept_originals,
    public_https_only,
    read_register,
    sync,
    wanted,
)

PDF = b"%PDF-1.4 one"


@contextmanager
def serving(pages):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            return

        def do_GET(self):
            answer = pages[urlsplit(self.path).path]
            status, headers, body = answer(self) if callable(answer) else answer
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in body if not isinstance(body, bytes) else (body,):
                    self.wfile.write(piece)
            except OSError:
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def only_the_test_server(url):
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1":
        raise FetchFailed("取得しません。", why=f"試験用のサーバーではありません: {url}")
    return "127.0.0.1"


def source(url, id="T1", **more):
    return Source(id=id, title="要綱", publisher="内閣府", url=url, level=Level.OFFICIAL, checked=date(2026, 11, 23), **more)


def fetch(url, folder, **options):
    fetcher = Fetcher(only_the_test_server, wait=lambda seconds: None, **options)
    return sync([source(url)], folder, fetcher)[0]


PAGE = (200, {"content-type": "application/pdf"}, PDF)


def test_a_good_file_is_kept_with_its_hash_and_not_written_again(tmp_path):
    with serving({"/a.pdf": PAGE}) as base:
        first, second = fetch(f"{base}/a.pdf", tmp_path), fetch(f"{base}/a.pdf", tmp_path)
    assert (first.state, second.state) == ("fetched", "unchanged")
    assert [(row.source_id, path.read_bytes()) for row, path in kept_originals(tmp_path)] == [("T1", PDF)]


def test_a_changed_file_is_fetched_again_and_a_harmed_one_is_not_used(tmp_path):
    pages = {"/a.pdf": PAGE}
    with serving(pages) as base:
        fetch(f"{base}/a.pdf", tmp_path)
        pages["/a.pdf"] = (200, {"content-type": "application/pdf"}, PDF + b" two")
        assert fetch(f"{base}/a.pdf", tmp_path).state == "fetched"
    assert next(kept_originals(tmp_path))[1].read_bytes() == PDF + b" two"
    (tmp_path / "T1.pdf").write_bytes(b"%PDF harmed")
    assert list(kept_originals(tmp_path)) == []


def test_a_moved_file_is_followed_and_said(tmp_path):
    with serving({"/a.pdf": (301, {"location": "/b.pdf"}, b""), "/b.pdf": PAGE}) as base:
        row = fetch(f"{base}/a.pdf", tmp_path)
    assert (row.state, row.final_url) == ("moved", f"{base}/b.pdf")


@pytest.mark.parametrize("target", ["http://10.0.0.1/x.pdf", "http://localhost/x.pdf", "file:///etc/passwd", "ftp://a/b"])
def test_a_redirect_out_of_bounds_is_not_followed(tmp_path, target):
    with serving({"/a.pdf": (302, {"location": target}, b"")}) as base:
        assert fetch(f"{base}/a.pdf", tmp_path).state == "failed"
    assert list(kept_originals(tmp_path)) == []


def test_a_redirect_in_a_circle_ends(tmp_path):
    with serving({"/a.pdf": (302, {"location": "/a.pdf"}, b"")}) as base:
        assert "転送が多すぎます" in fetch(f"{base}/a.pdf", tmp_path).why


def test_a_file_that_is_gone_keeps_the_old_one(tmp_path):
    pages = {"/a.pdf": PAGE}
    with serving(pages) as base:
        fetch(f"{base}/a.pdf", tmp_path)
        pages["/a.pdf"] = (404, {}, b"")
        row = fetch(f"{base}/a.pdf", tmp_path)
    assert row.state == "gone" and "404" in row.why
    assert len(list(kept_originals(tmp_path))) == 1


def test_a_huge_file_is_cut_off(tmp_path):
    with serving({"/a.pdf": (200, {"content-type": "application/pdf"}, (b"%PDF" + b"x" * 65536 for _ in range(200)))}) as base:
        row = fetch(f"{base}/a.pdf", tmp_path, most_bytes=1024 * 1024)
    assert row.state == "failed" and "大きすぎます" in row.why


def test_a_slow_file_is_given_up(tmp_path):
    def slow(handler):
        time.sleep(1.5)
        return PAGE

    with serving({"/a.pdf": slow}) as base:
        row = fetch(f"{base}/a.pdf", tmp_path, seconds=0.3, retries=0)
    assert row.state == "failed" and "終わりませんでした" in row.why


def test_a_passing_fault_is_tried_again(tmp_path):
    answers = [(503, {}, b""), PAGE]
    with serving({"/a.pdf": lambda handler: answers.pop(0)}) as base:
        assert fetch(f"{base}/a.pdf", tmp_path).state == "fetched"


@pytest.mark.parametrize(
    ("kind", "body"), [("application/x-msdownload", b"MZ"), ("application/pdf", b"<html>login</html>"), ("", b"?")]
)
def test_a_file_of_the_wrong_kind_is_refused(tmp_path, kind, body):
    with serving({"/a.pdf": (200, {"content-type": kind}, body)}) as base:
        row = fetch(f"{base}/a.pdf", tmp_path)
    assert row.state == "failed" and "扱えない種類" in row.why


def test_one_failure_does_not_stop_the_rest(tmp_path):
    with serving({"/a.pdf": (500, {}, b""), "/b.pdf": PAGE}) as base:
        rows = sync(
            [source(f"{base}/a.pdf", "A"), source(f"{base}/b.pdf", "B")],
            tmp_path,
            Fetcher(only_the_test_server, retries=0),
        )
    assert [row.state for row in rows] == ["failed", "fetched"]
    assert set(read_register(tmp_path)) == {"A", "B"}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.pdf",
        "https://127.0.0.1/a.pdf",
        "https://[::1]/a.pdf",
        "https://2130706433/a.pdf",
        "https://0x7f000001/a.pdf",
        "https://localhost/a.pdf",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://user:pw@example.com/",
        "https://8.8.8.8:8443/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https:///nohost",
    ],
)
def test_only_public_https_is_opened(url):
    with pytest.raises(FetchFailed):
        public_https_only(url)


def test_public_addresses_are_told_from_others():
    assert is_public("8.8.8.8") and is_public("2001:4860:4860::8888")
    for private in ("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.1.1", "100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:192.168.0.1", "2002:c0a8:0101::1"):
        assert not is_public(private), private


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16"))
def test_no_private_address_is_public_in_either_notation(address):
    assert not is_public(str(address)) and not is_public(f"::ffff:{address}")


def test_without_names_only_registered_files_are_wanted():
    sources = {s.id: s for s in (source("https://a/x.html", "A"), source("https://a/x.pdf", "B"), source("https://a/", "C", file_url="https://a/f"))}
    assert [s.id for s in wanted(sources)] == ["B", "C"]
    assert [s.id for s in wanted(sources, ["A"])] == ["A"]
