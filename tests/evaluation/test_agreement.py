import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from assistant.evaluation.agreement import cohen_kappa, fleiss_kappa, interval, krippendorff_alpha

labels = st.sampled_from(["FS", "PS", "NS"])
pairs = st.lists(st.tuples(labels, labels), min_size=2, max_size=40)
values = st.one_of(st.none(), st.integers(0, 3).map(float))


@given(pairs)
def test_cohen_agrees_with_scikit_learn(rated):
    first, second = [a for a, _ in rated], [b for _, b in rated]
    ours = cohen_kappa(first, second)
    if ours is None:
        assert len(set(first) | set(second)) == 1
    else:
        assert ours == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)


def test_fleiss_on_the_table_of_his_paper():
    # Fleiss 1971 as worked through on Wikipedia: 10 subjects, 14 raters, 5 categories, kappa 0.210
    table = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    assert fleiss_kappa(table) == pytest.approx(0.210, abs=0.0005)


@pytest.mark.parametrize("level", ["nominal", "interval"])
@given(st.lists(st.tuples(values, values, values), min_size=2, max_size=20))
def test_krippendorff_agrees_with_the_reference(level, columns):
    ratings = [list(row) for row in zip(*columns, strict=True)]
    paired = [v for c in columns if sum(x is not None for x in c) > 1 for v in c if v is not None]
    assume(len(set(paired)) > 1)
    data = np.array([[np.nan if v is None else v for v in row] for row in ratings])
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    ours = krippendorff_alpha(ratings, interval) if level == "interval" else krippendorff_alpha(ratings)
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_what_was_not_rated_is_missing_and_not_agreement():
    assert krippendorff_alpha([[1, None], [None, 2]]) is None
    assert cohen_kappa([], []) is None


def test_unequal_numbers_of_ratings_are_refused():
    with pytest.raises(ValueError, match="same number"):
        fleiss_kappa([[2, 0], [1, 0]])
    with pytest.raises(ValueError, match="ratings"):
        cohen_kappa(["a"], ["a", "b"])
