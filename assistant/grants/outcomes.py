"""The outcome of each rule for given facts, and what they come to together. No wording here: it is fast."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from assistant.domain import Outcome, VerdictOutcome
from assistant.grants.conditions import missing_of, truth_of
from assistant.grants.rules import Grant, OpenPoint, Rule
from assistant.grants.vocabulary import Facts, is_inapplicable


@dataclass(frozen=True, slots=True)
class Result:
    """How one rule came out.

    ``is_weak``: it cannot shut a project out; ``spares_project``: it does not move the verdict at all.
    """

    outcome: Outcome
    missing: tuple[str, ...] = ()
    is_weak: bool = False
    spares_project: bool = False


def senseless_facts(grant: Grant, facts: Facts) -> set[str]:
    """Facts that the known ones make meaningless (a city's class when a prefecture applies)."""
    vocabulary = grant.vocabulary
    return {
        name
        for name in grant.dependent_facts
        if name not in facts and is_inapplicable(name, facts, vocabulary)
    }


def evaluate_rule(rule: Rule, facts: Facts, senseless: Set[str] = frozenset()) -> Result:
    """``when`` false → not applicable, open → unknown; then ``needs`` true → met, false → not met.

    Where all that ``needs`` still lacks is meaningless here, the rule does not concern the project.
    """
    weak, spares = rule.is_weak, rule.spares_project
    applies = True if rule.when is None else truth_of(rule.when, facts, senseless)
    if applies is False:
        return Result(Outcome.NOT_APPLICABLE, (), weak, spares)
    if applies is None and rule.when is not None:
        return Result(Outcome.UNKNOWN, missing_of(rule.when, facts, senseless), weak, spares)
    holds = truth_of(rule.needs, facts)
    if holds is None:
        missing = tuple(name for name in missing_of(rule.needs, facts) if name not in senseless)
        return Result(Outcome.UNKNOWN if missing else Outcome.NOT_APPLICABLE, missing, weak, spares)
    return Result(Outcome.MET if holds else Outcome.NOT_MET, (), weak, spares)


def evaluate_point(point: OpenPoint, facts: Facts, senseless: Set[str] = frozenset()) -> Result:
    """A point that no source settles: open for good where it concerns the project."""
    concerns = truth_of(point.when, facts, senseless)
    if concerns is False:
        return Result(Outcome.NOT_APPLICABLE)
    return Result(Outcome.UNKNOWN, missing_of(point.when, facts, senseless), is_weak=True)


def evaluate_all(grant: Grant, facts: Facts) -> dict[str, Result]:
    """Results by rule id, open points included; ``facts`` are complete."""
    senseless = senseless_facts(grant, facts)
    results = {rule.id: evaluate_rule(rule, facts, senseless) for rule in grant.rules}
    results.update((point.id, evaluate_point(point, facts, senseless)) for point in grant.open_points)
    return results


def costs_left_out(grant: Grant, facts: Facts) -> tuple[Rule, ...]:
    """Rules whose cost is not eligible by a firm clause; ``facts`` are complete."""
    senseless = senseless_facts(grant, facts)
    return tuple(
        rule
        for rule in grant.rules
        if rule.spares_project and evaluate_rule(rule, facts, senseless).outcome is Outcome.NOT_MET
    )


def settle(results: Iterable[Result]) -> VerdictOutcome:
    """対象外 where a firm clause is not met; 対象になり得る where nothing is open or weakly unmet; else 要確認.

    A cost that a firm clause leaves out, or may leave out, counts for nothing here: the project
    can be applied for without it.
    """
    outcome = VerdictOutcome.POSSIBLE
    for result in results:
        if result.spares_project:
            continue
        if result.outcome is Outcome.NOT_MET and not result.is_weak:
            return VerdictOutcome.INELIGIBLE
        if result.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN):
            outcome = VerdictOutcome.TO_CONFIRM
    return outcome


@dataclass(slots=True)
class Standing:
    """What the results say about whether the verdict can still change."""

    shut_out: bool = False  # a firm rule is not met
    held_back: bool = False  # weakly unmet or unsettled: 対象になり得る is out of reach
    firm_open: int = 0  # open findings that could still shut the project out
    weak_open: int = 0

    def copy(self) -> Standing:
        """One that may be counted on without changing this."""
        return Standing(self.shut_out, self.held_back, self.firm_open, self.weak_open)

    def count(self, result: Result, times: int = 1) -> None:
        """Add a result; ``times=-1`` takes an open one back."""
        if result.spares_project:
            return
        if result.outcome is Outcome.NOT_MET:
            self.shut_out = self.shut_out or not result.is_weak
            self.held_back = True
        elif result.outcome is Outcome.UNKNOWN:
            if not result.missing:
                self.held_back = True
            elif result.is_weak:
                self.weak_open += times
            else:
                self.firm_open += times

    @property
    def is_settled(self) -> bool:
        """Whether no further fact can change the verdict."""
        return self.shut_out or (not self.firm_open and (self.held_back or not self.weak_open))


def standing_of(results: Iterable[Result]) -> Standing:
    """The standing of a verdict with these results."""
    standing = Standing()
    for result in results:
        standing.count(result)
    return standing


def is_settled(results: Iterable[Result]) -> bool:
    """Whether no further fact can change the verdict."""
    return standing_of(results).is_settled
