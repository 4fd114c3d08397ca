"""A plan held against a grant: its indicators are listed, checked, and decide the rules that ask for them."""

import pytest
import yaml

from assistant.domain import Outcome
from assistant.grants.loader import Grants, load_grants
from assistant.review.rules import review_against_grant
from tests.review.conftest import CORPUS, SOURCES, document, item

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
TABLE = "| 指標（KPI） | 基準値（令和6年度） | 目標値（令和11年度） |\n"
CAP = {
    "id": "kpi-cap",
    "group": "requirement",
    "says": "1つの事業のKPIは4個までです。",
    "needs": {"fact": "kpi_count", "op": "<=", "value": 4},
    "clause": {
        "source": "S42",
        "locator": "答弁",
        "level": "公式転記",
        "fiscal_year": 2026,
        "predecessor": False,
    },
    "examples": [
        {"facts": {"kpi_count": 4}, "outcome": "met"},
        {"facts": {"kpi_count": 5}, "outcome": "not_met"},
        {"facts": {}, "outcome": "unknown", "missing": ["kpi_count"]},
    ],
}


@pytest.fixture(scope="module")
def grants(tmp_path_factory) -> Grants:
    """The shipped grants, one of them with a rule that limits the number of indicators."""
    folder = tmp_path_factory.mktemp("grants")
    for path in (CORPUS / "grants").glob("*.yaml"):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        if raw["id"] == "chiiki-mirai-suishin-r8":
            raw["rules"].append(CAP)
            for example in raw["examples"]:
                example["facts"]["kpi_count"] = 3
        (folder / path.name).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return load_grants(folder, SOURCES, CORPUS / "facts.yaml")


@pytest.fixture
def against(grants):
    def hold(*pages: str):
        return review_against_grant(document(*pages), grants.by_id["chiiki-mirai-suishin-r8"])

    return hold


def rows(*indicators: str) -> str:
    return TABLE + "\n".join(f"| {name} | 10人 | 20人 |" for name in indicators)


def test_indicators_of_a_grant_plan_are_listed_with_their_problems(against):
    review = against("実施計画", TABLE + "| 移住者数 | － | 20人 |\n| 来訪者数 | 10人 | 20人 |")
    assert [(k.indicator, k.kinds, k.where.page) for k in review.summary.kpis] == [
        ("移住者数", ("no-baseline",), 2),
        ("来訪者数", (), 2),
    ]
    assert any(
        "指標2件のうち1件" in caution and "基準値がありません" in caution
        for caution in review.summary.cautions
    )


def test_a_table_of_indicators_meets_the_rules_that_ask_for_them(against):
    review = against("実施計画", rows("移住者数", "来訪者数"))
    for requirement_id in ("kpi", "outcome-kpi"):
        found = item(review, requirement_id)
        assert found.outcome is MET
        assert found.evidence[0].page == 2 and "移住者数" in found.evidence[0].quote
    assert not any("確かめていただきたい点" in caution for caution in review.summary.cautions)


def test_indicators_of_activity_alone_are_no_outcome(against):
    review = against("実施計画", rows("セミナーの開催回数", "説明会の開催回数"))
    assert [k.kinds for k in review.summary.kpis] == [("activity",), ("activity",)]
    assert item(review, "outcome-kpi").outcome is NOT_MET


@pytest.mark.parametrize(("count", "outcome"), [(4, MET), (5, NOT_MET)])
def test_more_indicators_than_the_grant_allows(against, count, outcome):
    found = item(against("実施計画", rows(*(f"{c}地区の来訪者数" for c in "東西南北中"[:count]))), "kpi-cap")
    assert found.outcome is outcome
    assert f"KPIの数 {count}個" in found.because
    assert len(found.evidence) == 3


def test_without_a_table_the_words_of_the_plan_decide(against):
    assert item(against("本事業では、KPIを6個設定します。"), "kpi-cap").outcome is NOT_MET
    assert against("本事業では、KPIを6個設定します。").summary.kpis == ()
    assert item(against("実施計画"), "kpi-cap").outcome is not MET
