import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from assistant.evaluation import ranking

DOCUMENTS = [f"d{n}" for n in range(30)]
rankings = st.permutations(DOCUMENTS).flatmap(
    lambda order: st.integers(0, len(order)).map(lambda n: list(order[:n]))
)
judgements = st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(1, 3), min_size=1, max_size=8)


def test_by_hand():
    assert ranking.ndcg(["x", "a", "b"], {"a": 1, "b": 1}, 10) == pytest.approx(
        (0.63092975 + 0.5) / (1 + 0.63092975)
    )
    assert ranking.reciprocal_rank(["x", "y", "a"], {"a"}, 10) == pytest.approx(1 / 3)
    assert ranking.reciprocal_rank(["x", "y", "a"], {"a"}, 2) == 0
    assert ranking.recall_at(["a", "x", "b"], {"a", "b", "c"}, 3) == pytest.approx(2 / 3)


def test_an_empty_ranking_scores_nothing():
    assert ranking.ndcg([], {"a": 1}, 10) == 0
    assert ranking.reciprocal_rank([], {"a"}, 10) == 0
    assert ranking.recall_at([], {"a"}, 10) == 0


@given(rankings, judgements)
def test_agrees_with_ir_measures(order, gains):
    run = {"q": {document: float(len(order) - place) for place, document in enumerate(order)}}
    if not order:
        run = {"q": {"none": 1.0}}
    # linear gains, as ours: trec_eval's ndcg_cut
    theirs = ir_measures.calc_aggregate([nDCG @ 10, RR @ 10, R @ 10], {"q": gains}, run)
    assert ranking.ndcg(order, gains, 10) == pytest.approx(theirs[nDCG @ 10], abs=1e-6)
    assert ranking.reciprocal_rank(order, gains, 10) == pytest.approx(theirs[RR @ 10], abs=1e-6)
    assert ranking.recall_at(order, gains, 10) == pytest.approx(theirs[R @ 10], abs=1e-6)
