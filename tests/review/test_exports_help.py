"""What the exports add to a gap (cases, grants with their year) and how they lead to the pages of the file."""

import re
import zipfile
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from assistant.export.review_help import PageLinks, help_lines
from assistant.export.reviews import review_docx, review_html, review_markdown, review_xlsx
from assistant.review.nouns import GrantHint
from tests.review.conftest import SOURCES, document

TODAY = date(2026, 11, 23)
TEXT = (
    "あさひ町総合戦略\n移住の支援を検討します。",
    "防災の施策は未定です。\n\n| 指標 | 基準値（R6） | 目標値（R11） |\n| 移住者数 | 12人 | 30人 |",
)


@pytest.fixture(scope="module")
def review(assistant):
    return assistant.reviews.hold(document(*TEXT))


@pytest.fixture(scope="module")
def cases(assistant, review):
    return assistant.reviews.cases_of(review)


def test_all_exports_tell_cases_and_grants_of_a_gap_with_sources(review, cases):
    page = review_html(review, SOURCES, today=TODAY, cases=cases)
    word = zipfile.ZipFile(BytesIO(review_docx(review, SOURCES, today=TODAY, cases=cases)))
    sheet = load_workbook(BytesIO(review_xlsx(review, SOURCES, cases=cases)))["事例と交付金"]
    rows = ["|".join(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    texts = (
        page, review_markdown(review, SOURCES, today=TODAY, cases=cases), "\n".join(rows),
        word.read("word/document.xml").decode(),
    )  # fmt: skip
    for text in texts:
        plain = text.replace("\\", "")
        assert "津波34mを逆手に取った「犠牲者ゼロ」と防災産業" in plain and "高知県黒潮町" in plain
        assert "地域未来交付金（地域防災緊急整備型）（令和8年度）" in plain
    assert "出典 S04" in word.read("word/footnotes.xml").decode()
    assert any("出典 S" in row and row.startswith("防災力の強化に取り組みます。|交付金・制度|") for row in rows)


def test_a_grant_of_an_earlier_year_says_so(review):
    item = next(i for i in review.items if i.requirement_id == "p1-disaster")
    hint = GrantHint(id="x", name="古い交付金", fiscal_year=2025, of_one_year=True, is_current=False, why="以前の定めです。")
    (line,) = help_lines(item.model_copy(update={"cases": (), "grants": (hint,)}), {}, {})
    assert line.text == "交付金・制度: 古い交付金（令和7年度のもので、現在の年度にあるかは要確認） — 以前の定めです。"


def test_html_leads_to_the_page_of_the_file_beside_it(review):
    page = review_html(review, SOURCES, today=TODAY)
    addresses = set(re.findall(r"href='(\./[^']+)'", page))
    assert {unquote(a) for a in addresses} == {"./総合戦略.pdf#page=1", "./総合戦略.pdf#page=2"}
    assert "「総合戦略.pdf」のそのページが開きます。「総合戦略.pdf」をこのファイルと同じフォルダーに置いて" in page


def test_excel_leads_to_the_page_of_the_file_beside_it(review):
    book = load_workbook(BytesIO(review_xlsx(review, SOURCES)))
    links = [book["引用"].cell(row=row, column=1).hyperlink for row in range(2, book["引用"].max_row + 1)]
    assert links and all(unquote(link.target) == "./総合戦略.pdf" for link in links)
    assert {link.location for link in links} == {"page=1", "page=2"}
    assert book["指標"]["A2"].hyperlink.location == "page=2"
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def test_word_leads_to_the_page_of_the_file_beside_it(review):
    archive = zipfile.ZipFile(BytesIO(review_docx(review, SOURCES, today=TODAY)))
    relations = archive.read("word/_rels/document.xml.rels").decode()
    body = archive.read("word/document.xml").decode()
    assert f'Target="{PageLinks.beside("総合戦略.pdf").file}"' in relations and 'TargetMode="External"' in relations
    assert 'w:anchor="page=1"' in body and 'w:anchor="page=2"' in body


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("計画 案.pdf", "./%E8%A8%88%E7%94%BB%20%E6%A1%88.pdf#page=3"),
        ("../plans/a.PDF", "../plans/a.PDF#page=3"),
        ("//203.0.113.9/a.pdf", "./203.0.113.9/a.pdf#page=3"),
        ("javascript:alert(1).pdf", "./javascript%3Aalert%281%29.pdf#page=3"),
        ("a'onclick='x.pdf", "./a%27onclick%3D%27x.pdf#page=3"),
        ("計画.docx", ""),
    ],
)
def test_addresses_stay_files_beside_the_report(path, address):
    assert PageLinks(path).to(3) == address


def test_a_plan_without_pages_to_open_has_no_links(assistant):
    plan = document("総合戦略\n移住を支援します。").model_copy(update={"path": "戦略.docx"})
    review = assistant.reviews.hold(plan)
    assert "#page=" not in review_html(review, SOURCES, today=TODAY)
    assert load_workbook(BytesIO(review_xlsx(review, SOURCES)))["引用"]["A2"].hyperlink is None
