"""The kit for a PC without a network (the wheels themselves are pip's business)."""

from pathlib import Path

import pytest

from assistant.cli import bundling
from assistant.errors import InputError, StorageFailed


@pytest.fixture
def kit(settings, tmp_path, monkeypatch):
    def collect(folder):
        folder.mkdir()
        (folder / "x-1-py3-none-any.whl").write_bytes(b"PK")

    monkeypatch.setattr(bundling, "_collect_wheels", collect)
    return lambda: bundling.make_bundle(settings, tmp_path / "kit", say=lambda text: None)


def test_the_kit_holds_program_corpus_index_and_wheels(kit):
    made = kit()
    for name in ("run.py", "pyproject.toml", "streamlit_app.py", "corpus/sources.yaml", "prompts/answer.md", "index/CURRENT", "assistant/search/model", ".streamlit/config.toml"):
        assert (made / name).exists(), name
    assert list((made / "wheels").iterdir())
    assert not list(made.rglob("__pycache__"))


def test_a_full_folder_is_not_overwritten(kit, tmp_path):
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "mine.txt").write_text("mine")
    with pytest.raises(InputError):
        kit()
    assert (tmp_path / "kit" / "mine.txt").read_text() == "mine"


def test_it_says_first_where_the_kit_will_be(settings, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(bundling, "_collect_wheels", lambda folder: folder.mkdir())
    monkeypatch.chdir(tmp_path)
    bundling.make_bundle(settings, Path("kit"), say=said.append)
    assert said[0] == f"「{tmp_path / 'kit'}」にキットを作ります。"


def test_why_it_cannot_be_written_is_told_in_japanese(settings, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed) as caught:
        bundling.make_bundle(settings, tmp_path / "file" / "kit", say=lambda text: None)
    assert "途中の名前がフォルダーではありません［Not a directory］" in str(caught.value)


def test_a_failure_leaves_nothing_behind(kit, tmp_path, monkeypatch):
    def fail(folder):
        raise StorageFailed("x")

    monkeypatch.setattr(bundling, "_collect_wheels", fail)
    with pytest.raises(StorageFailed):
        kit()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("kit")] == []
