"""What is known of a project while it is interviewed: readings wait, answers count, addresses bring all back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import VerdictOutcome
from assistant.grants.facts import read_facts
from assistant.grants.vocabulary import FactKind
from assistant.ui.grants_state import (
    Interview,
    facts_asked,
    from_params,
    is_short_reply,
    reads_as,
    to_params,
    with_fact,
)

TOWN = "人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def grant(assistant):
    return assistant.grants.by_id["chiiki-mirai-suishin-r8"]


@pytest.fixture(scope="module")
def vocabulary(assistant):
    return assistant.grants.vocabulary


def test_readings_count_only_once_confirmed(assistant, grant, vocabulary):
    interview = Interview(grant_id=grant.id)
    assert interview.propose(assistant.propose(TOWN)) > 5
    assert interview.facts == {}
    interview.confirm(["total_yen", "applicant"], vocabulary)
    assert interview.facts == {"total_yen": 12_000_000, "applicant": "municipality"}
    assert interview.origins == {"total_yen": "1,200万円", "applicant": "町"}
    assert interview.proposals == {}, "what was left out is dropped"


def test_the_same_reading_is_not_offered_again(assistant, vocabulary):
    interview = Interview()
    interview.propose(assistant.propose(TOWN))
    interview.confirm(list(interview.proposals), vocabulary)
    assert interview.propose(assistant.propose(TOWN)) == 0


def test_answers_are_read_as_people_write_them(vocabulary):
    interview = Interview()
    assert interview.answer("total_yen", "１億２千万", vocabulary)
    assert interview.facts["total_yen"] == 120_000_000
    assert not interview.answer("total_yen", "たくさん", vocabulary)
    assert "総事業費" in interview.problem and interview.facts["total_yen"] == 120_000_000
    assert interview.answer("total_yen", "", vocabulary) and interview.facts == {}


def test_an_answer_that_contradicts_is_refused_and_told(vocabulary):
    interview = Interview(facts={"total_yen": 10_000_000})
    assert not interview.answer("national_yen", "5千万円", vocabulary)
    assert "超えています" in interview.problem and "national_yen" not in interview.facts


def test_a_changed_applicant_takes_what_hung_on_it_along(vocabulary):
    facts = with_fact({"municipality_class": "general"}, "applicant", "prefecture", vocabulary)
    assert facts == {"applicant": "prefecture"}
    back = with_fact({"applicant": "prefecture"}, "municipality_class", "general", vocabulary)
    assert back == {"municipality_class": "general"}


def test_unknown_is_asked_again_only_at_the_end(grant, vocabulary):
    interview = Interview(grant_id=grant.id)
    first = interview.next_question(grant)
    interview.skip(first.name)
    assert interview.next_question(grant).name != first.name
    assert interview.questions(grant)[-1].name == first.name
    assert interview.verdict(grant, TODAY).outcome is VerdictOutcome.TO_CONFIRM
    interview.answer(first.name, next(iter(vocabulary[first.name].options)), vocabulary)
    assert interview.skipped == []


def test_an_interview_ends(assistant):
    for grant in assistant.grants:
        interview = Interview(grant_id=grant.id)
        for _ in range(120):
            question = interview.next_question(grant)
            if question is None:
                break
            spec = grant.vocabulary[question.name]
            value = {FactKind.BOOL: False, FactKind.YEN: 1_000_000, FactKind.INT: max(1, spec.min or 1)}.get(
                spec.kind
            )
            value = next(iter(spec.options)) if spec.options else value
            if value is None or not interview.answer(question.name, value, grant.vocabulary):
                interview.skip(question.name)
        assert interview.next_question(grant) is None, grant.id


def test_the_form_asks_what_the_rules_speak_of(grant):
    names = facts_asked(grant)
    assert {"applicant", "municipality_class", "total_yen", "years", "includes_land_purchase"} <= set(names)
    assert "left_after_months" not in names, "that belongs to another scheme"
    order = list(grant.vocabulary)
    assert list(names) == sorted(names, key=order.index)


def test_an_address_brings_the_facts_back(assistant, vocabulary):
    facts = {
        "applicant": "municipality",
        "total_yen": 12_000_000,
        "has_kpi": False,
        "start_date": date(2027, 4, 1),
        "theme": "買物支援&交通=1",
    }
    params = to_params(facts, grant_id="chiiki-mirai-suishin-r8", view="years")
    assert (params["grant"], params["view"]) == ("chiiki-mirai-suishin-r8", "years")
    assert from_params(params, vocabulary) == (facts, ())


def test_a_spoilt_address_keeps_what_can_be_read(vocabulary):
    params = {"applicant": "municipality", "total_yen": "たくさん", "nonsense": "1", "national_yen": "100"}
    facts, problems = from_params(params, vocabulary)
    assert facts == {"applicant": "municipality", "national_yen": 100}
    assert len(problems) == 2 and "nonsense" in "".join(problems)


def test_every_fact_of_every_example_survives_the_address(assistant, vocabulary):
    for grant in assistant.grants:
        for example in grant.examples:
            facts = read_facts(dict(example.facts), grant.vocabulary)
            assert from_params(to_params(facts), vocabulary) == (facts, ()), example.name


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=30), max_size=6))
def test_no_address_breaks_the_page(vocabulary, params):
    facts, problems = from_params(params, vocabulary)
    assert len(facts) + len(problems) <= len(params)


@pytest.mark.parametrize(
    ("text", "is_reply"),
    [
        ("はい", True), ("3年です", True), ("1億2千万円", True), ("用地取得費は含みません。", True),
        ("補助率はいくらですか", False), ("対象になる？", False), ("上限は", False), ("", False), ("あ" * 60, False),
    ],
)  # fmt: skip
def test_short_replies(text, is_reply):
    assert is_short_reply(text) is is_reply


def test_a_reply_must_be_a_value_of_the_fact(vocabulary):
    assert reads_as("1億2千万円です", "total_yen", vocabulary)
    assert reads_as("はい。", "has_kpi", vocabulary)
    assert not reads_as("まだ決めていません", "has_kpi", vocabulary)
    assert not reads_as("何でも", "theme", vocabulary), "any words would do for a free text"
