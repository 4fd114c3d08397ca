"""Encoders through the door that the rest of the house uses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import DependencyMissing, IndexUnusable, UnknownName
from assistant.search.encoder import (
    BUNDLED_FOLDER,
    SentenceTransformerEncoder,
    open_encoder,
    prefixes_of,
)
from assistant.search.static_encoder import StaticEncoder, pack_rows, unpack_rows

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
SENTENCES = [
    "ドローンによる買い物支援の実証を行います。",
    "地域おこし協力隊の報償費は特別交付税で措置されます。",
    "市町村の国費の上限は年度あたり10億円です。",
]


@pytest.fixture(scope="module")
def bundled() -> StaticEncoder:
    encoder = open_encoder()
    assert isinstance(encoder, StaticEncoder)
    return encoder


@given(texts=st.lists(TEXTS, max_size=5))
@settings(max_examples=60, deadline=None)
def test_rows_have_length_one_or_are_zero(bundled: StaticEncoder, texts: list[str]) -> None:
    vectors = bundled.encode_passages(texts)
    assert vectors.shape == (len(texts), bundled.dimension)
    assert vectors.dtype == np.float32
    for vector, pieces in zip(vectors, bundled.pieces(texts), strict=True):
        assert np.linalg.norm(vector) == pytest.approx(1.0 if pieces else 0.0, abs=1e-5)


def test_text_without_words_is_zero(bundled: StaticEncoder) -> None:
    assert not bundled.encode_queries(["", "  \n", "。、（）…"]).any()


@given(texts=st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_text_does_not_depend_on_its_neighbours(bundled: StaticEncoder, texts: list[str]) -> None:
    together = bundled.encode_passages(texts)
    alone = np.concatenate([bundled.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_width_and_case_of_letters_do_not_matter(bundled: StaticEncoder) -> None:
    left, right = bundled.encode_queries(["ＤＸ推進の補助率は１／２", "dx推進の補助率は1/2"])
    np.testing.assert_array_equal(left, right)


def test_repetition_counts_by_its_square_root(bundled: StaticEncoder) -> None:
    one, other, joined = bundled.pieces(["補助", "観光", "補助観光"])
    assert sorted(joined) == sorted([*one, *other])
    rows = bundled.rows.astype(np.float32) * bundled.scales[:, None]
    expected = 2.0 * rows[one].sum(0) + rows[other].sum(0)
    vector = bundled.encode_passages(["補助。補助。補助。補助。観光。"])[0]
    np.testing.assert_allclose(vector, expected / np.linalg.norm(expected), atol=1e-6)


def test_long_batches_equal_short_ones(bundled: StaticEncoder) -> None:
    texts = [sentence * (1 + number % 90) for number in range(700) for sentence in SENTENCES[:1]]
    texts[3] = ""
    whole = bundled.encode_passages(texts)
    for place in (0, 2, 3, 4, 89, 511, 512, 699):
        np.testing.assert_allclose(whole[place], bundled.encode_passages([texts[place]])[0], atol=1e-5)


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("無人の飛行機で荷物を届ける買い物の手助け、ドローンの実験", 0),
        ("協力隊の隊員に払う報償費はどこが出しますか", 1),
        ("市が使える国費はいくらまで", 2),
    ],
)
def test_a_question_is_nearest_to_its_answer(bundled: StaticEncoder, question: str, right: int) -> None:
    scores = bundled.encode_passages(SENTENCES) @ bundled.encode_queries([question])[0]
    assert int(scores.argmax()) == right


def test_model_fits_the_promised_size() -> None:
    assert sum(path.stat().st_size for path in BUNDLED_FOLDER.iterdir()) <= 8_500_000


def test_bundled_needs_no_torch() -> None:
    program = (
        "import sys; from assistant.search.encoder import open_encoder; "
        "open_encoder().encode_queries(['補助率']); "
        "sys.exit(int('torch' in sys.modules or 'sentence_transformers' in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_digest_follows_the_files(bundled: StaticEncoder, tmp_path: Path) -> None:
    copied = tmp_path / "model"
    shutil.copytree(BUNDLED_FOLDER, copied)
    (copied / "README.md").write_text("another card", encoding="utf-8")
    assert open_encoder(copied).digest == bundled.digest
    weights = bytearray((copied / "model.safetensors").read_bytes())
    weights[-1] ^= 0x11
    (copied / "model.safetensors").write_bytes(bytes(weights))
    assert open_encoder(str(copied)).digest != bundled.digest


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_folder_is_refused(tmp_path: Path, broken: str) -> None:
    copied = tmp_path / "model"
    shutil.copytree(BUNDLED_FOLDER, copied)
    whole = (copied / broken).read_bytes()
    (copied / broken).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexUnusable, match="埋め込みモデル"):
        open_encoder(copied)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    copied = tmp_path / "model"
    shutil.copytree(BUNDLED_FOLDER, copied)
    (copied / "model.safetensors").unlink()
    with pytest.raises(IndexUnusable):
        open_encoder(copied)


def test_missing_extra_is_told_with_the_exact_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # an import of it now fails
    with pytest.raises(DependencyMissing) as caught:
        open_encoder("cl-nagoya/ruri-v3-30m")
    assert "pip install torch==2.13.0\npip install 'chihou-assistant[embed]'" in caught.value.remedy


class _Library:
    """Stands in for sentence-transformers: knows one model on disk and one on its hub."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.SentenceTransformer = self.open

    def open(self, name: str, device: str, local_files_only: bool = False) -> _Model:
        self.asked.append((name, local_files_only))
        if name == "intfloat/multilingual-e5-small" or (name == "far/away" and not local_files_only):
            return _Model()
        raise OSError("no such model")


