"""A review as Word, HTML, Markdown and Excel; reviews through the one door and the command line."""

import json
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.errors import UnknownName
from assistant.export.reviews import review_docx, review_html, review_markdown, review_xlsx
from tests.review.conftest import SOURCES

TODAY = date(2026, 11, 23)
ROOT = Path(__file__).parents[2]
TEXT = (
    "あさひ町総合戦略\nまち・ひと・しごと創生法に基づく計画です。<script>alert(1)</script>\n"
    "=1+1 移住を支援します。\n\n| 指標 | 基準値（R6） | 目標値（R11） |\n| 移住者数 | 12人 | 30人 |"
)


def test_html_shows_the_documents_words_as_text(held):
    page = review_html(held(TEXT), SOURCES, today=TODAY)
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "src=" not in page and "http-equiv='Content-Security-Policy'" in page


def test_word_bears_the_clause_as_a_footnote_and_the_table(held):
    archive = zipfile.ZipFile(BytesIO(review_docx(held(TEXT), SOURCES, today=TODAY)))
    notes = archive.read("word/footnotes.xml").decode()
    body = archive.read("word/document.xml").decode()
    assert "第9条・第10条" in notes and "出典 P60" in notes
    assert "移住者数" in body and "【要記入：" in body


def test_excel_holds_findings_indicators_and_no_formula(held):
    review = held(TEXT)
    book = load_workbook(BytesIO(review_xlsx(review, SOURCES)))
    assert book.sheetnames == ["点検結果", "引用", "指標", "読み取り"]
    assert book["点検結果"].max_row == len(review.items) + 1
    assert [cell.value for cell in book["指標"][2]][1:7] == [
        "移住者数",
        "人",
        "12",
        "令和6年度",
        "30",
        "令和11年度",
    ]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def test_markdown_names_pages_and_drafts(held):
    text = review_markdown(held(TEXT), SOURCES, today=TODAY)
    assert "1ページ: 「まち・ひと・しごと創生法に基づく計画です。" in text and "書き方の例: " in text


def test_a_file_is_reviewed_through_the_door_with_cases_for_its_gaps(assistant, tmp_path):
    path = tmp_path / "a.md"
    path.write_text("総合戦略\n本戦略は、まち・ひと・しごと創生法に基づく計画です。\n", encoding="utf-8")
    review = assistant.review(path, "戦略.md", "strategy")
    assert (review.file, review.target, len(review.items)) == ("戦略.md", "strategy", 64)
    assert review.similar_cases and set(review.similar_cases) <= set(assistant.cases.book.by_id)


def test_a_plan_is_held_against_the_rules_of_a_grant(assistant, tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "実施計画\n本事業は市が申請します。KPIの達成状況を毎年度検証し、結果を公表します。\n",
        encoding="utf-8",
    )
    review = assistant.review(path, "計画.md", "地域未来推進型")
    by_id = {item.requirement_id: item for item in review.items}
    assert review.target == "chiiki-mirai-suishin-r8"
    assert all(item.clause is not None for item in review.items)
    met = [item for item in by_id.values() if item.outcome == "met"]
    assert met and all(item.evidence for item in met)
    assert any("毎年度" in item.requirement for item in met)


def test_an_unknown_target_names_near_ones(assistant, tmp_path):
    path = tmp_path / "a.md"
    path.write_text("計画", encoding="utf-8")
    with pytest.raises(UnknownName):
        assistant.review(path, "a.md", "no-such-grant")


def run(settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "review", *arguments, "--index", str(settings.index)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_prints_one_json_value_of_the_agreed_form(settings, tmp_path):
    path, out = tmp_path / "戦略.md", tmp_path / "out.html"
    path.write_text(TEXT, encoding="utf-8")
    done = run(settings, str(path), "--against", "strategy", "--json", "-o", str(out))
    value = json.loads(done.stdout)
    assert done.returncode == 0 and out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {"file", "target", "pages", "fidelity", "items", "similar_cases", "summary"} <= value.keys()
    assert {"readable_pages", "unreadable_pages", "notes"} <= value["fidelity"].keys()
    met = next(i for i in value["items"] if i["requirement_id"] == "law-basis")
    assert met["outcome"] == "met" and met["clause"]["source_id"] == "P60"
    assert {"page", "quote", "start", "end"} <= met["evidence"][0].keys()


@pytest.mark.parametrize(
    ("name", "content", "arguments", "said"),
    [
        ("empty.pdf", b"", (), "0バイト"),
        ("broken.pdf", b"%PDF-1.7 broken", (), "読み込めませんでした"),
        ("a.md", b"x", ("-o", "out.exe"), "保存できません"),
        ("a.md", b"x", ("--against", "no-such-grant"), "no-such-grant"),
    ],
)
def test_mistakes_are_told_in_japanese_with_status_two(settings, tmp_path, name, content, arguments, said):
    path = tmp_path / name
    path.write_bytes(content)
    done = run(settings, str(path), *arguments)
    assert (
        done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr and done.stdout == ""
    )
