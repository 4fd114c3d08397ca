"""Every measure on answers small enough to work out by hand."""

import pytest

from assistant.domain import AnswerStatus, Level, VerdictOutcome
from assistant.evaluation.measures import MEASURE_BY_NAME, MEASURES
from assistant.evaluation.score import value_of
from tests.evaluation.making import PAGE, citation, claim, given, gold, scene

FAMILY = "移住支援金の額は、世帯での移住が最大100万円、単身での移住が最大60万円です。"
RESAS = "RESASは、2015年4月21日に提供が始まりました。"
REFUSED = given(status=AnswerStatus.NO_PASSAGE, text="見つかりませんでした。")


def value(name, *scenes):
    measure = MEASURE_BY_NAME[name]
    return value_of([p for s in scenes if (p := measure.score(s))], measure.combine).value


def test_citation_recall_is_the_share_of_borne_out_sentences():
    shown = scene(
        gold(),
        given(claim(FAMILY, FAMILY), claim("移住支援金の額は、世帯での移住が最大200万円です。", FAMILY)),
    )
    assert value("citation_recall", shown) == 0.5
    assert value("support_recall", shown) == 0.5
    assert value("unsupported_shown", shown) == 1


def test_a_quote_that_bears_nothing_lowers_precision():
    shown = scene(gold(), given(claim(FAMILY, FAMILY, RESAS)))
    assert value("citation_recall", shown) == 1
    assert value("citation_precision", shown) == 0.5


def test_two_quotes_that_are_needed_together_are_both_precise():
    both = "移住支援金の額は、世帯での移住が最大100万円です。RESASは、2015年4月21日に提供が始まりました。"
    shown = scene(gold(), given(claim(both, FAMILY, RESAS)))
    assert value("citation_recall", shown) == 1
    assert value("citation_precision", shown) == 1


def test_a_sentence_without_citation_is_not_borne_out():
    shown = scene(gold(), given(claim(FAMILY)))
    assert value("citation_recall", shown) == 0
    assert value("support_precision", shown) is None


def test_the_empty_answer_counts():
    empty = scene(gold(), given(status=AnswerStatus.ANSWERED, text=""))
    assert value("citation_recall", empty) == 0
    refused = scene(gold(), REFUSED)
    assert value("citation_recall", refused) is None
    assert value("citation_recall_all", refused, scene(gold(), given(claim(FAMILY, FAMILY)))) == 0.5
    assert value("nugget_vital", refused) == 0


def test_a_verdict_without_a_sentence_has_its_clauses_and_is_not_empty():
    verdict = scene(gold(), given(text="要確認です。", verdict=VerdictOutcome.TO_CONFIRM))
    assert value("citation_recall", verdict) is None
    assert value("citation_recall_all", verdict) is None


def test_nuggets_vital_and_all():
    only_family = scene(gold(), given(claim("移住支援金は世帯で100万円です。", FAMILY)))
    assert value("nugget_vital", only_family) == 1
    assert value("nugget_all", only_family) == 0.5


def test_a_nugget_must_stand_in_one_sentence():
    split = scene(gold(), given(claim("世帯の話です。", FAMILY), claim("100万円です。", FAMILY)))
    assert value("nugget_vital", split) == 0


def test_patterns_see_through_width_spaces_and_commas():
    shown = scene(gold(), given(claim("移住支援金は 世 帯 で １００万円です。", FAMILY)))
    assert value("nugget_vital", shown) == 1


def test_quotes_and_pages_are_held_against_the_stored_passage():
    right = citation(FAMILY)
    wrong_page = citation(FAMILY, page=2)
    changed = citation("世帯での移住が最大200万円", context=PAGE.replace("100", "200"))
    shown = scene(
        gold(), given(*(type(claim("x"))(text=FAMILY, citations=(c,)) for c in (right, wrong_page, changed)))
    )
    assert value("quote_exact", shown) == pytest.approx(2 / 3, abs=1e-4)
    assert value("page_correct", shown) == pytest.approx(2 / 3, abs=1e-4)


def test_citations_matched_is_the_share_to_gold_documents():
    shown = scene(gold(), given(claim(FAMILY, FAMILY), claim(FAMILY, FAMILY, document="other")))
    assert value("citations_matched", shown) == 0.5


def test_numbers_agree_across_units():
    shown = scene(
        gold(), given(claim("世帯での移住は最大1,000千円です。", FAMILY), claim("単身は70万円です。", FAMILY))
    )
    assert value("number_agreement", shown) == 0.5


