"""The coverage report counts what is there and names what is missing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from assistant.domain import Document, Kind, Page, Source, Statement
from assistant.knowledge.corpus import Corpus
from assistant.knowledge.coverage import PREFECTURES, bare_sentences, corpus_coverage, coverage_rows
from assistant.knowledge.digests import Digest

TODAY = date(2026, 11, 23)


def source(
    source_id: str, level: str, *, published: str | None = None, checked: str = "2026-11-23"
) -> Source:
    return Source.model_validate(
        {
            "id": source_id,
            "title": "見本",
            "publisher": "ある市",
            "url": "https://example.jp/",
            "level": level,
            "checked": checked,
            "published": published,
        }
    )


def document(
    document_id: str, *statements: tuple[str, tuple[str, ...]], grant: str | None = None
) -> Document:
    text, spans = "", []
    for sentence, ids in statements:
        if ids:
            spans.append(Statement(start=len(text), end=len(text) + len(sentence), source_ids=ids))
        text += sentence + "\n"
    return Document(
        id=document_id,
        title=document_id,
        kind=Kind.GRANT if grant else Kind.POLICY,
        pages=(Page(number=1, text=text, statements=tuple(spans)),),
        source_ids=tuple(i for _, ids in statements for i in ids),
        fiscal_years=(2025, 2026),
        grant_id=grant,
    )


def corpus(directory: Path, *documents: Document, sources: tuple[Source, ...] = ()) -> Corpus:
    return Corpus(
        directory=directory,
        sources={s.id: s for s in sources},
        digests={d.id: Digest(d) for d in documents},
    )


def test_statements_count_by_their_most_trusted_source(tmp_path: Path) -> None:
    sources = (source("S01", "第三者"), source("S02", "公式"), source("S03", "自治体"))
    report = corpus_coverage(
        corpus(tmp_path, document("a", ("一。", ("S01", "S02")), ("二。", ("S01",))), sources=sources),
        today=TODAY,
    )
    assert report.statements == 2
    assert report.statements_by_level == {"公式": 1, "第三者": 1}
    assert report.statements_by_fiscal_year == {"2025": 2, "2026": 2}
    assert report.sources_unused == ("S03",)
    assert report.complete


def test_a_sentence_without_source_is_named(tmp_path: Path) -> None:
    bare = document("a", ("出典がある文です。", ("S01",)), ("出典がない文です。", ()))
    report = corpus_coverage(corpus(tmp_path, bare, sources=(source("S01", "公式"),)), today=TODAY)
    assert [(b.document_id, b.text) for b in report.statements_without_source] == [
        ("a", "出典がない文です。")
    ]
    assert not report.complete


def test_headings_need_no_source() -> None:
    page = Page(number=1, text="見出し\n本文です。", headings=((0, 1, "見出し"),))
    assert list(bare_sentences(Document(id="a", title="a", kind=Kind.POLICY, pages=(page,)))) == [
        "本文です。"
    ]


def test_a_source_is_old_after_a_year(tmp_path: Path) -> None:
    sources = (
        source("S01", "公式", published="2025-11-23"),
        source("S02", "公式", published="2025-11-22"),
        source("S03", "公式", published="令和5年度"),
        source("S04", "公式", checked="2025-01-01"),
    )
    report = corpus_coverage(corpus(tmp_path, sources=sources), today=TODAY)
    assert report.sources_published_over_a_year_ago == ("S02",)
    assert report.sources_to_check_again == ("S04",)
    assert report.sources_undated == ("S04",)


def test_grants_without_exclusions_schedule_or_digest_are_named(tmp_path: Path) -> None:
    (tmp_path / "grants").mkdir()
    full = "fiscal_year: 2026\nrules: [{id: a, group: exclusion}]\nschedule: [{id: c}]\nunknowns: [{about: 用地}]\n"
    (tmp_path / "grants" / "full-r8.yaml").write_text(full, encoding="utf-8")
    (tmp_path / "grants" / "thin-r7.yaml").write_text(
        "fiscal_year: 2025\nrules: [{id: a}]\n", encoding="utf-8"
    )
    told = document("full-r8", ("一。", ("S01",)), grant="full-r8")
    lost = document("gone-r6", ("一。", ("S01",)), grant="gone-r6")
    report = corpus_coverage(corpus(tmp_path, told, lost, sources=(source("S01", "公式"),)), today=TODAY)
    assert report.grants == 2
    assert report.grants_by_fiscal_year == {"2025": 1, "2026": 1}
    assert report.grants_without_exclusions == ("thin-r7",)
    assert report.grants_without_schedule == ("thin-r7",)
    assert report.grants_without_digest == ("thin-r7",)
    assert report.digests_without_grant == ("gone-r6",)
    assert report.unknowns_recorded == 1


def test_an_empty_corpus_names_every_prefecture(tmp_path: Path) -> None:
    report = corpus_coverage(corpus(tmp_path), today=TODAY)
    assert report.prefectures_without_case == PREFECTURES
    assert (len(PREFECTURES), PREFECTURES[12], PREFECTURES[46]) == (47, "東京都", "沖縄県")


def test_the_report_is_json(tmp_path: Path) -> None:
    report = json.loads(corpus_coverage(corpus(tmp_path), today=TODAY).model_dump_json())
    assert report["statements_without_source"] == []
    assert report["documents"] == 0


def test_people_read_the_report_as_labelled_lines(tmp_path: Path) -> None:
    bare = document("a", ("出典がない文です。", ()))
    rows = dict(coverage_rows(corpus_coverage(corpus(tmp_path, bare), today=TODAY)))
    assert rows["出典のない文"] == "1件（a「出典がない文です。」）"
    assert rows["使われていない出典"] == "なし"
    assert rows["事例のない都道府県"].startswith("47件（北海道、青森県")
