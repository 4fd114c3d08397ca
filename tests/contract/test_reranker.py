"""An optional cross-encoder: a small one made here, and what is told where none can be had."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import pytest

from assistant.domain import Hit, Kind, Passage
from assistant.errors import DependencyMissing, UnknownName
from assistant.search.rerank import DEPTH, CrossEncoderReranker

HAS_EMBED = importlib.util.find_spec("sentence_transformers") is not None


def hits(count: int) -> list[Hit]:
    return [
        Hit(
            passage=Passage(
                id=f"d#{n}", document_id="d", kind=Kind.POLICY, title="題", trail=("章",), text=f"文{n}。",
                page=1, locator="1ページ", start=0, end=3,
            ),
            score=float(count - n),
            rank=n + 1,
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture
def later_is_better(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A cross-encoder that prefers the passage with the higher number; returns the pairs it read."""
    asked: list[tuple[str, str]] = []

    class CrossEncoder:
        def __init__(self, name: str, **options: object) -> None:
            if name == "no-such-model":
                raise OSError("no such model")
            self.config = types.SimpleNamespace(num_labels=3 if name == "some/nli" else 1)

        def predict(self, pairs: list[tuple[str, str]], **options: object) -> list[float]:
            asked.extend(pairs)
            return [float(text.rsplit("文", 1)[1].rstrip("。")) for _, text in pairs]

    module = types.ModuleType("sentence_transformers")
    module.CrossEncoder = CrossEncoder  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return asked


def test_passages_take_the_places_and_scores_of_the_new_order(later_is_better) -> None:
    found = CrossEncoderReranker("some/reranker").rerank("問い", hits(3))
    assert [hit.passage.id for hit in found] == ["d#2", "d#1", "d#0"]
    assert [(hit.rank, hit.score) for hit in found] == [(1, 3.0), (2, 2.0), (3, 1.0)]
    assert [hit.parts["cross_encoder"] for hit in found] == [2.0, 1.0, 0.0]
    assert later_is_better[0] == ("問い", "章\n文0。")


def test_only_the_best_are_read_again_and_none_is_lost(later_is_better) -> None:
    found = CrossEncoderReranker("some/reranker").rerank("問い", hits(DEPTH + 5))
    assert len(later_is_better) == DEPTH
    assert [hit.passage.id for hit in found[DEPTH:]] == [f"d#{n}" for n in range(DEPTH, DEPTH + 5)]
    assert [hit.rank for hit in found] == list(range(1, DEPTH + 6))
    assert CrossEncoderReranker("some/reranker").rerank("問い", []) == []


def test_what_cannot_rank_is_refused_in_japanese(later_is_better) -> None:
    with pytest.raises(UnknownName, match="並べ替えるモデルではありません"):
        CrossEncoderReranker("some/nli")
    with pytest.raises(UnknownName, match="読み込めませんでした"):
        CrossEncoderReranker("no-such-model")


@pytest.mark.skipif(HAS_EMBED, reason="the [embed] extra is installed")
def test_without_the_extra_the_two_lines_to_install_it_are_told() -> None:
    with pytest.raises(DependencyMissing, match="追加部品"):
        CrossEncoderReranker("some/reranker")


@pytest.mark.embed
@pytest.mark.skipif(not HAS_EMBED, reason="the [embed] extra is not installed")
def test_a_real_cross_encoder_ranks_from_its_folder(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    (tmp_path / "vocab.txt").write_text(
        "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "文", "章", "問", "い", "。", *"0123456789"])
    )
    BertTokenizerFast(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    config = BertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(tmp_path)
    found = CrossEncoderReranker(str(tmp_path)).rerank("問い", hits(4))
    model = CrossEncoder(str(tmp_path), device="cpu")
    said = [float(v) for v in model.predict([("問い", f"章\n文{n}。") for n in range(4)])]
    assert [hit.parts["cross_encoder"] for hit in found] == pytest.approx(
        sorted(said, reverse=True), abs=1e-5
    )
    assert sorted(hit.passage.id for hit in found) == [f"d#{n}" for n in range(4)]
