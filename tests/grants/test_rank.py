from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.domain import Outcome
from assistant.errors import FactRejected, UnknownName
from assistant.grants.compare import compare_years
from assistant.grants.loader import Grants
from assistant.grants.rank import decisive_toggles, rank_grants, what_if
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactKind, FactSpec

Project = Callable[..., dict[str, Any]]


def test_grants_are_ranked_by_verdict_then_year(grants: Grants, project: Project, today: date) -> None:
    ranked = rank_grants(grants, project(), today)
    assert [(r.grant_id, r.outcome) for r in ranked] == [
        ("mihon-chiiki-r8", "対象になり得る"),
        ("mihon-chiiki-r7", "対象になり得る"),
    ]
    assert ranked[0].amounts is not None and ranked[0].amounts.national_yen == 6_000_000
    assert ranked[0].missing == () and ranked[0].against == ()


def test_a_possible_grant_goes_before_one_that_shuts_out(
    grants: Grants, project: Project, today: date
) -> None:
    ranked = rank_grants(grants, project(includes_land_purchase=True), today)
    assert [(r.grant_id, r.outcome) for r in ranked] == [
        ("mihon-chiiki-r7", "対象になり得る"),
        ("mihon-chiiki-r8", "対象外"),
    ]
    assert "用地取得費を含む" in ranked[1].against[0]


def test_facts_that_only_one_grant_knows_do_not_disturb_the_other(
    grants: Grants, project: Project, today: date
) -> None:
    alone = {r.grant_id: r for r in rank_grants([grants.by_id["mihon-chiiki-r7"]], project(), today)}
    both = {r.grant_id: r for r in rank_grants(grants, project(), today)}
    assert both["mihon-chiiki-r7"].verdict == alone["mihon-chiiki-r7"].verdict


def test_what_a_grant_is_about_brings_it_forward(grants: Grants, grant: Grant, today: date) -> None:
    other = grant.model_copy(update={"id": "aaa-r8", "themes": ("観光",)}).in_context(grant.vocabulary, {})
    words = {**grants.vocabulary, "theme": FactSpec(kind=FactKind.TEXT, question="何ですか。")}
    about = grant.in_context(words, {})
    first, second = rank_grants([other, about], {"theme": "移動販売"}, today)
    assert (first.grant_id, first.why) == ("mihon-chiiki-r8", ("移動", "販売"))
    assert (second.grant_id, second.why, second.relevance) == ("aaa-r8", (), 0.0)
    assert rank_grants([other, about], {}, today)[0].grant_id == "aaa-r8"  # else by id alone


def test_facts_of_the_place_say_nothing_of_the_project(grants: Grants, today: date) -> None:
    assert {r.relevance for r in rank_grants(grants, {"applicant": "municipality"}, today)} == {0.0}
    ranked = {r.grant_id: r for r in rank_grants(grants, {"has_kpi": True}, today)}
    assert ranked["mihon-chiiki-r8"].relevance == 1.0 and ranked["mihon-chiiki-r8"].why == (
        "KPIを設定している",
    )


def test_what_changes_if(grant: Grant, project: Project, today: date) -> None:
    result = what_if(
        grant, project(includes_land_purchase=True), "includes_land_purchase", "いいえ", today=today
    )
    assert (result.before, result.after) == ("対象外", "対象になり得る")
    assert result.changed == "用地取得費を含む: はい → いいえ"
    assert [(f.rule_id, f.before, f.after) for f in result.flips] == [
        ("no-land", Outcome.NOT_MET, Outcome.MET)
    ]


def test_forgetting_a_fact_opens_its_findings(grant: Grant, project: Project, today: date) -> None:
    result = what_if(grant, project(), "has_kpi", None, today=today)
    assert (result.before, result.after) == ("対象になり得る", "要確認")
    assert [(f.rule_id, f.after) for f in result.flips] == [("kpi", Outcome.UNKNOWN)]


def test_a_change_takes_along_what_it_makes_meaningless(grant: Grant, project: Project, today: date) -> None:
    facts = project(municipality_class="general")
    result = what_if(grant, facts, "applicant", "prefecture", today=today)
    assert result.after == "対象外"
    back = what_if(
        grant, {**project(), "applicant": "prefecture"}, "municipality_class", "general", today=today
    )
    assert back.after == "対象になり得る"


def test_amounts_follow_the_change(grant: Grant, project: Project, today: date) -> None:
    result = what_if(grant, project(), "total_yen", "2,000万円", today=today)
    assert result.amounts_before is not None and result.amounts_after is not None
    assert (result.amounts_before.national_yen, result.amounts_after.national_yen) == (6_000_000, 10_000_000)
    assert result.flips == ()


def test_a_wrong_change_is_refused(grant: Grant, project: Project, today: date) -> None:
    with pytest.raises(UnknownName):
        what_if(grant, project(), "has_kpl", True, today=today)
    with pytest.raises(FactRejected):
        what_if(grant, project(), "has_kpi", "たぶん", today=today)


def test_toggles_that_alter_the_verdict(grant: Grant, project: Project, today: date) -> None:
    toggles = decisive_toggles(grant, project(includes_land_purchase=True), today=today)
    assert [(t.changed, t.after) for t in toggles] == [("用地取得費を含む: はい → いいえ", "対象になり得る")]


def test_two_years_compared_clause_by_clause(grants: Grants) -> None:
    found = {
        (d.kind, d.id): d
        for d in compare_years(grants.by_id["mihon-chiiki-r7"], grants.by_id["mihon-chiiki-r8"])
    }
    assert found["rule", "no-land"].change == "added"
    assert found["rule", "old-minimum"].change == "removed"
    assert found["rule", "applicant-municipality"].change == "same"
    travel = found["rule", "no-travel"]
    assert (travel.change, travel.what) == ("evidence", ("根拠の確かさ",))
    assert travel.clause_after is not None and travel.clause_after.predecessor
    soft = found["amount", "soft"]
    assert soft.change == "changed" and {"補助率", "上限"} <= set(soft.what)
    assert soft.before == "ソフト事業: 補助率は未確認、上限は1事業当たり500万円"
    assert found["name", "name"].change == "same"


def test_a_grant_does_not_differ_from_itself(grant: Grant) -> None:
    assert {d.change for d in compare_years(grant, grant)} == {"same"}


def test_changes_come_first(grants: Grants) -> None:
    changes = [
        d.change for d in compare_years(grants.by_id["mihon-chiiki-r7"], grants.by_id["mihon-chiiki-r8"])
    ]
    assert changes == sorted(changes, key=["changed", "added", "removed", "evidence", "same"].index)


def test_rules_under_another_id_are_paired_by_their_facts(grants: Grants) -> None:
    old, new = grants.by_id["mihon-chiiki-r7"], grants.by_id["mihon-chiiki-r8"]
    renamed = tuple(
        rule.model_copy(update={"id": "traveling"}) if rule.id == "no-travel" else rule for rule in old.rules
    )
    found = compare_years(old.model_copy(update={"rules": renamed}).in_context(old.vocabulary, {}), new)
    assert [d.id for d in found if d.kind == "rule" and d.change == "evidence"] == ["no-travel"]
