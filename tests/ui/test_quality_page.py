"""回答の品質, through AppTest: the run's measures, blind ratings, rulings."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.evaluation.bench import Bench, Support
from assistant.evaluation.runs import evaluate
from assistant.records import Records
from tests.evaluation.making import gold

PAGE = Path(__file__).resolve().parents[2] / "assistant" / "ui" / "app_pages" / "quality.py"


def open_page():
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.run()
    assert not app.exception
    return app


def shown(app):
    return "\n".join(e.value for e in (*app.markdown, *app.caption, *app.info, *app.success)).replace(
        "\\", ""
    )


@pytest.fixture
def run(app_environment, assistant, tmp_path):
    questions = tmp_path / "gold.jsonl"
    base = gold(nuggets=(), gold_documents=()).model_dump(mode="json")
    questions.write_text(
        json.dumps(base | {"question": "企業版ふるさと納税の最低額は？"}, ensure_ascii=False)
    )
    evaluate(assistant, gold_path=questions, out=app_environment / "runs" / "20261123-120000")
    return Bench(Records(app_environment / "records.sqlite"), "20261123-120000")


def test_without_a_run_the_page_says_how_to_make_one(app_environment):
    app = open_page()
    assert "まだ評価の結果がありません" in shown(app)
    assert "assistant evaluate" in app.code[0].value


def test_measures_are_shown(run):
    app = open_page()
    assert {m.label: m.value for m in app.metric}["引用の再現率"] == "1.000"


def test_two_people_rate_blindly_and_a_third_settles(run):
    app = open_page()
    app.text_area(key=f"raters-{run.run}").set_value("佐藤\n鈴木")
    next(b for b in app.button if b.label == "決める").click().run()
    assert run.raters == ("佐藤", "鈴木")
    for name, support in (("佐藤", "FS"), ("鈴木", "NS")):
        app.selectbox(key="bench_rater").set_value(name).run()
        assert "10万円" in shown(app)
        assert "FS" not in shown(app), "no label of anybody else or of the machine"
        while [b for b in app.button if b.key.startswith("save-")]:
            save = next(b for b in app.button if b.key.startswith("save-"))
            assert save.disabled
            sentence = save.key.removeprefix("save-")
            app.button(key=f"{sentence}-{support}").click().run()
            app.button(key=f"save-{sentence}").click().run()
            assert not app.exception
        assert "すべて評価しました" in shown(app)
    assert {r.rater for r in run.ratings()} == {"佐藤", "鈴木"}
    disputed = run.disputed()
    assert disputed
    app.text_input(key="bench_judge").set_value("高橋").run()
    app.button(key=f"rule-{disputed[0]}-PS").click().run()
    assert not app.exception
    assert run.settled()[disputed[0]] is Support.PART
    assert "人が見た裏付け 0.500" in shown(app)
