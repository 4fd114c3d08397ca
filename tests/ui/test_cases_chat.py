"""Cases beside an answer, through AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def ask(app: AppTest, question: str) -> AppTest:
    app.chat_input(key="question").set_value(question).run()
    assert not app.exception
    return app


def open_app() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    return app


def test_a_question_about_cases_shows_cards_with_reasons_and_sources(app_environment):
    app = ask(open_app(), "廃校を活用した事例は？")
    text = shown(app)
    assert "参考になる事例（5件）" in text
    assert "むろと廃校水族館" in text and "の人口" in text and "2025年1月1日" in text
    assert "確認日" in text


def test_a_follow_up_narrows_the_cases(app_environment):
    app = open_app()
    app.selectbox(key="municipality").set_value("島根県海士町").run()
    app = ask(app, "うちと似た町で買物支援の事例は？")
    before = app.session_state["session"].turns[-1].answer
    app = ask(app, "もっと小さい町で")
    after = app.session_state["session"].turns[-1].answer
    assert before.cases and after.cases
    assert all(hit.population is not None and hit.population < 2_209 for hit in after.cases)
    assert any(hit.population > 2_209 for hit in before.cases)
    assert after.question == "もっと小さい町で"