class _Model:
    """Encodes a text as its number of characters and remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def get_embedding_dimension(self) -> int:
        return 2

    def state_dict(self) -> dict[str, object]:
        return {}

    def encode(self, texts: list[str], **_: object) -> np.ndarray:
        self.seen.extend(texts)
        return np.array([[1.0, 0.0] for _ in texts], np.float32)


def test_named_model_gets_its_prefixes_and_empty_texts_stay_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    library = _Library()
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    encoder = open_encoder("intfloat/multilingual-e5-small")
    assert isinstance(encoder, SentenceTransformerEncoder)
    assert encoder.encode_queries(["上限は", " "]).tolist() == [[1.0, 0.0], [0.0, 0.0]]
    encoder.encode_passages(["上限は10億円です。"])
    assert encoder._model.seen == ["query: 上限は", "passage: 上限は10億円です。"]
    assert library.asked == [("intfloat/multilingual-e5-small", True)]


def test_the_hub_is_asked_only_for_what_is_not_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    library = _Library()
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    open_encoder("far/away")
    assert library.asked == [("far/away", True), ("far/away", False)]


def test_a_name_that_nobody_bears_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    library = _Library()
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)
    with pytest.raises(UnknownName, match="no/body"):
        open_encoder("no/body")
    library.asked.clear()
    with pytest.raises(UnknownName):
        open_encoder(tmp_path)  # an empty folder: no hub is asked for it
    assert library.asked == [(str(tmp_path), True)]


@pytest.mark.parametrize(
    ("name", "prefixes"),
    [
        ("cl-nagoya/ruri-v3-310m", ("検索クエリ: ", "検索文書: ")),
        ("/models/ruri-v3-30m", ("検索クエリ: ", "検索文書: ")),
        ("intfloat/multilingual-e5-small", ("query: ", "passage: ")),
        (r"C:\models\multilingual-e5-base", ("query: ", "passage: ")),
        ("sentence-transformers/LaBSE", ("", "")),
    ],
)
def test_prefixes_of_families(name: str, prefixes: tuple[str, str]) -> None:
    assert prefixes_of(name) == prefixes


@given(
    rows=st.lists(st.lists(st.floats(-4, 4, width=32), min_size=8, max_size=8), min_size=1, max_size=6),
    bits=st.sampled_from([4, 8]),
)
def test_quantising_errs_by_half_a_step_at_most(rows: list[list[float]], bits: int) -> None:
    values = np.array(rows, np.float32)
    stored, scales = pack_rows(values, bits)
    error = np.abs(unpack_rows(stored) * scales[:, None] - values)
    assert (error <= scales[:, None] * 0.5001 + 1e-6).all()