def test_years_are_those_of_the_evidence():
    shown = scene(
        gold(),
        given(
            claim("令和8年度の移住支援金は世帯で最大100万円です。", FAMILY, years=(2026,)),
            claim("令和7年度の移住支援金は世帯で最大100万円です。", FAMILY, years=(2026,)),
        ),
    )
    assert value("year_agreement", shown) == 0.5


@pytest.mark.parametrize(("years", "expected"), [((2026,), 1), ((), 1), ((2025,), 0)])
def test_right_year(years, expected):
    assert (
        value("right_year", scene(gold(expected_year=2026), given(claim(FAMILY, FAMILY, years=years))))
        == expected
    )


def test_a_sentence_that_names_the_year_is_of_it_whatever_its_document():
    named = claim("令和7年度補正予算の移住支援金は世帯で最大100万円です。", FAMILY, years=(2026,))
    assert value("right_year", scene(gold(expected_year=2025), given(named))) == 1


def test_third_parties_alone_must_be_told():
    third = (Level.THIRD_PARTY,)
    silent = claim(FAMILY, FAMILY, levels=third)
    told = claim("移住支援金は世帯で最大100万円と紹介されています。", FAMILY, levels=third)
    assert value("source_suitability", scene(gold(), given(silent, told))) == 0.5


def test_a_case_may_rest_on_the_press():
    case = claim(FAMILY, FAMILY, levels=(Level.THIRD_PARTY,), kind="case")
    assert value("source_suitability", scene(gold(), given(case))) == 1


def unanswerable(**changes):
    return gold(
        **(
            {"answerable": False, "expected_status": ("no_passage",), "nuggets": (), "gold_documents": ()}
            | changes
        )
    )


def test_refusals():
    scenes = [
        scene(unanswerable(), REFUSED),  # right
        scene(unanswerable(), given(claim(FAMILY, FAMILY))),  # a false answer
        scene(gold(), REFUSED),  # refused though answerable
        scene(gold(), given(claim(FAMILY, FAMILY))),
    ]
    assert value("refusal_precision", *scenes) == 0.5
    assert value("refusal_recall", *scenes) == 0.5
    assert value("refusal_f1", *scenes) == 0.5
    assert value("over_refusal", *scenes) == 0.5
    assert value("false_answer_rate", *scenes) == 0.5
    assert value("status_right", *scenes) == 0.5


def test_admitting_what_is_not_known_is_honest_unless_something_forbidden_is_shown():
    asked = unanswerable(admissions=("確認できていない",), forbidden=("令和9年度.*億円",))
    admits = given(claim("令和9年度の上限額は確認できていないため確認が必要です。", FAMILY))
    assert value("false_answer_rate", scene(asked, admits)) == 0
    claims_too = given(*admits.claims, claim("令和9年度の上限は10億円です。", FAMILY))
    assert value("false_answer_rate", scene(asked, claims_too)) == 1
    assert value("forbidden_shown", scene(asked, claims_too)) == 1


def test_false_eligible_is_counted_on_its_own():
    asked = gold(verdicts=("対象外", "要確認"))
    possible = scene(asked, given(claim(FAMILY, FAMILY), verdict=VerdictOutcome.POSSIBLE))
    careful = scene(asked, given(claim(FAMILY, FAMILY), verdict=VerdictOutcome.TO_CONFIRM))
    none = scene(asked, given(claim(FAMILY, FAMILY)))
    assert value("false_eligible_answers", possible, careful, none) == 1
    assert value("verdict_right", possible, careful, none) == 0.5


def test_ranking_measures_read_the_ranking():
    found = scene(gold(), given(claim(FAMILY, FAMILY), ranking=("x", "ijuu")))
    assert value("mrr_10", found) == 0.5
    assert value("recall_10", found) == 1
    assert value("ndcg_10", found) == pytest.approx(0.6309)


def test_cases_count_among_the_first_five():
    asked = gold(gold_cases=("ama",))
    assert value("case_hit", scene(asked, given(cases=("a", "b", "c", "d", "ama")))) == 1
    assert value("case_hit", scene(asked, given(cases=("a", "b", "c", "d", "e", "ama")))) == 0


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_measure_says_what_it_is_and_where_it_comes_from(measure):
    assert measure.definition.endswith(("です。", "します。", "ます）。"))
    assert len(measure.score.__doc__) > 40
    assert measure.reference
    assert measure.title
