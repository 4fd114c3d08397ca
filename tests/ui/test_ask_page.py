"""相談する, through AppTest."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "第2世代交付金の市町村の国費上限と補助率は？"


def open_app() -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def ask(app: AppTest, question: str) -> AppTest:
    app.chat_input(key="question").set_value(question).run()
    assert not app.exception
    return app


def test_the_first_screen_offers_questions_by_role(app_environment):
    app = open_app()
    labels = [button.label.replace("\\", "") for button in app.button]
    assert QUESTION in labels
    assert [tab.label for tab in app.tabs] == ["自治体職員", "コンサルタント", "評価者"]


def test_a_question_is_answered_with_marks_and_the_quote_opens(app_environment):
    app = ask(open_app(), QUESTION)
    text = shown(app)
    assert "市区町村の国費上限は" in text and "10億円" in text and "1/2" in text
    app.button(key="cite-0-0-0").click().run()
    assert not app.exception
    opened = shown(app)
    assert "公開元のページを開く" in [link.label for link in app.get("link_button")] or "確認日" in opened


def test_the_year_picker_decides_the_year(app_environment):
    app = open_app()
    app.selectbox(key="fiscal_year").set_value(2026).run()
    text = shown(ask(app, QUESTION))
    assert "令和8年度の地域未来推進型" in text
    assert "分けてお示しします" in text


def test_an_example_button_asks_its_question(app_environment):
    app = open_app()
    next(b for b in app.button if b.label.replace("\\", "") == QUESTION).click().run()
    assert not app.exception
    assert "10億円" in shown(app)


def test_a_follow_up_keeps_the_grant(app_environment):
    app = ask(open_app(), "第2世代交付金の市町村の国費上限は？")
    app = ask(app, "都道府県の場合は？")
    assert "都道府県の国費上限は" in shown(app) and "15億円" in shown(app)


def test_a_non_answer_says_why_and_offers_questions(app_environment):
    app = ask(open_app(), "明日の天気は？")
    assert "お答えできません" in shown(app)
    assert any(b.key and b.key.startswith("suggest-") for b in app.button)


def test_feedback_is_kept(app_environment):
    from assistant.records import Records

    app = ask(open_app(), QUESTION)
    app.feedback(key="thumbs-0").set_value(1).run()
    app.pills(key="about-0").select("根拠").run()
    app.button(key="send-0").click().run()
    assert not app.exception
    kept = Records(app_environment / "records.sqlite").read("feedback")
    assert [(row["good"], row["about"], row["question"]) for row in kept] == [(True, ["根拠"], QUESTION)]


def test_markdown_in_a_question_is_shown_as_it_is(app_environment):
    question = "![x](http://203.0.113.9/a.png) **5*3*2** :red[交付金] $x$ は？"
    app = ask(open_app(), question)
    raw = [element.value for element in app.markdown]
    assert question in shown(app)
    assert not any("![x](" in value for value in raw)


def test_an_upload_is_searched_and_can_be_removed(app_environment, strategy_pdf):
    app = open_app()
    app.chat_input(key="question").upload("総合戦略.pdf", strategy_pdf.read_bytes()).set_value(
        "移動販売車の利用者数の目標は何人ですか"
    ).run()
    assert not app.exception
    assert "300人に増やす" in shown(app)
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1
    next(b for b in app.button if b.key and b.key.startswith("remove-")).click().run()
    assert list((app_environment / "uploads").rglob("*.pdf")) == []
    app = ask(app, "移動販売車の利用者数の目標は何人ですか？")
    assert "300人に増やす" not in app.session_state["session"].turns[-1].answer.text


def test_a_broken_upload_is_told_and_the_question_is_still_answered(app_environment):
    app = open_app()
    app.chat_input(key="question").upload("壊れた.pdf", b"%PDF-1.7 broken").set_value(QUESTION).run()
    assert not app.exception
    assert any("壊れた" in error.value.replace("\\", "") for error in app.error)
    assert "10億円" in shown(app)
