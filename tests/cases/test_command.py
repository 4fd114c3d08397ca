"""``assistant cases``: the contract's JSON, files, and words for what is off."""

import json
import sys

import openpyxl
import pytest

from assistant.cli.main import main

KEYS = {"id", "title", "municipality", "prefecture", "population", "pillar", "themes", "score", "why", "differences",
        "sources", "results"}  # fmt: skip


@pytest.fixture
def run(settings, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_INDEX", str(settings.index))
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "home"))

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["assistant", "cases", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return command


def test_json_is_one_value_in_the_agreed_form(run):
    status, out, _ = run("買物支援", "--like", "海士町", "-k", "3", "--json")
    hits = json.loads(out)
    assert status == 0 and len(hits) == 3
    for hit in hits:
        assert set(hit) >= KEYS
        assert isinstance(hit["population"], int) and isinstance(hit["why"], list) and hit["differences"]
        assert {"id", "title", "publisher", "url", "level", "checked"} <= set(hit["sources"][0])


def test_several_filters_and_a_file(run, tmp_path):
    file = tmp_path / "事例.xlsx"
    status, out, _ = run(
        "--theme", "空き家", "--prefecture", "四国", "--prefecture", "広島", "--pillar", "3", "--population", "1000-200000",
        "--json", "--xlsx", str(file),
    )  # fmt: skip
    hits = json.loads(out)
    assert status == 0 and hits
    assert {hit["prefecture"] for hit in hits} <= {"徳島県", "香川県", "愛媛県", "高知県", "広島県"}
    titles = [row[1] for row in openpyxl.load_workbook(file)["事例"].iter_rows(min_row=2, values_only=True)]
    assert titles == [hit["title"] for hit in hits]


def test_people_read_reasons_and_sources(run):
    status, out, _ = run("廃校", "-k", "2")
    assert status == 0 and "○" in out and "出典 〔" in out


def test_an_empty_result_says_what_to_loosen(run):
    status, out, err = run("--prefecture", "奈良", "--pillar", "3", "--json")
    assert status == 0 and json.loads(out) == [] and "外すと" in err
    status, out, _ = run("--prefecture", "奈良", "--pillar", "3")
    assert status == 0 and "外すと" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--like", "府中市"), "東京都府中市"),
        (("--like", "海土町"), "海士町"),
        (("--population", "9000-10"), "最小が最大より大きく"),
        (("--pillar", "9"), "1〜5"),
        (("--theme", "ああああ"), "テーマ"),
        (("--xlsx", "x.csv"), ".xlsx"),
        (("-k", "0"), "範囲"),
    ],
)
def test_bad_input_ends_with_2_and_one_japanese_message(run, arguments, told):
    status, out, err = run(*arguments)
    assert status == 2 and out == ""
    assert told in err and "Traceback" not in err
