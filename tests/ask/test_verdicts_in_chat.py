"""「使えますか」: the verdict inside an answer counts what a person has confirmed, and nothing else."""

import pytest

from assistant.domain import AnswerStatus, Outcome, VerdictOutcome

TOWN = "人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。"


def test_what_was_only_read_never_shuts_out(assistant):
    answer = assistant.ask("NPOが地域未来推進型を直接申請できますか。")
    read = answer.trace.understanding.facts
    assert read["applicant"] == "private"
    assert answer.verdict.outcome is VerdictOutcome.TO_CONFIRM
    assert all(f.outcome is not Outcome.NOT_MET for f in answer.verdict.findings)
    assert any("民間" in caution and "判定には使いません" in caution for caution in answer.cautions)


def test_the_same_reading_counts_once_confirmed(assistant):
    question = "NPOが地域未来推進型を直接申請できますか。"
    answer = assistant.ask(question, facts={"applicant": "private"})
    assert answer.verdict.outcome is VerdictOutcome.INELIGIBLE
    (against,) = [f for f in answer.verdict.findings if f.outcome is Outcome.NOT_MET]
    assert "民間団体や個人は直接申請できません" in against.says
    assert against.clause.source_id in assistant.sources


def test_the_picked_municipality_is_a_reading_too(assistant):
    answer = assistant.ask("地域未来推進型は使えますか？", municipality="島根県海士町")
    read = answer.trace.understanding.facts
    assert (read["municipality"], read["municipality_class"]) == ("海士町", "general")
    assert "applicant" in {m for f in answer.verdict.findings for m in f.missing}, "not counted yet"


def test_words_go_before_the_register(assistant):
    proposals = assistant.propose("人口は2,000人です。", assistant.find_municipality("島根県海士町").code)
    assert [p.value for p in proposals if p.name == "population"] == [2000]


def test_a_verdict_answers_where_no_passage_does(assistant):
    answer = assistant.ask("地域未来推進型で総合戦略に位置付けていない事業は対象になりますか。")
    assert answer.verdict.grant_id == "chiiki-mirai-suishin-r8"
    assert answer.status in (
        AnswerStatus.NEEDS_CLARIFICATION,
        AnswerStatus.ANSWERED,
        AnswerStatus.PARTLY_ANSWERED,
    )
    assert answer.missing, "it says what to find out next"


def test_an_umbrella_asks_which_type_and_offers_the_fitting_one_first(assistant):
    answer = assistant.ask(TOWN + "地域未来交付金は使えますか？")
    if answer.verdict is None:
        (which,) = [m for m in answer.missing if m.name == "grant"]
        assert which.options[0] == "地域未来推進型"
        assert {"デジタル実装型 TYPE A", "デジタル実装型 TYPE S", "デジタル実装型 TYPE V"} < set(
            which.options
        )
        assert answer.fits[0].name == which.options[0]
        assert answer.status is AnswerStatus.PARTLY_ANSWERED
    else:
        assert answer.claims, "a type is chosen only on the strength of what was cited"


def test_an_umbrella_with_an_answer_takes_the_type_of_the_best_claim(assistant):
    answer = assistant.ask("地域未来交付金で用地取得費は対象になりますか？")
    named = set(answer.trace.understanding.grant_ids)
    assert len(named) > 1
    cited = [c.document_id for claim in answer.claims for c in claim.citations if c.document_id in named]
    assert answer.verdict.grant_id == cited[0]


def test_a_described_project_without_a_grant_is_offered_current_ones(assistant):
    answer = assistant.ask("島根県海士町です。デマンドバスを走らせたいのですが、使える交付金はありますか？")
    assert answer.verdict is None
    (which,) = [m for m in answer.missing if m.name == "grant"]
    assert "地域公共交通確保維持改善事業" in which.options
    current = {g.short for g in assistant.grants if not g.is_of_one_year or g.fiscal_year >= 2026}
    assert set(which.options) <= current


def test_a_grant_of_another_year_is_judged_by_its_successor(assistant):
    answer = assistant.ask("第2世代交付金は令和8年度も申請できますか？")
    assert (answer.verdict.grant_id, answer.verdict.fiscal_year) == ("chiiki-mirai-suishin-r8", 2026)


@pytest.mark.parametrize(
    "question",
    ["第2世代交付金の市町村の国費上限と補助率は？", "RESASとは？", "明日の天気は？", "買物支援の事例は？"],
)
def test_other_questions_carry_no_verdict(assistant, question):
    answer = assistant.ask(question)
    assert answer.verdict is None
    assert "grant" not in {m.name for m in answer.missing}


def test_words_that_contradict_each_other_are_left_to_the_person(assistant):
    question = (
        "県と指定都市の広域連合で、総事業費1千万円、国費5千万円の事業をしたい。使える交付金はありますか？"
    )
    answer = assistant.ask(question)
    assert answer.status is not AnswerStatus.MODEL_ERROR
    assert answer.verdict is None or answer.verdict.outcome is VerdictOutcome.TO_CONFIRM


def test_a_project_without_a_grant_is_offered_grants(assistant):
    answer = assistant.ask("うちの村で買い物バスを始めたい。使える国の補助は？")
    assert answer.missing and answer.missing[0].name == "grant"
    assert answer.missing[0].options[0] == "地域公共交通確保維持改善事業"
    assert not any("国境離島" in option for option in answer.missing[0].options)  # shares a word by chance


@pytest.mark.parametrize(
    "question",
    [
        "空き家を改修してお試し住宅にしたい、地域未来交付金でいけますか",
        "地域未来交付金は個人でも申請できますか",
    ],
)
def test_what_is_said_of_other_costs_is_no_answer_to_can_we(assistant, question):
    answer = assistant.ask(question)
    assert answer.verdict is not None or answer.missing[0].name == "grant"
    assert not any("コンサル" in claim.text for claim in answer.claims)


def test_an_example_is_asked_for_in_few_words(assistant):
    answer = assistant.ask("関係人口を増やすのに成功した離島の例は")
    assert answer.cases and answer.claims


def test_whether_a_scheme_still_goes_on_is_told_without_an_interview(assistant):
    answer = assistant.ask("第2世代交付金って今年もまだ申請できますか")
    assert "地域未来推進型" in answer.claims[0].text
    assert answer.verdict is None and not answer.missing
