"""前の版と比べる, through AppTest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import make_pdf
from tests.ui.test_review_page import look_at, review, shown

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ["あさひ町総合戦略（令和7年度〜令和11年度）", "第1章 基本的な考え方", "本町の人口は8,200人である。"],
    [
        "第2章 基本目標",
        "移動販売車の利用者数を、令和6年度の120人から令和11年度に400人に増やす。",
        "数値目標の達成度を毎年度検証します。",
        "町の木は*ブナ*です。",
    ],
]


@pytest.fixture
def app(app_environment) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    app.switch_page("assistant/ui/app_pages/review.py").run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def earlier_pdf(tmp_path_factory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("before") / "前の版.pdf", PAGES)


def compare(app: AppTest, name: str, content: bytes) -> AppTest:
    look_at(app, "前の版と比べる")
    app.file_uploader(key="before-file").upload(name, content)
    next(b for b in app.button if b.label == "前の版と比べる").click().run()
    assert not app.exception
    return app


def test_both_versions_stand_side_by_side_with_their_pages(app, app_environment, strategy_pdf, earlier_pdf):
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    compare(app, "前の版.pdf", earlier_pdf.read_bytes())
    text = shown(app)
    assert "前の版: 前の版.pdf" in text and "記載が失われたものが" in text
    assert "数値目標の達成度を毎年度検証します。" in text
    app.segmented_control(key="before-part").set_value("指標").run()
    assert "目標値が400人から300人に下がりました。" in shown(app)
    app.segmented_control(key="before-part").set_value("文と見出し").run()
    text = shown(app)
    assert "「400人」が「300人」に下がりました。" in text and ":yellow-background[**400人**]" in text
    assert [b.label for b in app.button].count("2ページを見る") >= 3
    app.pills(key="before-passage-kind").set_value(["removed"]).run()
    assert "町の木は*ブナ*です。" in shown(app) and "「400人」が" not in shown(app)
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 2


def test_the_difference_is_exported_and_both_files_go_with_the_review(
    app, app_environment, strategy_pdf, earlier_pdf
):
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    look_at(app, "書き出し")
    compare(app, "前の版.pdf", earlier_pdf.read_bytes())
    held = app.session_state["review-held"]
    assert held.review.difference is not None
    look_at(app, "書き出し")
    assert "前の版との違い" in held.kept["files"]["md"].decode()
    app.button(key="review-forget").click().run()
    assert not app.exception
    assert list((app_environment / "uploads").rglob("*.pdf")) == []


def test_the_earlier_version_can_be_taken_away(app, app_environment, strategy_pdf, earlier_pdf):
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    compare(app, "前の版.pdf", earlier_pdf.read_bytes())
    app.button(key="before-drop").click().run()
    assert not app.exception
    assert app.session_state["review-held"].review.difference is None
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1


def test_the_same_file_twice_differs_in_nothing_and_stays_one_file(app, app_environment, strategy_pdf):
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    compare(app, "同じ.pdf", strategy_pdf.read_bytes())
    assert "内容の違いは見つかりませんでした。" in shown(app)
    app.button(key="before-drop").click().run()
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1


def test_a_broken_earlier_version_is_told_and_not_kept(app, app_environment, strategy_pdf):
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    compare(app, "壊れた.pdf", b"%PDF-1.7 broken")
    assert any("壊れた" in error.value.replace("\\", "") for error in app.error)
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1
