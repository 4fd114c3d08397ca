"""A cost that may not be counted is left out; it is not the project that is shut out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.domain import Finding, Outcome, Source, Verdict, VerdictOutcome
from assistant.errors import FactRejected
from assistant.grants.facts import read_facts
from assistant.grants.interview import next_questions
from assistant.grants.judge import judge
from assistant.grants.lint import lint_grants
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactKind, FactSpec

Project = Callable[..., dict[str, Any]]
MONEY = {
    "eligible_yen": FactSpec(
        kind=FactKind.YEN, label="対象経費", question="対象経費は。", at_most="total_yen"
    ),
    "excluded_cost_yen": FactSpec(
        kind=FactKind.YEN, label="対象にならない経費の額", question="除く経費は。", at_most="total_yen"
    ),
}


def about_cost(grant: Grant, rule_id: str) -> Grant:
    """``grant`` with one rule that leaves only a cost out."""
    change = {"affects": "cost", "cost": "用地取得費", "remedy": None}
    rules = tuple(r.model_copy(update=change) if r.id == rule_id else r for r in grant.rules)
    return grant.model_copy(update={"rules": rules}).in_context({**grant.vocabulary, **MONEY}, {})


@pytest.fixture(scope="module")
def firm(grant: Grant) -> Grant:
    return about_cost(grant, "no-land")


@pytest.fixture(scope="module")
def weak(grant: Grant) -> Grant:
    return about_cost(grant, "no-travel")


def finding(verdict: Verdict, rule_id: str) -> Finding:
    return next(f for f in verdict.findings if f.rule_id == rule_id)


def test_a_firm_clause_on_a_cost_leaves_it_out_and_the_project_goes_on(
    firm: Grant, project: Project, today: date
) -> None:
    verdict = judge(firm, project(includes_land_purchase=True), today=today)
    assert verdict.outcome is VerdictOutcome.POSSIBLE
    found = finding(verdict, "no-land")
    assert (found.outcome, found.affects, found.cost) == (Outcome.NOT_MET, "cost", "用地取得費")
    assert found.because == (
        "「用地取得費を含む」が「はい」のため、用地取得費は対象になりません。除いて申請できます。"
    )
    assert "次の経費は対象になりません。除いて申請できます: 用地取得費（出典 T01）。" in verdict.cautions


def test_nobody_who_is_shut_out_is_told_that_they_can_apply(
    firm: Grant, project: Project, today: date
) -> None:
    verdict = judge(firm, project(includes_land_purchase=True, has_kpi=False), today=today)
    assert verdict.outcome is VerdictOutcome.INELIGIBLE
    told = (finding(verdict, "no-land").because, *verdict.cautions)
    assert not any("申請できます" in text for text in told)
    assert any("除いて申請する必要があります" in text for text in told)


def test_a_weak_clause_on_a_cost_is_to_confirm_and_can_be_got_round(
    weak: Grant, project: Project, today: date
) -> None:
    verdict = judge(weak, project(includes_staff_travel=True), today=today)
    assert verdict.outcome is VerdictOutcome.TO_CONFIRM
    because = finding(verdict, "no-travel").because
    assert "対象にならないおそれがあります" in because and "対象になりません" not in because
    assert "除いて申請すれば、この点は関係しません" in because
    assert any("要確認" in caution and "出典 T02" in caution for caution in verdict.cautions)
    assert judge(weak, project(), today=today).outcome is VerdictOutcome.POSSIBLE


def test_an_unknown_cost_holds_nothing_up_but_is_asked_last(
    firm: Grant, project: Project, today: date
) -> None:
    facts = project(includes_land_purchase=None)
    verdict = judge(firm, facts, today=today)
    assert verdict.outcome is VerdictOutcome.POSSIBLE
    assert finding(verdict, "no-land").outcome is Outcome.UNKNOWN
    assert "当たる場合は、用地取得費を除いて申請できます" in finding(verdict, "no-land").because
    assert [(m.name, m.settles) for m in verdict.missing] == [("includes_land_purchase", 0)]
    assert "用地取得費" in verdict.missing[0].why
    open_too = project(includes_land_purchase=None, has_kpi=None, total_yen=None)
    assert [(q.name, q.settles) for q in next_questions(firm, open_too)] == [
        ("has_kpi", 1),
        ("includes_land_purchase", 0),
        ("total_yen", 0),
    ]


@pytest.mark.parametrize(
    ("money", "eligible", "national", "said"),
    [
        ({"total_yen": "1200万円", "excluded_cost_yen": "200万円"}, 10_000_000, 5_000_000, "200万円を除いた"),
        ({"total_yen": "1200万円", "eligible_yen": "900万円"}, 9_000_000, 4_500_000, "入っていないこと"),
        (
            {"total_yen": "1200万円", "excluded_cost_yen": 0},
            12_000_000,
            6_000_000,
            "全額を対象経費とみなした",
        ),
        ({"total_yen": "1200万円"}, None, None, "除く前の総事業費で計算しても、国費は最大600万円です。"),
    ],
)
def test_the_amounts_leave_the_cost_out(
    firm: Grant,
    project: Project,
    today: date,
    money: dict[str, Any],
    eligible: int | None,
    national: int | None,
    said: str,
) -> None:
    base = project(includes_land_purchase=True, total_yen=None)
    facts = {**base, **read_facts(money, firm.vocabulary)}
    amounts = judge(firm, facts, today=today).amounts
    assert amounts is not None
    assert (amounts.eligible_yen, amounts.national_yen) == (eligible, national)
    assert any(said in text for text in (amounts.because, *amounts.notes))
    asked = [(q.name, q.why) for q in next_questions(firm, facts)]
    why = "用地取得費を除いた金額の試算に使います。"
    assert asked == ([("excluded_cost_yen", why)] if national is None else [])


def test_costs_to_leave_out_have_to_leave_something_over(firm: Grant) -> None:
    with pytest.raises(FactRejected, match="対象になる経費が残らない"):
        read_facts({"total_yen": "100万円", "excluded_cost_yen": "100万円"}, firm.vocabulary)
    with pytest.raises(FactRejected, match="合計が、「総事業費」を超えています"):
        money = {"total_yen": "100万円", "excluded_cost_yen": "30万円", "eligible_yen": "80万円"}
        read_facts(money, firm.vocabulary)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    remedy: 用地取得費を除けば", "    affects: cost\n    remedy: 用地取得費を除けば"),
        ("    remedy: 用地取得費を除けば", "    cost: 用地取得費\n    remedy: 用地取得費を除けば"),
    ],
)
def test_a_rule_on_a_cost_names_it_and_no_other_does(
    copied: Path, sources: dict[str, Source], before: str, after: str
) -> None:
    path = copied / "grants" / "mihon-chiiki-r8.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    told = [str(problem) for problem in lint_grants(copied / "grants", sources)]
    assert any("cost（除く経費の名前）は、affects: cost の規則に必ず書き" in text for text in told)
