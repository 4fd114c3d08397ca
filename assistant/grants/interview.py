"""Which fact to ask next: first what the project is, then what settles most, promises after that.

The order is by the fact's turn (``FactSpec.turn``), within a turn by what it settles, ties by how
easily it is answered.  Later turns ask what can shut the project out before what only holds the
verdict at 要確認, so that nobody answers in vain.

For every missing fact, each answer that the rules can tell apart is tried on the open
findings; the expected number it settles is the fact's gain (greedy information gathering;
an answer that decides the verdict settles all that is open).  All groups of answers count
alike: weighting down those that fail a rule asked slightly more (benchmarks/interview.py:
6.0 against 5.9 questions a project).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from assistant.domain import MissingFact, Outcome
from assistant.grants.amounts import missing_for_amounts
from assistant.grants.conditions import Condition, Test, tests_of
from assistant.grants.outcomes import (
    Result,
    costs_left_out,
    evaluate_all,
    evaluate_point,
    evaluate_rule,
    is_settled,
    senseless_facts,
    standing_of,
)
from assistant.grants.rules import Grant, OpenPoint, Rule
from assistant.grants.vocabulary import FactKind, Facts, FactSpec, FactValue, Vocabulary, complete_facts

_EARLY: Final = 2  # turns that are asked first whatever they can decide
_SHARED: Final = 3  # among many grants, only what so many ask is asked early


@dataclass(slots=True)
class _Gain:
    """What asking one fact promises. ``is_firm``: it may shut the project out; ``grants``: how many ask it."""

    expected: float = 0.0
    is_firm: bool = False
    grants: int = 0
    findings: dict[str, str] = field(default_factory=dict)  # rule id → what it says


def next_questions(grants: Grant | Iterable[Grant], facts: Facts) -> tuple[MissingFact, ...]:
    """Facts to ask, best first; empty once every verdict is settled and costs and amounts are known.

    Facts that tell only which costs to leave out come next to last, those that only the amounts
    need last, both with ``settles`` 0.
    """
    chosen = (grants,) if isinstance(grants, Grant) else tuple(grants)
    vocabulary: dict[str, FactSpec] = {}
    gains: dict[str, _Gain] = {}
    for_costs: dict[str, str] = {}
    for_amounts: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for grant in chosen:
        vocabulary.update(grant.vocabulary)
        full = complete_facts(facts, grant.vocabulary)
        results = evaluate_all(grant, full)
        if not is_settled(results.values()):
            _add_gains(grant, full, results, gains)
        if not any(r.outcome is Outcome.NOT_MET and not r.is_weak for r in results.values()):
            _add_costs(grant, results, for_costs)
            for_amounts.update(dict.fromkeys(missing_for_amounts(grant, full)))
            left_out.update((rule.cost or "", None) for rule in costs_left_out(grant, full))
    money = [
        _missing_fact(n, vocabulary[n], _Gain(), _why_money(n, left_out))
        for n in for_amounts
        if n not in gains and n not in for_costs
    ]
    shared = _SHARED if len(chosen) >= _SHARED else 1
    return (*_ranked(gains, vocabulary, shared), *_about_costs(for_costs, gains, vocabulary), *money)


def _why_money(name: str, left_out: Iterable[str]) -> str:
    if name != "excluded_cost_yen":
        return "金額の試算に使います。"
    return f"{'・'.join(left_out)}を除いた金額の試算に使います。"


def rank_missing(grant: Grant, facts: Facts, results: dict[str, Result]) -> tuple[MissingFact, ...]:
    """The facts that open findings of one grant lack, best question first (``facts`` complete).

    Those that tell only which costs to leave out come last, with ``settles`` 0.
    """
    gains: dict[str, _Gain] = {}
    _add_gains(grant, facts, results, gains)
    for_costs: dict[str, str] = {}
    _add_costs(grant, results, for_costs)
    return (*_ranked(gains, grant.vocabulary), *_about_costs(for_costs, gains, grant.vocabulary))


def _add_costs(grant: Grant, results: Mapping[str, Result], for_costs: dict[str, str]) -> None:
    """Facts that rules on costs alone lack, each with the cost it decides on."""
    for rule in grant.rules:
        if rule.spares_project:
            for name in results[rule.id].missing:
                for_costs.setdefault(name, rule.cost or "")


def _about_costs(
    for_costs: dict[str, str], gains: dict[str, _Gain], vocabulary: Vocabulary
) -> list[MissingFact]:
    names = [name for name in for_costs if name not in gains]
    names.sort(key=lambda name: any(other in for_costs for other in vocabulary[name].only_if))
    return [
        _missing_fact(
            name,
            vocabulary[name],
            _Gain(),
            f"{for_costs[name]}を除くかどうかの確認に使います。判定は変わりません。",
        )
        for name in names
    ]


def _ranked(gains: dict[str, _Gain], vocabulary: Vocabulary, shared: int = 1) -> tuple[MissingFact, ...]:
    """Best first; a fact that makes sense only under another comes after that other has been asked.

    What fewer than ``shared`` grants ask has no early turn.
    """

    def key(name: str) -> tuple[bool, bool, int, float, int]:
        spec, gain = vocabulary[name], gains[name]
        waits = any(other in gains for other in spec.only_if)
        turn = spec.turn if gain.grants >= shared else max(spec.turn, _EARLY + 1)
        is_late = turn > _EARLY and not gain.is_firm
        return waits, is_late, turn, -round(gain.expected, 9), spec.cost

    return tuple(_missing_fact(name, vocabulary[name], gains[name]) for name in sorted(gains, key=key))


def _missing_fact(name: str, spec: FactSpec, gain: _Gain, why: str = "") -> MissingFact:
    settles = len(gain.findings)
    if settles:
        first = next(iter(gain.findings.values())).rstrip("。")
        others = f"など{settles}件の条件" if settles > 1 else ""
        why = f"「{first}」{others}の判断に使います。"
    if spec.hint:
        why += spec.hint
    return MissingFact(name=name, question=spec.question, options=spec.answers, settles=settles, why=why)


class _Index:
    """Which rules a fact touches, and which answers its tests can tell apart; made once for a grant."""

    def __init__(self, grant: Grant) -> None:
        vocabulary = grant.vocabulary
        self.items: dict[str, Rule | OpenPoint] = {rule.id: rule for rule in grant.rules}
        self.items.update((point.id, point) for point in grant.open_points)
        self.touches: dict[str, dict[str, None]] = {}
        self.tests: dict[str, list[Test]] = {}
        for item_id, item in self.items.items():
            for condition in _conditions_of(item):
                for test in tests_of(condition):
                    self.touches.setdefault(test.fact, {})[item_id] = None
                    self.tests.setdefault(test.fact, []).append(test)
        self.answers = {
            name: answers_to_try(vocabulary[name], tests)
            for name, tests in self.tests.items()
            if name in vocabulary
        }
        self.says = {
            item_id: item.says if isinstance(item, Rule) else item.unknown.about
            for item_id, item in self.items.items()
        }
        # An answer may make another fact meaningless or imply it: those rules are touched as well.
        self.linked: set[str] = set()
        for name, spec in vocabulary.items():
            for other in spec.only_if:
                self.linked |= {name, other}
                if name in self.touches:
                    self.touches.setdefault(other, {}).update(self.touches[name])
                if other in self.touches:
                    self.touches.setdefault(name, {}).update(self.touches[other])


def _conditions_of(item: Rule | OpenPoint) -> Iterator[Condition]:
    if item.when is not None:
        yield item.when
    if isinstance(item, Rule):
        yield item.needs


def answers_to_try(spec: FactSpec, tests: Sequence[Test]) -> tuple[tuple[FactValue, float], ...]:
    """(answer, share) for every group of answers that ``tests`` tell apart; shares add up to 1."""
    values: list[FactValue]
    if spec.kind is FactKind.BOOL:
        values = [True, False]
    elif spec.kind is FactKind.CHOICE:
        values = list(spec.options)
    else:
        values = _about_the_bounds(spec, tests)
    groups: dict[tuple[bool, ...], tuple[FactValue, int]] = {}
    for value in values:
        pattern = tuple(test.holds(value) for test in tests)
        first, count = groups.get(pattern, (value, 0))
        groups[pattern] = (first, count + 1)
    ordered = spec.kind not in (FactKind.BOOL, FactKind.CHOICE)
    total = len(groups) if ordered else len(values)
    return tuple((value, (1 if ordered else count) / total) for value, count in groups.values())


def _about_the_bounds(spec: FactSpec, tests: Sequence[Test]) -> list[FactValue]:
    bounds: dict[FactValue, None] = {}
    for test in tests:
        for bound in test.value if isinstance(test.value, tuple) else (test.value,):
            if bound is not None:
                bounds[bound] = None
    found: list[FactValue] = []
    for bound in bounds:
        if isinstance(bound, str):
            found += [bound, bound + "ではない"]
        elif isinstance(bound, date):
            found += [bound - timedelta(days=1), bound, bound + timedelta(days=1)]
        else:
            low = spec.min if spec.min is not None else 0
            high = spec.max if spec.max is not None else bound + 1
            found += [value for value in (bound - 1, bound, bound + 1) if low <= value <= high]
    if found:
        return found
    if spec.kind is FactKind.TEXT:
        return ["（回答）"]
    return [date(2026, 4, 1) if spec.kind is FactKind.DATE else spec.min or 1]


def _add_gains(grant: Grant, facts: Facts, results: dict[str, Result], gains: dict[str, _Gain]) -> None:
    index = grant.once("interview", lambda: _Index(grant))
    vocabulary = grant.vocabulary
    senseless = senseless_facts(grant, facts)
    still_open = {i: result for i, result in results.items() if result.missing and not result.spares_project}
    standing = standing_of(results.values())
    for name in dict.fromkeys(name for result in still_open.values() for name in result.missing):
        gain = gains.setdefault(name, _Gain())
        gain.grants += 1
        touched = [item_id for item_id in index.touches[name] if item_id in still_open]
        gain.is_firm = gain.is_firm or any(not still_open[item_id].is_weak for item_id in touched)
        for value, share in index.answers[name]:
            told: Facts = {**facts, name: value}
            if name in index.linked:
                told = complete_facts(told, vocabulary)
                senseless_then = senseless_facts(grant, told)
            else:
                senseless_then = senseless
            after = standing.copy()
            decided = 0
            for item_id in touched:
                result = _evaluate(index.items[item_id], told, senseless_then)
                if not result.missing:
                    decided += 1
                    after.count(still_open[item_id], -1)
                    after.count(result)
                    gain.findings[item_id] = index.says[item_id]
            if decided:
                gain.expected += share * (len(still_open) if after.is_settled else decided)


def _evaluate(item: Rule | OpenPoint, facts: Facts, senseless: set[str]) -> Result:
    if isinstance(item, Rule):
        return evaluate_rule(item, facts, senseless)
    return evaluate_point(item, facts, senseless)
