"""計画を点検する, through AppTest."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.review_page import look_at, shown

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(app_environment) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    app.switch_page("assistant/ui/app_pages/review.py").run()
    assert not app.exception
    return app


def review(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key="review-file").upload(name, content)
    next(b for b in app.button if b.label == "点検する").click().run()
    assert not app.exception
    return app


def test_a_plan_is_reviewed_and_deleted_on_request(app, app_environment, strategy_pdf):
    app = review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    text = shown(app)
    assert "64件の点検項目のうち" in text
    assert "戦略がまち・ひと・しごと創生法に基づく計画であることを示しています。" in text
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1
    look_at(app, "書き出し").button(key="review-forget").click().run()
    assert not app.exception
    assert "64件の点検項目" not in shown(app)
    assert list((app_environment / "uploads").rglob("*.pdf")) == []
    assert [uploader.value for uploader in app.file_uploader] == [None], "nothing is left in the uploader"


def test_a_refused_file_is_not_silently_no_file(app):
    next(b for b in app.button if b.label == "点検する").click().run()
    assert ["赤く表示されたファイルは、種類か大きさが合わないため読めません" in w.value for w in app.warning] == [True]


def test_the_indicator_and_its_page_are_shown(app, strategy_pdf):
    app = review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    table = look_at(app, "指標の表").dataframe[0].value
    assert table.iloc[0]["指標"].startswith("移動販売車の利用者数")
    assert (table.iloc[0]["基準値"], table.iloc[0]["目標値"]) == ("120", "300")
    look_at(app, "点検結果")
    app.segmented_control(key="review-outcome").set_value("met").run()
    assert not app.exception
    assert "計画期間は令和7年度から令和11年度までで、現在の令和8年度を含みます。" in shown(app)


def test_a_broken_file_is_told_and_not_kept(app, app_environment):
    app = review(app, "壊れた.pdf", b"%PDF-1.7 broken")
    assert any("壊れた" in error.value.replace("\\", "") for error in app.error)
    assert list((app_environment / "uploads").rglob("*.pdf")) == []


def test_markup_in_a_plan_is_shown_as_it_is(app):
    text = "総合戦略\n外部有識者が毎年度 **検証** します。![x](http://203.0.113.9/a.png)\n"
    app = review(app, "戦略.md", text.encode())
    app.segmented_control(key="review-outcome").set_value("met").run()
    assert not any("![x](" in element.value for element in app.markdown)


def test_an_indicator_leads_to_its_place_in_the_document(app, strategy_pdf):
    app = review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    look_at(app, "指標の表")
    app.selectbox(key="indicators-chosen").select_index(0).run()
    assert not app.exception
    assert "移動販売車の利用者数を、令和6年度の120人から令和11年度に300人" in shown(app)
    assert any(b.label == "2ページを見る" for b in app.button)
