"""The register of sources: ids, addresses and levels hold, or every mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.domain import Level
from assistant.errors import CorpusInvalid
from assistant.knowledge.sources import load_sources

ENTRY = """\
S01:
  title: 交付金の案内
  publisher: ある市
  url: https://example.lg.jp/s01
  level: 自治体
  checked: 2026-11-23
  fiscal_years: [2024, 2025]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(CorpusInvalid) as caught:
        load_sources(path)
    return caught.value.problems


def test_an_entry_becomes_a_source(tmp_path: Path) -> None:
    source = load_sources(write(tmp_path, ENTRY))["S01"]
    assert source.id == "S01"
    assert source.level is Level.MUNICIPAL
    assert source.checked == date(2026, 11, 23)
    assert source.fiscal_years == (2024, 2025)


def test_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    text = ENTRY.replace("S01:", "Z9:") + ENTRY.replace("S01:", "A1:")
    assert list(load_sources(write(tmp_path, text))) == ["Z9", "A1"]


def test_an_id_given_twice_is_a_mistake(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, ENTRY + ENTRY)) == ("sources.yaml:8: キー「S01」が2回書かれています",)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("level: 自治体", "level: 噂", 5, "level"),
        ("  publisher: ある市\n", "", 1, "publisher"),
        ("  publisher: ある市\n", "  publishr: ある市\n  publisher: ある市\n", 3, "知らない項目です"),
        ("https://example.lg.jp/s01", "read_file id 55281250279", 4, "http(s)"),
        ("https://example.lg.jp/s01", "https:///s01", 4, "http(s)"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    (problem,) = problems_of(write(tmp_path, ENTRY.replace(old, new)))
    assert said in problem
    where = int(problem.split(":")[1])
    assert where in (1, line)


def test_superseded_by_has_to_lead_somewhere_else(tmp_path: Path) -> None:
    lost = ENTRY + "  superseded_by: S02\n"
    itself = ENTRY + "  superseded_by: S01\n"
    assert "S02 は登録されていません" in problems_of(write(tmp_path, lost))[0]
    assert "自分自身" in problems_of(write(tmp_path, itself))[0]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = ENTRY.replace("level: 自治体", "level: 噂") + ENTRY.replace("S01:", "S02:").replace("https", "ftp")
    assert len(problems_of(write(tmp_path, text))) == 2


def test_a_missing_or_empty_register_is_told(tmp_path: Path) -> None:
    assert "読み込めません" in problems_of(tmp_path / "sources.yaml")[0]
    assert "対応表ではありません" in problems_of(write(tmp_path, ""))[0]
