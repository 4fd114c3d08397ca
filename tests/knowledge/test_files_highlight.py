"""A quote is found on its page and marked in the picture of the page."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.errors import FileUnreadable
from assistant.knowledge.files.boxes import Box
from assistant.knowledge.highlight import locate_quote, render_page

PAGE_HEIGHT, PAGE_WIDTH = 841.89, 595.28


def at(left, baseline, characters, size=12):
    """Where a line drawn at (left, baseline) must lie, as shares of an A4 page."""
    return left / PAGE_WIDTH, (left + characters * size) / PAGE_WIDTH, 1 - (baseline + size / 2) / PAGE_HEIGHT


def assert_on_line(box, left, baseline, characters):
    low, high, middle = at(left, baseline, characters)
    assert box.left == pytest.approx(low, abs=0.01)
    assert box.right == pytest.approx(high, abs=0.015)
    assert box.top < middle < box.bottom
    assert 6 / PAGE_HEIGHT < box.bottom - box.top < 24 / PAGE_HEIGHT


@pytest.fixture
def two_pages(pdf):
    return pdf.write(
        "a.pdf",
        [
            ["表紙です。"],
            ["国費の上限は、市区町村で１０億円、都道府県で", "１５億円とする。補助率は２分の１である。"],
        ],
    )


def test_a_quote_over_two_lines_gets_a_box_on_each(two_pages):
    first, second = locate_quote(two_pages, 2, "都道府県で１５億円とする。")
    assert_on_line(first, 72 + 17 * 12, 760, 5)
    assert_on_line(second, 72, 740, 8)


@pytest.mark.parametrize(
    "quote", ["補助率は2分の1である。", "補 助 率 は ２ 分 の １ で あ る。", "補助率は\n２分の１である。"]
)
def test_width_and_spaces_do_not_matter(two_pages, quote):
    (box,) = locate_quote(two_pages, 2, quote)
    assert_on_line(box, 72 + 8 * 12, 740, 11)


@pytest.mark.parametrize(
    ("page", "quote"),
    [(1, "補助率は２分の１である。"), (3, "表紙です。"), (0, "表紙です。"), (2, "ない文言です。"), (2, "")],
)
def test_what_is_not_there_gets_no_box(two_pages, page, quote):
    assert locate_quote(two_pages, page, quote) == []


def test_a_quote_joined_by_the_reader_is_found_piece_by_piece(pdf):
    path = pdf.write("a.pdf", [["交付の対象となる団体。", "別の段の文章です。", "都道府県及び市区町村。"]])
    boxes = locate_quote(path, 1, "交付の対象となる団体。都道府県及び市区町村。")
    assert len(boxes) == 2
    assert_on_line(boxes[0], 72, 760, 11)
    assert_on_line(boxes[1], 72, 720, 11)


def test_a_column_of_vertical_text_gets_one_tall_box(pdf):
    (box,) = locate_quote(pdf.vertical("a.pdf", ["地方創生の交付金", "について説明する"]), 1, "について説明")
    assert box.bottom - box.top > 4 * 14 / PAGE_HEIGHT
    assert box.right - box.left < 20 / PAGE_WIDTH


def test_a_turned_page_is_boxed_as_it_is_shown(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(PAGE_WIDTH, PAGE_HEIGHT))
    canvas.setPageRotation(90)  # makes the media box lie: 842 wide, 595 high before the turn
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 500, "turned text")
    canvas.save()
    (box,) = locate_quote(tmp_path / "a.pdf", 1, "turned text")
    # Turned clockwise, distance from the bottom becomes distance from the left, from the left from the top.
    assert box.left == pytest.approx(500 / PAGE_WIDTH, abs=0.02)
    assert box.top == pytest.approx(72 / PAGE_HEIGHT, abs=0.02)
    assert box.bottom - box.top > box.right - box.left


def test_bytes_and_a_path_give_the_same(two_pages):
    quote = "補助率は２分の１である。"
    assert locate_quote(two_pages.read_bytes(), 2, quote) == locate_quote(two_pages, 2, quote)


def test_the_picture_is_marked_inside_the_box_and_nowhere_else(two_pages):
    boxes = [Box(0.25, 0.4, 0.75, 0.5)]
    plain = Image.open(io.BytesIO(render_page(two_pages, 1, scale=1.0))).convert("RGB")
    marked = Image.open(io.BytesIO(render_page(two_pages.read_bytes(), 1, boxes, scale=1.0))).convert("RGB")
    assert plain.size == marked.size == (596, 842)
    inside, outside = (298, 379), (298, 600)
    assert plain.getpixel(inside) == (255, 255, 255)
    assert marked.getpixel(inside) == (255, 236, 128)
    assert marked.getpixel(outside) == plain.getpixel(outside) == (255, 255, 255)


def test_a_picture_is_never_larger_than_four_thousand_pixels(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(14_000, 500))
    canvas.showPage()
    canvas.save()
    picture = Image.open(io.BytesIO(render_page(tmp_path / "a.pdf", 1, scale=4.0)))
    assert max(picture.size) <= 4000


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 broken", b"text"])
def test_what_is_no_pdf_is_refused(content):
    with pytest.raises(FileUnreadable):
        render_page(content, 1)


def test_a_page_that_does_not_exist_is_refused(two_pages):
    with pytest.raises(FileUnreadable):
        render_page(two_pages, 9)
