from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grants.conditions import (
    All,
    AnyOf,
    Not,
    Test,
    can_be,
    decisive_tests,
    missing_of,
    truth_of,
)
from assistant.grants.conditions import tests_of as parts_of

NAMES = ("a", "b", "c", "d")
literals = st.builds(
    lambda name, value: Test(fact=name, op="=", value=value), st.sampled_from(NAMES), st.booleans()
)
conditions = st.recursive(
    literals,
    lambda inner: st.one_of(
        st.builds(lambda parts: All(all=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(any=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: Not.model_validate({"not": part}), inner),
    ),
    max_leaves=8,
)
whole = st.fixed_dictionaries({name: st.booleans() for name in NAMES})


def classical(condition: Any, facts: dict[str, bool]) -> bool:
    if isinstance(condition, Test):
        return facts[condition.fact] == condition.value
    if isinstance(condition, Not):
        return not classical(condition.negated, facts)
    if isinstance(condition, All):
        return all(classical(part, facts) for part in condition.all)
    return any(classical(part, facts) for part in condition.any)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_truth_table_of_kleene(
    left: bool | None, right: bool | None, both: bool | None, either: bool | None
) -> None:
    parts = (Test(fact="a", op="=", value=True), Test(fact="b", op="=", value=True))
    facts = {name: value for name, value in (("a", left), ("b", right)) if value is not None}
    for ordered in (parts, parts[::-1]):
        assert truth_of(All(all=ordered), facts) is both
        assert truth_of(AnyOf(any=ordered), facts) is either


@given(conditions, whole)
def test_with_all_facts_it_is_ordinary_logic(condition: Any, facts: dict[str, bool]) -> None:
    assert truth_of(condition, facts) is classical(condition, facts)
    assert missing_of(condition, facts) == ()


@given(conditions, whole, st.sets(st.sampled_from(NAMES)))
def test_a_decided_condition_stays_decided(condition: Any, facts: dict[str, bool], known: set[str]) -> None:
    part = {name: facts[name] for name in known}
    truth = truth_of(condition, part)
    if truth is None:
        lacking = missing_of(condition, part)
        assert lacking and not set(lacking) & known
        assert truth_of(condition, part | {name: facts[name] for name in lacking}) is classical(
            condition, facts
        )
    else:
        assert classical(condition, facts) is truth


@given(conditions, whole, st.sets(st.sampled_from(NAMES)))
def test_the_decisive_facts_alone_decide(condition: Any, facts: dict[str, bool], known: set[str]) -> None:
    part = {name: facts[name] for name in known}
    truth = truth_of(condition, part)
    decisive = {test.fact for test in decisive_tests(condition, part)}
    if truth is None:
        assert decisive == set()
    else:
        assert truth_of(condition, {name: part[name] for name in decisive}) is truth


def test_a_decided_branch_drops_what_it_lacks() -> None:
    rule = AnyOf(any=(Test(fact="a", op="=", value=True), Test(fact="b", op="=", value=True)))
    assert missing_of(rule, {}) == ("a", "b")
    assert missing_of(rule, {"a": False}) == ("b",)
    assert missing_of(rule, {"a": True}) == ()


def test_known_is_open_until_the_fact_is_given_and_never_false() -> None:
    known = Test(fact="a", op="known")
    assert truth_of(known, {}) is None
    assert truth_of(known, {"a": False}) is True
    assert can_be(known, True) and not can_be(known, False)
    assert can_be(Not.model_validate({"not": known}), False) and not can_be(
        Not.model_validate({"not": known}), True
    )


@pytest.mark.parametrize(
    ("op", "bound", "inside", "outside"),
    [
        ("=", 3, 3, 4),
        ("!=", 3, 4, 3),
        ("<", 3, 2, 3),
        ("<=", 3, 3, 4),
        (">", 3, 4, 3),
        (">=", 3, 3, 2),
        ("in", (1, 2), 2, 3),
        ("not_in", (1, 2), 3, 2),
    ],
)
def test_operators_at_their_bounds(op: Any, bound: Any, inside: int, outside: int) -> None:
    test = Test(fact="a", op=op, value=bound)
    assert truth_of(test, {"a": inside}) is True
    assert truth_of(test, {"a": outside}) is False


def test_senseless_facts_are_false_in_a_condition_not_open() -> None:
    rule = All(all=(Test(fact="a", op="=", value=True), Test(fact="b", op="=", value=True)))
    assert truth_of(rule, {"a": True}) is None
    assert truth_of(rule, {"a": True}, {"b"}) is False
    assert missing_of(rule, {"a": True}, {"b"}) == ()


def test_tests_are_listed_in_order_of_writing() -> None:
    rule = All(
        all=(Test(fact="b", op="known"), AnyOf(any=(Test(fact="a", op="known"), Test(fact="c", op="known"))))
    )
    assert [test.fact for test in parts_of(rule)] == ["b", "a", "c"]
