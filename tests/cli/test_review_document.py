"""``assistant review --ask`` and ``--chapters``: the document's own words with their pages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAN = (
    "あさひ町総合戦略\n第1章 趣旨\n計画期間は、令和7年度から令和11年度までの5年間です。\n"
    "第2章 施策\n移動販売車の運行を支援し、買物に困らない環境をつくります。\n町の木はブナ、町の花はヤマユリです。\n"
)


def run(settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "review", *arguments, "--index", str(settings.index)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("plan") / "総合戦略.txt"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


def test_a_question_is_answered_as_ask_answers(settings, plan):
    done = run(settings, plan, "--ask", "計画期間は？", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["text"]) == (
        "answered",
        "計画期間は令和7年度から令和11年度までです。[1]",
    )
    citation = answer["claims"][0]["citations"][0]
    assert citation["context"][citation["start"] : citation["end"]] == citation["quote"]
    assert (citation["page"], citation["kind"]) == (1, "upload")
    assert "understanding" not in answer["trace"]


def test_the_corpus_answers_only_with_the_option(settings, plan):
    question = "第2世代交付金の市町村の国費上限は？"
    alone = run(settings, plan, "--ask", question)
    assert alone.stdout.strip() == "文書には、ご質問に答える記載が見当たりません。"
    wide = json.loads(run(settings, plan, "--ask", question, "--with-corpus", "--json").stdout)
    assert wide["claims"][0]["citations"][0]["kind"] != "upload"


def test_chapters_are_told_and_added_to_the_review(settings, plan):
    shown = run(settings, plan, "--chapters", "--length", "short").stdout
    assert "■ 第2章 施策（1ページ）\n・移動販売車の運行を支援し" in shown
    value = json.loads(run(settings, plan, "--chapters", "--json").stdout)
    assert [c["title"] for c in value["chapters"]] == ["はじめの部分", "第1章 趣旨", "第2章 施策"]
    where = value["chapters"][2]["sentences"][0]["where"]
    assert PLAN[where["start"] : where["end"]] == where["quote"]
    assert len(value["items"]) > 40


def test_an_unknown_length_is_told(settings, plan):
    done = run(settings, plan, "--chapters", "--length", "とても長い")
    assert done.returncode == 2
    assert "short（短い）" in done.stderr
