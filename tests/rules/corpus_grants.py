"""The grants of the corpus, and consistent projects for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from assistant.domain import Source
from assistant.errors import FactRejected
from assistant.grants.conditions import tests_of as parts_of
from assistant.grants.facts import check_agreement
from assistant.grants.interview import answers_to_try
from assistant.grants.loader import Grants, load_grants
from assistant.grants.rules import Grant

CORPUS = Path(__file__).parents[2] / "corpus"


def load_corpus_grants() -> Grants:
    register = yaml.load((CORPUS / "sources.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return load_grants(CORPUS / "grants", {i: Source(id=i, **entry) for i, entry in register.items()})


GRANTS = load_corpus_grants()


def facts_used(grant: Grant) -> dict[str, list[Any]]:
    """Facts that the grant's rules, open points and amounts ask about, each with values they tell apart."""
    tests: dict[str, list[Any]] = {}
    conditions = [c for rule in grant.rules for c in (rule.when, rule.needs)]
    conditions += [point.when for point in grant.open_points] + [amount.when for amount in grant.amounts]
    for condition in conditions:
        for test in parts_of(condition) if condition is not None else ():
            tests.setdefault(test.fact, []).append(test)
    for name in ("total_yen", "years", "people"):
        if name in grant.vocabulary:
            tests.setdefault(name, [])
    values = {
        name: [v for v, _ in answers_to_try(grant.vocabulary[name], found)] for name, found in tests.items()
    }
    values["total_yen"] = [0, 1_000_001, 30_000_000_000]
    return values


def is_consistent(grant: Grant, facts: dict[str, Any]) -> bool:
    try:
        check_agreement(facts, grant.vocabulary)
    except FactRejected:
        return False
    return True


@st.composite
def projects(draw: st.DrawFn, grant: Grant) -> dict[str, Any]:
    """Facts of a project that do not contradict one another, some of them left out."""
    facts: dict[str, Any] = {}
    for name, values in draw(st.permutations(list(facts_used(grant).items()))):
        value = draw(st.sampled_from([None, *values]))
        if value is not None and is_consistent(grant, {**facts, name: value}):
            facts[name] = value
    return facts
