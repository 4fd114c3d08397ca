"""One test for every example of every rule, and for every whole project, in every grant file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Outcome
from assistant.grants.facts import read_facts
from assistant.grants.interview import next_questions
from assistant.grants.judge import judge
from assistant.grants.lint import lint_grants
from assistant.grants.outcomes import evaluate_all
from assistant.grants.rules import Grant, ProjectExample, Rule, RuleExample
from assistant.grants.vocabulary import complete_facts

from .corpus_grants import CORPUS, GRANTS

TODAY = date(2026, 11, 23)
RULE_EXAMPLES = [
    pytest.param(grant, rule, example, id=f"{grant.id}-{rule.id}-{number}")
    for grant in GRANTS
    for rule in grant.rules
    for number, example in enumerate(rule.examples)
]
PROJECTS = [
    pytest.param(grant, project, id=f"{grant.id}-{number}")
    for grant in GRANTS
    for number, project in enumerate(grant.examples)
]


def test_there_are_grants() -> None:
    assert len(list((CORPUS / "grants").glob("*.yaml"))) == len(GRANTS) >= 10


def test_the_grant_files_are_clean() -> None:
    assert [str(problem) for problem in lint_grants(CORPUS / "grants", GRANTS.sources)] == []


@pytest.mark.parametrize(("grant", "rule", "example"), RULE_EXAMPLES)
def test_rule_example(grant: Grant, rule: Rule, example: RuleExample) -> None:
    facts = complete_facts(read_facts(example.facts, grant.vocabulary), grant.vocabulary)
    result = evaluate_all(grant, facts)[rule.id]
    assert result.outcome is example.outcome
    assert set(example.missing) <= set(result.missing)


@pytest.mark.parametrize(("grant", "project"), PROJECTS)
def test_whole_project(grant: Grant, project: ProjectExample) -> None:
    verdict = judge(grant, read_facts(project.facts, grant.vocabulary), today=TODAY)
    findings = {finding.rule_id: finding.outcome for finding in verdict.findings}
    assert verdict.outcome is project.outcome
    assert {rule_id: findings[rule_id] for rule_id in project.findings} == project.findings
    assert set(project.missing) <= {fact.name for fact in verdict.missing}


@pytest.mark.parametrize("grant", list(GRANTS), ids=lambda grant: grant.id)
def test_with_nothing_known_every_verdict_is_open(grant: Grant) -> None:
    verdict = judge(grant, {}, today=TODAY)
    assert verdict.outcome == "要確認"
    assert {finding.outcome for finding in verdict.findings} == {Outcome.UNKNOWN}
    assert verdict.missing and verdict.missing[0].settles >= 1


@pytest.mark.parametrize("grant", list(GRANTS), ids=lambda grant: grant.id)
def test_every_grant_has_projects_for_against_open_and_shut_out_by_an_exclusion(grant: Grant) -> None:
    assert len(grant.examples) >= 12
    outcomes = {project.outcome for project in grant.examples}
    assert {"対象になり得る", "要確認"} <= outcomes
    assert grant.id == Path(f"{grant.id}.yaml").stem
    if any(rule.group == "exclusion" for rule in grant.rules):
        exclusions = {rule.id for rule in grant.rules if rule.group == "exclusion"}
        hit = [
            project
            for project in grant.examples
            for rule_id, result in evaluate_all(
                grant, complete_facts(read_facts(project.facts, grant.vocabulary), grant.vocabulary)
            ).items()
            if rule_id in exclusions and result.outcome is Outcome.NOT_MET
        ]
        assert hit, "no project runs into an exclusion"


@pytest.mark.parametrize("grant", list(GRANTS), ids=lambda grant: grant.id)
def test_an_interview_asks_what_the_project_is_before_any_promise(grant: Grant) -> None:
    asked = [q.name for q in next_questions(grant, {}) if q.settles]
    turns = [grant.vocabulary[n].turn for n in asked if not grant.vocabulary[n].only_if]
    first_promise = turns.index(4) if 4 in turns else len(turns)
    assert first_promise > 0 and not {1, 2} & set(turns[first_promise:])


def test_an_interview_over_all_grants_begins_with_who_and_what() -> None:
    asked = [q.name for q in next_questions(GRANTS, {})]
    assert set(asked[:2]) == {"applicant", "project_kind"}
    assert asked.index("furusato_step") > asked.index("national_yen"), "one grant's own question can wait"
