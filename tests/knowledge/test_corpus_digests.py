"""Digests: what a person sees has no markup, and every sentence knows its sources."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Kind
from assistant.knowledge.digests import Digest, parse_digest

HEAD = "---\ntitle: 見本\nfiscal_years: [2025, 2026]\naliases: [みほん]\n---\n"


def parse(body: str, head: str = HEAD) -> tuple[Digest, list[str]]:
    digest, problems = parse_digest(
        head + body, document_id="mihon", kind=Kind.POLICY, shown="policy/mihon.md"
    )
    assert digest is not None
    return digest, problems


def stated(digest: Digest) -> list[tuple[str, tuple[str, ...]]]:
    page = digest.document.pages[0]
    return [(page.text[s.start : s.end], s.source_ids) for s in page.statements]


def test_sentences_lose_their_markers_and_keep_their_sources() -> None:
    digest, problems = parse("補助率は1/2です。[S01][S02]\n上限は10億円です。[S01]\n")
    assert problems == []
    assert stated(digest) == [("補助率は1/2です。", ("S01", "S02")), ("上限は10億円です。", ("S01",))]
    assert digest.document.pages[0].text == "補助率は1/2です。\n上限は10億円です。"
    assert digest.document.source_ids == ("S01", "S02")


def test_a_line_may_hold_several_statements() -> None:
    digest, problems = parse("補助率は1/2です。[S01] 上限は10億円です。[S02][S02]\n")
    assert problems == []
    assert stated(digest) == [("補助率は1/2です。", ("S01",)), ("上限は10億円です。", ("S02",))]


def test_bullets_and_emphasis_vanish() -> None:
    digest, problems = parse("- **補助率**は1/2です。[S01]\n1. 上限は`10億円`です。[S02]\n")
    assert problems == []
    assert [text for text, _ in stated(digest)] == ["補助率は1/2です。", "上限は10億円です。"]


def test_headings_are_known_by_offset_and_depth() -> None:
    digest, _ = parse("# 見本\n## 補助率\n補助率は1/2です。[S01]\n")
    page = digest.document.pages[0]
    assert [(depth, title) for _, depth, title in page.headings] == [(1, "見本"), (2, "補助率")]
    assert all(page.text[start : start + len(title)] == title for start, _, title in page.headings)


def test_a_table_row_is_one_statement_that_names_its_columns() -> None:
    digest, problems = parse("| 区分 | 上限 |\n| --- | --- |\n| 都道府県 | 15億円 [S01] |\n| 市 | [S02] |\n")
    assert problems == []
    assert stated(digest) == [("区分: 都道府県／上限: 15億円。", ("S01",)), ("区分: 市。", ("S02",))]


def test_the_head_gives_title_years_and_names() -> None:
    digest, _ = parse("補助率は1/2です。[S01]\n")
    assert digest.document.title == "見本"
    assert digest.document.fiscal_years == (2025, 2026)
    assert digest.aliases == ("みほん",)


@pytest.mark.parametrize(
    ("body", "said", "line"),
    [
        ("出典がありません。\n", "出典のない文です", 6),
        ("補助率は1/2です。[S01]\n\n上限は10億円です。\n", "出典のない文です", 8),
        ("補助率は1/2です。上限は10億円です。[S01]\n", "文が2つ以上あります", 6),
        ("補助率は1/2[S01]\n", "「。」で終わっていません", 6),
        ("[S01]\n", "出典の前に文がありません", 6),
        ("| 区分 |\n|---|\n| 市 |\n", "出典のない表の行です", 8),
        ("| 区分 | 上限 |\n|---|---|\n| 市 [S01] |\n", "列の数が見出しと違います", 8),
        ("# 見出し[S01]\n補助率は1/2です。[S01]\n", "見出しに出典を付けないで", 6),
        ("[案内](https://example.jp)を見てください。[S01]\n", "飾りの記号が残っています", 6),
    ],
)
def test_a_mistake_is_told_with_its_line(body: str, said: str, line: int) -> None:
    _, problems = parse(body)
    assert any(said in problem and problem.startswith(f"policy/mihon.md:{line}:") for problem in problems)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("---\nfiscal_years: [2025]\n---\n", "title がありません"),
        ("---\ntitle: 見本\nfiscal_years: [令和7年度]\n---\n", "fiscal_years は西暦"),
        ("---\ntitle: 見本\nyears: [2025]\n---\n", "知らない項目です"),
        ("---\ntitle: 見本\naliases: みほん\n---\n", "aliases は言葉の並び"),
    ],
)
def test_a_mistake_in_the_head_is_told(head: str, said: str) -> None:
    _, problems = parse("補助率は1/2です。[S01]\n", head)
    assert any(said in problem for problem in problems)


def test_a_file_without_a_head_is_no_digest() -> None:
    digest, problems = parse_digest(
        "本文です。[S01]\n", document_id="a", kind=Kind.POLICY, shown="policy/a.md"
    )
    assert digest is None
    assert len(problems) == 1


SENTENCE = st.text(alphabet="地方創生交付金補助率上限10億円1/2、「」（）", min_size=1, max_size=30).filter(
    lambda text: (
        text.strip("、") != ""
        and text.count("「") == text.count("」")
        and text.count("（") == text.count("）")
    )
)


@given(
    st.lists(st.tuples(SENTENCE, st.lists(st.sampled_from(["S01", "S04b", "P02"]), min_size=1)), min_size=1)
)
def test_whatever_is_written_comes_back_as_it_was_written(lines: list[tuple[str, list[str]]]) -> None:
    written = [(text + "です。", ids) for text, ids in lines]
    body = "".join(text + "".join(f"[{i}]" for i in ids) + "\n" for text, ids in written)
    digest, _ = parse(body)
    assert stated(digest) == [(text, tuple(dict.fromkeys(ids))) for text, ids in written]
