import json

import pytest

from assistant.cli.main import make_app
from assistant.errors import InputError
from assistant.evaluation.given import Given
from assistant.evaluation.gold import load_gold
from assistant.evaluation.runs import evaluate, read_answers, read_run, scenes_again
from assistant.evaluation.score import score
from tests.evaluation.making import gold

QUESTIONS = [
    {"id": "amount-900", "question": "企業版ふるさと納税の最低額は？", "gold_documents": ["kigyou-furusato"]},
    {"id": "off-topic-900", "question": "カレーの作り方", "answerable": False, "expected_status": ["out_of_scope", "no_passage"]},
]  # fmt: skip


@pytest.fixture(scope="module")
def gold_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("gold") / "gold.jsonl"
    base = gold(nuggets=(), gold_documents=()).model_dump(mode="json")
    path.write_text("".join(json.dumps(base | q, ensure_ascii=False) + "\n" for q in QUESTIONS))
    return path


@pytest.fixture(scope="module")
def run(assistant, gold_path, tmp_path_factory):
    return evaluate(assistant, gold_path=gold_path, out=tmp_path_factory.mktemp("run") / "made")


def test_a_run_leaves_settings_answers_scores_and_report(run, assistant, gold_path):
    again = read_run(type(gold_path)(run.out))
    assert again == run
    assert again.settings.index_digest == assistant.index.digest
    assert again.settings.n == 2
    assert len(again.settings.corpus_digest) == 16
    answers = read_answers(type(gold_path)(run.out))
    assert [a.id for a in answers] == ["amount-900", "off-topic-900"]
    assert any("10万円" in claim.text for claim in answers[0].claims)
    assert answers[0].ranking[0] == "kigyou-furusato"


def test_scoring_again_gives_the_same_scores(run, assistant, gold_path):
    scenes = scenes_again(type(gold_path)(run.out), load_gold(gold_path), assistant, "evidence")
    assert score(scenes, "evidence").measures == run.scores.measures


def test_a_run_can_be_scored_again_without_asking(run, assistant, gold_path, tmp_path, monkeypatch):
    def never(*args, **options):
        raise AssertionError("asked")

    monkeypatch.setattr(type(assistant), "ask", never)
    folder = type(gold_path)(run.out)
    again = evaluate(assistant, gold_path=gold_path, out=tmp_path / "again", answers=folder)
    assert again.scores == run.scores
    with pytest.raises(InputError, match="読めません"):
        evaluate(assistant, gold_path=gold_path, out=tmp_path / "none", answers=tmp_path)


def test_another_folder_is_told_apart(tmp_path):
    with pytest.raises(InputError, match="読めません"):
        read_run(tmp_path)


def test_an_error_is_an_answer_that_counts(assistant, gold_path, tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(gold(municipality="どこにもない町").model_dump(mode="json")))
    made = evaluate(assistant, gold_path=path, out=tmp_path / "run")
    answer: Given = read_answers(tmp_path / "run")[0]
    assert answer.status == "model_error"
    assert "UnknownName" in (answer.error or "")
    assert made.scores.measures["over_refusal"].value == 1


def test_the_command_prints_the_agreed_keys(settings, gold_path, run, tmp_path, capsys):
    call = [
        "evaluate", "--gold", str(gold_path), "--out", str(tmp_path / "run"), "--compare", run.out,
        "--index", str(settings.index), "--json",
    ]  # fmt: skip
    make_app("evaluate")(call, standalone_mode=False)
    told = json.loads(capsys.readouterr().out)
    assert {"gold", "n", "measures", "by_kind", "out"} <= told.keys()
    assert told["n"] == 2
    assert set(told["measures"]["citation_recall"]) == {"value", "ci95", "n"}
    assert told["by_kind"]["fact"]["over_refusal"]["value"] == 0
    assert (tmp_path / "run" / "report.html").is_file()
    assert {c["measure"]: c["difference"] for c in told["compare"]}["citation_recall"] == 0


def test_an_unknown_half_is_the_callers_mistake(assistant, gold_path, tmp_path):
    with pytest.raises(InputError, match="train"):
        evaluate(assistant, gold_path=gold_path, out=tmp_path / "run", split="train")
