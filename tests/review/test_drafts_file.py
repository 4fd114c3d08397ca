"""下書き.docx: read again, no sentence of it lacks a footnote or a slot, whatever the plan says."""

import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import StorageFailed
from assistant.export.drafts import drafts_docx, lacking
from assistant.export.footnotes import NotedDocument
from assistant.japanese.text import sentences
from assistant.review.draft_nouns import Drafts, GapDraft, slots_in
from tests.review.conftest import document
from tests.review.test_drafts import LINES, PLAN

ROOT = Path(__file__).parents[2]
PLANS = sorted((ROOT / "benchmarks" / "data" / "strategies").rglob("*.md"))
TODAY = date(2026, 11, 23)


def paragraphs(content: bytes) -> list[str]:
    return [p.text for p in Document(BytesIO(content)).paragraphs]


def footnotes(content: bytes) -> str:
    return zipfile.ZipFile(BytesIO(content)).read("word/footnotes.xml").decode()


@pytest.fixture(scope="module")
def made(assistant):
    review = assistant.reviews.hold(document(PLAN))
    place = assistant.find_municipality("北海道美幌町")
    return drafts_docx(assistant.reviews.draft(review, place=place), today=TODAY)


def test_the_file_holds_every_gap_in_the_order_of_a_strategy_and_lists_its_slots(assistant, made):
    lines = paragraphs(made)
    chapters = [c for c in dict.fromkeys(r.chapter for r in assistant.reviews.requirements.requirements) if c in lines]
    assert [line for line in lines if line in chapters] == chapters and len(chapters) >= 5
    at = lines.index("記入する欄の一覧")
    listed = "\n".join(lines[at:])
    slots = set(re.findall("【要記入：[^】]+】", "\n".join(lines[:at])))
    assert len(slots) > 30 and all(slot in listed for slot in slots)


def test_sentences_bear_their_sources_as_footnotes(made):
    notes = footnotes(made)
    assert "本町の人口は、2025年1月1日現在で" in "\n".join(paragraphs(made))
    assert "出典 M04" in notes and "出典 P01" in notes and "自治体の一覧の「人口（住民基本台帳）」" in notes
    assert "点検した文書「総合戦略.pdf」1ページ" in notes
    assert "【第三者（要確認）】" in notes and "（前身の制度又は過年度の規則）" in notes
    assert "【要確認：第三者の資料】" in "\n".join(paragraphs(made))


def test_no_sentence_lacks_a_source_or_a_slot_for_any_requirement(assistant, made):
    empty = assistant.reviews.hold(document("あさひ町総合戦略"))
    content = drafts_docx(assistant.reviews.draft(empty), today=TODAY)
    titles = {r.requirement.rstrip("。") for r in assistant.reviews.requirements.requirements}
    assert lacking(made) == [] == lacking(content)
    assert len(titles & set(paragraphs(content))) >= 55


@pytest.mark.parametrize("grant", ["chiiki-mirai-suishin-r8", "digital-type-a-r8", "bousai-r8"])
def test_a_grants_plan_has_drafts_as_well(assistant, grant):
    review = assistant.reviews.hold(document("実施計画\n本事業は市が申請します。"), grant)
    content = drafts_docx(assistant.reviews.draft(review), today=TODAY)
    assert lacking(content) == []
    assert any("本事業" in line and "【要記入：" in line for line in paragraphs(content))


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pages=st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=3))
def test_whatever_a_plan_says_the_file_has_no_bare_sentence(assistant, pages):
    review = assistant.reviews.hold(document(*("\n".join(lines) for lines in pages)))
    assert lacking(drafts_docx(assistant.reviews.draft(review), today=TODAY)) == []


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_realistic_plans_have_no_bare_sentence(assistant, path):
    review = assistant.reviews.hold(document(path.read_text(encoding="utf-8")))
    drafts = assistant.reviews.draft(review)
    assert len(drafts.gaps) > 10 and lacking(drafts_docx(drafts, today=TODAY)) == []


