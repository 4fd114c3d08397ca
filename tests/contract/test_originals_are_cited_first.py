"""A publisher's own file, once fetched and indexed, is what a claim cites first."""

import hashlib
import json

from assistant.domain import Kind
from assistant.ingest import ingest
from assistant.service import Assistant

SENTENCE = "令和8年度の地域未来交付金では、提案・企画・立案のためのコンサルティング経費（申請書の作成支援など）は、交付の対象外とする。"


def test_the_original_is_cited_before_the_digest(settings, tmp_path):
    folder = tmp_path / "home" / "originals"
    folder.mkdir(parents=True)
    content = f"<html><title>x</title><body><h1>交付要綱</h1><p>{SENTENCE}</p></body></html>".encode()
    (folder / "S04.html").write_bytes(content)
    row = {
        "source_id": "S04", "url": "https://example.jp/a", "state": "fetched", "at": "2026-11-23T00:00:00+00:00",
        "file": "S04.html", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
        "final_url": "https://example.jp/a", "why": None,
    }
    (folder / "register.json").write_text(json.dumps({"S04": row}), encoding="utf-8")
    changed = settings.model_copy(update={"home": tmp_path / "home", "index": tmp_path / "index"})
    ingest(changed)
    assistant = Assistant.open(changed)
    answer = assistant.ask("地域未来交付金で申請書作成のコンサル費は対象になりますか", fiscal_year=2026)
    claim = next(c for c in answer.claims if "コンサルティング経費" in c.text)
    first, *rest = claim.citations
    assert (first.kind, first.document_id, first.quote) == (Kind.ORIGINAL, "original-S04", SENTENCE)
    assert first.sources[0].id == "S04" and rest
    assert assistant.original_file("original-S04") == folder / "S04.html"
