"""What the verbs give: the JSON of the command line, in the shape of the OpenAPI document."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAN = "第1章 人口ビジョン\n本町の人口は2020年に5,000人でした。\n第2章 基本目標\n基本目標1 しごとをつくる。数値目標は就業者数100人（令和11年度）です。\n".encode()


@pytest.fixture
def command(settings, tmp_path):
    def call(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *arguments, "--json"],
            cwd=ROOT,
            env={
                **os.environ,
                "ASSISTANT_INDEX": str(settings.index),
                "ASSISTANT_HOME": str(settings.home),
                "ASSISTANT_TODAY": "2026-11-23",
                "PYTHONUTF8": "1",
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return json.loads(done.stdout)

    return call


def fits(openapi, path, method, value):
    answer = openapi["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(value, {**answer, "components": openapi["components"]})


def test_ask_is_the_commands_answer(http, openapi, command):
    question = "第2世代交付金の市町村の国費上限と補助率は？"
    given = http.post("/ask", json={"question": question, "fiscal_year": 2025})
    assert given.status_code == 200
    answer = given.json()
    fits(openapi, "/ask", "post", answer)
    assert answer["status"] == "answered" and "10億円" in answer["text"] and "1/2" in answer["text"]
    same = command("ask", question, "--fiscal-year", "2025")
    for value in (answer, same):
        value["trace"].pop("durations_ms")
    assert answer == same


def test_an_honest_non_answer_is_not_an_error(http, openapi):
    given = http.post("/ask", json={"question": "明日の天気は？"})
    assert (given.status_code, given.json()["status"]) == (200, "out_of_scope")
    fits(openapi, "/ask", "post", given.json())


def test_history_lets_a_question_lean_on_the_ones_before(http):
    first = "令和7年度の第2世代交付金、ソフト事業の市区町村の国費上限はいくら？"
    alone = http.post("/ask", json={"question": "県の場合は？"}).json()
    after = http.post("/ask", json={"question": "県の場合は？", "history": [first]}).json()
    assert "15億円" in after["text"] and "15億円" not in alone["text"]


def test_facts_in_a_question_count_in_its_verdict(http):
    asked = {"question": "株式会社ですが第2世代交付金に直接申請できますか？", "fiscal_year": 2025}
    given = http.post("/ask", json={**asked, "facts": {"applicant": "private"}}).json()
    assert given["verdict"]["outcome"] == "対象外"


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/search?query=移動販売&k=3&kind=case", ("search", "移動販売", "-k", "3", "--kind", "case")),
        ("/grants", ("grants",)),
        ("/grants/dai2sedai-r7", ("grants", "show", "dai2sedai-r7")),
        ("/grants/第2世代交付金", ("grants", "show", "第2世代交付金")),
        (
            "/cases?words=買物支援&like=海士町&pillar=1&pillar=3&k=2",
            ("cases", "買物支援", "--like", "海士町", "--pillar", "1", "--pillar", "3", "-k", "2"),
        ),
    ],
    ids=["search", "grants", "grant", "grant-by-name", "cases"],
)
def test_what_is_read_is_what_the_command_prints(http, openapi, command, path, arguments):
    given = http.get(path)
    assert given.status_code == 200, given.text
    place = "/grants/{id}" if path.startswith("/grants/") else path.partition("?")[0]
    fits(openapi, place, "get", given.json())
    assert given.json() == command(*arguments)


def test_judge_is_the_commands_verdict(http, openapi, command):
    facts = {"applicant": "municipality", "national_yen": "8億円"}
    given = http.post("/judge", json={"grant": "dai2sedai-r7", "facts": facts})
    fits(openapi, "/judge", "post", given.json())
    pairs = [word for name, value in facts.items() for word in ("-f", f"{name}={value}")]
    assert given.json() == command("judge", "dai2sedai-r7", *pairs)
    assert given.json()["outcome"] in ("対象になり得る", "要確認")


def test_review_is_the_commands_review_and_leaves_no_file(http, openapi, command, tmp_path, monkeypatch):
    (tmp_path / "計画.txt").write_bytes(PLAN)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    for lenient, options in ((False, ()), (True, ("--lenient",))):
        given = http.post(
            "/review", files={"file": ("計画.txt", PLAN)}, data={"against": "strategy", "lenient": str(lenient)}
        )
        assert given.status_code == 200, given.text
        fits(openapi, "/review", "post", given.json())
        assert given.json() == command("review", str(tmp_path / "計画.txt"), *options)
    broken = http.post("/review", files={"file": ("壊れた.pdf", b"%PDF-1.7 broken")})
    assert broken.status_code == 422 and "壊れた.pdf" in broken.json()["what"]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_name_with_folders_is_only_a_name(http):
    given = http.post("/review", files={"file": ("..\\..\\home/secret/計画.txt", PLAN)})
    assert (given.status_code, given.json()["file"]) == (200, "計画.txt")


def test_health_names_the_index_and_the_version(http, openapi, assistant):
    health = http.get("/health").json()
    fits(openapi, "/health", "get", health)
    assert health["index"] == assistant.index.digest and health["status"] == "ok"
    assert health["grants"] == len(assistant.grants.by_id) and health["model"] is None


def events_of(given):
    assert given.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in given.text.strip().split("\n\n"):
        event, data = block.split("\n")
        found.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_sentences_come_one_by_one_and_the_answer_last(http, openapi):
    asked = {"question": "TYPE Aの補助率と上限は？", "fiscal_year": 2026}
    *claims, (last, answer) = events_of(http.post("/ask", json=asked, headers={"Accept": "text/event-stream"}))
    assert {event for event, _ in claims} == {"claim"} and last == "answer"
    fits(openapi, "/ask", "post", answer)
    told = [claim["text"] for _, claim in claims]
    assert {claim["text"] for claim in answer["claims"]} <= set(told)
    assert all(claim["support"] in ("supported", "partial") for _, claim in claims)


def test_a_problem_ends_the_events(http):
    asked = {"question": "上限は", "fiscal_year": 8}
    ((event, told),) = events_of(http.post("/ask", json=asked, headers={"Accept": "text/event-stream"}))
    assert event == "problem" and "西暦" in told["why"]
    off = http.post("/ask", json={}, headers={"Accept": "text/event-stream"})
    assert off.status_code == 422
