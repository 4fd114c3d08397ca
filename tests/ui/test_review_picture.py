"""全体の図, through AppTest: chapters, pillars, and plans beside this one."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.domain import Outcome
from assistant.ui.review_chart import coverage_rows
from tests.ui.conftest import make_pdf
from tests.ui.test_review_page import look_at, review, shown

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ["となり町総合戦略（令和7年度〜令和11年度）", "第1章 基本的な考え方", "本町の人口は9,100人である。"],
    ["第2章 広域連携", "隣接する3町と連携し、ごみ処理の共同運営に取り組みます。"],
]


@pytest.fixture
def app(app_environment, strategy_pdf) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.run()
    app.switch_page("assistant/ui/app_pages/review.py").run()
    review(app, "総合戦略.pdf", strategy_pdf.read_bytes())
    return look_at(app, "全体の図")


@pytest.fixture(scope="module")
def peer_pdf(tmp_path_factory) -> Path:
    return make_pdf(tmp_path_factory.mktemp("peer") / "となり町.pdf", PAGES)


def add(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    for name, content in files:
        app.file_uploader(key="peer-files").upload(name, content)
    next(b for b in app.button if b.label == "図に加える").click().run()
    assert not app.exception
    return app


def test_a_cell_leads_to_its_quotes_and_their_pages(app):
    chosen = app.selectbox(key="picture-cell")
    number = next(
        n for n, option in enumerate(chosen.options) if "第2章 基本目標" in option and "共通" in option
    )
    chosen.select_index(number).run()
    assert not app.exception
    assert "移動販売車の利用者数を、令和6年度の120人から令和11年度に300人" in shown(app)
    assert any(b.label == "2ページを見る" for b in app.button)


def test_a_plan_is_set_beside_this_one_and_taken_away(app, app_environment, peer_pdf):
    add(app, ("となり町.pdf", peer_pdf.read_bytes()))
    table = app.dataframe[0].value
    assert list(table["計画"]) == ["総合戦略.pdf", "となり町.pdf"]
    met = [int(words.split("／")[0]) for words in table["柱5 広域連携"]]
    assert met[0] == 0 and met[1] >= 1
    app.selectbox(key="picture-point").select_index(9).run()
    assert "隣接する3町と連携し、ごみ処理の共同運営に取り組みます。" in shown(app)
    held = app.session_state["review-held"]
    look_at(app, "書き出し")
    assert "となり町.pdf" in held.kept["files"]["html"].decode()
    look_at(app, "全体の図")
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 2
    app.button(key="drop-peer-1").click().run()
    assert not app.exception
    assert list(app.dataframe[0].value["計画"]) == ["総合戦略.pdf"]
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1


def test_peers_go_with_the_review(app, app_environment, peer_pdf):
    add(app, ("となり町.pdf", peer_pdf.read_bytes()))
    look_at(app, "書き出し").button(key="review-forget").click().run()
    assert not app.exception
    assert list((app_environment / "uploads").rglob("*.pdf")) == []


def test_a_broken_peer_is_told_and_not_kept(app, app_environment):
    add(app, ("壊れた.pdf", b"%PDF-1.7 broken"))
    assert any("壊れた" in error.value.replace("\\", "") for error in app.error)
    assert len(list((app_environment / "uploads").rglob("*.pdf"))) == 1
    assert app.session_state["review-held"].review.peers == ()


def test_what_could_not_be_read_is_not_coloured_as_missing(app, app_environment, strategy_pdf):
    """Unknown is never "no": a requirement that could not be decided lowers no share and is told in the cell."""
    held = app.session_state["review-held"]
    pillar_3 = {i.requirement_id for i in held.review.items if i.pillar == 3 and i.chapter == "施策"}
    assert pillar_3
    unread = tuple(
        item.model_copy(update={"outcome": Outcome.UNKNOWN}) if item.requirement_id in pillar_3 else item
        for item in held.review.items
    )
    rows = coverage_rows(held.review.model_copy(update={"items": unread}))
    (row,) = (r for r in rows if r["章"] == "施策" and r["柱"] == "柱3 分散・交流")
    assert (row["件数"], row["不明"]) == (f"0/{len(pillar_3)}", f"不明{len(pillar_3)}")
    assert row["濃さ"] == 0, "only the grey ground shows"
    decided = [r for r in rows if not r["判断できない"]]
    assert decided and all(r["濃さ"] == 1 and not r["不明"] for r in decided)
    lost = [i for i in held.review.items if i.chapter == "位置付けと期間" and i.outcome is not Outcome.MET]
    unknown = tuple(
        item.model_copy(update={"outcome": Outcome.UNKNOWN}) if item in lost else item
        for item in held.review.items
    )
    rows = coverage_rows(held.review.model_copy(update={"items": unknown}))
    (row,) = (r for r in rows if r["章"] == "位置付けと期間")
    assert lost and row["割合"] == 1 and 0 < row["濃さ"] < 1, "all that could be decided was found"
