"""PDF: every fault of real files ends in sound text or in a named, unreadable page."""

import pytest

from assistant.errors import FileUnreadable
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.read import read_file


def texts(path, **options):
    return [page.text for page in read_file(path, name=path.name, **options).pages]


def test_pages_come_in_order_with_their_locators(pdf):
    document = read_file(
        pdf.write("要綱.pdf", [["令和８年度の上限は10億円です。"], ["①事業費は5億円です。"]]), name="要綱.pdf"
    )
    assert [(p.number, p.locator, p.text) for p in document.pages] == [
        (1, "1ページ", "令和８年度の上限は10億円です。"),
        (2, "2ページ", "①事業費は5億円です。"),
    ]
    assert document.title == "要綱"
    assert document.fidelity.unreadable_pages == ()
    assert [p.characters for p in document.fidelity.pages] == [16, 11]


def test_a_file_encrypted_with_an_empty_password_is_read_and_said_to_be(pdf):
    document = read_file(pdf.write("a.pdf", [["閲覧だけを許した文書です。"]], password=""), name="a.pdf")
    assert document.pages[0].text == "閲覧だけを許した文書です。"
    assert document.fidelity.encrypted


def test_a_file_with_a_password_is_refused(pdf):
    path = pdf.write("a.pdf", [["秘密の文書です。"]], password="himitsu")
    with pytest.raises(FileUnreadable, match="パスワード"):
        read_file(path, name="秘密.pdf")


def test_spaces_between_all_characters_are_closed_and_true_spaces_kept(pdf):
    path = pdf.write(
        "a.pdf", [["令 和 ８ 年 度 の 予 算 に つ い て", "第１章 総則", "TYPE A の 上 限 は 、 1 億 円"]]
    )
    lines = texts(path)[0].split("\n")
    assert lines[:2] == ["令和８年度の予算について", "第１章 総則"]
    assert lines[2].startswith("TYPE A")


def test_text_printed_twice_for_a_bold_look_is_read_once(pdf):
    path = pdf.write("a.pdf", [["ボンネットの価格メリット", "利用事例の一覧と説明"]], twice=True)
    document = read_file(path, name="a.pdf")
    assert document.pages[0].text == "ボンネットの価格メリット\n利用事例の一覧と説明"
    assert document.fidelity.pages[0].reader == "pdfium"


def test_a_font_without_tounicode_is_read_where_its_glyphs_are_known(pdf):
    # Adobe-Japan1 CIDs 843, 845 … are あいうえお; pypdf takes the numbers for code points.
    document = read_file(pdf.without_tounicode("a.pdf", "Japan1", [843, 845, 847, 849, 851]), name="a.pdf")
    assert document.pages[0].text == "あいうえお"
    assert document.fidelity.pages[0].reader == "pdfium"


def test_a_font_without_tounicode_and_of_unknown_glyphs_is_unreadable_and_named(pdf):
    path = pdf.without_tounicode("a.pdf", "Identity", [0x0400 + 37 * i for i in range(30)])
    document = read_file(path, name="a.pdf")
    assert document.pages[0].text == ""
    (page,) = document.fidelity.pages
    assert page.garbled_share > 0.1
    assert "文字化け" in page.unreadable
    assert any(note.startswith("1ページ") for note in document.fidelity.notes)


def test_glyph_names_never_pass_for_text(pdf):
    document = read_file(pdf.type3("a.pdf", 12), name="a.pdf")
    assert document.pages[0].text == ""
    assert "記号名" in document.fidelity.pages[0].unreadable


def test_a_scanned_page_is_named_and_the_page_before_it_is_read(pdf):
    document = read_file(pdf.scan("a.pdf", "表紙の文字です。"), name="a.pdf")
    assert [p.text for p in document.pages] == ["表紙の文字です。", ""]
    assert [p.image_only for p in document.fidelity.pages] == [False, True]
    assert document.fidelity.unreadable_pages == (2,)


