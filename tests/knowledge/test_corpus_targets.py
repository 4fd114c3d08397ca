"""The table of national targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import CorpusInvalid
from assistant.knowledge.targets import load_targets

ROW = """\
- id: kankei
  policy: 基本構想
  indicator: 関係人口の実人数
  target: 1,000万人
  value: 10000000
  unit: 人
  decided: 2025-06-13
  due: 10年後
  due_year: null
  pillar: 3
  group: 支え合い
  confirmed: true
  words: [関係人口]
  statement: 基本構想は、関係人口を1,000万人創出する目標を掲げています。
  sources: [P01]
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_becomes_a_target(tmp_path: Path) -> None:
    (target,) = load_targets(write(tmp_path, ROW), {"P01"})
    assert (target.value, target.unit, target.due_year, target.pillar) == (10_000_000, "人", None, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROW + ROW, "重複"),
        (ROW.replace("[P01]", "[P99]"), "P99 は sources.yaml にありません"),
        (ROW.replace("pillar: 3", "pillar: 6"), "pillar"),
        (ROW.replace("掲げています。", "掲げています"), "「。」で終わっていません"),
        ("a: 1\n", "目標の並びではありません"),
        ("- [\n", "targets.yaml:"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusInvalid) as caught:
        load_targets(write(tmp_path, text), {"P01"})
    assert any(said in problem for problem in caught.value.problems)
