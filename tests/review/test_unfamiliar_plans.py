"""The labelled plans of the benchmark: what the labels point at stands in the plans."""

import re
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "benchmarks" / "data" / "strategies"


@pytest.fixture(scope="module")
def plans():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DATA)
        import unfamiliar  # type: ignore[import-not-found]

        names = [name for group in unfamiliar.WRITTEN for name in group]
        return {name: (unfamiliar.text_of(name), unfamiliar.labels_of(name)) for name in names}


def test_labels_name_requirements_and_words_of_the_plan(plans, strategy):
    known = {requirement.id for requirement in strategy.requirements}
    for name, (text, labels) in plans.items():
        assert labels.keys() <= known, name
        flat = re.sub(r"\s", "", text)
        lost = [w for _, words in labels.values() for w in words if re.sub(r"\s", "", w) not in flat]
        assert lost == [], name


def test_every_plan_holds_omissions_beside_what_it_bears(plans):
    for name, (_, labels) in plans.items():
        kinds = [kind for kind, _ in labels.values()]
        assert set(kinds) <= {"met", "absent", "decoy"}, name
        assert kinds.count("met") >= 40 and kinds.count("met") < len(kinds), name
