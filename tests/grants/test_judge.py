from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Finding, Outcome, Verdict, VerdictOutcome
from assistant.errors import FactRejected
from assistant.grants.conditions import Test
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants
from assistant.grants.rules import Grant
from assistant.grants.wording import say_tests

Project = Callable[..., dict[str, Any]]


def finding(verdict: Verdict, rule_id: str) -> Finding:
    return next(f for f in verdict.findings if f.rule_id == rule_id)


def test_everything_met_is_possible_and_promises_nothing(grant: Grant, project: Project, today: date) -> None:
    verdict = judge(grant, project(), today=today)
    assert verdict.outcome is VerdictOutcome.POSSIBLE
    assert (verdict.grant_id, verdict.fiscal_year, verdict.grant_name) == (
        "mihon-chiiki-r8",
        2026,
        grant.name,
    )
    assert "採択や交付を約束するものではありません" in verdict.cautions[0]
    assert verdict.missing == ()
    assert [f.rule_id for f in verdict.findings] == [*(r.id for r in grant.rules), "personnel"]


def test_a_firm_rule_not_met_shuts_out_and_says_value_bound_and_remedy(
    grant: Grant, project: Project, today: date
) -> None:
    verdict = judge(grant, project(project_kind="facility", total_yen="3億円"), today=today)
    assert verdict.outcome is VerdictOutcome.INELIGIBLE
    assert finding(verdict, "cap-facility").because == (
        "総事業費が3億円（2億円を超える）のため、この条件を満たしていません。"
        "事業費を2億円以下に見直すと、この条件を満たします。"
    )
    clause = finding(verdict, "cap-facility").clause
    assert (clause.source_id, clause.locator, clause.url) == ("T01", "別表", "https://example.jp/youkou")


@pytest.mark.parametrize(
    ("changes", "rule_id", "base"),
    [
        ({"includes_staff_travel": True}, "no-travel", "前身の制度又は過年度（令和7年度）の規則"),
        ({"years": 4}, "period", "第三者の資料"),
    ],
)
def test_a_weak_rule_not_met_gives_to_confirm_and_says_which(
    grant: Grant, project: Project, today: date, changes: dict[str, Any], rule_id: str, base: str
) -> None:
    verdict = judge(grant, project(**changes), today=today)
    assert verdict.outcome is VerdictOutcome.TO_CONFIRM
    assert finding(verdict, rule_id).outcome is Outcome.NOT_MET
    assert base in finding(verdict, rule_id).because and "断定せず" in finding(verdict, rule_id).because
    says = next(rule.says for rule in grant.rules if rule.id == rule_id).rstrip("。")
    assert any(says in caution and base in caution for caution in verdict.cautions)


def test_a_rule_that_only_trims_the_project_does_not_shut_it_out(
    grant: Grant, project: Project, today: date
) -> None:
    rules = tuple(
        rule.model_copy(update={"affects": "part"}) if rule.id == "no-land" else rule for rule in grant.rules
    )
    trimmed = grant.model_copy(update={"rules": rules}).in_context(grant.vocabulary, {})
    verdict = judge(trimmed, project(includes_land_purchase=True), today=today)
    assert verdict.outcome is VerdictOutcome.TO_CONFIRM
    assert "残りの部分は対象になり得ます" in finding(verdict, "no-land").because
    assert any("事業の一部は対象になりません" in caution for caution in verdict.cautions)


def test_a_firm_rule_outweighs_a_weak_one(grant: Grant, project: Project, today: date) -> None:
    verdict = judge(grant, project(years=5, includes_land_purchase=True), today=today)
    assert verdict.outcome is VerdictOutcome.INELIGIBLE


def test_what_no_source_settles_is_to_confirm_only_where_it_concerns_the_project(
    grant: Grant, project: Project, today: date
) -> None:
    concerned = judge(grant, project(includes_personnel=True), today=today)
    assert concerned.outcome is VerdictOutcome.TO_CONFIRM
    assert finding(concerned, "personnel").outcome is Outcome.UNKNOWN
    assert finding(concerned, "personnel").missing == ()
    assert any("職員の人件費の扱い" in c and "見本県地域振興課" in c for c in concerned.cautions)
    spared = judge(grant, project(includes_personnel=False), today=today)
    assert finding(spared, "personnel").outcome is Outcome.NOT_APPLICABLE
    assert not any("職員の人件費の扱い" in c for c in spared.cautions)
    open_yet = judge(grant, project(includes_personnel=None), today=today)
    assert [m.name for m in open_yet.missing] == ["includes_personnel"]


