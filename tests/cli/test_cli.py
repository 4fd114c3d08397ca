"""The console script as people script against it: one JSON value, exit status, one Japanese message."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(settings, tmp_path):
    def call(*arguments, **environment):
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            cwd=ROOT,
            env={
                **os.environ,
                "ASSISTANT_INDEX": str(settings.index),
                "ASSISTANT_HOME": str(tmp_path),
                "ASSISTANT_TODAY": "2026-11-23",
                "PYTHONUTF8": "1",
                **environment,
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    return call


def test_ask_gives_both_figures_each_cited(run):
    done = run("ask", "第2世代交付金の市町村の国費上限と補助率は？", "--fiscal-year", "2025", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert "10億円" in answer["text"] and "1/2" in answer["text"] and "[1]" in answer["text"]
    assert answer["fiscal_year"] == 2025 and answer["verdict"] is None and answer["trace"]["model"] is None
    for claim in answer["claims"]:
        assert claim["support"] == "supported"
        for citation in claim["citations"]:
            assert citation["quote"] and citation["sources"][0]["level"] in ("公式", "公式転記", "自治体", "第三者")
            assert citation["end"] - citation["start"] == len(citation["quote"])
    assert {"understand", "retrieve", "compose", "check"} <= set(answer["trace"]["durations_ms"])


def test_ask_for_the_next_year_says_what_is_known_and_what_is_not(run):
    done = run("ask", "第2世代交付金の市町村の国費上限と補助率は？", "--fiscal-year", "2026", "--json")
    answer = json.loads(done.stdout)
    assert answer["status"] == "partly_answered"
    assert any("地域未来推進型" in caution and "令和8年度" in caution for caution in answer["cautions"])
    for claim in answer["claims"]:
        if "10億円" in claim["text"]:
            assert "令和7年度" in claim["text"] or "令和8年度" in claim["text"], "a figure always names its year"


def test_a_question_outside_is_an_honest_non_answer(run):
    done = run("ask", "明日の天気は？", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["claims"]) == ("out_of_scope", [])


@pytest.mark.parametrize("step", ["understand", "retrieve", "compose", "check"])
def test_any_step_can_be_looked_at(run, step):
    done = run("ask", "RESASとは？", "--until", step)
    assert done.returncode == 0
    assert json.loads(done.stdout)


def test_search_has_the_agreed_keys(run):
    hits = json.loads(run("search", "移動販売", "-k", "3", "--kind", "case", "--json").stdout)
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert {"score", "passage_id", "document_id", "kind", "title", "page", "text", "parts"} <= set(hits[0])
    assert {hit["kind"] for hit in hits} == {"case"}


def test_a_trec_run_has_one_line_per_document(run, tmp_path):
    (tmp_path / "q.tsv").write_text("q1\t移動販売の事例\nq2\tRESASとは\n", encoding="utf-8")
    done = run("search", "--queries", str(tmp_path / "q.tsv"), "--run", str(tmp_path / "out.trec"), "-k", "5")
    assert done.returncode == 0
    rows = [line.split() for line in (tmp_path / "out.trec").read_text(encoding="utf-8").splitlines()]
    assert [row[0] for row in rows] == ["q1"] * 5 + ["q2"] * 5
    assert all(row[1] == "Q0" and len(row) == 6 for row in rows)
    for query in ("q1", "q2"):
        mine = [row for row in rows if row[0] == query]
        assert len({row[2] for row in mine}) == 5
        assert [float(row[4]) for row in mine] == sorted((float(row[4]) for row in mine), reverse=True)


def test_judge_has_the_agreed_keys(run):
    done = run("judge", "dai2sedai-r7", "-f", "applicant=private", "--json")
    assert done.returncode == 0
    verdict = json.loads(done.stdout)
    assert verdict["outcome"] == "対象外" and verdict["fiscal_year"] == 2025
    decisive = next(f for f in verdict["findings"] if f["outcome"] == "not_met")
    assert {"source_id", "locator", "quote", "level", "fiscal_year", "predecessor", "url"} <= set(decisive["clause"])


def test_grants_are_listed(run):
    grants = json.loads(run("grants", "--json").stdout)
    assert {"dai2sedai-r7", "chiiki-mirai-suishin-r8"} <= {grant["id"] for grant in grants}
    assert run("grants", "show", "第2世代交付金").returncode == 0
    assert run("grants", "lint").returncode == 0


def test_index_build_takes_files_and_beir_lines_and_keeps_what_has_not_changed(run, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [{"_id": f"d{i}", "title": f"題{i}", "text": f"移動販売車は{i}台です。"} for i in range(3)]
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), encoding="utf-8")
    (tmp_path / "壊れた.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "空.txt").write_bytes(b"")
    options = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))
    files = [str(tmp_path / name) for name in ("docs.jsonl", "壊れた.pdf", "空.txt")]
    first = json.loads(run("index", "build", *files, *options, "--json").stdout)
    assert first["documents"] >= 3 and set(first["unreadable"]) == {"壊れた.pdf", "空.txt"}
    found = json.loads(run("search", "移動販売車は2台", "--json", *options).stdout)
    assert found[0]["document_id"] == "d2"
    second = json.loads(run("index", "build", *files, *options, "--json").stdout)
    assert second["added"] == second["changed"] == 0


def test_an_index_can_be_adapted_to_its_own_documents_and_serves_with_that_encoder(run, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    words = ["移動販売車", "デマンド交通", "空き家", "小水力発電", "高校魅力化", "海岸清掃"]
    rows = [
        {"_id": f"d{i}", "title": f"{word}の取組", "text": f"{word}を町が始めた。住民が{word}を支える。費用は{i}万円である。"}
        for i, word in enumerate(words * 4)
    ]
    (tmp_path / "docs.jsonl").write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in rows), encoding="utf-8")
    options = ("--corpus", str(corpus), "--index", str(tmp_path / "index"))
    plain = json.loads(run("index", "build", str(tmp_path / "docs.jsonl"), *options, "--json").stdout)
    adapted = json.loads(run("index", "build", str(tmp_path / "docs.jsonl"), "--adapt", *options, "--json").stdout)
    assert adapted["digest"] != plain["digest"]
    assert len(list((tmp_path / "index" / "encoders").iterdir())) == 1
    found = json.loads(run("search", "小水力発電の費用", "--json", *options).stdout)
    assert found[0]["title"] == "小水力発電の取組"
    again = json.loads(run("index", "build", str(tmp_path / "docs.jsonl"), *options, "--json").stdout)
    assert again["published"] and not list((tmp_path / "index" / "encoders").iterdir())


def test_without_an_index_the_message_says_what_to_do(run, tmp_path):
    done = run("ask", "RESASとは？", "--index", str(tmp_path / "none"))
    assert done.returncode == 1 and done.stdout == ""
    assert "assistant index build" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ask", ""), "入力されていません"),
        (("ask", "あ" * 3000), "長すぎます"),
        (("ask", "上限は", "--municipality", "府中市"), "東京都府中市"),
        (("ask", "上限は", "--municipality", "存在しない町"), "見つかりません"),
        (("ask", "上限は", "--fiscal-year", "8"), "2026"),
        (("ask", "上限は", "--fiscal-year", "x"), "整数"),
        (("ask", "RESAS", "--until", "nowhere"), "段階"),
        (("ask",), "指定がありません"),
        (("nothing",), "コマンドはありません"),
        (("search", "x", "--kind", "book"), "種類"),
        (("judge", "nothing-r9"), "登録されていません"),
        (("judge", "dai2sedai-r7", "-f", "aplicant=private"), "applicant"),
        (("judge", "dai2sedai-r7", "-f", "national_yen=-5"), "国費"),
        (("ask", "第2世代交付金は使えますか", "-f", "aplicant=private"), "applicant（申請する主体）"),
        (("ask", "第2世代交付金は使えますか", "-f", "申請者=火星人"), "申請する主体"),
    ],
)
def test_bad_input_ends_with_2_and_one_japanese_message(run, arguments, told):
    done = run(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == "" and told in done.stderr


def test_facts_of_ask_count_under_their_japanese_names_and_unused_ones_are_told(run):
    done = run("ask", "第2世代交付金は使えますか", "-f", "申請者=民間（企業・NPO・社会福祉法人など）",
               "-f", "buys_machinery=true", "--json")  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["verdict"]["outcome"] == "対象外"
    assert "使っていません: buys_machinery" in done.stderr


def test_judge_tells_a_cost_to_leave_out_apart_from_what_shuts_out(run):
    given = ("dai2sedai-r7", "-f", "includes_proposal_consulting=true")
    verdict = json.loads(run("judge", *given, "--json").stdout)
    assert verdict["outcome"] == "要確認"
    (cost,) = [f for f in verdict["findings"] if f["outcome"] == "not_met"]
    assert (cost["rule_id"], cost["affects"]) == ("no-proposal-consulting", "cost")
    assert cost["cost"] == "提案・企画・立案のためのコンサルティング経費"
    assert "除いて申請できます" in cost["because"]
    told = run("judge", *given).stdout
    assert " 除 令和7年度の第2世代交付金では" in told and " × " not in told


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("cases", "移住", "--xlsx", "{}/none/x.xlsx"), "none」がありません［No such file or directory］"),
        (("ask", "RESASとは？", "--model", "nothing:x"), "「nothing」という提供元は使えません［"),
    ],
)
def test_the_cause_is_told_in_japanese_with_the_technical_words_last(run, tmp_path, arguments, cause):
    done = run(*(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 1 and done.stdout == ""
    assert cause in done.stderr
