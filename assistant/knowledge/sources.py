"""The register of sources: what every statement, rule and case points to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from assistant.domain import Source
from assistant.errors import CorpusInvalid

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """YAML that refuses a key given twice: the second would silently replace the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping; raises ``ConstructorError`` for a repeated key."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = getattr(key_node, "value", None)
            if isinstance(key, str):
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"キー「{key}」が2回書かれています", key_node.start_mark
                    )
                seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


_COMPLAINTS = {
    "extra_forbidden": "知らない項目です",
    "missing": "必要な項目がありません",
    "string_type": "言葉で書いてください",
    "enum": "選べる値ではありません",
}


def read_yaml(text: str) -> Any:
    """Parse YAML; repeated keys are errors. Raises ``yaml.YAMLError`` (its message names the line)."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of the safe loader


def yaml_problem(shown: str, error: yaml.YAMLError) -> str:
    """「file:line: what」 for a YAML error."""
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or ""
    what = said if said.startswith("キー") else f"YAMLとして読めません（{said}）"
    return f"{shown}:{mark.line + 1 if mark else 1}: {what}"


def line_of(text: str, token: str, key: str = "") -> int:
    """Number of the first line of ``text`` that holds ``token`` as a word (after ``key`` where given); 1 if none."""
    start = 0
    if key:
        found = re.search(rf"^\s*{re.escape(key)}\s*:", text, re.M)
        start = found.start() if found else 0
    match = re.compile(rf"(?<![\w-]){re.escape(token)}(?![\w-])").search(text, start)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def validation_problems(shown: str, text: str, error: ValidationError, key: str = "") -> list[str]:
    """「file:line: field: what」 for every complaint of pydantic about one entry."""
    problems = []
    for complaint in error.errors():
        field = ".".join(str(part) for part in complaint["loc"]) or "項目全体"
        line = line_of(text, str(complaint["loc"][0]), key) if complaint["loc"] else line_of(text, key or "")
        what = _COMPLAINTS.get(complaint["type"]) or f"値が正しくありません（{complaint['msg']}）"
        problems.append(f"{shown}:{line}: {key + ' の ' if key else ''}{field}: {what}")
    return problems


def _about_links(source: Source, known: dict[str, Source]) -> list[str]:
    said = []
    for name, url in (("url", source.url), ("file_url", source.file_url)):
        if url is None:
            continue
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            said.append(f"{name} が http(s) のアドレスではありません: {url}")
    if source.superseded_by is not None and source.superseded_by not in known:
        said.append(f"superseded_by の {source.superseded_by} は登録されていません")
    if source.superseded_by == source.id:
        said.append("superseded_by が自分自身を指しています")
    return said


def load_sources(path: Path) -> dict[str, Source]:
    """Read the register (a YAML mapping id → entry), in the order of the file.

    Raises ``CorpusInvalid`` with every mistake, each as 「file:line: what」: repeated or
    malformed ids, unknown or missing keys, addresses that are none, and
    ``superseded_by`` that points nowhere.
    """
    shown = path.name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CorpusInvalid([f"{shown}: 読み込めません（{error.strerror or error}）"]) from error
    try:
        entries = read_yaml(text)
    except yaml.YAMLError as error:
        raise CorpusInvalid([yaml_problem(shown, error)]) from error
    if not isinstance(entries, dict):
        raise CorpusInvalid([f"{shown}:1: 出典の番号から内容への対応表ではありません"])
    problems: list[str] = []
    sources: dict[str, Source] = {}
    for source_id, entry in entries.items():
        key = str(source_id)
        if not isinstance(entry, dict):
            problems.append(f"{shown}:{line_of(text, key)}: {key} の内容がありません")
            continue
        try:
            sources[key] = Source(id=key, **entry)
        except ValidationError as error:
            problems += validation_problems(shown, text, error, key)
        except TypeError:
            problems.append(f"{shown}:{line_of(text, key)}: {key} に id を重ねて書かないでください")
    for key, source in sources.items():
        problems += [f"{shown}:{line_of(text, key)}: {key}: {what}" for what in _about_links(source, sources)]
    if problems:
        raise CorpusInvalid(problems)
    return sources