def test_every_template_is_a_sentence_to_complete(assistant):
    """What a template says without a slot would be left out of the draft."""
    for requirement in assistant.reviews.requirements.requirements:
        spans = sentences(requirement.draft)
        assert spans and all(slots_in(requirement.draft[a:b]) for a, b in spans), requirement.id


# ── the check itself ─────────────────────────────────────────────────────────


def written(*parts: tuple[str, list[str]], label: str = "") -> bytes:
    file = NotedDocument("題")
    file.sentences(parts, label=label)
    return file.to_bytes()


@pytest.mark.parametrize(
    ("parts", "bare"),
    [
        ([("人口は減っています。", ["出典"])], []),
        ([("人口は減っています。", [])], ["人口は減っています。"]),
        ([("一つ目です。", ["出典"]), ("二つ目です。", [])], ["二つ目です。"]),
        ([("一つ目です。", []), ("二つ目です。", ["出典"])], ["一つ目です。"]),
        ([("人口は【要記入：人数】人です。", [])], []),
        ([("人口は【要記入：】人です。", [])], ["人口は【要記入：】人です。"]),
        ([("人口は減っています。", [" "])], ["人口は減っています。"]),
        ([("「減った。」と書かれています。", ["出典"])], []),
        ([("「閉じない引用。次の文。", ["出典"])], ["「閉じない引用。"]),
        ([("句点のない行", [])], ["句点のない行"]),
        ([("疑わしい文です。【要確認：第三者の資料】", ["出典"])], []),
    ],
)
def test_bare_sentences_are_found(parts, bare):
    assert lacking(written(*parts)) == bare


def test_tables_and_headings_with_sentences_are_looked_at():
    file = NotedDocument("題")
    file.heading("人口")
    file.heading("人口は減っています。")
    file.document.add_table(rows=1, cols=1).rows[0].cells[0].text = "移住者は増えました。"
    assert lacking(file.to_bytes()) == ["人口は減っています。", "移住者は増えました。"]


def test_a_file_with_a_bare_sentence_is_not_handed_out(monkeypatch):
    monkeypatch.setattr("assistant.export.drafts.notes_of", lambda sentence: [])
    gap = GapDraft(
        requirement_id="a", requirement="要件です。", chapter="章", pillar=None, outcome="not_met", because="ありません。",
        advice="", sentences=[{"text": "国の文です。", "kind": "sourced", "role": "own", "bases": [{"kind": "statement", "says": "国の文です。"}]}],
    )  # fmt: skip
    with pytest.raises(StorageFailed, match="出典も記入欄もない"):
        drafts_docx(Drafts(file="a", target_name="b", gaps=(gap,)), today=TODAY)


# ── the command ──────────────────────────────────────────────────────────────


def run(settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "review", *arguments, "--index", str(settings.index)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_writes_the_draft_beside_the_review(settings, tmp_path):
    plan, out = tmp_path / "戦略.md", tmp_path / "下書き.docx"
    plan.write_text(PLAN, encoding="utf-8")
    done = run(settings, str(plan), "--draft", str(out), "--municipality", "北海道美幌町", "--json")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    item = next(i for i in value["items"] if i["requirement_id"] == "p1-disaster")
    assert item["cases"] and item["grants"][0]["fiscal_year"] == 2026
    assert {"id", "name", "fiscal_year", "is_current", "why", "source_ids"} <= item["grants"][0].keys()
    assert lacking(out.read_bytes()) == [] and "本町の人口は" in "\n".join(paragraphs(out.read_bytes()))


def test_a_wrong_ending_or_municipality_is_told_before_the_file_is_read(settings, tmp_path):
    plan = tmp_path / "戦略.md"
    plan.write_text(PLAN, encoding="utf-8")
    for arguments, said in (
        (("--draft", str(tmp_path / "a.pdf")), ".docx"),
        (("--draft", str(tmp_path / "a.docx"), "--municipality", "ないない町"), "ないない町"),
    ):
        done = run(settings, str(plan), *arguments)
        assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
