"""The outcome of each rule for given facts, and what they come to together. No wording here: it is fast."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from assistant.domain import Outcome, VerdictOutcome
from assistant.grants.conditions import missing_of, truth_of
from assistant.grants.rules import Grant, OpenPoint, Rule
from assistant.grants.vocabulary import Facts, Vocabulary, is_inapplicable


@dataclass(frozen=True, slots=True)
class Result:
    """How one rule came out. ``is_weak``: its clause cannot shut a project out."""

    outcome: Outcome
    missing: tuple[str, ...] = ()
    is_weak: bool = False


def senseless_facts(facts: Facts, vocabulary: Vocabulary) -> set[str]:
    """Facts that the known ones make meaningless (a city's class when a prefecture applies)."""
    return {
        name
        for name, spec in vocabulary.items()
        if spec.only_if and name not in facts and is_inapplicable(name, facts, vocabulary)
    }


def evaluate_rule(rule: Rule, facts: Facts, senseless: Set[str] = frozenset()) -> Result:
    """``when`` false → not applicable, open → unknown; then ``needs`` true → met, false → not met.

    Where all that ``needs`` still lacks is meaningless here, the rule does not concern the project.
    """
    weak = rule.clause.is_weak
    applies = True if rule.when is None else truth_of(rule.when, facts, senseless)
    if applies is False:
        return Result(Outcome.NOT_APPLICABLE, is_weak=weak)
    if applies is None and rule.when is not None:
        return Result(Outcome.UNKNOWN, missing_of(rule.when, facts, senseless), weak)
    holds = truth_of(rule.needs, facts)
    if holds is None:
        missing = tuple(name for name in missing_of(rule.needs, facts) if name not in senseless)
        return Result(Outcome.UNKNOWN if missing else Outcome.NOT_APPLICABLE, missing, weak)
    return Result(Outcome.MET if holds else Outcome.NOT_MET, is_weak=weak)


def evaluate_point(point: OpenPoint, facts: Facts, senseless: Set[str] = frozenset()) -> Result:
    """A point that no source settles: open for good where it concerns the project."""
    concerns = truth_of(point.when, facts, senseless)
    if concerns is False:
        return Result(Outcome.NOT_APPLICABLE)
    return Result(Outcome.UNKNOWN, missing_of(point.when, facts, senseless), is_weak=True)


def evaluate_all(grant: Grant, facts: Facts) -> dict[str, Result]:
    """Results by rule id, open points included; ``facts`` are complete."""
    senseless = senseless_facts(facts, grant.vocabulary)
    results = {rule.id: evaluate_rule(rule, facts, senseless) for rule in grant.rules}
    results.update((point.id, evaluate_point(point, facts, senseless)) for point in grant.open_points)
    return results


def settle(results: Iterable[Result]) -> VerdictOutcome:
    """対象外 where a firm clause is not met; 対象になり得る where nothing is open or weakly unmet; else 要確認."""
    outcome = VerdictOutcome.POSSIBLE
    for result in results:
        if result.outcome is Outcome.NOT_MET and not result.is_weak:
            return VerdictOutcome.INELIGIBLE
        if result.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN):
            outcome = VerdictOutcome.TO_CONFIRM
    return outcome


def is_settled(results: Iterable[Result]) -> bool:
    """Whether no further fact can change the verdict."""
    held_back = False  # a weakly unmet or unsettled point already rules out 対象になり得る
    could_exclude = could_open = False
    for result in results:
        if result.outcome is Outcome.NOT_MET:
            if not result.is_weak:
                return True
            held_back = True
        elif result.outcome is Outcome.UNKNOWN:
            if not result.missing:
                held_back = True
            elif result.is_weak:
                could_open = True
            else:
                could_exclude = True
    return not could_exclude and (held_back or not could_open)
