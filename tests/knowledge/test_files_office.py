"""Word, Excel and PowerPoint: what a person sees is what is read."""

import io
from datetime import date

import docx
import openpyxl
import pptx
import pytest
from docx.oxml import parse_xml
from pptx.util import Cm

from assistant.errors import FileUnreadable
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.read import read_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(thing, path):
    thing.save(str(path))
    return path


@pytest.fixture
def word(tmp_path):
    document = docx.Document()
    document.add_heading("交付要綱", level=1)
    document.add_paragraph("この要綱は、交付金の交付について定める。")
    document.add_heading("対象経費", level=2)
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, [("区分", "上限"), ("市区町村", "10億円\n（年度）")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("⽉額は⻑の定めるところによる。")
    return saved(document, tmp_path / "要綱.docx")


def test_word_keeps_headings_with_their_offsets_and_tables_as_rows(word):
    (page,) = read_file(word, name="要綱.docx").pages
    assert page.text == (
        "交付要綱\nこの要綱は、交付金の交付について定める。\n\n対象経費\n\n"
        "| 区分 | 上限 |\n| 市区町村 | 10億円 （年度） |\n月額は長の定めるところによる。"
    )
    assert [(depth, title) for _, depth, title in page.headings] == [(1, "交付要綱"), (2, "対象経費")]
    for offset, _, title in page.headings:
        assert page.text.startswith(title, offset)


def test_word_reads_content_controls_insertions_and_ruby_bases_but_no_deletions(tmp_path):
    document = docx.Document()
    body = document.element.body
    for xml in (
        f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>記入欄の内容です。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        f"<w:p {W}><w:ins><w:r><w:t>追記した文です。</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>消した文です。</w:delText></w:r></w:del></w:p>",
        f"<w:p {W}><w:r><w:ruby><w:rt><w:r><w:t>あま</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>海士</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>町です。</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(xml))
    (page,) = read_file(saved(document, tmp_path / "a.docx"), name="a.docx").pages
    assert page.text == "記入欄の内容です。\n追記した文です。\n海士町です。"


BREAK = "<w:lastRenderedPageBreak/>"


def test_word_is_cut_into_the_pages_of_its_last_layout(tmp_path):
    document = docx.Document()
    body = document.element.body
    for xml in (
        f"<w:p {W}><w:r><w:t>第1章の文です。</w:t></w:r></w:p>",
        f"<w:p {W}><w:pPr><w:outlineLvl w:val='0'/></w:pPr><w:r>{BREAK}<w:t>第2章</w:t></w:r></w:p>",
        f"<w:p {W}><w:r><w:t>この段落は次のページへ</w:t></w:r><w:r>{BREAK}<w:t>続きます。</w:t></w:r></w:p>",
        f"<w:tbl {W}><w:tr><w:tc><w:p><w:r><w:t>指標</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>目標</w:t></w:r></w:p></w:tc></w:tr>"
        f"<w:tr><w:tc><w:p><w:r>{BREAK}<w:t>移住者数</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>20人</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        f"<w:p {W}><w:r><w:br w:type='page'/></w:r><w:r>{BREAK}<w:t>おわりに</w:t></w:r></w:p>",
    ):
        body.insert(len(body) - 1, parse_xml(xml))
    pages = read_file(saved(document, tmp_path / "計画.docx"), name="計画.docx").pages
    assert [(page.number, page.locator, page.text) for page in pages] == [
        (1, "1ページ", "第1章の文です。"),
        (2, "2ページ", "第2章\nこの段落は次のページへ続きます。"),
        (3, "3ページ", "| 指標 | 目標 |"),
        (4, "4ページ", "| 移住者数 | 20人 |"),
        (5, "5ページ", "おわりに"),
    ]
    assert [title for _, _, title in pages[1].headings] == ["第2章"]


def test_a_long_word_file_without_page_breaks_says_that_it_is_shown_as_one_page(tmp_path, word):
    document = docx.Document()
    for _ in range(300):
        document.add_paragraph("移住者を増やす取組を進めます。")
    read = read_file(saved(document, tmp_path / "長い.docx"), name="長い.docx")
    assert len(read.pages) == 1
    assert "全体を1ページとして示します" in "".join(read.fidelity.notes)
    assert read_file(word, name="要綱.docx").fidelity.notes == ()


def test_excel_shows_values_as_a_person_sees_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "KPI"
    sheet.append(["成果指標の一覧"])
    sheet.append([])
    sheet.append(["指標", "基準値", "目標", "期限"])
    sheet.append(["転入者数", 120, 0.155, date(2027, 3, 31)])
    sheet["C4"].number_format = "0.0%"
    sheet.append(["事業費", 1200000, 3.0, None])
    sheet["B5"].number_format = "#,##0"
    hidden = book.create_sheet("控え")
    hidden["A1"] = "非公開のメモ"
    hidden.sheet_state = "hidden"
    document = read_file(saved(book, tmp_path / "a.xlsx"), name="a.xlsx")
    first, second = document.pages
    assert first.locator == "シート「KPI」"
    assert first.text == (
        "成果指標の一覧\n\n| 指標 | 基準値 | 目標 | 期限 |\n| 転入者数 | 120 | 15.5% | 2027-03-31 |\n| 事業費 | 1,200,000 | 3 |"
    )
    assert (second.locator, second.text) == ("シート「控え」", "非公開のメモ")
    assert any("非表示" in note for note in document.fidelity.notes)


def test_excel_says_when_it_stopped_early(tmp_path):
    book = openpyxl.Workbook()
    for i in range(30):
        book.active.append([f"行{i}", i])
    document = read_file(saved(book, tmp_path / "a.xlsx"), name="a.xlsx", limits=Limits(rows=10))
    assert document.pages[0].text.count("\n") == 9
    assert any("先頭の10行だけ" in note for note in document.fidelity.notes)


def test_powerpoint_reads_title_boxes_in_order_tables_and_notes(tmp_path):
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "地域未来交付金の概要"
    for top, text in ((12, "下に置いた文です。"), (5, "上に置いた文です。")):
        slide.shapes.add_textbox(Cm(2), Cm(top), Cm(10), Cm(2)).text_frame.text = text
    table = slide.shapes.add_table(2, 2, Cm(2), Cm(15), Cm(10), Cm(3)).table
    for (r, c), text in {(0, 0): "区分", (0, 1): "率", (1, 0): "ソフト", (1, 1): "1/2"}.items():
        table.cell(r, c).text = text
    slide.notes_slide.notes_text_frame.text = "口頭で補足します。"
    deck.slides.add_slide(deck.slide_layouts[6])
    document = read_file(saved(deck, tmp_path / "a.pptx"), name="a.pptx")
    assert [p.locator for p in document.pages] == ["スライド1", "スライド2"]
    assert document.pages[0].text == (
        "地域未来交付金の概要\n\n上に置いた文です。\n\n下に置いた文です。\n\n| 区分 | 率 |\n| ソフト | 1/2 |\n\n【ノート】口頭で補足します。"
    )
    assert document.pages[0].headings == ((0, 1, "地域未来交付金の概要"),)
    assert document.pages[1].text == ""


def test_content_decides_over_the_extension_and_says_so(word, tmp_path):
    renamed = tmp_path / "a.xlsx"
    renamed.write_bytes(word.read_bytes())
    document = read_file(renamed, name="a.xlsx")
    assert "交付要綱" in document.pages[0].text
    assert "中身はWord文書" in document.fidelity.notes[0]


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.pptx"])
def test_a_text_that_calls_itself_an_office_file_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_text("<html><body><p>404 ページが見つかりません</p></body></html>", encoding="utf-8")
    with pytest.raises(FileUnreadable, match="拡張子は"):
        read_file(path, name=name)


def test_a_truncated_office_file_is_broken(word):
    content = word.read_bytes()
    for cut in (len(content) // 3, len(content) - 30):
        word.write_bytes(content[:cut])
        with pytest.raises(FileUnreadable, match="壊れて"):
            read_file(word, name="要綱.docx")


def test_old_and_passworded_office_files_are_told_apart(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    path = tmp_path / "a.xls"
    path.write_bytes(ole)
    with pytest.raises(FileUnreadable, match="古い形式"):
        read_file(path, name="a.xls")
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(FileUnreadable, match="パスワード"):
        read_file(path, name="a.xlsx")


def word_parts(body: bytes) -> dict[str, bytes]:
    return {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
        "word/document.xml": b'<?xml version="1.0"?>' + body,
    }


def test_an_archive_that_unpacks_too_far_is_refused_before_it_is_opened(zipped):
    path = zipped("a.docx", word_parts(b"<w>" + b" " * 30_000_000 + b"</w>"))
    with pytest.raises(FileUnreadable, match="圧縮率"):
        read_file(path, name="a.docx")
    with pytest.raises(FileUnreadable, match="大きすぎ"):
        read_file(path, name="a.docx", limits=Limits(archive_bytes=1_000_000))


def test_an_archive_of_too_many_parts_is_refused(zipped):
    parts = {f"word/media/{i}.xml": b"<a/>" for i in range(2001)}
    with pytest.raises(FileUnreadable, match="部品が多すぎ"):
        read_file(zipped("a.docx", {**word_parts(b"<w/>"), **parts}), name="a.docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_refused(zipped, encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><w>&a;</w>'.encode(encoding)
    path = zipped("a.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": bomb})
    with pytest.raises(FileUnreadable, match="実体宣言"):
        read_file(path, name="a.docx")


def test_an_archive_of_no_office_kind_is_refused(zipped):
    with pytest.raises(FileUnreadable, match="ZIP"):
        read_file(zipped("a.zip", {"readme.txt": "説明".encode()}), name="a.zip")


def test_pictures_are_refused_as_such(tmp_path):
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(FileUnreadable, match="画像"):
        read_file(path, name="a.png")
