import doctest
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from assistant.evaluation import agreement, ranking, statistics
from assistant.evaluation.statistics import bootstrap_interval, f1, paired_test, ratio, total, wilson


@pytest.mark.parametrize("module", [statistics, agreement, ranking])
def test_the_worked_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted >= 3
    assert result.failed == 0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_f1_agrees_with_scikit_learn(rows):
    said = [s for s, _ in rows]
    right = [r for _, r in rows]
    counts = np.array([(s and r, s and not r, r and not s) for s, r in rows], dtype=float).sum(axis=0)
    if any(said) or any(right):
        assert float(f1(counts)) == pytest.approx(f1_score(right, said, zero_division=0))
    else:
        assert math.isnan(float(f1(counts)))


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    random = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        sample = (random.random(80) < 0.7).astype(float)
        low, high = bootstrap_interval(np.column_stack([sample, np.ones(80)]))
        held += low <= 0.7 <= high
    assert held >= 178  # 95 % of 200, less three standard errors


def test_ten_of_ten_is_not_certainty():
    low, high = bootstrap_interval(np.ones((10, 2)))
    assert (low, high) == pytest.approx((0.7225, 1.0), abs=1e-4)
    none_of_ten = np.zeros((10, 1))
    assert bootstrap_interval(none_of_ten, total)[1] == pytest.approx(10 * wilson(0, 10)[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a_run_does_not_differ_from_itself(values):
    counts = np.column_stack([values, np.ones(len(values))])
    test = paired_test(counts, counts)
    assert test.difference == 0
    assert test.p == 1
    assert test.ci95 == (0, 0)


def test_a_clear_difference_is_found_and_noise_is_not():
    ones, zeros = np.ones((40, 2)), np.column_stack([np.zeros(40), np.ones(40)])
    better = paired_test(zeros, ones)
    assert better.difference == 1
    assert better.p < 0.001
    one_item = zeros.copy()
    one_item[0, 0] = 1
    assert paired_test(zeros, one_item).p > 0.5


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=20))
def test_swapping_the_runs_turns_the_difference_round(rows):
    first = np.column_stack([[a for a, _ in rows], np.ones(len(rows))])
    second = np.column_stack([[b for _, b in rows], np.ones(len(rows))])
    there, back = paired_test(first, second), paired_test(second, first)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p == pytest.approx(back.p)


def test_nothing_to_count_is_no_number():
    assert all(math.isnan(x) for x in bootstrap_interval(np.zeros((0, 2)), ratio))
