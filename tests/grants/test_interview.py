from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grants.conditions import Test
from assistant.grants.facts import read_facts
from assistant.grants.interview import answers_to_try, next_questions
from assistant.grants.judge import judge
from assistant.grants.loader import Grants
from assistant.grants.outcomes import evaluate_all, is_settled
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactSpec, complete_facts

Project = Callable[..., dict[str, Any]]


def test_a_question_comes_with_options_and_why(grant: Grant) -> None:
    first = next_questions(grant, {})[0]
    assert first.name == "applicant"  # two answers of three decide the verdict
    assert first.question == "どの主体が申請しますか。"
    assert first.options == ("市区町村", "都道府県", "民間")
    assert first.settles == 1 and "県内の市町村です" in first.why


def test_what_only_the_amounts_need_comes_last(grant: Grant, project: Project) -> None:
    facts = project(total_yen=None)
    assert [(q.name, q.settles) for q in next_questions(grant, facts)] == [("total_yen", 0)]
    assert next_questions(grant, project()) == ()


def test_once_shut_out_nothing_more_is_asked(grant: Grant) -> None:
    assert next_questions(grant, {"applicant": "private"}) == ()


def test_ties_are_broken_by_cost(grant: Grant, project: Project) -> None:
    facts = project(includes_land_purchase=None, has_kpi=None)
    names = [q.name for q in next_questions(grant, facts) if q.settles]
    assert names == ["includes_land_purchase", "has_kpi"]


def test_a_fact_that_several_grants_lack_comes_first(grants: Grants) -> None:
    questions = next_questions(grants, {})
    assert questions[0].name == "applicant" and questions[0].settles >= 1
    assert {q.name for q in questions} >= {"has_kpi", "includes_staff_travel", "total_yen"}


def test_facts_that_make_no_sense_are_not_asked(grant: Grant) -> None:
    assert "municipality_class" not in {q.name for q in next_questions(grant, {"applicant": "prefecture"})}


@pytest.mark.parametrize(
    ("spec", "tests", "shares"),
    [
        ({"kind": "bool"}, [("=", True)], {True: 0.5, False: 0.5}),
        ({"kind": "int"}, [("<=", 3)], {2: 0.5, 4: 0.5}),
        ({"kind": "int", "min": 3}, [(">=", 3)], {3: 1.0}),
        ({"kind": "int"}, [("<=", 3), (">=", 10)], {2: 1 / 3, 4: 1 / 3, 10: 1 / 3}),
        (
            {"kind": "choice", "options": {"a": "A", "b": "B", "c": "C"}},
            [("=", "a")],
            {"a": 1 / 3, "b": 2 / 3},
        ),
        ({"kind": "text"}, [("known", None)], {"（回答）": 1.0}),
    ],
)
def test_answers_are_told_apart_by_the_rules_alone(spec: Any, tests: Any, shares: dict[Any, float]) -> None:
    made = FactSpec(question="？", **spec)
    found = dict(answers_to_try(made, [Test(fact="x", op=op, value=value) for op, value in tests]))
    assert found == pytest.approx(shares)


@given(data=st.data())
def test_answering_the_questions_leads_to_a_settled_verdict(
    grant: Grant, today: date, data: st.DataObject
) -> None:
    facts: dict[str, Any] = {}
    asked = 0
    while questions := [q for q in next_questions(grant, facts) if q.settles]:
        spec = grant.vocabulary[questions[0].name]
        if spec.options:
            answer: Any = data.draw(st.sampled_from(list(spec.options)))
        elif spec.kind == "bool":
            answer = data.draw(st.booleans())
        else:
            answer = data.draw(st.integers(1, 10))
        before = judge(grant, facts, today=today).outcome
        facts = read_facts({**facts, questions[0].name: answer}, grant.vocabulary)
        asked += 1
        assert before != "対象外"
    assert asked <= len(grant.vocabulary)
    assert is_settled(evaluate_all(grant, complete_facts(facts, grant.vocabulary)).values())


def test_what_the_project_is_comes_first_and_promises_last(grant: Grant, project: Project) -> None:
    facts = project(has_kpi=None, years=None, includes_land_purchase=None, includes_staff_travel=None)

    def order(**turns: int) -> list[str]:
        specs = {
            name: spec.model_copy(update={"turn": turns[name]}) if name in turns else spec
            for name, spec in grant.vocabulary.items()
        }
        return [q.name for q in next_questions(grant.in_context(specs, {}), facts) if q.settles]

    firm = ["includes_land_purchase", "has_kpi"]  # a no to these shuts out
    weak = ["includes_staff_travel", "years"]
    assert order() == firm + sorted(weak, key=order().index)
    assert order(years=2)[0] == "years", "money and time are known first, even where the rule is weak"
    assert order(includes_land_purchase=4) == ["has_kpi", "includes_land_purchase", *order()[2:]]
    assert order(includes_staff_travel=4)[-1] == "includes_staff_travel"