def test_letters_drawn_as_shapes_are_named(pdf):
    document = read_file(pdf.drawn("a.pdf"), name="a.pdf")
    assert "図形" in document.fidelity.pages[0].unreadable
    assert "一つも読み取れません" in document.fidelity.notes[0]


def test_a_blank_page_is_no_fault(pdf):
    document = read_file(pdf.write("a.pdf", [["本文です。"], []]), name="a.pdf")
    assert document.pages[1].text == ""
    assert document.fidelity.unreadable_pages == ()


def test_vertical_columns_are_read_from_right_to_left(pdf):
    document = read_file(
        pdf.vertical("a.pdf", ["地方創生の交付金", "について説明する", "文書である。"]), name="a.pdf"
    )
    assert document.pages[0].text == "地方創生の交付金\nについて説明する\n文書である。"
    assert document.fidelity.pages[0].vertical


def test_lines_broken_by_the_paper_are_joined_and_lists_are_not(pdf):
    path = pdf.write(
        "a.pdf",
        [
            [
                "この交付金は、地方公共団体が自主的かつ主体的に行う先導的な取組を支",
                "援するものであり、国は予算の範囲内で交付金を交付するものとしています",
                "。",
                "（１）対象となる団体は、都道府県及び市町村（特別区を含む。）とする。",
                "（２）対象となる期間は、原則として三か年度以内の期間とするものとし、",
                "延長は認めないものとする。",
            ]
        ],
    )
    assert texts(path) == [
        "この交付金は、地方公共団体が自主的かつ主体的に行う先導的な取組を支援するものであり、国は予算の範囲内で"
        "交付金を交付するものとしています。\n"
        "（１）対象となる団体は、都道府県及び市町村（特別区を含む。）とする。\n"
        "（２）対象となる期間は、原則として三か年度以内の期間とするものとし、延長は認めないものとする。"
    ]


def test_a_broken_cross_reference_table_is_mended(pdf):
    path = pdf.write("a.pdf", [["索引表の壊れた文書です。"]])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"startxref", b"startxxxx"))
    assert texts(path) == ["索引表の壊れた文書です。"]


def test_without_pdfium_pypdf_reads_alone(pdf):
    path = pdf.write("a.pdf", [["残りの部品だけで読みます。"]])
    assert texts(path, use_pdfium=False) == ["残りの部品だけで読みます。"]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"]
)
def test_a_cut_off_file_says_so(tmp_path, content):
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=r"壊れて|ページが一つも"):
        read_file(path, name="a.pdf")


def test_too_many_pages_are_refused_by_number(pdf):
    path = pdf.write("a.pdf", [["頁"]] * 21)
    with pytest.raises(FileUnreadable, match=r"21ページ.*上限（20ページ）"):
        read_file(path, name="a.pdf", limits=Limits(pages=20))


def test_the_default_limit_refuses_a_thousand_pages_and_reads_three_hundred(pdf):
    with pytest.raises(FileUnreadable, match="1,000ページ"):
        read_file(pdf.write("a.pdf", [[]] * 1000), name="a.pdf")
    seen = []
    document = read_file(
        pdf.write("b.pdf", [["第一頁"], *[[]] * 298, ["最後の頁です。"]]),
        name="b.pdf",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert len(document.pages) == 300
    assert document.pages[-1].text == "最後の頁です。"
    assert seen[0] == (1, 300) and seen[-1] == (300, 300)


def test_the_id_follows_the_content_and_a_given_id_is_kept(pdf):
    first, second = pdf.write("a.pdf", [["甲の文書"]]), pdf.write("b.pdf", [["乙の文書"]])
    assert read_file(first, name="x.pdf").id == read_file(first, name="y.pdf").id
    assert read_file(first, name="x.pdf").id != read_file(second, name="x.pdf").id
    assert read_file(first, name="x.pdf", document_id="youkou-r8").id == "youkou-r8"
