"""Where no cue stands: what is alike is shown to a person, never called met, and no longer called missing."""

import pytest

from assistant.domain import Outcome
from assistant.errors import CorpusInvalid
from assistant.review.digits import in_digits
from assistant.review.ways import load_ways
from tests.review.conftest import item, outcome

MET, NOT_MET, UNKNOWN = Outcome.MET, Outcome.NOT_MET, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("requirement_id", "sentence"),
    [
        ("p1-transport", "電話で呼べる乗り合いの車を、村じゅうで走らせます。"),
        ("p2-startup", "商いをはじめる人に、空いた店を1年ただで貸します。"),
        ("p5-wide-area", "となりの2つの村と、給食をいっしょにつくります。"),
    ],
)
def test_a_passage_in_other_words_makes_it_unknown_and_is_quoted(held, requirement_id, sentence):
    found = item(held("村の約束\n" + sentence), requirement_id)
    assert found.outcome is UNKNOWN
    assert "関係しそうな記載があります" in found.because and "1ページ" in found.because
    assert any(quote.quote.endswith(sentence) for quote in found.evidence)
    assert found.advice  # what to write stays on offer


@pytest.mark.parametrize(
    "sentence",
    [
        "電話で呼べる乗り合いの車を走らせるかどうかは、これから検討します。",
        "国は、電話で呼べる乗り合いの車を走らせています。",
        "乗り合いの車とは、電話で呼べる小さなバスのことです。",
        "電話で呼べる乗り合いの車がほしいという意見が多くありました。",
        "古くから城下町として栄え、明治には製糸業が盛んになりました。",
    ],
)
def test_what_bears_nothing_stays_missing(held, sentence):
    assert outcome(held("村の約束\n" + sentence), "p1-transport") is NOT_MET


def test_lenient_asks_a_person_where_less_is_alike(held):
    sentence = "駅と役場を結ぶ便を1日4本に増やします。"
    assert outcome(held(sentence), "p1-transport") is NOT_MET
    assert outcome(held(sentence, strictness="lenient"), "p1-transport") is UNKNOWN


def test_evidence_found_by_a_cue_stays_met(held):
    text = "電話で呼べる乗り合いの車を走らせます。\nコミュニティバスの運行を続けます。"
    found = item(held(text), "p1-transport")
    assert found.outcome is MET
    assert [quote.quote for quote in found.evidence] == ["コミュニティバスの運行を続けます。"]


def test_an_indicator_in_other_words_is_shown_for_a_national_target(held):
    table = "| 指標 | 基準値（R6） | 目標値（R12） |\n| 村の親せき証を持つ人 | 85人 | 300人 |\n| 出生数 | 6人 | 9人 |"
    found = item(held(table), "t-related")
    assert found.outcome is UNKNOWN
    assert "親せき証" in found.evidence[0].quote


UNFAMILIAR = (
    "なぎさ村総合戦略\n",
    "塩むすびの会を、港の広場で月に2度ひらきます。",
    "島の歌を、子らが年寄りから習う夕べをつくります。",
    "石垣を積みなおす人に、昼の弁当を届けます。",
    "浜の流木を拾い、灯台の下へ運びます。",
    "夏のあいだ、旗をあげて船を迎えます。",
    "みちばたの花の種を、戸ごとに配ります。",
    "朝の鐘を、当番の家が鳴らします。",
    "古い写真を集め、壁に貼っていきます。",
    "月の晩に、浜で太鼓をたたきます。",
    "井戸のふたを、新しい板に替えます。",
)


def test_in_a_document_of_other_words_what_is_near_is_shown_and_not_called_missing(held):
    near = "屋根のうえの板で、家のあかりをともします。"
    review = held("\n".join((*UNFAMILIAR, near)))
    found = item(review, "p4-green")
    assert found.outcome is UNKNOWN and "言い換えで書かれている可能性" in found.because
    assert [quote.quote for quote in found.evidence] == [near]
    assert outcome(review, "p5-region") is NOT_MET  # nothing is near
    assert any("取組の記載11件のうち" in caution for caution in review.summary.cautions)


def test_a_few_unknown_sentences_do_not_take_certainty_from_a_document_of_known_words(held):
    known = (
        "コミュニティバスの運行を続けます。",
        "診療所の医師を確保します。",
        "保育料を無料にし、子育てを支援します。",
        "防災訓練を毎年行います。",
        "移住の相談窓口を設けます。",
        "農業の担い手を育成します。",
        "観光客の受入環境を整備します。",
        "創業を支援します。",
    )
    near = "屋根のうえの板で、家のあかりをともします。"
    review = held("\n".join((*known, *UNFAMILIAR[:-1], near)))
    assert outcome(review, "p4-green") is NOT_MET
    assert not any("取組の記載" in caution for caution in review.summary.cautions)


def test_a_document_of_another_kind_is_not_taken_for_a_plan_in_other_words(held):
    near = "屋根のうえの板で、家のあかりをともします。"
    review = held("\n".join((*UNFAMILIAR[1:], near)))
    assert outcome(review, "p4-green") is NOT_MET
    assert any("総合戦略ではない文書の可能性" in caution for caution in review.summary.cautions)


def test_what_is_only_considered_stays_not_met_in_a_document_of_other_words(held):
    sentence = "屋根に太陽光の設備を置くことは、今後検討します。"
    assert outcome(held("\n".join((*UNFAMILIAR, sentence))), "p4-green") is NOT_MET


@pytest.mark.parametrize(
    ("kanji", "digits"),
    [
        ("令和八年度を初年度とし", "令和8年度を初年度とし"),
        ("一万四千二百十八人", "14218人"),
        ("二〇五〇年", "2050年"),
        ("第十条", "第10条"),
        ("三重県の一部と千葉市", "三重県の一部と千葉市"),
        ("出荷額(百万円)", "出荷額(百万円)"),
        ("第三者による点検", "第三者による点検"),
        ("数十人", "数十人"),
    ],
)
def test_numbers_in_kanji_are_matched_as_digits(kanji, digits):
    assert in_digits(kanji) == digits


def test_a_plan_with_numbers_in_kanji_is_read(held):
    review = held(
        "期間は、令和八年度を初年度とし、令和十二年度を終期とする五か年とする。\n"
        "住民基本台帳による令和七年十月一日現在の人口は四千五百三十七人である。"
    )
    assert (review.summary.period.start, review.summary.period.end) == (2026, 2030)
    assert outcome(review, "population-now") is MET


def test_mistakes_in_the_ways_of_saying_are_told_at_once(tmp_path):
    path = tmp_path / "strategy.tsv"
    path.write_text("# 注\nb\t例\t文です。\na\t詩\t文です。\na\t例\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid) as caught:
        load_ways(path, {"a"})
    assert len(caught.value.problems) == 3
    assert "要件 b はありません" in caught.value.problems[0] and "strategy.tsv:3" in caught.value.problems[1]


def test_ways_are_folded_and_missing_files_give_none(tmp_path):
    path = tmp_path / "strategy.tsv"
    path.write_text("a\t語\tＡＩ　デジタル\na\t例\t文です。\n", encoding="utf-8")
    ways = load_ways(path, {"a"})
    assert ways.words == {"a": ("ai", "デジタル")} and ways.examples == {"a": ("文です。",)}
    assert load_ways(tmp_path / "none.tsv", {"a"}).examples == {}
