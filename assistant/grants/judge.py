"""Rules and facts → a verdict with one finding for every requirement and exclusion."""

from __future__ import annotations

from datetime import date
from typing import Final

from assistant.domain import Amounts, Finding, Outcome, Verdict, VerdictOutcome
from assistant.grants.amounts import work_out_amounts
from assistant.grants.cautions import cautions_for
from assistant.grants.conditions import Test, decisive_tests, tests_of
from assistant.grants.facts import check_agreement
from assistant.grants.interview import rank_missing
from assistant.grants.outcomes import Result, evaluate_all, settle
from assistant.grants.rules import Grant, OpenPoint, Rule
from assistant.grants.vocabulary import Facts, complete_facts
from assistant.grants.wording import because, say_names, say_tests

_MOST_KEPT: Final = 4096


def judge(grant: Grant, facts: Facts, *, today: date) -> Verdict:
    """What the grant's rules say of a project. ``facts`` are as ``read_facts`` gives them.

    A firm clause not met → 対象外; everything met or not concerned → 対象になり得る; else
    要確認. A firm clause on a cost leaves that cost out and nothing more. It never promises adoption. Raises FactRejected for facts that contradict each other.
    """
    check_agreement(facts, grant.vocabulary)
    full = complete_facts(facts, grant.vocabulary)
    results = evaluate_all(grant, full)
    outcome = settle(results.values())
    shut_out = outcome is VerdictOutcome.INELIGIBLE
    writer = grant.once("findings", lambda: _Writer(grant))
    return Verdict(
        grant_id=grant.id,
        fiscal_year=grant.fiscal_year,
        outcome=outcome,
        findings=(
            *(writer.finding(rule, results[rule.id], full, shut_out) for rule in grant.rules),
            *(_point_finding(grant, point, results[point.id], full) for point in grant.open_points),
        ),
        missing=() if shut_out else rank_missing(grant, full, results),
        amounts=_amounts(grant, full, outcome),
        cautions=cautions_for(grant, results, today),
        grant_name=grant.name,
    )


def _amounts(grant: Grant, facts: Facts, outcome: VerdictOutcome) -> Amounts | None:
    amounts = work_out_amounts(grant, facts)
    if amounts is None or outcome is not VerdictOutcome.INELIGIBLE:
        return amounts
    note = "対象外に当たる条件があるため、その条件を直した場合の参考の試算です。"
    return amounts.model_copy(update={"notes": (note, *amounts.notes)})


class _Writer:
    """Writes the findings of one grant; each rests on its rule's own facts alone, so it is kept for next time."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        self.vocabulary = grant.vocabulary
        self.names = {rule.id: _facts_of(rule) for rule in grant.rules}
        self.kept: dict[tuple[object, ...], Finding] = {}

    def finding(self, rule: Rule, result: Result, facts: Facts, shut_out: bool) -> Finding:
        """The finding of one rule. ``shut_out``: other rules shut the project out."""
        key = (rule.id, result.outcome, result.missing, shut_out, *map(facts.get, self.names[rule.id]))
        finding = self.kept.get(key)
        if finding is None:
            if len(self.kept) >= _MOST_KEPT:
                self.kept.clear()
            finding = self.kept[key] = self._write(rule, result, facts, shut_out)
        return finding

    def _write(self, rule: Rule, result: Result, facts: Facts, shut_out: bool) -> Finding:
        tests = _deciding(rule, result, facts)
        text = because(rule, result.outcome, tests, result.missing, facts, self.vocabulary, shut_out=shut_out)
        return Finding(
            rule_id=rule.id,
            says=rule.says,
            outcome=result.outcome,
            because=text,
            clause=self.grant.clause_of(rule.id, rule.clause),
            missing=result.missing,
            group=rule.group,
            affects=rule.affects,
            cost=rule.cost or "",
        )


def _facts_of(rule: Rule) -> tuple[str, ...]:
    conditions = (rule.needs,) if rule.when is None else (rule.when, rule.needs)
    return tuple(dict.fromkeys(test.fact for condition in conditions for test in tests_of(condition)))


def _deciding(rule: Rule, result: Result, facts: Facts) -> tuple[Test, ...]:
    """The tests of the condition that gave the outcome."""
    if result.outcome in (Outcome.MET, Outcome.NOT_MET):
        return decisive_tests(rule.needs, facts)
    if result.outcome is Outcome.NOT_APPLICABLE and rule.when is not None:
        return decisive_tests(rule.when, facts) or tuple(tests_of(rule.when))
    return ()


def _point_finding(grant: Grant, point: OpenPoint, result: Result, facts: Facts) -> Finding:
    """A point no source settles: open for good where it concerns the project."""
    vocabulary = grant.vocabulary
    tests = decisive_tests(point.when, facts)
    said = say_tests(tests, facts, vocabulary)
    if result.outcome is Outcome.NOT_APPLICABLE:
        text = f"{said}のため、この点は関係しません。" if said else "この点は関係しません。"
    elif result.missing:
        text = f"{say_names(result.missing, vocabulary)}が分からないため、まだ判断できません。"
    else:
        text = f"{said}のため関係しますが、確認できた資料に定めが見当たりません。{point.unknown.ask}に確認してください。"
    return Finding(
        rule_id=point.id,
        says=point.unknown.says,
        outcome=result.outcome,
        because=text,
        clause=grant.clause_of(point.id, point.clause),
        missing=result.missing,
        group="exclusion",
    )
