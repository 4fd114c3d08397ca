"""Arrays in one file, and letting go of what was read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.search.build import build_index
from assistant.search.index import open_index
from assistant.search.mapped import ArrayWriter, MappedFile, let_go_of, read_arrays, resident_bytes
from assistant.search.retrieve import find_passages
from tests.search.conftest import HashEncoder, corpus


def test_arrays_come_back_as_they_went_in(tmp_path: Path) -> None:
    given = {
        "a": np.arange(7, dtype=np.uint8),
        "none": np.zeros((3, 0), dtype=np.int64),
        "b": np.arange(12, dtype=np.int32).reshape(4, 3).T,
        "字": np.array([0.5, -1.0], dtype=np.float32),
    }
    writer = ArrayWriter(tmp_path / "x.bin")
    for name, array in given.items():
        writer.add(name, array)
    writer.close()
    read = read_arrays(MappedFile(tmp_path / "x.bin"))
    assert list(read) == list(given)
    for name, array in given.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)
        if array.size:
            assert read[name].ctypes.data % 64 == 0


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 200])
def test_a_file_that_holds_no_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.bin").write_bytes(content)
    with pytest.raises(ValueError, match="形式"):
        read_arrays(MappedFile(tmp_path / "x.bin"))


def test_pages_that_were_let_go_are_read_again(tmp_path: Path) -> None:
    size = 64 << 20
    (tmp_path / "large").write_bytes(np.arange(size // 8, dtype=np.int64).tobytes())
    file = MappedFile(tmp_path / "large")
    array = file.array(np.int64)
    total = int(array.sum())
    before = resident_bytes()
    if not before:
        pytest.skip("this system does not tell")
    assert not let_go_of([file], size)  # no more than is allowed
    assert let_go_of([file], size // 2)
    assert before - resident_bytes() > size // 2
    assert int(array.sum()) == total


def test_a_search_that_lets_go_finds_the_same(
    tmp_path: Path, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(corpus(), tmp_path, encoder)
    index = open_index(tmp_path, encoder)
    questions = ["空き家の補助率", "バスの予約", "し尿の料金"]
    held = [find_passages(index, q) for q in questions]
    let_go = []
    monkeypatch.setattr("assistant.search.index.MOST_RESIDENT_BYTES", 0)
    monkeypatch.setattr(MappedFile, "let_go", lambda file: let_go.append(file.size))
    assert [find_passages(index, q) for q in questions] == held
    if resident_bytes():
        assert len(let_go) >= 4 * len(questions)


def test_no_more_is_let_go_than_has_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, held = [], {}
    for name in ("first", "second", "third"):
        (tmp_path / name).write_bytes(b"x" * 1000)
        files.append(MappedFile(tmp_path / name))
        held[files[-1]] = 1000
    monkeypatch.setattr("assistant.search.mapped.resident_bytes", lambda: sum(held.values()))
    monkeypatch.setattr(MappedFile, "let_go", lambda file: held.update({file: 0}))
    assert let_go_of(files, 2500)
    assert list(held.values()) == [0, 1000, 1000]
    assert not let_go_of(files, 2500)
    assert let_go_of(files, 500)
    assert list(held.values()) == [0, 0, 0]
