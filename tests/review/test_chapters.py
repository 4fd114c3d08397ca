"""The document's own chapters: found by heading, and without headings by slide, sheet or page range."""

from assistant.domain import Document, Kind, Page
from assistant.review.chapters import chapter_at, chapters_of, number_of_heading, section_at
from tests.review.conftest import document


def named(*pages: str, **options) -> list[tuple[str, int, int]]:
    return [(c.title, c.first_page, c.last_page) for c in chapters_of(document(*pages, **options))]


BODY = "この文は本文の一つの文で、章の中にあります。\n"


def test_chapters_are_found_and_the_contents_page_is_none():
    contents = "目次\n第1章 趣旨………………3\n第2章 目標………………5\n第3章 進め方…………\n……9"
    assert named(f"あさひ町総合戦略\n{contents}", f"第1章 趣旨\n{BODY}第2章 目標\n{BODY}", BODY, f"第3章 進め方\n{BODY}") == [
        ("はじめの部分", 1, 1),
        ("第1章 趣旨", 2, 2),
        ("第2章 目標", 2, 3),
        ("第3章 進め方", 4, 4),
    ]  # fmt: skip


def test_contents_without_leaders_and_numbers_are_none():
    assert named("第1章 趣旨\n第2章 目標\n第3章 進め方\n第4章 資料\n", f"第1章 趣旨\n{BODY}", f"第2章 目標\n{BODY}") == [
        ("第1章 趣旨", 1, 2),
        ("第2章 目標", 3, 3),
    ]  # fmt: skip


def test_a_running_head_begins_no_chapter():
    pages = [f"第1章 趣旨\n{BODY}{BODY}{BODY}", *(f"第1章 趣旨\n{BODY}{BODY}{BODY}" for _ in range(3))]
    assert named(*pages, f"第2章 目標\n{BODY}") == [("第1章 趣旨", 1, 4), ("第2章 目標", 5, 5)]


def test_a_sentence_about_a_chapter_begins_none():
    text = f"第1章 趣旨\n{BODY}第2章では、目標を示します。\n第2章の表をご覧ください\n第2章 目標\n{BODY}"
    assert [title for title, _, _ in named(text)] == ["第1章 趣旨", "第2章 目標"]


def test_goals_are_the_sections_of_a_chapter():
    text = f"第1章 趣旨\n{BODY}第2章 目標\n基本目標1 支え合い、暮らせるまち\n{BODY}基本目標2 稼ぐまち\n{BODY}"
    chapters = chapters_of(document(text))
    assert [s.title for s in chapters[1].sections] == [
        "基本目標1 支え合い、暮らせるまち",
        "基本目標2 稼ぐまち",
    ]
    place = text.rindex("この文は")
    assert chapter_at(chapters, 1, place) is chapters[1]
    assert section_at(chapters[1], 1, place) == "基本目標2 稼ぐまち"


def test_numbered_headings_in_sequence_are_chapters():
    text = f"1. はじめの考え\n{BODY}(1) 細目\n{BODY}1. 番号の戻る見出し\n{BODY}2. 将来の見通し\n{BODY}3. 目標\n{BODY}"
    assert [title for title, _, _ in named(text)] == ["1. はじめの考え", "2. 将来の見通し", "3. 目標"]


def test_headings_of_markup_are_chapters_and_the_title_is_none():
    text = "あさひ町総合戦略\n計画期間は5年間です。\nしごとをつくる\n文です。\n人をよぶ\n文です。\n"
    page = Page(
        number=1,
        text=text,
        headings=tuple((text.index(h), 1, h) for h in ("あさひ町総合戦略", "しごとをつくる", "人をよぶ")),
    )
    made = chapters_of(Document(id="d", title="x", kind=Kind.UPLOAD, pages=(page,)))
    assert [(c.title, c.form) for c in made] == [
        ("はじめの部分", "front"),
        ("しごとをつくる", "heading"),
        ("人をよぶ", "heading"),
    ]


def test_slides_are_chapters_by_their_titles():
    pages = [
        "移住の促進\n・相談窓口\n・お試し住宅",
        "移住の促進\n・空き家の改修",
        "交通\n・乗合タクシー",
        "防災\n・訓練",
    ]
    assert named(*pages) == [("移住の促進", 1, 2), ("交通", 3, 3), ("防災", 4, 4)]


def test_sheets_are_chapters():
    pages = tuple(
        Page(number=n, text=f"| 項目 | 値 |\n| あ | {n} |", locator=f"シート「{name}」")
        for n, name in enumerate(("概要", "KPI"), 1)
    )
    made = chapters_of(Document(id="d", title="x", kind=Kind.UPLOAD, pages=pages))
    assert [(c.title, c.form) for c in made] == [("概要", "sheet"), ("KPI", "sheet")]


def test_without_headings_pages_make_ranges():
    pages = [f"{BODY * 30}{n}枚目。" for n in range(1, 24)]
    assert named(*pages) == [("1～10ページ", 1, 10), ("11～20ページ", 11, 20), ("21～23ページ", 21, 23)]
    assert named(BODY) == [("全体", 1, 1)]
    assert chapters_of(Document(id="d", title="x", kind=Kind.UPLOAD, pages=())) == ()


def test_every_place_lies_in_one_chapter():
    made = chapters_of(document(f"表紙です。\n第1章 あ\n{BODY}", "", f"第2章 い\n{BODY}", unreadable=(2,)))
    assert [(c.first_page, c.last_page) for c in made] == [(1, 1), (1, 2), (3, 3)]
    for page, offset in ((1, 0), (1, 7), (2, 0), (3, 0), (3, 9)):
        assert sum(c.holds(page, offset) for c in made) == 1


def test_the_number_of_a_heading():
    numbers = [
        "第3章 目標",
        "第十二章 附則",
        "Ⅳ 進め方",
        "２．人口",
        "基本目標3 まち",
        "第3期 総合戦略",
        "資料編",
    ]
    assert [number_of_heading(text) for text in numbers] == [3, 12, 4, 2, 3, None, None]


def test_a_numbered_first_heading_is_a_chapter_though_it_gave_the_file_its_title():
    text = "第1章 趣旨\n文です。\n第2章 目標\n文です。\n"
    page = Page(number=1, text=text, headings=((0, 1, "第1章 趣旨"), (text.index("第2章"), 1, "第2章 目標")))
    made = chapters_of(Document(id="d", title="第1章 趣旨", kind=Kind.UPLOAD, pages=(page,)))
    assert [c.title for c in made] == ["第1章 趣旨", "第2章 目標"]
    assert [number_of_heading(t) for t in ("3 期間", "3期間中の取組")] == [3, None]
