"""The corpus is loaded and checked as a whole; all its mistakes are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.domain import Kind
from assistant.errors import CorpusInvalid
from assistant.knowledge.corpus import check_corpus, load_corpus, used_source_ids
from assistant.knowledge.digests import document_digest

SOURCES = """\
P01:
  title: 基本構想
  publisher: 内閣官房
  url: https://example.go.jp/p01
  level: 公式
  checked: 2026-11-23
S01:
  title: 交付金の案内
  publisher: ある市
  url: https://example.lg.jp/s01
  level: 自治体
  checked: 2026-11-23
"""

POLICY = """\
---
title: 基本構想
fiscal_years: [2025]
aliases: [地方創生2.0]
---
# 基本構想
基本構想は2025年に決まりました。[P01]
"""

GRANT = """\
---
title: 交付金（令和8年度）
fiscal_years: [2026]
grant: koufukin-r8
aliases: [交付金, 地方創生2.0]
---
令和8年度の交付金の補助率は1/2です。[S01]
"""


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    for room in ("policy", "grants", "cases"):
        (tmp_path / room).mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "themes.yaml").write_text("移住定住: [移住]\n", encoding="utf-8")
    (tmp_path / "policy" / "kousou.md").write_text(POLICY, encoding="utf-8")
    (tmp_path / "grants" / "koufukin-r8.md").write_text(GRANT, encoding="utf-8")
    return tmp_path


def problems_of(directory: Path, *, strict: bool = False) -> tuple[str, ...]:
    with pytest.raises(CorpusInvalid) as caught:
        load_corpus(directory, strict=strict)
    return caught.value.problems


def test_a_sound_corpus_is_read_whole(corpus_dir: Path) -> None:
    corpus = load_corpus(corpus_dir, strict=True)
    documents = list(corpus.documents())
    assert [(d.id, d.kind) for d in documents] == [("kousou", Kind.POLICY), ("koufukin-r8", Kind.GRANT)]
    assert documents[1].grant_id == "koufukin-r8"
    assert documents[1].fiscal_years == (2026,)
    assert documents[0].path == "corpus/policy/kousou.md"


def test_a_corpus_may_hold_nothing_but_a_register(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    corpus = load_corpus(tmp_path)
    assert (len(corpus.sources), list(corpus.documents()), corpus.targets) == (2, [], ())


def test_a_name_leads_to_every_document_that_bears_it(corpus_dir: Path) -> None:
    aliases = load_corpus(corpus_dir).aliases
    assert aliases["地方創生2.0"] == ("kousou", "koufukin-r8")
    assert aliases["交付金"] == ("koufukin-r8",)


def test_all_mistakes_of_all_files_come_at_once_with_file_and_line(corpus_dir: Path) -> None:
    (corpus_dir / "policy" / "kousou.md").write_text(POLICY + "出典のない文です。\n", encoding="utf-8")
    (corpus_dir / "grants" / "koufukin-r8.md").write_text(GRANT.replace("[S01]", "[S99]"), encoding="utf-8")
    problems = problems_of(corpus_dir)
    assert len(problems) == 2
    assert problems[0].startswith("policy/kousou.md:8: 出典のない文です")
    assert problems[1] == "grants/koufukin-r8.md:7: 出典 S99 は sources.yaml にありません"


def test_a_source_that_nothing_points_to_is_a_mistake_only_when_strict(corpus_dir: Path) -> None:
    (corpus_dir / "policy" / "kousou.md").unlink()
    assert load_corpus(corpus_dir).sources.keys() == {"P01", "S01"}
    assert problems_of(corpus_dir, strict=True) == ("sources.yaml:1: 出典 P01 はどこからも使われていません",)


def test_rules_of_grants_count_as_use(corpus_dir: Path) -> None:
    (corpus_dir / "policy" / "kousou.md").unlink()
    rule = "rules: [{id: a, clause: {source: P01, locator: 表1}}]\n"
    (corpus_dir / "grants" / "koufukin-r8.yaml").write_text(rule, encoding="utf-8")
    assert used_source_ids(load_corpus(corpus_dir)) == {"P01", "S01"}


def test_the_same_id_in_two_rooms_is_a_mistake(corpus_dir: Path) -> None:
    (corpus_dir / "grants" / "kousou.md").write_text(GRANT, encoding="utf-8")
    assert "grants/kousou.md:1: 文書の番号 kousou が重複しています" in problems_of(corpus_dir)


def test_a_grant_digest_says_which_grant_it_tells_of(corpus_dir: Path) -> None:
    text = GRANT.replace("grant: koufukin-r8\n", "")
    (corpus_dir / "grants" / "koufukin-r8.md").write_text(text, encoding="utf-8")
    assert problems_of(corpus_dir) == ("grants/koufukin-r8.md:1: 見出し情報に grant がありません",)


def test_a_broken_register_hides_the_dangling_ids_it_would_cause(corpus_dir: Path) -> None:
    (corpus_dir / "sources.yaml").write_text("P01: [", encoding="utf-8")
    corpus, problems = check_corpus(corpus_dir)
    assert len(problems) == 1
    assert "YAMLとして読めません" in problems[0]
    assert not corpus.sources


def test_a_digest_depends_on_the_words_and_their_sources_and_on_nothing_else(corpus_dir: Path) -> None:
    before = {d.id: document_digest(d) for d in load_corpus(corpus_dir).documents()}
    (corpus_dir / "policy" / "kousou.md").write_text(POLICY, encoding="utf-8")  # a new time stamp
    again = {d.id: document_digest(d) for d in load_corpus(corpus_dir).documents()}
    assert again == before
    (corpus_dir / "policy" / "kousou.md").write_text(POLICY.replace("[P01]", "[P01][S01]"), encoding="utf-8")
    after = {d.id: document_digest(d) for d in load_corpus(corpus_dir).documents()}
    assert after["kousou"] != before["kousou"]
    assert after["koufukin-r8"] == before["koufukin-r8"]
    assert len(after["kousou"]) == 16
