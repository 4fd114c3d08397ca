import json
from collections import Counter

import pytest

from assistant.domain import AnswerStatus
from assistant.errors import CorpusInvalid, InputError
from assistant.evaluation.gold import fold_for_patterns, load_gold, pick, split_of
from assistant.evaluation.runs import default_gold
from assistant.settings import Settings
from tests.evaluation.making import gold

GOLD = load_gold(default_gold(Settings()))


def test_there_are_enough_questions_and_enough_of_them_have_no_answer():
    assert len(GOLD) >= 300
    assert sum(not item.answerable for item in GOLD) / len(GOLD) >= 0.25


def test_every_instructive_way_of_having_no_answer_is_there():
    counted = Counter(item.kind for item in GOLD if not item.answerable)
    for kind in (
        "wrong_year", "unconfirmed", "other_place", "near_miss", "false_premise", "prediction", "personal",
        "injection", "off_topic",
    ):  # fmt: skip
        assert counted[kind] >= 5, kind


def test_answerable_questions_say_what_a_right_answer_holds():
    for item in GOLD:
        if item.answerable:
            assert any(n.vital for n in item.nuggets) or item.kind == "fact", item.id
            assert item.gold_documents, item.id
        else:
            assert not item.nuggets, item.id


def test_gold_documents_and_sources_exist(assistant):
    for item in GOLD:
        assert set(item.gold_documents) <= set(assistant.index.document_ids), item.id
        assert set(item.source_ids) <= set(assistant.sources), item.id


def test_the_halves_are_fixed_and_about_even():
    assert {split_of("fact-001"), split_of("fact-002")} <= {"dev", "test"}
    dev, test = pick(GOLD, "dev"), pick(GOLD, "test")
    assert len(dev) + len(test) == len(GOLD) == len(pick(GOLD, "all"))
    assert 0.4 < len(dev) / len(GOLD) < 0.6
    assert (split_of("fact-001"), split_of("fact-004")) == (
        "dev",
        "test",
    )  # moving an item would make old runs incomparable
    with pytest.raises(InputError, match="train"):
        pick(GOLD, "train")


def test_no_question_is_asked_twice():
    asked = Counter((item.question, item.history) for item in GOLD)
    assert max(asked.values()) == 1


def test_all_bad_lines_are_told_at_once(tmp_path):
    good = gold().model_dump(mode="json")
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "\n".join(
            [json.dumps(good), "{", json.dumps(good | {"expected_status": ["maybe"]}), json.dumps(good)]
        )
    )
    with pytest.raises(CorpusInvalid) as caught:
        load_gold(path)
    told = str(caught.value)
    assert "2行目" in told
    assert "3行目" in told
    assert "重複" in told


def test_a_pattern_that_cannot_be_read_is_told(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(gold().model_dump(mode="json") | {"forbidden": ["("]}))
    with pytest.raises(CorpusInvalid, match="1行目"):
        load_gold(path)


@pytest.mark.parametrize("content", [None, "", "\n\n"])
def test_a_missing_or_empty_file_is_the_callers_mistake(tmp_path, content):
    path = tmp_path / "gold.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError):
        load_gold(path)


def test_folding():
    assert fold_for_patterns("１,０００ 万円　ＴＹＰＥ Ａ") == "1000万円typea"
    assert fold_for_patterns("a, b") == "a,b"  # a comma between words stays


def test_unanswerable_items_never_expect_a_plain_answer_but_for_harmless_ones():
    for item in GOLD:
        if not item.answerable and AnswerStatus.ANSWERED in item.expected_status:
            assert item.forbidden, item.id
