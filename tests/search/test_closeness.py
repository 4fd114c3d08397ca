"""What is read of the first candidates, and which passages become candidates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.search.build import build_memory_index
from assistant.search.closeness import CLOSENESS, measure_closeness
from assistant.search.encoder import open_encoder
from assistant.search.ranker import bundled_ranker
from assistant.search.retrieve import Search, find_passages, rank
from assistant.search.static_encoder import StaticEncoder
from tests.search.conftest import TEXTS, HashEncoder, make_passage

ENCODER = open_encoder()
assert isinstance(ENCODER, StaticEncoder)
WORDS, SENTENCE, BODY = range(len(CLOSENESS))


def test_a_sentence_said_again_is_as_near_as_can_be_wherever_it_stands() -> None:
    said = "買物困難者の移動を支えます。"
    text = f"オンデマンドバスの運行は平日です。{said}運賃は無料です。"
    alone, last, other = measure_closeness(
        ENCODER,
        said,
        [
            make_passage("a", text=said, title="交通"),
            make_passage("b", text=text, title="交通"),
            make_passage("c", text="家屋の固定資産税の評価替えを行います。", title="税"),
        ],
    )
    assert alone[[SENTENCE, BODY]] == pytest.approx([1.0, 1.0], abs=1e-5)
    assert last[[SENTENCE, BODY]] == pytest.approx([1.0, 1.0], abs=1e-5)
    assert alone[WORDS] == pytest.approx(1.0, abs=1e-5)
    assert last[WORDS] == pytest.approx(1.0, abs=1e-5)
    assert other[WORDS] < 0.5 and other[SENTENCE] < 0.5


def test_another_word_for_the_same_thing_is_near_and_a_heading_is_no_sentence_of_the_body() -> None:
    drone, waste, headed = measure_closeness(
        ENCODER,
        "無人機",
        [
            make_passage("a", text="ドローンの活用を進めます。", title="物流"),
            make_passage("b", text="し尿の収集を行います。", title="物流"),
            make_passage("c", text="し尿の収集を行います。", title="無人機"),
        ],
    )
    assert drone[WORDS] > waste[WORDS] + 0.2 and drone[BODY] > waste[BODY] + 0.2
    assert headed[SENTENCE] == pytest.approx(1.0, abs=1e-5)
    assert headed[BODY] == pytest.approx(waste[BODY], abs=1e-6)


def test_nothing_to_compare_is_nothing_near() -> None:
    blank = make_passage("a", text="……", title="―")
    assert not measure_closeness(ENCODER, "？？", [make_passage("drone")]).any()
    assert not measure_closeness(ENCODER, "無人機", [blank]).any()
    assert measure_closeness(ENCODER, "無人機", []).shape == (0, len(CLOSENESS))


def test_reading_changes_the_order_of_the_first_candidates_alone() -> None:
    index = build_memory_index([make_passage(name) for name in TEXTS], ENCODER)
    ranker = bundled_ranker()
    assert ranker is not None
    heavy = replace(ranker, closeness=(0.0, 0.0, 1000.0))
    question = "医薬品を届けるドローンの補助率"
    unread = rank([index], question, search=Search(read=0))
    assert unread is not None
    first = unread.order[:3]
    ranked = rank([index], question, search=Search(read=3, ranker=heavy))
    assert ranked is not None
    assert sorted(ranked.order[:3].tolist()) == sorted(first.tolist())
    assert ranked.order[3:].tolist() == unread.order[3:].tolist()
    near = measure_closeness(ENCODER, question, [index.passages[int(n)] for n in ranked.found.number])
    assert ranked.order[:3].tolist() == sorted(first.tolist(), key=lambda at: -float(near[at, BODY]))


def test_an_encoder_without_pieces_ranks_without_reading() -> None:
    index = build_memory_index([make_passage(name) for name in TEXTS], HashEncoder())
    ranked = rank([index], "空き家の補助率")
    assert ranked is not None and not ranked.nearness.any()


def test_a_candidate_is_chosen_by_words_and_vector_together() -> None:
    index = build_memory_index([make_passage(name) for name in TEXTS], ENCODER)
    question = "無人機で荷物を運ぶときの補助率"

    def only(cosine_weight: float) -> str:
        search = Search(candidates=1, depth=8, cosine_weight=cosine_weight, use_thesaurus=False)
        hits = find_passages(index, question, k=1, search=search)
        return hits[0].passage.document_id

    assert only(0.0) in {"grant7", "houses"}  # 補助率
    vectors = ENCODER.encode_passages([f"{title}\n{text}" for title, text in TEXTS.values()])
    nearest = list(TEXTS)[int(np.argmax(vectors @ ENCODER.encode_queries([question])[0]))]
    assert only(1000.0) == nearest == "drone"
