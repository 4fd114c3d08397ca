"""下書き in a real browser: from the upload to the Word file; closing the page starts the clock of its upload."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.export.drafts import lacking

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore"),  # the driver's own
]
WAIT = 60_000


@pytest.fixture
def uploads(server, tmp_path_factory) -> Path:
    """Where the served app keeps uploads."""
    (home,) = tmp_path_factory.getbasetemp().glob("served[0-9]*")
    return home / "uploads"


def test_a_draft_is_made_and_the_upload_ages_from_the_end_of_the_page(
    chromium, server, uploads, strategy_pdf, tmp_path
):
    context = chromium.new_context(locale="ja-JP", accept_downloads=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    outside = []
    own = (server, server.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))
    page.goto(f"{server}/review")
    expect(page.get_by_text("画面を閉じてから1日で自動で消します")).to_be_visible(timeout=WAIT)
    before = set(uploads.rglob("*.pdf"))
    page.set_input_files("input[type=file]", str(strategy_pdf))
    expect(page.get_by_text("総合戦略.pdf").first).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="点検する").click()
    page.get_by_role("tab", name="下書き").click(timeout=WAIT)
    expect(page.get_by_text("【要記入：総合戦略の名称と決定年月】", exact=True)).to_be_visible(timeout=WAIT)
    with page.expect_download() as download:
        page.get_by_role("button", name="下書きをWordで保存").click()
    file = tmp_path / "draft.docx"
    download.value.save_as(file)
    assert lacking(file.read_bytes()) == []
    assert outside == []

    (path,) = set(uploads.rglob("*.pdf")) - before
    written = path.parent.stat().st_mtime_ns
    context.close()
    for _ in range(300):
        if path.parent.stat().st_mtime_ns > written:
            break
        time.sleep(0.1)
    assert path.is_file() and path.parent.stat().st_mtime_ns > written, "the session's end is noted"
