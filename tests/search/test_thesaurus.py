from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.errors import CorpusInvalid
from assistant.japanese.tokens import content_lemmas
from assistant.search.thesaurus import load_thesaurus, thesaurus_of

OURS = Path(__file__).resolve().parents[2] / "corpus" / "thesaurus.tsv"


def test_the_kept_list_loads_and_is_large_enough() -> None:
    words = load_thesaurus(OURS)
    assert len(words) >= 1500
    for everyday, official in (
        ("無人機", "ドローン"),
        ("働き手不足", "人手不足"),
        ("くみ取り", "し尿"),
        ("買い物弱者", "買物困難者"),
    ):
        assert official in words.others[everyday]
        assert everyday in words.others[official]


def test_plain_words_of_the_encoder_are_sound() -> None:
    plain = load_thesaurus(OURS.parents[1] / "training" / "plain_words.tsv")
    assert plain.others["救急車を呼ぶか迷う"] == ("救急相談ダイヤル",)
    assert len(plain) >= 280


def test_questions_in_citizens_words_are_sound() -> None:
    path = OURS.parents[1] / "benchmarks" / "data" / "citizens.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert Counter(row["set"] for row in rows) == {"tune": 83, "held-out": 89, "fresh": 64}
    assert len({row["id"] for row in rows}) == len({row["question"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"id", "question", "quote", "set"}
        assert 0 < len(row["quote"]) <= 40
        assert row["quote"] == "".join(row["quote"].split())
        assert row["quote"] not in row["question"]


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("働き手が足りなくなっている", {"人手不足"}),
        ("働き手は足りません", {"人手不足"}),
        ("働き手も足りず困る", {"人手不足"}),
        ("学校に行けません", {"不登校"}),
        ("税金を払わず", {"滞納"}),
        ("税金を払いません", {"滞納"}),
        ("働き手が足りる", set()),
        ("学校に行ける", set()),
    ],
)
def test_a_word_that_denies_is_found_in_every_form_that_denies(text: str, others: set[str]) -> None:
    words = thesaurus_of(
        [["働き手が足りない", "人手不足"], ["学校に行けない", "不登校"], ["税金を払わない", "滞納"]]
    )
    assert {other for _, other in words.expand(text)} == others
    assert words.expand_lemmas(content_lemmas(text)) == []


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("工場を呼び込むには", {"企業誘致"}),  # a compound verb by its first half
        ("木を植え直したい", {"植林"}),
        ("家を早く壊したい", {"解体"}),  # one word between
        ("家を早く安く壊したい", set()),
        ("引っ越しを取り直す", set()),
    ],
)
def test_compound_verbs_and_a_word_between_are_seen_through(text: str, others: set[str]) -> None:
    words = thesaurus_of([["工場を呼ぶ", "企業誘致"], ["木を植える", "植林"], ["家を壊す", "解体"]])
    assert {other for _, other in words.expand_lemmas(content_lemmas(text))} == others


def test_the_longest_word_wins_and_what_is_already_said_is_not_added() -> None:
    words = thesaurus_of([["補助", "支援"], ["補助金", "助成金", "交付金"]])
    assert words.expand("補助金の額") == [("補助金", "助成金"), ("補助金", "交付金")]
    assert words.expand("補助金と交付金") == [("補助金", "助成金"), ("交付金", "助成金")]
    assert words.expand("補助の額") == [("補助", "支援")]


@pytest.mark.parametrize("text", ["スマートな町", "アパートの家賃", "アート化", "event"])
def test_letters_and_katakana_are_not_found_within_longer_words(text: str) -> None:
    words = thesaurus_of([["アート", "芸術"], ["EV", "電気自動車"]])
    assert words.expand(text) == ([("アート", "芸術")] if text == "アート化" else [])


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("父が亡くなったとき", {"死亡"}),
        ("ごみはどこに捨てればよいですか", {"処分"}),
        ("墓を移したい", {"墓地"}),
        ("墓参の日", set()),  # a word of one character is found where it is a word, not within another
        ("学校に行ける", set()),  # the lemmas of 「学校に行けない」 say no more than 「学校に行く」
        ("墓地の使用", set()),  # and it never stands for a longer one
    ],
)
def test_other_forms_and_words_of_one_character_are_found_by_their_lemmas(
    text: str, others: set[str]
) -> None:
    words = thesaurus_of(
        [["亡くなる", "死亡"], ["捨てる", "処分"], ["墓", "墓地"], ["学校に行けない", "不登校"]]
    )
    assert {other for _, other in words.expand_lemmas(content_lemmas(text))} == others
    assert words.expand("墓地の使用") == []


def test_width_and_case_do_not_matter() -> None:
    assert thesaurus_of([["ＥＶ", "電気自動車"]]).expand("evの普及") == [("ev", "電気自動車")]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(
        "# 注釈\n\n無人機\tドローン\n一語\n犬\t猫\nドローン\t無人機\nＡＢ\tab\n", encoding="utf-8"
    )
    with pytest.raises(CorpusInvalid) as caught:
        load_thesaurus(path)
    assert len(caught.value.problems) == 4
    assert "6行目: 3行目と同じ組" in str(caught.value)
    assert len(load_thesaurus(tmp_path / "none.tsv")) == 0
