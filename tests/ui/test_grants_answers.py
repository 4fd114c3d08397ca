"""Grants in answers, through AppTest: a comparison, grants that fit, conditions touched."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def open_chat(question: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    app.chat_input(key="question").set_value(question).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    return [element.value.replace("\\", "") for element in (*app.markdown, *app.caption)]


def test_a_comparison_is_drawn_as_rows_and_its_sentences_are_not_told_twice(app_environment):
    app = open_chat("TYPE AとTYPE Vはどちらの補助率が高い？")
    told = shown(app)
    assert told.count("**補助率**") == 1
    assert {"**1/2**", "**2/3**"} <= set(told)
    assert sum("補助率が2/3" in text for text in told) == 1
    assert any("数字が大きいのは「デジタル実装型 TYPE V」" in text for text in told)
    assert {"令和8年度（2026年度）"} <= set(told)
    app.button(key="cite-0-compared-0-1-0-0").click().run()
    assert not app.exception
    assert any("補助率が2/3" in text and text.startswith(":yellow-background") for text in shown(app))


def test_a_gap_is_told_in_its_cell(app_environment):
    told = shown(open_chat("過疎債と架空町みらい創造補助金の違いは？"))
    assert any("資料に記載なし" in text for text in told)
    assert any("手元の資料にありません" in text for text in told)


def test_grants_that_fit_are_cards_and_one_of_them_can_be_chosen(app_environment):
    app = open_chat("空き家を改修して移住者向け住宅にしたい")
    told = shown(app)
    assert "**1. 地域未来推進型**" in told
    assert any("確認先" in text for text in told)
    assert any("まだ分からないこと" in text for text in told)
    pills = app.pills(key="verdict-0-grant")
    assert pills.options[0].replace("\\", "") == "地域未来推進型"
    pills.set_value("chiiki-mirai-suishin-r8").run()
    assert not app.exception
    assert app.session_state["session"].turns[0].interview.grant_id == "chiiki-mirai-suishin-r8"


def test_the_condition_touched_stands_above_the_card_with_its_outcome_in_words(app_environment):
    told = shown(open_chat("第2世代交付金は人件費に使える?"))
    at = told.index("**ご質問の言葉に関わる条件**")
    assert any(text.startswith(":material/help: **未確認**") and "人件費" in text for text in told[at:])
    assert any("確認先" in text and "地方創生推進事務局" in text for text in told[at:])


def test_where_nothing_speaks_of_the_cost_the_page_says_so(app_environment):
    told = shown(open_chat("企業版ふるさと納税を銅像に使えますか"))
    assert any("対象とも対象外とも言えません" in text for text in told)
