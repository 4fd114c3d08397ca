"""What holds for every grant and every project, whatever the facts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assistant.domain import Outcome, VerdictOutcome
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.outcomes import evaluate_all, is_settled
from assistant.grants.rules import AmountRule, Grant, Rule
from assistant.grants.vocabulary import complete_facts

from .corpus_grants import GRANTS, is_consistent, projects

TODAY = date(2026, 11, 23)
DECIDED = (Outcome.MET, Outcome.NOT_MET, Outcome.NOT_APPLICABLE)
every_grant = pytest.mark.parametrize("grant", list(GRANTS), ids=lambda grant: grant.id)
# The same examples each time: a red run can be run again, and what landed stays green.
few = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@every_grant
@few
@given(data=st.data())
def test_more_facts_never_open_or_turn_a_finding(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    fewer = {name: facts[name] for name in facts if data.draw(st.booleans())}
    before = evaluate_all(grant, complete_facts(fewer, grant.vocabulary))
    after = evaluate_all(grant, complete_facts(facts, grant.vocabulary))
    for rule_id, result in before.items():
        if result.outcome in DECIDED:
            assert after[rule_id].outcome is result.outcome, rule_id


@every_grant
@few
@given(data=st.data())
def test_the_verdict_never_depends_on_the_order_of_facts(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    shuffled = dict(data.draw(st.permutations(list(facts.items()))))
    assert judge(grant, facts, today=TODAY) == judge(grant, shuffled, today=TODAY)


@every_grant
@few
@given(data=st.data())
def test_without_any_one_fact_the_verdict_stays_or_asks_for_it(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    whole = judge(grant, facts, today=TODAY)
    for name in facts:
        rest = {other: value for other, value in facts.items() if other != name}
        verdict = judge(grant, rest, today=TODAY)
        if verdict.outcome is not whole.outcome:
            assert verdict.outcome is VerdictOutcome.TO_CONFIRM
            assert name in {fact.name for fact in verdict.missing}


@every_grant
@few
@given(data=st.data())
def test_a_settled_verdict_stays_whatever_is_still_answered(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    fewer = {name: facts[name] for name in facts if data.draw(st.booleans())}
    if is_settled(evaluate_all(grant, complete_facts(fewer, grant.vocabulary)).values()):
        assert judge(grant, fewer, today=TODAY).outcome is judge(grant, facts, today=TODAY).outcome


@every_grant
@few
@given(data=st.data())
def test_amounts_keep_to_the_caps_and_add_up(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    amounts = judge(grant, facts, today=TODAY).amounts
    if amounts is None or amounts.national_yen is None:
        return
    assert amounts.local_yen is not None and amounts.local_yen >= 0
    assert amounts.national_yen + amounts.local_yen == amounts.eligible_yen
    entry = _entry(grant, amounts.rate, amounts.cap_yen, amounts.per)
    assert amounts.cap_yen is not None and entry.ratio is not None
    years = facts.get("years", 1) if entry.per.is_yearly else 1
    count = facts.get(entry.counted_by, 1) if entry.counted_by else 1
    assert amounts.national_yen <= amounts.cap_yen * years * count
    assert amounts.national_yen <= (amounts.eligible_yen or 0) * entry.ratio


def _entry(grant: Grant, rate: str | None, cap: int | None, per: str | None) -> AmountRule:
    return next(a for a in grant.amounts if (a.rate, a.cap_yen, a.per.value) == (rate, cap, per))


@every_grant
@few
@given(data=st.data())
def test_a_weak_rule_alone_never_shuts_out_and_a_firm_one_always_does(
    grant: Grant, data: st.DataObject
) -> None:
    facts = data.draw(projects(grant))
    verdict = judge(grant, facts, today=TODAY)
    firm = {rule.id for rule in grant.rules if not rule.is_weak}
    unmet = {f.rule_id for f in verdict.findings if f.outcome is Outcome.NOT_MET}
    assert (verdict.outcome is VerdictOutcome.INELIGIBLE) is bool(unmet & firm)
    if verdict.outcome is VerdictOutcome.POSSIBLE:
        spared = {rule.id for rule in grant.rules if rule.spares_project}
        held = {f.outcome for f in verdict.findings if f.rule_id not in spared}
        assert held <= {Outcome.MET, Outcome.NOT_APPLICABLE}


RANK = (VerdictOutcome.INELIGIBLE, VerdictOutcome.TO_CONFIRM, VerdictOutcome.POSSIBLE)
cost_rules = pytest.mark.parametrize(
    ("grant", "rule"),
    [pytest.param(g, r, id=f"{g.id}-{r.id}") for g in GRANTS for r in g.rules if r.affects == "cost"],
)


@cost_rules
@few
@given(data=st.data())
def test_leaving_out_an_excluded_cost_never_worsens_the_verdict(
    grant: Grant, rule: Rule, data: st.DataObject
) -> None:
    unmet = next(e.facts for e in rule.examples if e.outcome is Outcome.NOT_MET)
    met = next(e.facts for e in rule.examples if e.outcome is Outcome.MET)
    other = {n: v for n, v in data.draw(projects(grant)).items() if n not in {*unmet, *met}}
    within, without = {**other, **unmet}, {**other, **met}
    assume(is_consistent(grant, within) and is_consistent(grant, without))
    before, after = judge(grant, within, today=TODAY), judge(grant, without, today=TODAY)
    assert RANK.index(after.outcome) >= RANK.index(before.outcome)
    unknown = judge(grant, other, today=TODAY)
    if rule.spares_project and VerdictOutcome.INELIGIBLE not in (before.outcome, after.outcome):
        assert unknown.outcome is not VerdictOutcome.INELIGIBLE


@cost_rules
def test_a_cost_alone_never_shuts_a_fitting_project_out(grant: Grant, rule: Rule) -> None:
    unmet = next(e.facts for e in rule.examples if e.outcome is Outcome.NOT_MET)
    fitting = next(p for p in grant.examples if p.outcome is VerdictOutcome.POSSIBLE)
    verdict = judge(grant, read_facts({**fitting.facts, **unmet}, grant.vocabulary), today=TODAY)
    finding = next(f for f in verdict.findings if f.rule_id == rule.id)
    assert verdict.outcome is not VerdictOutcome.INELIGIBLE
    assert (finding.outcome, finding.affects, finding.cost) == (Outcome.NOT_MET, "cost", rule.cost)
    assert "除いて申請" in finding.because and rule.cost in finding.because
    assert ("対象になりません" in finding.because) is not rule.clause.is_weak


@every_grant
@few
@given(data=st.data())
def test_each_finding_says_why_and_where(grant: Grant, data: st.DataObject) -> None:
    facts = data.draw(projects(grant))
    assert is_consistent(grant, facts)
    for finding in judge(grant, facts, today=TODAY).findings:
        assert finding.because.endswith("。") and "None" not in finding.because
        assert finding.clause.url.startswith(("http", "https")) or finding.clause.url == ""
        assert bool(finding.missing) <= (finding.outcome is Outcome.UNKNOWN)
