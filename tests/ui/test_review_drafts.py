"""下書き and 事例と交付金 on the page of reviews, through AppTest."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from streamlit.testing.v1 import AppTest

from assistant.export.drafts import lacking
from tests.ui.review_page import look_at, shown

ROOT = Path(__file__).resolve().parents[2]
PLAN = "美幌町総合戦略\n移住の支援を検討します。\n\n| 指標 | 基準値 | 目標値（R11） |\n| 移住者数 | 12人 | 30人 |\n"


@pytest.fixture
def app(app_environment) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.run()
    app.switch_page("assistant/ui/app_pages/review.py").run()
    app.file_uploader(key="review-file").upload("戦略.md", PLAN.encode())
    next(b for b in app.button if b.label == "点検する").click().run()
    assert not app.exception
    return app


def download(app: AppTest) -> tuple[str, bytes]:
    """The label of the button for the Word file, and the file as the page holds it."""
    button = next(e for e in app.get("download_button") if e.proto.label.startswith("下書きをWordで保存"))
    return button.proto.label, app.session_state["review-held"].kept["drafts-file"][1]


def test_a_chapter_of_drafts_is_shown_with_slots_and_sources(app):
    text = shown(look_at(app, "下書き"))
    assert "地方版総合戦略は、まち・ひと・しごと創生法に基づき" in text
    assert ":orange-background[【要記入：総合戦略の名称と決定年月】]" in text
    assert "この項目の根拠: " in text and "確認日" in text
    assert "若者や女性が安心して働ける職場" not in text, "only the first chapter is open"
    app.selectbox(key="draft-chapter").set_value("すべての章").run()
    assert not app.exception
    text = shown(app)
    assert "「移住者数」の基準値12人は、:orange-background[【要記入：基準値の年度】]の値です。" in text
    assert ":yellow-background[移住の支援を検討します。]" in text and "第三者の資料" in text


def test_the_register_is_used_only_after_the_person_names_the_municipality(app):
    look_at(app, "下書き").selectbox(key="draft-chapter").set_value("すべての章").run()
    assert "17,329人" not in shown(app)
    box = app.selectbox(key="review-place")
    assert box.value == "" and "北海道美幌町（文書に名前があります）" in box.options[1].replace("\\", "")
    box.set_value("015431").run()
    assert not app.exception
    assert "本町の人口は、2025年1月1日現在で17,329人です" in shown(app)


def test_chosen_gaps_are_in_the_word_file_and_none_of_its_sentences_is_bare(app):
    label, content = download(look_at(app, "下書き"))
    total = int(label.split("（")[1].rstrip("項目）"))
    assert lacking(content) == []
    app.checkbox(key="draft-take-law-basis").uncheck().run()
    assert not app.exception
    label, content = download(app)
    assert f"（{total - 1}項目）" in label and lacking(content) == []
    titles = [p.text for p in Document(BytesIO(content)).paragraphs]
    assert "戦略がまち・ひと・しごと創生法に基づく計画であることを示しています" not in titles


def test_a_gap_leads_to_cases_and_this_years_grants(app):
    app.button(key="help-p1-disaster").click().run()
    assert not app.exception
    text = shown(app)
    assert "地域未来交付金（地域防災緊急整備型）" in text and "一致した語: 防災" in text
    assert any("令和8年度" in badge.value for badge in app.get("badge")) or "令和8年度" in text
    assert "津波34mを逆手に取った" in text


def test_cases_of_places_like_the_named_one_come_first(app):
    before = app.session_state["review-held"].review.items
    app.selectbox(key="review-place").set_value("015431").run()
    assert not app.exception
    after = app.session_state["review-held"].review.items
    assert [i.cases for i in before] != [i.cases for i in after]
    app.button(key="help-p1-transport").click().run()
    assert "北海道美幌町に似た自治体の事例を先に示しています。" in shown(app)


def test_a_grants_plan_has_drafts_too(app):
    app.selectbox(key="review-target").set_value("chiiki-mirai-suishin-r8")
    app.file_uploader(key="review-file").upload("計画.md", "実施計画\n本事業は市が申請します。\n".encode())
    next(b for b in app.button if b.label == "点検する").click().run()
    text = shown(look_at(app, "下書き"))
    assert "本事業では:orange-background[【要記入：具体的な内容】]とします。" in text
    assert lacking(download(app)[1]) == []
