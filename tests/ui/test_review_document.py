"""Questions about the reviewed document and its summary by chapter, through AppTest."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_review_page import app as app
from tests.ui.test_review_page import look_at, review, shown


def ask(app: AppTest, question: str) -> AppTest:
    app.text_input(key="review-question").set_value(question)
    next(b for b in app.button if b.label == "質問する").click().run()
    assert not app.exception
    return app


@pytest.fixture
def held(app, strategy_pdf) -> AppTest:
    return look_at(review(app, "総合戦略.pdf", strategy_pdf.read_bytes()), "質問する")


def test_a_question_is_answered_with_its_page(held):
    text = shown(ask(held, "現在の人口は？"))
    assert "本町の人口は8,200人である。" in text
    assert any(b.label == "1ページを見る" for b in held.button)


def test_what_the_document_does_not_say_is_said(held):
    assert "文書には、ご質問に答える記載が見当たりません。" in shown(ask(held, "第2世代交付金の国費上限は？"))


def test_the_corpus_answers_where_it_is_switched_on(held):
    held.toggle(key="review-with-corpus").set_value(True)
    text = shown(ask(held, "第2世代交付金の市町村の国費上限と補助率は？"))
    assert "手元の資料には次の記載があります。" in text
    assert any(b.label == "根拠を開く" for b in held.button)


def test_examples_ask_and_the_conversation_is_kept_and_forgotten(held):
    next(b for b in held.button if b.label == "計画期間は？").click().run()
    assert not held.exception
    ask(held, "現在の人口は？")
    assert [m.name for m in held.chat_message] == ["user", "assistant", "user", "assistant"]
    look_at(held, "点検結果")
    assert len(look_at(held, "質問する").chat_message) == 4
    held.button(key="review-forget-answers").click().run()
    assert len(held.chat_message) == 0


def test_chapters_are_summed_up_as_long_as_wished(held):
    look_at(held, "章ごとの要約")
    labels = [e.label.replace("\\", "") for e in held.expander]
    assert "第1章 基本的な考え方（1ページ）" in labels
    assert "第2章 基本目標（2ページ）" in labels
    assert "移動販売車の利用者数を、令和6年度の120人から令和11年度に300人に増やす。" in shown(held)
    held.segmented_control(key="review-length").set_value("short").run()
    assert not held.exception


def test_markup_in_a_document_is_shown_as_it_is(app):
    text = "総合戦略\n第1章 **趣旨**\n町の木は ![x](http://203.0.113.9/a.png) ブナです。\n第2章 終わり\n町を整備します。\n"
    look_at(review(app, "戦略.md", text.encode()), "質問する")
    ask(app, "町の木は何ですか")
    look_at(app, "章ごとの要約")
    assert not any("![x](" in element.value for element in app.markdown)
