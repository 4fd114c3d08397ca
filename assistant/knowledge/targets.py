"""The targets of the national policies as data, so that a local strategy can be held against them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from assistant.domain import Noun
from assistant.errors import CorpusInvalid
from assistant.knowledge.sources import line_of, read_yaml, validation_problems, yaml_problem


class Target(Noun):
    """One target of one policy. ``value`` (in ``unit``) is None where the target is no number."""

    id: str
    policy: str
    indicator: str
    target: str  # as it is said: 「10割」「東京圏と同水準」
    value: float | None
    unit: str | None
    decided: date | None
    due: str
    due_year: int | None
    pillar: int = Field(ge=1, le=5)
    group: str
    confirmed: bool  # an official text bears it; False: press reports only
    words: tuple[str, ...]  # how plans speak of it
    statement: str
    sources: tuple[str, ...] = Field(min_length=1)


def load_targets(path: Path, source_ids: Collection[str]) -> tuple[Target, ...]:
    """Read the target table in its order. Raises ``CorpusInvalid`` with every mistake."""
    shown = path.name
    text = path.read_text(encoding="utf-8")
    try:
        rows = read_yaml(text)
    except yaml.YAMLError as error:
        raise CorpusInvalid([yaml_problem(shown, error)]) from error
    if not isinstance(rows, list):
        raise CorpusInvalid([f"{shown}:1: 目標の並びではありません"])
    problems: list[str] = []
    targets: dict[str, Target] = {}
    for number, row in enumerate(rows, 1):
        name = str(row.get("id", number)) if isinstance(row, dict) else str(number)
        try:
            target = Target.model_validate(row)
        except ValidationError as error:
            problems += validation_problems(shown, text, error)
            continue
        at = f"{shown}:{line_of(text, name)}"
        if target.id in targets:
            problems.append(f"{at}: 目標の番号 {name} が重複しています")
        problems += [
            f"{at}: 出典 {i} は sources.yaml にありません" for i in target.sources if i not in source_ids
        ]
        if not target.statement.endswith("。"):
            problems.append(f"{at}: {name} の statement が「。」で終わっていません")
        targets[target.id] = target
    if problems:
        raise CorpusInvalid(problems)
    return tuple(targets.values())
