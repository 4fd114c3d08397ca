"""Load the grants: every file checked, all mistakes told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from assistant.domain import Source
from assistant.errors import CorpusInvalid, UnknownName
from assistant.grants.checks import check_grant, check_shared_facts, check_together, resolve
from assistant.grants.problems import Problem, explain, near_names
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactSpec, Vocabulary
from assistant.grants.yamlfile import YamlFile
from assistant.japanese.calendar import wareki
from assistant.japanese.text import normalise

_Model = TypeVar("_Model", bound=BaseModel)
_FACTS: TypeAdapter[dict[str, FactSpec]] = TypeAdapter(dict[str, FactSpec])


def _allowed_keys(model: type[BaseModel], found: dict[str, set[str]], place: str = "") -> dict[str, set[str]]:
    """Keys that may stand under each named place of a file, for 「もしかして」."""
    keys = {field.alias or name for name, field in model.model_fields.items()}
    if place in found and keys <= found[place]:
        return found
    found.setdefault(place, set()).update(keys)
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            _allowed_keys(inner, found, field.alias or name)
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


_ALLOWED = _allowed_keys(Grant, {})


class Grants:
    """All grants known, each in its fiscal year; the common vocabulary; the sources of their clauses."""

    def __init__(
        self, grants: Mapping[str, Grant], vocabulary: Vocabulary, sources: Mapping[str, Source]
    ) -> None:
        self.by_id = dict(grants)
        self.common_vocabulary = dict(vocabulary)
        self.sources = dict(sources)
        self.vocabulary: dict[str, FactSpec] = dict(vocabulary)  # all facts any grant asks
        for grant in self:
            self.vocabulary.update(grant.facts)
        self._by_name: dict[str, list[str]] = {}
        for grant in self:
            for name in (grant.id, grant.name, grant.short, *grant.aliases):
                self._by_name.setdefault(normalise(name), []).append(grant.id)
        self._by_family_name: dict[str, str] = {}
        for grant in self:
            for name in (grant.family, *grant.family_aliases):
                self._by_family_name.setdefault(normalise(name), grant.family)

    def __iter__(self) -> Iterator[Grant]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    def family(self, family: str) -> tuple[Grant, ...]:
        """Grants that follow one another in time, earliest first."""
        return tuple(sorted((g for g in self if g.family == family), key=lambda g: g.fiscal_year))

    def named(self, name: str) -> tuple[Grant, ...]:
        """Grants that a word means: by id, name or alias; else the whole family it names. Latest first."""
        key = normalise(name)
        found: tuple[Grant, ...] = tuple(self.by_id[i] for i in dict.fromkeys(self._by_name.get(key, ())))
        if not found and key in self._by_family_name:
            found = self.family(self._by_family_name[key])
        return tuple(sorted(found, key=lambda g: -g.fiscal_year))

    def find(self, name: str, fiscal_year: int | None = None) -> Grant:
        """The grant of that name (the latest, or of that year).

        Raises UnknownName for a name not known, and for a year that has no rules.
        """
        candidates = self.named(name)
        if not candidates:
            names = {n: g.id for g in self for n in (g.id, g.short, g.name)}
            raise UnknownName(
                f"制度「{name}」は登録されていません。",
                near=near_names(name, names),
                remedy="" if near_names(name, names) else "`assistant grants` で一覧を確かめてください。",
            )
        if fiscal_year is None:
            return candidates[0]
        family = self.family(candidates[0].family)
        for grant in (*candidates, *family):
            if grant.fiscal_year == fiscal_year or (not grant.is_of_one_year and grant in candidates):
                return grant
        years = "、".join(f"{wareki(g.fiscal_year)}（{g.id}）" for g in family)
        raise UnknownName(
            f"「{candidates[0].short}」の{wareki(fiscal_year)}の規則は登録されていません。",
            why="年度が違うと補助率や上限が変わるため、ほかの年度の規則では判定しません。",
            remedy=f"登録のある年度: {years}",
        )


def load_vocabulary(path: Path) -> dict[str, FactSpec]:
    """The common facts. Raises CorpusInvalid listing every mistake."""
    vocabulary, problems = read_vocabulary(path)
    if problems:
        raise CorpusInvalid(map(str, problems))
    return vocabulary


def read_vocabulary(path: Path) -> tuple[dict[str, FactSpec], list[Problem]]:
    """The common facts and the mistakes in their file."""
    file = YamlFile(path, path.name)
    if file.data is None:
        return {}, file.problems
    try:
        vocabulary = _FACTS.validate_python(file.data)
    except ValidationError as error:
        allowed = {name: list(FactSpec.model_fields) for name in file.data}
        return {}, [file.problem(*item) for item in explain(error, allowed)]
    problems = []
    for name, spec in vocabulary.items():
        others = [*spec.only_if, *([spec.at_most] if spec.at_most else [])]
        problems += [
            file.problem(
                name, f"事実「{other}」は宣言されていません", "only_if・at_most には語彙の名前を書きます"
            )
            for other in others
            if other not in vocabulary
        ]
    return vocabulary, problems


def read_grant(
    path: Path, vocabulary: Vocabulary, sources: Mapping[str, Source] | None
) -> tuple[Grant | None, list[Problem]]:
    """One grant file and its mistakes; without sources the check of source ids is left out."""
    file = YamlFile(path, f"grants/{path.name}")
    if file.data is None:
        return None, file.problems
    try:
        grant = Grant.model_validate(file.data)
    except ValidationError as error:
        return None, [file.problem(*item) for item in explain(error, _ALLOWED)]
    if grant.id != path.stem:
        return None, [
            file.problem(
                "id",
                f"ファイル名「{path.stem}」と違います",
                f"id: {path.stem} にするか、ファイル名を変えてください",
            )
        ]
    resolved, unread = resolve(grant, {**vocabulary, **grant.facts})
    problems = [file.problem(*item) for item in unread]
    problems += [file.problem(*item) for item in check_grant(resolved, vocabulary, sources)]
    return resolved.in_context(vocabulary, sources or {}), problems


def read_grants(
    directory: Path, sources: Mapping[str, Source] | None, facts_file: Path
) -> tuple[Grants, list[Problem]]:
    """All grants that can be read and every mistake in any file."""
    vocabulary, problems = read_vocabulary(facts_file)
    grants: dict[str, Grant] = {}
    unread = set()
    for path in sorted(directory.glob("*.yaml")):
        grant, found = read_grant(path, vocabulary, sources)
        problems += found
        if grant is None:
            unread.add(path.stem)
        else:
            grants[grant.id] = grant
    problems += [
        Problem(f"grants/{grant_id}.yaml", None, key, what, fix)
        for grant_id, key, what, fix in (*check_together(grants, unread), *check_shared_facts(grants))
    ]
    return Grants(grants, vocabulary, sources or {}), problems


def load_grants(directory: Path, sources: Mapping[str, Source], facts_file: Path | None = None) -> Grants:
    """The grants of ``directory``; ``facts_file`` is ``facts.yaml`` beside the directory unless told.

    Raises CorpusInvalid listing every mistake with file, line, key and fix.
    """
    grants, problems = read_grants(directory, sources, facts_file or directory.parent / "facts.yaml")
    if problems:
        raise CorpusInvalid(map(str, problems))
    return grants
