"""Where a document deals with which pillar, by its own chapters."""

from datetime import date
from xml.etree import ElementTree

import pytest

from assistant.export.picture import spot
from assistant.export.reviews import review_html
from assistant.review.coverage import coverage_of, peer_of
from assistant.review.nouns import ChapterCell, Coverage, Review
from assistant.review.review import review_document
from tests.review.conftest import SOURCES, document

TODAY = date(2026, 11, 23)
PAGES = (
    "あさひ町総合戦略\n計画期間は、令和7年度から令和11年度までの5年間です。\n第1章 策定の趣旨\n本戦略は、まち・ひと・しごと創生法（平成26年法律第136号）第10条の規定に基づき策定するものです。",
    "第2章 暮らしを支える施策\nデマンド型の乗合タクシーを町内全域で運行します。\n移動販売車の運行を支援し、買物に困らない環境をつくります。\n近年、買物に困る高齢者が増えています。",
    "第3章 デジタルの活用\nオンライン申請を広げ、家から手続ができるようにします。\n隣接する3町と連携し、ごみ処理の共同運営に取り組みます。\n第4章 推進の進め方\n数値目標とKPIの達成度を毎年度検証します。",
)


@pytest.fixture(scope="module")
def made(strategy) -> tuple[Review, Coverage]:
    plan = document(*PAGES)
    review = review_document(plan, strategy, sources=SOURCES, today=TODAY)
    return review, coverage_of(plan, review, strategy)


def cell(coverage: Coverage, title: str, pillar: int | None) -> ChapterCell | None:
    number = next(n for n, c in enumerate(coverage.chapters) if title in c.title)
    return next((c for c in coverage.cells if (c.chapter, c.pillar) == (number, pillar)), None)


def test_evidence_and_commitments_stand_in_their_chapter(made):
    _, coverage = made
    living = cell(coverage, "第2章", 1)
    assert living is not None
    assert {"p1-services", "p1-transport"} <= {b.requirement_id for b in living.evidence}
    assert [q.quote for q in living.commitments] == [
        "デマンド型の乗合タクシーを町内全域で運行します。",
        "移動販売車の運行を支援し、買物に困らない環境をつくります。",
    ]
    wide = cell(coverage, "第3章", 5)
    assert wide is not None and {b.where.page for b in wide.evidence} == {3}
    assert cell(coverage, "第2章", 5) is None and cell(coverage, "第4章", 1) is None
    together = cell(coverage, "第4章", None)
    assert together is not None and "yearly-review" in {b.requirement_id for b in together.evidence}


def test_every_place_of_the_picture_is_verbatim_on_its_page(made):
    _, coverage = made
    for held in coverage.cells:
        for quote in (*(b.where for b in held.evidence), *held.commitments):
            assert PAGES[quote.page - 1][quote.start : quote.end] == quote.quote


def test_the_shares_count_the_requirements_of_the_review(made):
    review, coverage = made
    for share in coverage.pillars:
        items = [i for i in review.items if i.pillar == share.pillar]
        assert (share.requirements, share.met) == (len(items), sum(i.outcome == "met" for i in items))
        assert share.share == share.met / share.requirements


def test_a_chapter_that_holds_nearly_all_is_shown_by_its_sections(strategy):
    goals = "".join(
        f"\n基本目標{n} {name}\n{text}"
        for n, name, text in (
            (1, "安心して暮らせるまち", "移動販売車の運行を支援し、買物に困らない環境をつくります。"),
            (2, "便利なまち", "オンライン申請を広げ、家から手続ができるようにします。"),
        )
    )
    plan = document(
        f"あさひ町総合戦略\n第1章 策定の趣旨\n町の計画です。\n第2章 基本目標と施策{goals}\n第3章 進め方\n毎年度検証します。"
    )
    review = review_document(plan, strategy, sources=SOURCES, today=TODAY)
    coverage = coverage_of(plan, review, strategy)
    shown = {c.title: c.within for c in coverage.chapters}
    assert shown["基本目標1 安心して暮らせるまち"] == "第2章 基本目標と施策"
    assert cell(coverage, "基本目標1", 1) is not None and cell(coverage, "基本目標2", 1) is None


def test_the_html_file_draws_it_without_a_script(made):
    review, coverage = made
    other = peer_of(review.model_copy(update={"coverage": coverage, "file": "<となり町>.pdf"}))
    drawn = review.model_copy(update={"coverage": coverage, "peers": (other,)})
    html = review_html(drawn, SOURCES, today=TODAY)
    assert "<script" not in html and "&lt;となり町&gt;.pdf" in html and "<となり町>" not in html
    heat = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])
    words = ["".join(t.itertext()) for t in heat.iter("{http://www.w3.org/2000/svg}text")]
    living = cell(coverage, "第2章", 1)
    assert living is not None and f"要件{living.met}・文2" in words
    links = [a.attrib["href"] for a in heat.iter("{http://www.w3.org/2000/svg}a")]
    assert len(links) == len(coverage.cells)
    assert all(f"id='{link[1:]}'" in html for link in links)


def test_a_review_without_a_picture_draws_none(made):
    review, _ = made
    assert "<svg" not in review_html(review, SOURCES, today=TODAY)


def test_the_radar_runs_clockwise_from_the_top():
    assert spot(0, 1.0) == pytest.approx((0.0, 1.0))
    x, y = spot(1, 0.5)
    assert x > 0 and 0 < y < 0.5
    assert (x**2 + y**2) ** 0.5 == pytest.approx(0.5)
    assert spot(4, 0.5)[0] == pytest.approx(-x)
