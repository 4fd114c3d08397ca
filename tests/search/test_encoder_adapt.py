"""Adapting the encoder to passages: the loss is right, the gain is real, the outcome opens again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Kind, Passage
from assistant.errors import InputError
from assistant.search.adapt import Adaptation, adapt_encoder, loss_gradient
from assistant.search.encoder import open_encoder

TOPICS = [
    (
        "水素ステーション",
        "燃料電池車に充てんする設備を国道沿いに置く。",
        "貯蔵の圧力は法令の上限に合わせる。",
    ),
    ("灯台の保存", "岬の灯台を文化財として登録する。", "夜間の光は船の目印として残す。"),
    ("茶畑の継承", "後継ぎのいない茶園を若い農家に引き継ぐ。", "摘み取りの機械は共同で使う。"),
    ("酒蔵めぐり", "醸造元をつなぐ列車を週末に走らせる。", "利き酒の席は駅舎に設ける。"),
    ("雪室の活用", "冬の雪をためて野菜を冷やす。", "電気代は半分ほどになる見込みである。"),
    ("校舎の転用", "閉校した校舎を仕事場に改める。", "体育館は避難所として残す。"),
]


def passage(number: int, title: str, text: str, trail: tuple[str, ...] = ()) -> Passage:
    return Passage(
        id=f"d#{number:03d}",
        document_id="d",
        kind=Kind.OTHER,
        title=title,
        trail=trail,
        text=text,
        page=1,
        locator="",
        start=0,
        end=len(text),
    )


PASSAGES = [passage(n, "実施計画", one + other, (head,)) for n, (head, one, other) in enumerate(TOPICS)]


def loss(units: np.ndarray, kin: np.ndarray, scale: float) -> float:
    count = len(kin)
    logits = scale * (units[:count] @ units[count:].T)
    logits[(kin[:, None] == kin[None, :]) & ~np.eye(count, dtype=bool)] = -1e4
    forward = np.log(np.exp(logits - logits.max()).sum(1)) + logits.max() - logits.diagonal()
    backward = np.log(np.exp(logits - logits.max()).sum(0)) + logits.max() - logits.diagonal()
    return float((forward.mean() + backward.mean()) / 2)


@given(
    values=st.lists(st.floats(-1, 1), min_size=24, max_size=24),
    kin=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    place=st.integers(0, 23),
)
@settings(max_examples=80)
def test_gradient_is_the_slope_of_the_loss(values: list[float], kin: list[int], place: int) -> None:
    units = np.array(values).reshape(8, 3)
    names = np.array(kin)
    nudge = np.zeros(24)
    nudge[place] = 1e-5
    ahead = loss(units + nudge.reshape(8, 3), names, 3.0)
    behind = loss(units - nudge.reshape(8, 3), names, 3.0)
    slope = loss_gradient(units, names, 3.0).reshape(-1)[place]
    assert slope == pytest.approx((ahead - behind) / 2e-5, abs=2e-4)


def test_adapting_brings_a_sentence_nearer_to_its_own_passage(tmp_path: Path) -> None:
    base = open_encoder()
    adapted = adapt_encoder(base, PASSAGES, tmp_path, settings=Adaptation(epochs=20))
    questions, rest = [one for _, one, _ in TOPICS], [head + other for head, _, other in TOPICS]

    def margin(encoder: object) -> float:
        scores = encoder.encode_queries(questions) @ encoder.encode_passages(rest).T  # type: ignore[attr-defined]
        others = scores[~np.eye(len(TOPICS), dtype=bool)].mean()
        return float(scores.diagonal().mean() - others)

    assert margin(adapted) > margin(base) + 0.02


def test_adapted_model_opens_from_its_folder_with_its_own_digest(tmp_path: Path) -> None:
    base = open_encoder()
    adapted = adapt_encoder(base, PASSAGES, tmp_path / "encoder")
    again = open_encoder(tmp_path / "encoder")
    assert again.digest == adapted.digest != base.digest
    texts = [p.text for p in PASSAGES]
    np.testing.assert_array_equal(again.encode_passages(texts), adapted.encode_passages(texts))


def test_order_of_the_passages_does_not_matter(tmp_path: Path) -> None:
    base = open_encoder()
    one = adapt_encoder(base, PASSAGES, tmp_path / "one")
    other = adapt_encoder(base, reversed(PASSAGES), tmp_path / "other")
    assert one.digest == other.digest


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    adapt_encoder(open_encoder(), PASSAGES, tmp_path, progress=lambda done, steps: seen.append((done, steps)))
    assert seen[-1][0] == seen[-1][1] == len(seen)


def test_nothing_to_learn_leaves_the_vectors_as_they_were(tmp_path: Path) -> None:
    base = open_encoder()
    kept = adapt_encoder(base, PASSAGES[:1], tmp_path)
    texts = [p.text for p in PASSAGES]
    np.testing.assert_allclose(kept.encode_passages(texts), base.encode_passages(texts), atol=5e-3)


def test_words_not_in_the_documents_keep_their_vectors(tmp_path: Path) -> None:
    base = open_encoder()
    adapted = adapt_encoder(base, PASSAGES, tmp_path)
    untouched = ["博士課程", "ヨーロッパ"]
    kept = np.sum(base.encode_queries(untouched) * adapted.encode_queries(untouched), axis=1)
    np.testing.assert_allclose(kept, 1.0, atol=1e-3)


def test_a_transformer_is_refused(tmp_path: Path) -> None:
    class Other:
        name, digest, dimension = "some/transformer", "0" * 64, 4

        def encode_queries(self, texts: object) -> np.ndarray:
            return np.zeros((0, 4), np.float32)

        encode_passages = encode_queries

    with pytest.raises(InputError, match="some/transformer"):
        adapt_encoder(Other(), PASSAGES, tmp_path)
    assert not list(tmp_path.iterdir())
