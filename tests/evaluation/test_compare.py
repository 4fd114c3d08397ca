import pytest

from assistant.errors import InputError
from assistant.evaluation.compare import compare
from assistant.evaluation.score import score
from tests.evaluation.making import claim, given, gold, scene
from tests.evaluation.test_measures import FAMILY, REFUSED


def scores(answers):
    return score([scene(gold(id=f"fact-{n:03d}"), answer) for n, answer in enumerate(answers)], "evidence")


GOOD = given(claim(FAMILY, FAMILY))


def test_items_that_moved_are_named():
    changes = {c.measure: c for c in compare(scores([REFUSED, GOOD, GOOD]), scores([GOOD, REFUSED, GOOD]))}
    nuggets = changes["nugget_vital"]
    assert (nuggets.better, nuggets.worse) == (("fact-000",), ("fact-001",))
    assert nuggets.difference == 0
    assert not nuggets.is_significant
    refused = changes["over_refusal"]  # lower is better: refusing more is worse
    assert (refused.better, refused.worse) == (("fact-000",), ("fact-001",))


def test_a_large_change_is_significant():
    changes = {c.measure: c for c in compare(scores([REFUSED] * 20), scores([GOOD] * 20))}
    assert changes["nugget_vital"].is_significant
    assert changes["nugget_vital"].difference == 1
    assert changes["over_refusal"].difference == -1


def test_runs_over_other_questions_cannot_be_compared():
    other = score([scene(gold(id="year-001"), GOOD)], "evidence")
    with pytest.raises(InputError, match="比べられません"):
        compare(scores([GOOD]), other)
