"""Cases in a conversation: what narrows, against what, and what is said of it."""

import pytest

from assistant.cases.follow import joined, narrows, read_case_question
from assistant.domain import AnswerStatus, Intent


@pytest.mark.parametrize(
    "words", ["もっと小さい町で", "もっと小さい町では？", "補助金なしで", "補助金に頼らないもので", "東北では？", "うちと似た町で", "もっと大きい市だと？", "最近のものは？", "島根県で"]
)  # fmt: skip
def test_questions_that_only_narrow(words):
    assert narrows(words)


@pytest.mark.parametrize(
    "words", ["買物支援の事例は？", "小さな町の買物支援", "補助率は？", "デマンド交通は？", "東北の自動運転の事例は？", "ありがとう", "補助金の上限は？", "もっと詳しく"]
)  # fmt: skip
def test_questions_that_ask_something_of_their_own(words):
    assert not narrows(words)


def test_what_is_left_is_searched():
    asked = read_case_question(joined("もっと小さい町では？", "うちと似た町で買物支援の事例は？"))
    assert asked.words == "買物支援"
    assert (asked.wants_like, asked.smaller, asked.no_subsidy) == (True, 1, False)
    assert read_case_question("小さな町の空き家活用").smaller == 0, "no comparison: a wish, not a bound"


def conversation(assistant, *questions, municipality=None):
    history, answers = [], []
    for question in questions:
        answer = assistant.ask(question, history=history, municipality=municipality)
        history.append(answer.trace.understanding)
        answers.append(answer)
    return answers


def test_like_ours_smaller_and_without_subsidy(assistant):
    first, smaller, free = conversation(
        assistant,
        "うちと似た町で買物支援の事例は？",
        "もっと小さい町で",
        "補助金なしで",
        municipality="海士町",
    )
    assert first.status is AnswerStatus.ANSWERED and len(first.cases) == 5
    assert all(hit.likeness is not None and hit.differences for hit in first.cases)
    cited = {c.document_id for claim in first.claims for c in claim.citations}
    assert cited <= {hit.id for hit in first.cases}, "sentences and cards tell of the same cases"
    assert smaller.cases and all(hit.population < 2_209 for hit in smaller.cases)
    assert any("2,209人" in caution for caution in smaller.cautions)
    assert smaller.question == "もっと小さい町で"
    assert free.trace.understanding.intent is Intent.CASES
    if not free.cases:
        assert "外すと" in free.text
        assert any("補助金なしとはみなしていません" in caution for caution in free.cautions)


def test_smaller_without_a_place_is_smaller_than_the_median_before(assistant):
    before, after = conversation(assistant, "デマンド交通の事例を教えて", "もっと小さい町では？")
    bound = sorted(hit.population for hit in before.cases)[len(before.cases) // 2]
    assert after.cases and all(hit.population < bound for hit in after.cases)
    assert any("中央値" in caution for caution in after.cautions)


def test_ours_without_a_place_asks_which(assistant):
    answer = assistant.ask("うちと似た町で買物支援の事例は？")
    assert any("自治体を選ぶ" in caution for caution in answer.cautions)


def test_a_named_place_is_what_it_should_be_like(assistant):
    answer = assistant.ask("海士町と似た町で空き家の事例は？")
    assert answer.cases and all(hit.likeness is not None for hit in answer.cases)
    in_full = assistant.ask("島根県海士町と似た町で空き家の事例は？")
    assert {hit.prefecture for hit in in_full.cases} - {"島根県"}, "the place is no filter"
    picked = assistant.ask("うちと似た町で空き家の事例は？", municipality="海士町")
    assert [hit.id for hit in answer.cases] == [hit.id for hit in picked.cases]


def test_a_question_about_money_brings_no_cases(assistant):
    assert assistant.ask("第2世代交付金の市町村の国費上限は？").cases == ()


def test_what_nobody_did_stays_without_an_answer(assistant):
    answer = assistant.ask("量子コンピュータの事例は？")
    assert answer.status is not AnswerStatus.ANSWERED and answer.cases == () == answer.claims
