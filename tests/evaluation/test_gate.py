"""The gate: what may never happen, and what may not get worse than noise, on the development half."""

import pytest

from assistant.domain import SupportLabel
from assistant.evaluation.entailment import OUR_CHECK, EvidenceCheck
from assistant.evaluation.generate import generate
from assistant.evaluation.gold import load_gold, pick
from assistant.evaluation.runs import default_gold, stored_in
from assistant.evaluation.score import FALSE_ELIGIBLE, VERDICT_ACCURACY, inspect_all, score, with_verdicts

# Measured on 2026-11-23 less about two standard errors: a drop below is more than noise.
FLOORS = {
    "citation_recall": 0.97,
    "citation_precision": 0.97,
    "number_agreement": 0.97,
    "year_agreement": 0.97,
    "right_year": 0.93,
    "nugget_vital": 0.88,
    "refusal_recall": 0.89,
    "status_right": 0.91,
    "mrr_10": 0.93,
    "recall_10": 0.94,
}
CEILINGS = {"over_refusal": 0.07, "false_answer_rate": 0.11}


@pytest.fixture(scope="module")
def scenes(assistant):
    gold = pick(load_gold(default_gold(assistant.settings)), "dev")
    return inspect_all(gold, generate(assistant, gold), EvidenceCheck(), stored_in(assistant))


@pytest.fixture(scope="module")
def scores(scenes, assistant):
    path = default_gold(assistant.settings).with_name("verdicts.jsonl")
    return with_verdicts(score(scenes, OUR_CHECK), assistant.grants, path, assistant.settings.today)


def test_nothing_ineligible_is_called_eligible(scores):
    assert scores.measures[FALSE_ELIGIBLE].value == 0
    assert scores.measures["false_eligible_answers"].value == 0
    assert scores.measures[VERDICT_ACCURACY].value >= 0.97


def test_no_unsupported_sentence_is_shown(scenes):
    wrong = {SupportLabel.UNSUPPORTED, SupportLabel.CONTRADICTED}
    assert [(s.gold.id, c.claim.text) for s in scenes for c in s.claims if c.support in wrong] == []


def test_every_quote_stands_in_its_passage_on_its_page(scenes):
    off = [s.gold.id for s in scenes for c in s.claims if not (all(c.exact) and all(c.page_right))]
    assert off == []


def test_nothing_forbidden_is_shown(scenes):
    assert [(s.gold.id, s.forbidden) for s in scenes if s.forbidden] == []


def test_no_question_ends_in_an_error(scenes):
    assert [(s.gold.id, s.given.error) for s in scenes if s.given.error] == []


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_not_below_its_floor(scores, name, floor):
    assert scores.measures[name].value >= floor


@pytest.mark.parametrize(("name", "ceiling"), CEILINGS.items())
def test_not_above_its_ceiling(scores, name, ceiling):
    assert scores.measures[name].value <= ceiling
