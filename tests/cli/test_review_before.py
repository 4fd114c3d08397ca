"""``assistant review --before``: the difference in the JSON, on the screen and in every file."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

ROOT = Path(__file__).resolve().parents[2]
OLD = (
    "あさひ町総合戦略\n計画期間は、令和7年度から令和11年度までの5年間です。\n"
    "移動販売車の利用者数を、令和6年度の60人から令和11年度に120人に増やす。\n"
    "移動販売車の運行を支援し、買物に困らない環境をつくります。\n数値目標とKPIの達成度を毎年度検証します。\n<b>町の木</b>はブナ、町の花はヤマユリです。\n"
)
NEW = (
    OLD.replace("120人に", "90人に")
    .replace("運行を支援し", "運行への支援を検討し")
    .replace("数値目標とKPIの達成度を毎年度検証します。\n", "")
    .replace("ヤマユリ", "サクラ")
)


def run(settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "review", *arguments, "--index", str(settings.index)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("versions")
    old, new = folder / "前の版.md", folder / "新しい版.md"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    return str(old), str(new)


def test_the_json_tells_what_changed(settings, both):
    old, new = both
    done = run(settings, new, "--before", old, "--json")
    assert done.returncode == 0, done.stderr
    difference = json.loads(done.stdout)["difference"]
    assert (difference["before_file"], difference["after_file"]) == ("前の版.md", "新しい版.md")
    lost = next(r for r in difference["requirements"] if r["requirement_id"] == "yearly-review")
    assert (lost["kind"], lost["before"], lost["after"]) == ("lost", "met", "not_met")
    assert lost["before_evidence"][0]["page"] == 1
    lowered = next(k for k in difference["kpis"] if k["kinds"])
    assert lowered["says"][0] == "目標値が120人から90人に下がりました。"
    removed = next(p for p in difference["passages"] if p["kind"] == "removed")
    quote = removed["before"]["quotes"][0]
    assert OLD[quote["start"] : quote["end"]] == quote["quote"] == "数値目標とKPIの達成度を毎年度検証します。"


def test_without_an_earlier_version_the_key_is_null(settings, both):
    done = run(settings, both[1], "--json")
    assert json.loads(done.stdout)["difference"] is None


def test_the_screen_names_both_files_and_the_changes(settings, both):
    old, new = both
    said = run(settings, new, "--before", old).stdout
    assert "前の版との違い（前の版.md → 新しい版.md）" in said
    assert "目標値が120人から90人に下がりました。" in said
    assert "「ヤマユリ」" not in said and "ヤマユリです。" in said


@pytest.mark.parametrize("ending", ["md", "html", "docx", "xlsx"])
def test_every_file_carries_the_difference(settings, both, tmp_path, ending):
    old, new = both
    out = tmp_path / f"点検.{ending}"
    done = run(settings, new, "--before", old, "-o", str(out))
    assert done.returncode == 0, done.stderr
    if ending == "docx":
        text = "\n".join(p.text for p in Document(BytesIO(out.read_bytes())).paragraphs)
    elif ending == "xlsx":
        book = load_workbook(out)
        assert {"違い・点検項目", "違い・指標", "違い・文"} <= set(book.sheetnames)
        text = "\n".join(str(c) for s in book for row in s.iter_rows(values_only=True) for c in row if c)
    else:
        text = out.read_text(encoding="utf-8")
    assert "目標値が120人から90人に下がりました。" in text
    assert "数値目標とKPIの達成度を毎年度検証します。" in text
    if ending == "html":
        assert "<del>ヤマユリ</del>" in text and "<ins>サクラ</ins>" in text
        assert "<b>町の木" not in text and "<script" not in text
    if ending == "md":
        assert "**ヤマユリ**" in text and "**サクラ**" in text


def test_an_empty_earlier_version_is_told(settings, both, tmp_path):
    empty = tmp_path / "空.pdf"
    empty.touch()
    done = run(settings, both[1], "--before", str(empty))
    assert done.returncode in (1, 2) and "0バイト" in done.stderr and "Traceback" not in done.stderr
