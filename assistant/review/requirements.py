"""Requirements as data: what a file in ``corpus/requirements/`` holds, all mistakes told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import yaml
from pydantic import Field, StrictBool, StrictInt, StrictStr, ValidationError

from assistant.domain import Clause, Level, Noun, Source
from assistant.errors import CorpusInvalid
from assistant.knowledge.sources import line_of, read_yaml, validation_problems, yaml_problem
from assistant.review.ways import Ways, load_ways

Text: TypeAlias = Annotated[StrictStr, Field(min_length=1)]
Check: TypeAlias = Literal[
    "words",
    "period",
    "period-current",
    "goal-figures",
    "kpi-any",
    "kpi-baseline",
    "kpi-baseline-year",
    "kpi-target-year",
    "kpi-beyond",
    "kpi-outcome",
    "target",
]
CHECKS_WITH_WORDS = ("words", "goal-figures", "kpi-any")


class ClauseRef(Noun):
    """Where a requirement is written."""

    source: Text
    locator: StrictStr = ""
    level: Level
    fiscal_year: Annotated[StrictInt, Field(ge=1989, le=2100)]
    predecessor: StrictBool = False


class Group:
    """Words of which one must stand in a unit; with ``§`` the headings above count as well."""

    def __init__(self, text: str) -> None:
        self.in_headings = text.startswith("§")
        self.pattern = re.compile(text.removeprefix("§"))


class Requirement(Noun):
    """One requirement. ``evidence``: see ``corpus/requirements/strategy.yaml``."""

    id: Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    requirement: Text
    chapter: Text
    pillar: Annotated[StrictInt, Field(ge=1, le=5)] | None = None
    check: Check = "words"
    evidence: tuple[StrictStr, ...] = ()
    target_words: StrictStr = ""
    headings: StrictBool = False  # a heading alone bears it
    measure: StrictBool = False  # only a commitment bears it, not a description of how things are
    about_others: StrictBool = False  # sentences about the state or earlier plans bear it
    missing: Text
    clause: ClauseRef | None
    advice: Text
    draft: StrictStr = ""

    @cached_property
    def forms(self) -> tuple[tuple[Group, ...], ...]:
        """``evidence``, compiled: any form suffices, all its groups are needed."""
        return tuple(tuple(Group(group) for group in form.split(" & ")) for form in self.evidence)

    def outward_clause(self, sources: Mapping[str, Source]) -> Clause | None:
        """The clause with the address of its source."""
        if self.clause is None:
            return None
        source = sources.get(self.clause.source)
        return Clause(
            source_id=self.clause.source,
            locator=self.clause.locator,
            level=self.clause.level,
            fiscal_year=self.clause.fiscal_year,
            predecessor=self.clause.predecessor,
            url=source.url if source else "",
        )


class RequirementFile(Noun):
    """All requirements of one target."""

    target: Text
    name: Text
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1)]
    ways: Ways = Ways()  # other ways of saying them, for a second look


def load_requirements(path: Path, sources: Mapping[str, Source]) -> RequirementFile:
    """Read one file, and the ways of saying beside it (``.tsv``). Raises ``CorpusInvalid`` with every mistake, each as 「file:line: what」."""
    shown = path.name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorpusInvalid([f"{shown}: 読み込めません（{error.strerror or error}）"]) from error
    try:
        raw = read_yaml(text)
    except yaml.YAMLError as error:
        raise CorpusInvalid([yaml_problem(shown, error)]) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("requirements"), list):
        raise CorpusInvalid([f"{shown}:1: target・name・requirements の対応表ではありません"])
    problems: list[str] = []
    seen: set[str] = set()
    made: list[Requirement] = []
    for number, row in enumerate(raw["requirements"], 1):
        name = str(row.get("id", number)) if isinstance(row, dict) else str(number)
        at = f"{shown}:{line_of(text, name)}: {name}"
        try:
            requirement = Requirement.model_validate(row)
        except ValidationError as error:
            problems += [f"{at} の{p.split(': ', 1)[-1]}" for p in validation_problems(shown, text, error)]
            continue
        if requirement.id in seen:
            problems.append(f"{at}: 同じ id が2回あります")
        seen.add(requirement.id)
        made.append(requirement)
        problems += [f"{at}: {what}" for what in _complaints(requirement, sources)]
    ways = Ways()
    try:
        ways = load_ways(path.with_suffix(".tsv"), seen)
    except CorpusInvalid as error:
        problems += error.problems
    if not problems:
        try:
            return RequirementFile(
                target=raw.get("target", ""), name=raw.get("name", ""), requirements=tuple(made), ways=ways
            )
        except ValidationError as error:
            problems += validation_problems(shown, text, error)
    raise CorpusInvalid(problems)


def _complaints(requirement: Requirement, sources: Mapping[str, Source]) -> list[str]:
    said = []
    for form in (*requirement.evidence, requirement.target_words):
        try:
            for group in form.split(" & "):
                re.compile(group.removeprefix("§"))
        except re.error as error:
            said.append(f"手がかり「{form}」は正規表現として読めません（{error}）")
    if requirement.check in CHECKS_WITH_WORDS and not requirement.evidence:
        said.append("evidence（根拠となる言葉）がありません")
    if requirement.check == "target" and not requirement.target_words:
        said.append("target_words（指標の言葉）がありません")
    for name in ("requirement", "advice"):
        if not getattr(requirement, name).endswith("。"):
            said.append(f"{name} が「。」で終わっていません")
    if requirement.draft and "【要記入：" not in requirement.draft:
        said.append("draft に【要記入：…】の欄がありません")
    clause = requirement.clause
    if clause is not None:
        source = sources.get(clause.source)
        if source is None:
            said.append(f"出典 {clause.source} は sources.yaml にありません")
        elif source.level is not clause.level:
            said.append(f"信頼度「{clause.level}」が、出典 {clause.source} の「{source.level}」と違います")
    return said
