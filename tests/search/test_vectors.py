"""Vector search against plain numpy, for both kinds of index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.search import vectors as room
from assistant.search.vectors import open_vectors, recipe, write_vectors


def unit_rows(count: int, dimension: int = 64, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((20, dimension))
    rows = centres[rng.integers(0, 20, count)] + 0.4 * rng.standard_normal((count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def written(rows: np.ndarray, folder: Path, old: tuple[str, Path] | None = None) -> str:
    folder.mkdir(exist_ok=True)
    rows.astype(np.float16).tofile(folder / "vectors.f16")
    return write_vectors(folder, *rows.shape, old)


def test_the_kind_goes_by_size() -> None:
    assert recipe(99_999, 256) == "SQfp16"
    assert recipe(100_000, 256) == "IVF512,PQ128x4fs"
    assert recipe(1_000_000, 256) == "IVF2048,PQ128x4fs"
    assert recipe(1_000_000, 300) == "SQfp16"


@pytest.mark.parametrize("large", [False, True])
def test_the_nearest_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool) -> None:
    if large:
        monkeypatch.setattr(room, "SCAN_BELOW", 1000)
    rows = unit_rows(6000)
    made = written(rows, tmp_path)
    assert made.startswith("IVF") == large
    store, _ = open_vectors(tmp_path)
    np.testing.assert_allclose(store.matrix.astype(np.float32), rows, atol=1e-3)
    held = 0
    for query in unit_rows(50, seed=1):
        exact = rows @ query
        scores, numbers = store.search(query, 10)
        np.testing.assert_allclose(scores, exact[numbers], atol=2e-3)
        assert list(scores) == sorted(scores, reverse=True)
        held += len(set(numbers.tolist()) & set(np.argsort(-exact)[:10].tolist()))
    assert held / 500 >= (0.85 if large else 0.98)


def test_many_hits_are_found_as_well_as_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SCAN_BELOW", 1000)
    rows = unit_rows(6000)
    written(rows, tmp_path)
    store, _ = open_vectors(tmp_path)
    held = 0
    for query in unit_rows(20, seed=4):
        exact = rows @ query
        scores, numbers = store.search(query, 160)
        assert len(set(numbers.tolist())) == 160
        np.testing.assert_allclose(scores, exact[numbers], atol=2e-3)
        held += len(set(numbers.tolist()) & set(np.argsort(-exact)[:160].tolist()))
    assert held / 3200 >= 0.85


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("exact_below", [0, 20_000])
def test_a_mask_is_kept_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool, exact_below: int
) -> None:
    monkeypatch.setattr(room, "_EXACT_BELOW", exact_below)
    if large:
        monkeypatch.setattr(room, "SCAN_BELOW", 1000)
    rows = unit_rows(4000)
    written(rows, tmp_path)
    store, _ = open_vectors(tmp_path)
    mask = np.random.default_rng(3).random(4000) < 0.3
    for query in unit_rows(20, seed=2):
        _, numbers = store.search(query, 15, mask)
        assert len(numbers) == 15
        assert mask[numbers].all()
    _, none = store.search(rows[0], 5, np.zeros(4000, dtype=bool))
    assert len(none) == 0


def test_training_is_used_again_for_the_same_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SCAN_BELOW", 1000)
    rows = unit_rows(4000)
    made = written(rows, tmp_path / "a")
    changed = rows.copy()
    changed[:40] = unit_rows(40, seed=9)
    monkeypatch.setattr(room, "_TRAINING_PER_LIST", 0)  # training anew would fail without vectors
    assert written(changed, tmp_path / "b", (made, tmp_path / "a")) == made
    store, _ = open_vectors(tmp_path / "b")
    assert len(store) == 4000
    _, numbers = store.search(changed[7], 1)
    assert numbers.tolist() == [7]
