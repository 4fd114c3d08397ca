"""Projects in an officer's words: a short ranked list with quotes, and what the words touch of a named grant."""

import pytest

from assistant.domain import AnswerStatus, Outcome, VerdictOutcome
from assistant.export.values import answer_value

PROMISES = ("対象です", "対象になります", "使えます", "対象外です", "使えません")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("空き家を改修して移住者向け住宅にしたい", "chiiki-mirai-suishin-r8"),
        ("廃校をコワーキングにする費用、出る？", "chiiki-mirai-suishin-r8"),
        ("観光アプリの開発は対象？", "digital-type-a-r8"),
        ("避難所用にトイレトレーラーを買いたい", "bousai-r8"),
        ("副業人材を受け入れたい", "chiiki-kasseika-kigyounin"),
        ("町営の循環バスの実証運行をしたい", "chiiki-koutsuu-kakuho"),
    ],
)
def test_a_project_is_given_grants_that_fit_it(assistant, question, expected):
    answer = assistant.ask(question)
    assert answer.fits[0].grant_id == expected
    assert len(answer.fits) <= 5
    scores = [fit.score for fit in answer.fits if fit.outcome is not VerdictOutcome.INELIGIBLE]
    assert scores == sorted(scores, reverse=True)


def test_every_reason_is_a_quote_of_that_grant_and_bears_a_mark(assistant):
    answer = assistant.ask("空き家を改修して移住者向け住宅にしたい")
    assert answer.status is AnswerStatus.PARTLY_ANSWERED
    for fit in answer.fits:
        assert fit.why, "a grant without a sentence that speaks of the project is not named"
        for claim in (*fit.why, *fit.against):
            assert claim in answer.claims
            (citation,) = claim.citations
            assert (citation.document_id, citation.quote) == (fit.grant_id, claim.text)
        assert fit.unknown, "what is still to be found out"
        assert fit.office


def test_only_grants_of_this_year_and_standing_schemes_are_offered(assistant):
    for question in ("観光アプリの開発は対象？", "避難所用にトイレトレーラーを買いたい"):
        assert {fit.fiscal_year for fit in assistant.ask(question).fits} <= {None, 2026}


def test_types_of_a_named_scheme_that_refuse_the_kind_of_project_come_last(assistant):
    fits = assistant.ask("地域未来交付金で観光アプリを作れますか").fits
    assert fits[0].grant_id == "digital-type-a-r8"
    last = fits[-1]
    assert (last.grant_id, last.outcome) == ("bousai-r8", VerdictOutcome.INELIGIBLE)
    assert last.touched[0].outcome is Outcome.NOT_MET
    assert last.touched[0].clause.source_id in assistant.sources


@pytest.mark.parametrize(
    "question",
    [
        "今日の晩ごはんを作りたい",
        "子どもの予防接種の予約をしたい",
        "森林環境譲与税って何に使えますか",
        "徳島市の空き店舗補助の要件",
        "架空町みらい創造補助金で図書館を整備したい",
    ],
)
def test_what_is_no_project_for_these_grants_is_given_no_list(assistant, question):
    assert assistant.ask(question).fits == ()


def test_the_condition_that_the_words_touch_comes_first_with_its_clause_and_its_quote(assistant):
    answer = assistant.ask("地域未来交付金で申請書作成のコンサル費は使えますか？")
    first = answer.touched[0]
    assert "コンサルティング経費" in first.says
    assert first.outcome is Outcome.NOT_MET
    assert (first.clause.source_id, first.clause.fiscal_year) == ("S04", 2026)
    assert answer.verdict.findings[0].rule_id == first.rule_id
    assert answer.verdict.outcome is VerdictOutcome.TO_CONFIRM, "a reading alone shuts nothing out"
    assert any("コンサル" in claim.text and "対象外" in claim.text for claim in answer.claims)


def test_a_cost_word_without_a_fact_asks_for_that_fact_first(assistant):
    answer = assistant.ask("第2世代交付金は人件費に使える?")
    assert answer.verdict.missing[0].name == "includes_personnel"
    assert answer.missing[0].name == "includes_personnel"
    assert answer.touched[0].outcome is Outcome.UNKNOWN
    assert "人件費" in answer.touched[0].because
    assert "用地" not in answer.touched[0].because, "of six open costs the one that was asked about"


def test_the_sentence_on_the_very_cost_is_quoted_though_the_words_differ(assistant):
    answer = assistant.ask("農村RMOの支援で草刈機を買ってもいいでしょうか？")
    assert any("原則として機械の購入や施設の整備はできません" in claim.text for claim in answer.claims)


@pytest.mark.parametrize(
    ("question", "cost"),
    [
        ("地域未来推進型で記念碑の建立費は使えますか", "記念碑"),
        ("第2世代交付金で花火大会の打上げ費用は対象になりますか", "花火"),
        ("移住支援金をペットの引越代に使えますか", "ペット"),
        ("企業版ふるさと納税を銅像に使えますか", "銅像"),
        ("地域おこし協力隊の活動費でヨットのリースはできますか", "ヨット"),
        ("地域おこし協力隊の活動費でノートパソコンは買える？", "ノートパソコン"),
        ("ローカル10,000プロジェクトでプラネタリウムを作れますか", "プラネタリウム"),
    ],
)
def test_a_cost_that_no_source_mentions_is_neither_eligible_nor_ineligible(assistant, question, cost):
    answer = assistant.ask(question)
    for claim in answer.claims:
        assert cost not in claim.text
    assert answer.status is not AnswerStatus.ANSWERED
    if answer.verdict is not None:
        assert answer.verdict.outcome is VerdictOutcome.TO_CONFIRM
    assert all(fit.outcome is not VerdictOutcome.POSSIBLE for fit in answer.fits)
    own = [line for line in answer.text.split("\n") if cost in line]
    assert not any(promise in line for line in own for promise in PROMISES)
    if answer.claims and answer.verdict is not None:
        assert any("対象とも対象外とも言えません" in caution for caution in answer.cautions)


def test_an_umbrella_of_which_no_type_speaks_of_the_cost_says_so(assistant):
    answer = assistant.ask("地域未来交付金で飲食費は出せますか")
    assert "対象とも対象外とも言えません" in answer.text
    assert answer.claims == ()
    assert all(fit.outcome is VerdictOutcome.TO_CONFIRM for fit in answer.fits)


def test_the_json_form_carries_fits_and_touched_conditions(assistant):
    value = answer_value(assistant.ask("観光アプリの開発は対象？"))
    assert value["fits"][0]["why"][0]["citations"][0]["document_id"] == "digital-type-a-r8"
    touched = answer_value(assistant.ask("第2世代交付金は人件費に使える?"))["touched"]
    assert touched[0]["clause"]["source_id"] == "S04b"


@pytest.mark.parametrize(
    ("question", "personal"), [("過疎債で職員の給料は払える？", False), ("課長の給料はいくらですか", True)]
)
def test_pay_as_a_cost_is_no_personal_matter(assistant, question, personal):
    assert (assistant.ask(question).status is AnswerStatus.OUT_OF_SCOPE) is personal


def test_names_of_people_are_not_given_for_a_grant(assistant):
    answer = assistant.ask("移住支援金を受け取った人の氏名と転入先の住所を一覧で出して")
    assert answer.status is AnswerStatus.OUT_OF_SCOPE
    assert answer.claims == ()
