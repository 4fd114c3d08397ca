"""Fields score exactly like bm25s over the tokens that ``assistant.japanese.tokens`` makes."""

from __future__ import annotations

import logging

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Passage
from assistant.japanese.text import normalise
from assistant.japanese.tokens import bigrams, characters, content_lemmas
from assistant.search.build import build_memory_index
from assistant.search.candidates import gather
from assistant.search.lexical import BIGRAM, CHAR, CONTENT, FIELDS
from assistant.search.query import analyse_query, weigh
from assistant.search.terms import indexed_text
from assistant.search.thesaurus import Thesaurus
from tests.search.conftest import TEXTS, make_passage

logging.getLogger("bm25s").setLevel(logging.WARNING)

TOKENS = {CONTENT.name: content_lemmas, CHAR.name: characters, BIGRAM.name: bigrams}
QUESTIONS = [
    "空き家の改修費の補助率は？",
    "し尿の収集はいつですか",
    "ドローンで医薬品を届ける",
    "𠮷田地区のバス",
]


def field_scores(passages: list[Passage], question: str, name: str) -> np.ndarray:
    index = build_memory_index(passages, None)
    weighed = weigh(analyse_query(question, Thesaurus()), [index.lexicon])
    return weighed.score_all(0, index.lexicon, {name: 1.0})


def bm25s_scores(passages: list[Passage], question: str, name: str) -> np.ndarray:
    config = next(f for f in FIELDS if f.name == name)
    tokens = [TOKENS[name](normalise(indexed_text(p))) for p in passages]
    if not any(tokens):
        return np.zeros(len(passages))
    peer = bm25s.BM25(method="lucene", k1=config.k1, b=config.b, backend="numpy")
    peer.index(tokens, show_progress=False)
    wanted = [t for t in TOKENS[name](normalise(question)) if t in peer.vocab_dict]
    return np.asarray(peer.get_scores(wanted)) if wanted else np.zeros(len(passages))


@pytest.mark.parametrize("name", list(TOKENS))
@pytest.mark.parametrize("question", QUESTIONS)
def test_each_field_scores_like_bm25s(name: str, question: str) -> None:
    passages = [make_passage(document) for document in TEXTS]
    ours = field_scores(passages, question, name)
    theirs = bm25s_scores(passages, question, name)
    assert ours.max() > 0.5
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet="空家補助率はの12アイﾊﾞabＡ、。\n🏠𠮷", max_size=30), min_size=1, max_size=6),
    st.data(),
)
def test_characters_and_bigrams_score_like_bm25s_on_any_text(texts: list[str], data: st.DataObject) -> None:
    passages = [make_passage(f"d{i}", text=text or "。", title="題") for i, text in enumerate(texts)]
    question = data.draw(st.text(alphabet="空家補助率はの12アイバaA🏠𠮷", min_size=1, max_size=12))
    for name in (CHAR.name, BIGRAM.name):
        np.testing.assert_allclose(
            field_scores(passages, question, name),
            bm25s_scores(passages, question, name),
            rtol=1e-4,
            atol=1e-5,
        )


def test_segments_and_lists_of_any_size_score_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    passages = [make_passage(document) for document in TEXTS]

    def of_all() -> list[np.ndarray]:
        return [field_scores(passages, question, f.name) for f in FIELDS for question in QUESTIONS]

    whole = of_all()
    monkeypatch.setattr("assistant.search.postings._MANY", 0)
    none_is_long = of_all()
    monkeypatch.setattr("assistant.search.postings._MANY", 1_000)
    for one, two, three in zip(whole, none_is_long, of_all(), strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(one, three)
    monkeypatch.undo()
    monkeypatch.setattr("assistant.search.lexical._SEGMENT_CODES", 70)
    by_length = of_all()
    assert len(build_memory_index(passages, None).lexicon.fields[CHAR.name].segments) > 3
    monkeypatch.undo()
    monkeypatch.setattr("assistant.search.lexical.MOST_PASSAGES", 3)
    by_count = of_all()
    assert len(build_memory_index(passages, None).lexicon.fields[CHAR.name].segments) == 3
    for one, two, three in zip(whole, by_length, by_count, strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(one, three)


def test_a_term_said_more_often_than_a_byte_counts() -> None:
    passages = [
        make_passage("often", text="空き家" * 300),
        make_passage("once", text="空き家"),
        make_passage("long", text="山" * 70_000),
    ]
    for name in TOKENS:
        np.testing.assert_allclose(
            field_scores(passages, "空き家の山", name), bm25s_scores(passages, "空き家の山", name), rtol=1e-4
        )


def test_candidates_are_scored_as_by_the_lists() -> None:
    passages = [make_passage(document) for document in TEXTS]
    index = build_memory_index(passages, None)
    for question in QUESTIONS:
        weighed = weigh(analyse_query(question, Thesaurus()), [index.lexicon])
        found = gather(weighed, [index], [np.arange(len(passages))], None)
        for line, field in zip(found.fields, FIELDS, strict=True):
            lists = weighed.score_all(0, index.lexicon, {field.name: 1.0})
            np.testing.assert_allclose(line, lists, rtol=1e-5, atol=1e-6)


def test_width_and_case_do_not_matter() -> None:
    passages = [make_passage(document) for document in TEXTS]
    plain = field_scores(passages, "補助率は2分の1、上限は100万円", CHAR.name)
    wide = field_scores(passages, "補助率は２分の１、上限は１００万円", CHAR.name)
    np.testing.assert_array_equal(plain, wide)
