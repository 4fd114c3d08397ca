import sys
import types

import numpy as np
import pytest

from assistant.domain import SupportLabel
from assistant.errors import DependencyMissing, InputError, UnknownName
from assistant.evaluation.entailment import open_entailment

LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


def pretend(monkeypatch, labels):
    """A cross-encoder by that name whose highest score is for the label its evidence begins with."""

    class CrossEncoder:
        def __init__(self, name, **options):
            if name == "no-such-model":
                raise OSError("no file named config.json")
            self.model = types.SimpleNamespace(config=types.SimpleNamespace(id2label=labels))
            self.asked = []

        def predict(self, pairs):
            self.asked.extend(pairs)
            wanted = pairs[0][0].split()[-1]
            return np.array([[float(label == wanted) for label in labels.values()]])

    module = types.ModuleType("sentence_transformers")
    module.CrossEncoder = CrossEncoder
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("entailment", SupportLabel.SUPPORTED),
        ("contradiction", SupportLabel.CONTRADICTED),
        ("neutral", SupportLabel.UNSUPPORTED),
    ],
)
def test_labels_are_read_by_name_whatever_their_order(monkeypatch, said, label):
    pretend(monkeypatch, LABELS)
    judge = open_entailment("some/nli")
    assert judge.name == "some/nli"
    assert judge.judge("文", [said], context="題") is label


def test_no_quotes_bear_out_nothing(monkeypatch):
    pretend(monkeypatch, LABELS)
    for name in ("some/nli", "evidence"):
        assert open_entailment(name).judge("文", []) is SupportLabel.UNSUPPORTED


def test_a_model_that_does_not_judge_entailment_is_refused(monkeypatch):
    pretend(monkeypatch, {0: "LABEL_0"})
    with pytest.raises(InputError, match="含意"):
        open_entailment("some/ranker")
    with pytest.raises(UnknownName, match="読み込めません"):
        open_entailment("no-such-model")


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(DependencyMissing, match="embed"):
        open_entailment("some/nli")


def test_our_check_sees_a_changed_figure():
    judge = open_entailment("evidence")
    assert judge.judge("上限は年10億円です。", ["上限は年10億円です。"]) is SupportLabel.SUPPORTED
    assert judge.judge("上限は年15億円です。", ["上限は年10億円です。"]) is not SupportLabel.SUPPORTED
