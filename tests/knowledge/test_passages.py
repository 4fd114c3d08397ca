"""Passages: nothing lost, nothing invented, cut where the document has borders."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Document, Kind, Level, Page, Statement
from assistant.knowledge.passages import cut_passages

WORDS = st.sampled_from(
    ["交付金の対象は市区町村とする。", "第１章 総則", "第2条", "（目的）", "この要綱は、", "■ 対象経費", "ただし、例外を除く。",
     "１．目的", "（１）補助率", "| 区分 | 率 |", "| ソフト | 1/2 |", "\n", "\n\n", "　", " ", "12", "「括弧。」", "第三　その他", "あ" * 90]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=40).map("".join)


@st.composite
def pages(draw, number=1):
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    statements = [
        Statement(start=a, end=b, source_ids=(draw(st.sampled_from(["S01", "S02"])),))
        for a, b in itertools.pairwise(cuts)
        if draw(st.booleans())
    ]
    offsets = sorted(draw(st.sets(st.integers(0, max(0, len(text) - 1)), max_size=4)))
    headings = [(o, draw(st.integers(1, 3)), f"見出し{o}") for o in offsets] if draw(st.booleans()) else []
    return Page(number=number, text=text, statements=tuple(statements), headings=tuple(headings))


def document(*texts_or_pages, **fields):
    made = [p if isinstance(p, Page) else Page(number=i, text=p) for i, p in enumerate(texts_or_pages, 1)]
    return Document(**{"id": "d", "title": "題", "kind": Kind.OTHER, "pages": tuple(made), **fields})


@settings(max_examples=300, deadline=None)
@given(pages(1), pages(2), st.integers(20, 200), st.integers(0, 40))
def test_every_character_is_in_one_passage_and_offsets_are_exact(first, second, target, minimum):
    whole = document(first, second)
    passages = cut_passages(whole, target=target, maximum=2 * target, minimum=minimum)
    assert [p.id for p in passages] == [f"d#{i:03d}" for i in range(1, len(passages) + 1)]
    for page in whole.pages:
        own = [p for p in passages if p.page == page.number]
        covered = [0] * len(page.text)
        for p in own:
            assert p.text == page.text[p.start : p.end]
            assert p.text == p.text.strip()
            for i in range(p.start, p.end):
                covered[i] += 1
        assert [p.start for p in own] == sorted(p.start for p in own)
        assert all(n == 1 for n, c in zip(covered, page.text, strict=True) if not c.isspace())
        assert max(covered, default=0) <= 1
        for s in page.statements:
            if not page.text[s.start : s.end].strip():
                continue
            bearing = [p for p in own if s.start < p.end and p.start < s.end]
            assert len(bearing) == 1, "a statement is never cut"
            (p,) = bearing
            spans = [(x.start, x.end) for x in p.statements if x.source_ids == s.source_ids]
            assert any(p.text[a:b].strip() == page.text[s.start : s.end].strip() for a, b in spans)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(30, 150))
def test_without_statements_no_passage_is_longer_than_the_maximum(text, maximum):
    for passage in cut_passages(document(text), target=maximum // 2, maximum=maximum, minimum=10):
        assert len(passage.text) <= maximum


RULES = """交付要綱

第１章 総則

（目的）
第１条 この要綱は、地方公共団体が自主的に行う先導的な取組を支援するため、交付金の交付に関して必要な事項を定めるものとする。
（定義）
第２条 この要綱において「市町村」とは、地方自治法に定める市町村及び特別区をいい、一部事務組合及び広域連合を含むものとする。

第２章 交付の対象

