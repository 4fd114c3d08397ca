"""Cases that people add: the same checks as the corpus, found at once, marked as theirs."""

from datetime import date

import pytest

from assistant.cases.own import load_own_cases, read_own_case
from assistant.domain import Level
from assistant.errors import CorpusInvalid
from assistant.service import Assistant

TEXT = """id: own-asaichi
title: 廃校を活用した宇宙食の朝市
municipality_codes: ["325252"]
place: 海士町
prefecture: 島根県
pillar: 1
themes: [買物支援]
issue: 商店が1軒になりました。
approach: 月2回、廃校で宇宙食の朝市を開いています。
source_ids: [U1]
sources:
  U1: {title: 町広報, publisher: 海士町, url: "https://example.jp/"}
"""


@pytest.fixture
def ours(settings, tmp_path):
    return Assistant.open(settings.model_copy(update={"home": tmp_path}))


def test_an_added_case_is_found_at_once_by_everyone_who_asks_here(ours, settings, tmp_path):
    assert "own-asaichi" not in [hit.id for hit in ours.find_cases("宇宙食の朝市", k=5).hits]
    before = len(ours.cases.book.entries)
    ours.cases.save(TEXT)
    hit = ours.find_cases("宇宙食の朝市", k=5).hits[0]
    assert hit.id == "own-asaichi" and hit.is_own
    assert hit.sources[0].level is Level.THIRD_PARTY, "nobody here has read it"
    assert any("利用者が登録" in caution for caution in hit.cautions)
    again = Assistant.open(settings.model_copy(update={"home": tmp_path}))
    assert len(again.cases.book.entries) == before + 1
    ours.cases.delete("own-asaichi")
    assert len(ours.cases.book.entries) == before
    assert not list((tmp_path / "cases").iterdir())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("themes: [買物支援]", "themes: [買物]"), "テーマ「買物」"),
        (('["325252"]', '["325251"]'), "検査数字"),
        (("ました。", "ました"), "「。」で終わっていません"),
        (("id: own-asaichi", "id: ../../evil"), "id"),
        (("id: own-asaichi", "id: asaichi-x"), "own-"),
        (("https://example.jp/", "javascript:alert(1)"), "http(s)"),
        (("source_ids: [U1]", "source_ids: [U9]"), "U9"),
        (("pillar: 1", "pillar: 9"), "pillar"),
        (("pillar: 1", "pillar: 1\npillar: 2"), "2回"),
        (("title:", "titel:"), "titel"),
    ],
)
def test_mistakes_are_told_with_their_line_and_nothing_is_kept(ours, tmp_path, change, told):
    with pytest.raises(CorpusInvalid) as refused:
        ours.cases.save(TEXT.replace(*change))
    assert told in str(refused.value) and "入力:" in str(refused.value)
    assert not list(tmp_path.rglob("*.yaml"))


def test_the_same_id_is_not_overwritten(ours):
    ours.cases.save(TEXT)
    with pytest.raises(CorpusInvalid, match="すでにあります"):
        ours.cases.save(TEXT.replace("宇宙食", "海鮮"))
    ours.cases.delete("own-asaichi")


def test_aliases_and_huge_files_are_refused(ours):
    themes = ours.cases.book.themes
    for text in (
        "a: &x [1]\nb: *x\n",
        "x: " + "あ" * 100_000,
        "- 1\n- 2\n",
        "a: [",
        "!!python/object/apply:os.system ['id']",
    ):
        case, _, problems = read_own_case(text, shown="f", themes=themes, known={}, today=date(2026, 11, 23))
        assert case is None and problems


def test_a_broken_file_beside_good_ones_stops_nothing(ours, tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "own-asaichi.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "cases" / "own-bad.yaml").write_text("id: own-bad\n", encoding="utf-8")
    (tmp_path / "cases" / "own-latin.yaml").write_bytes(b"\xff\xfe\x00")
    loaded = load_own_cases(
        tmp_path / "cases", themes=ours.cases.book.themes, known={}, today=date(2026, 11, 23)
    )
    assert list(loaded.cases) == ["own-asaichi"]
    assert any("own-bad" in p for p in loaded.problems) and any("own-latin" in p for p in loaded.problems)
    assert ours.find_cases("宇宙食の朝市", k=1).hits[0].id == "own-asaichi"