def test_a_fact_is_said_once_and_long_lists_are_left_out(grants: Grants, grant: Grant) -> None:
    tests = [
        Test(fact="applicant", op="in", value=("municipality", "prefecture")),
        Test(fact="applicant", op="=", value="municipality"),
        Test(fact="years", op=">=", value=2),
        Test(fact="years", op="<=", value=5),
    ]
    said = say_tests(tests, {"applicant": "private", "years": 3}, grant.vocabulary)
    assert said == "申請する主体が「民間」、計画期間が3か年度（2か年度以上、5か年度以下）"
    one = [Test(fact="applicant", op="in", value=("municipality", "prefecture"))]
    assert say_tests(one, {"applicant": "private"}, grant.vocabulary) == (
        "申請する主体が「民間」（「市区町村」「都道府県」のいずれでもない）"
    )


def test_an_unknown_fact_is_neither_yes_nor_no(grant: Grant, project: Project, today: date) -> None:
    verdict = judge(grant, project(has_kpi=None), today=today)
    assert verdict.outcome is VerdictOutcome.TO_CONFIRM
    assert finding(verdict, "kpi").outcome is Outcome.UNKNOWN
    assert (
        finding(verdict, "kpi").because
        == "「KPIを設定しているかどうか」が分からないため、まだ判断できません。"
    )
    assert [(m.name, m.options, m.settles) for m in verdict.missing] == [("has_kpi", ("はい", "いいえ"), 1)]


def test_when_open_the_rule_is_open_even_if_its_need_is_met(
    grant: Grant, project: Project, today: date
) -> None:
    verdict = judge(grant, project(project_kind=None), today=today)
    assert finding(verdict, "cap-facility").outcome is Outcome.UNKNOWN
    assert finding(verdict, "cap-facility").missing == ("project_kind",)


def test_a_class_of_city_implies_who_applies(grant: Grant, project: Project, today: date) -> None:
    verdict = judge(grant, project(applicant=None, municipality_class="general"), today=today)
    assert finding(verdict, "applicant-municipality").outcome is Outcome.MET


def test_contradictory_facts_are_refused_by_the_judge_too(grant: Grant, today: date) -> None:
    with pytest.raises(FactRejected):
        judge(grant, {"applicant": "prefecture", "municipality_class": "general"}, today=today)


def test_the_verdict_of_a_past_year_says_so(grants: Grants, today: date) -> None:
    past = grants.by_id["mihon-chiiki-r7"]
    facts = read_facts(past.examples[0].facts, past.vocabulary)
    text = "".join(judge(past, facts, today=today).cautions)
    assert "令和7年度の規則" in text and "今は令和8年度" in text and "mihon-chiiki-r8" in text
    assert "今は令和8年度" not in "".join(judge(past, facts, today=date(2026, 3, 31)).cautions)


def test_conflicting_sources_are_all_shown(grant: Grant, project: Project, today: date) -> None:
    text = "".join(judge(grant, project(), today=today).cautions)
    assert "「1億円」[T01]" in text and "「9,000万円」[T03]" in text


def test_passed_deadlines_are_said(grant: Grant, project: Project) -> None:
    text = "".join(judge(grant, project(), today=date(2027, 3, 1)).cautions)
    assert "すべて過ぎて" not in text  # the report at the end of April is still ahead
    assert "すべて過ぎて" in "".join(judge(grant, project(), today=date(2027, 5, 1)).cautions)


@given(seed=st.integers(), left_out=st.sets(st.integers(0, 9)))
def test_the_order_of_facts_never_matters(
    grant: Grant, project: Project, today: date, seed: int, left_out: set[int]
) -> None:
    items = [item for i, item in enumerate(project().items()) if i not in left_out]
    shuffled = items.copy()
    random.Random(seed).shuffle(shuffled)
    assert judge(grant, dict(items), today=today) == judge(grant, dict(shuffled), today=today)