（対象経費）
第３条 交付の対象となる経費は、事業の実施に必要な経費とする。ただし、用地の取得に要する経費を除く。
別表１ 補助率の一覧
ソフト事業の補助率は２分の１とし、ハード事業の補助率も２分の１とする。その上限額は毎年度の予算の範囲内で別に定める。"""


def test_articles_are_cut_at_their_captions_with_chapter_and_article_in_the_trail():
    passages = cut_passages(document(RULES))
    assert [(p.trail, p.text.split("\n")[0]) for p in passages] == [
        ((), "交付要綱"),
        (("第１章 総則", "第１条（目的）"), "第１章 総則"),
        (("第１章 総則", "第２条（定義）"), "（定義）"),
        (("第２章 交付の対象", "第３条（対象経費）"), "第２章 交付の対象"),
        (("別表１ 補助率の一覧",), "別表１ 補助率の一覧"),
    ]


def test_a_chapter_reaches_over_the_page_and_weaker_headings_do_not():
    first = "第３章 審査\n１．審査の方法\n審査は有識者の委員会が行うものとし、書面で行う。"
    passages = cut_passages(document(first, "次の頁の本文である。"))
    assert [p.trail for p in passages] == [("第３章 審査", "１．審査の方法"), ("第３章 審査",)]


def test_a_table_of_contents_gives_no_trail_to_the_next_page():
    contents = "目次\n第１章 総則\n第２章 対象\n第３章 審査\n第４章 雑則"
    passages = cut_passages(document(contents, "本文はここから始まります。"))
    assert passages[-1].trail == ()


def test_lines_of_contents_with_leaders_are_no_headings():
    (passage,) = cut_passages(document("第１章 総則…………… 3\n第２章 対象 ........ 12\n"))
    assert passage.trail == ()


def test_a_mention_of_an_article_inside_a_sentence_is_no_heading():
    (passage,) = cut_passages(document("前項の規定により、\n第３条第１項の経費を除くものとする。"))
    assert passage.trail == ()


def test_a_proviso_stays_with_its_rule():
    rule = "交付の対象となる経費は次のとおりとし、" + "その範囲は別に定める。" * 9
    proviso = "ただし、用地の取得に要する経費は対象としない。"
    passages = cut_passages(document(rule + proviso + "次の文である。" * 9), target=100)
    assert sum("ただし" in p.text for p in passages) == 1
    holding = next(p for p in passages if "ただし" in p.text)
    assert "その範囲は別に定める。ただし" in holding.text


def test_markup_headings_nest_by_depth_and_the_title_is_not_repeated():
    text = "題\n\n概要\n概要の文です。\n\n金額\n\n上限\n上限の文です。"
    headings = tuple((text.index(t), d, t) for t, d in (("題", 1), ("概要", 2), ("金額", 2), ("上限", 3)))
    passages = cut_passages(document(Page(number=1, text=text, headings=headings)))
    assert [(p.trail, p.text) for p in passages] == [
        (("概要",), "題\n\n概要\n概要の文です。"),
        (("金額", "上限"), "金額\n\n上限\n上限の文です。"),
    ]


def test_a_word_file_with_nothing_but_a_title_marked_is_cut_at_its_articles():
    page = Page(number=1, text=RULES, headings=((0, 1, "交付要綱"),))
    trails = [p.trail for p in cut_passages(document(page))]
    assert ("交付要綱", "第２章 交付の対象", "第３条（対象経費）") in trails


def test_a_small_table_stays_whole_and_a_large_one_is_cut_between_rows_with_its_columns_named():
    rows = [f"| 市{i} | {i}億円 |" for i in range(80)]
    small = cut_passages(document("前書きの文です。\n" + "\n".join(["| 区分 | 上限 |", *rows[:20]])))
    assert len(small) == 1
    large = cut_passages(document("\n".join(["| 区分 | 上限 |", *rows])))
    assert len(large) > 2
    assert all(p.text.startswith("| ") and p.text.endswith(" |") for p in large)
    assert large[0].trail == ()
    assert all(p.trail == ("表の列: 区分、上限",) for p in large[1:])


def test_statements_bring_their_sources_and_the_most_trusted_level():
    text = "甲の上限は10億円です。乙の率は1/2です。丙の期限は未定です。"
    ends = [i + 1 for i, c in enumerate(text) if c == "。"]
    statements = [
        Statement(start=a, end=b, source_ids=ids)
        for a, b, ids in zip([0, *ends], ends, [("S02",), ("S01", "S02"), ("S09",)], strict=False)
    ]
    whole = document(
        Page(number=1, text=text, statements=tuple(statements)),
        source_ids=("S01", "S02", "S09"),
        fiscal_years=(2026,),
        grant_id="g-r8",
        municipality_codes=("325252",),
    )
    levels = {"S01": Level.OFFICIAL, "S02": Level.MUNICIPAL, "S09": Level.THIRD_PARTY}
    one, two, three = cut_passages(whole, target=10, minimum=5, maximum=20, levels=levels)
    assert [(p.source_ids, p.level) for p in (one, two, three)] == [
        (("S02",), Level.MUNICIPAL),
        (("S01", "S02"), Level.OFFICIAL),
        (("S09",), Level.THIRD_PARTY),
    ]
    assert [(s.start, s.end) for s in two.statements] == [(0, len(two.text))]
    assert (two.fiscal_years, two.grant_id, two.municipality_codes) == ((2026,), "g-r8", ("325252",))


def test_a_source_without_a_known_level_gives_none():
    (passage,) = cut_passages(document("本文です。", source_ids=("S01",)), levels={})
    assert (passage.source_ids, passage.level) == (("S01",), None)


def test_digests_differ_exactly_when_texts_do():
    first, second, again = (cut_passages(document(t))[0].digest for t in ("甲です。", "乙です。", "甲です。"))
    assert first == again != second
    assert len(first) == 16


@pytest.mark.parametrize("text", ["", " \n　\n"])
def test_a_page_without_text_gives_no_passage(text):
    assert cut_passages(document(text)) == []
