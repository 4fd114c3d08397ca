"""Conditions in three-valued logic (Kleene, Introduction to Metamathematics, 1952, §64).

``True``, ``False`` and ``None`` for "not known".  A decided branch drops what the
other branches still lack, so that nobody is asked for a fact that no longer matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag

from assistant.domain import Noun
from assistant.grants.vocabulary import Facts, FactValue

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "known"]
Scalar: TypeAlias = StrictBool | StrictInt | date | StrictStr
Truth: TypeAlias = bool | None

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "in": lambda value, allowed: value in allowed,
    "not_in": lambda value, allowed: value not in allowed,
    "known": lambda _value, _bound: True,
}


class Test(Noun):
    """One fact held against a bound. ``known`` asks only that the fact be given."""

    __test__ = False  # not a pytest class

    fact: StrictStr
    op: Operator
    value: Scalar | tuple[Scalar, ...] | None = None

    def holds(self, value: FactValue) -> bool:
        """Whether the test is true of a known value."""
        return _COMPARE[self.op](value, self.value)


class All(Noun):
    """Every part holds."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Noun):
    """At least one part holds."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(Noun):
    """The part does not hold; written ``not:`` in a file."""

    negated: Annotated[Condition, Field(alias="not")]


def _kind_of(value: Any) -> str:
    if isinstance(value, Noun):
        return {"All": "all", "AnyOf": "any", "Not": "not"}.get(type(value).__name__, "test")
    keys = value if isinstance(value, dict) else {}
    return next((key for key in ("all", "any", "not") if key in keys), "test")


Condition: TypeAlias = Annotated[
    Annotated[Test, Tag("test")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_kind_of),
]
for _model in (All, AnyOf, Not):
    _model.model_rebuild()


def tests_of(condition: Condition) -> Iterator[Test]:
    """All tests in a condition, in order of writing."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests_of(condition.negated)
    else:
        for part in condition.all if isinstance(condition, All) else condition.any:
            yield from tests_of(part)


def with_tests(condition: Condition, change: Callable[[Test], Test]) -> Condition:
    """The same condition with every test replaced."""
    if isinstance(condition, Test):
        return change(condition)
    if isinstance(condition, Not):
        return Not.model_construct(negated=with_tests(condition.negated, change))
    if isinstance(condition, All):
        return All(all=tuple(with_tests(part, change) for part in condition.all))
    return AnyOf(any=tuple(with_tests(part, change) for part in condition.any))


def truth_of(condition: Condition, facts: Facts, senseless: Set[str] = frozenset()) -> Truth:
    """Kleene truth of a condition: None where the known facts leave it open.

    Tests of ``senseless`` facts (a city's class when a prefecture applies) are false, not open.
    """
    if isinstance(condition, Test):
        value = facts.get(condition.fact)
        if value is None:
            return False if condition.fact in senseless else None
        return condition.holds(value)
    if isinstance(condition, Not):
        inner = truth_of(condition.negated, facts, senseless)
        return None if inner is None else not inner
    deciding = isinstance(condition, AnyOf)  # one true part decides "any", one false part decides "all"
    open_part = False
    for part in condition.any if isinstance(condition, AnyOf) else condition.all:
        truth = truth_of(part, facts, senseless)
        if truth is deciding:
            return deciding
        open_part = open_part or truth is None
    return None if open_part else not deciding


def missing_of(condition: Condition, facts: Facts, senseless: Set[str] = frozenset()) -> tuple[str, ...]:
    """Facts that an undecided condition still lacks; empty once it is decided."""
    if truth_of(condition, facts, senseless) is not None:
        return ()
    if isinstance(condition, Test):
        return (condition.fact,)
    if isinstance(condition, Not):
        return missing_of(condition.negated, facts, senseless)
    parts = condition.any if isinstance(condition, AnyOf) else condition.all
    return tuple(dict.fromkeys(name for part in parts for name in missing_of(part, facts, senseless)))


def decisive_tests(condition: Condition, facts: Facts) -> tuple[Test, ...]:
    """The tests that made a decided condition what it is: the true parts of a true ``any`` (first one),
    the false parts of a false ``all``, every part otherwise. Empty while it is undecided.
    """
    truth = truth_of(condition, facts)
    if truth is None:
        return ()
    if isinstance(condition, Test):
        return (condition,)
    if isinstance(condition, Not):
        return decisive_tests(condition.negated, facts)
    deciding = isinstance(condition, AnyOf)
    parts = condition.any if isinstance(condition, AnyOf) else condition.all
    if truth is deciding:
        chosen = [part for part in parts if truth_of(part, facts) is truth]
        parts = tuple(chosen[:1]) if deciding else tuple(chosen)
    return tuple(dict.fromkeys(test for part in parts for test in decisive_tests(part, facts)))


def can_be(condition: Condition, wanted: bool) -> bool:
    """Whether a condition may come out as ``wanted``; ``known`` is never false, only open."""
    if isinstance(condition, Test):
        return wanted or condition.op != "known"
    if isinstance(condition, Not):
        return can_be(condition.negated, not wanted)
    deciding = isinstance(condition, AnyOf)
    parts = condition.any if isinstance(condition, AnyOf) else condition.all
    checks = (can_be(part, wanted) for part in parts)
    return any(checks) if wanted is deciding else all(checks)
