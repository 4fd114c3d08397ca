"""Cases that people add: YAML files under ``ASSISTANT_HOME/cases``, read by the loader of the corpus.

A file holds the fields of a case and, under ``sources``, the sources it points to.  Whatever a person says
of a source, it counts as 第三者: nobody here has read it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.domain import Case, Level, Source
from assistant.errors import CorpusInvalid, StorageFailed
from assistant.knowledge.cases import read_case
from assistant.knowledge.sources import line_of, read_yaml, yaml_problem
from assistant.knowledge.themes import Themes

_MOST_BYTES = 200_000
_ID = re.compile(r"own-[a-z0-9]+(?:-[a-z0-9]+)*$")
_NOTE = "利用者が登録した出典です。内容は確認していません。"


@dataclass(frozen=True)
class OwnCases:
    """What a folder of added cases holds; ``problems`` lists the files that could not be read."""

    cases: Mapping[str, Case] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_own_case(
    text: str, *, shown: str, themes: Themes, known: Mapping[str, Source], today: date
) -> tuple[Case | None, dict[str, Source], list[str]]:
    """One added case from its YAML, its own sources, and every mistake as 「file:line: what」."""
    if len(text.encode()) > _MOST_BYTES:
        return None, {}, [f"{shown}:1: ファイルが大きすぎます（上限{_MOST_BYTES:,}バイト）"]
    if re.search(r"(?m)^[^\"'#]*:\s*[&*]\w", text):
        return None, {}, [f"{shown}:1: YAMLの参照（&・*）は使えません"]
    try:
        raw = read_yaml(text)
    except yaml.YAMLError as error:
        return None, {}, [yaml_problem(shown, error)]
    if not isinstance(raw, dict):
        return None, {}, [f"{shown}:1: 項目の並び（名前: 値）になっていません"]
    raw = dict(raw)
    sources, problems = _read_sources(raw.pop("sources", {}), shown, text, today)
    case, found = read_case(raw, shown=shown, text=text, source_ids={*known, *sources}, themes=themes)
    problems += found
    if case is not None and not _ID.match(case.id):
        problems.append(
            f"{shown}:{line_of(text, 'id')}: 追加する事例の id は「own-」で始めてください（{case.id}）"
        )
    return case, sources, problems


def _read_sources(raw: Any, shown: str, text: str, today: date) -> tuple[dict[str, Source], list[str]]:
    if not isinstance(raw, dict):
        return {}, [f"{shown}:{line_of(text, 'sources')}: sources は 番号: 内容 の並びで書いてください"]
    sources: dict[str, Source] = {}
    problems = []
    for key, entry in raw.items():
        line = line_of(text, str(key), "sources")
        if not isinstance(entry, dict):
            problems.append(f"{shown}:{line}: 出典 {key} の内容がありません")
            continue
        url = str(entry.get("url") or "")
        title, publisher = str(entry.get("title") or "").strip(), str(entry.get("publisher") or "").strip()
        if not title or not publisher:
            problems.append(
                f"{shown}:{line}: 出典 {key} に title（題名）と publisher（発行元）を書いてください"
            )
        elif not re.match(r"https?://[^\s/]+", url):
            problems.append(f"{shown}:{line}: 出典 {key} の url が http(s) のアドレスではありません")
        elif not re.fullmatch(r"U[A-Za-z0-9-]+", str(key)):
            problems.append(f"{shown}:{line}: 出典の番号 {key} は「U」で始まる英数字にしてください")
        else:
            sources[str(key)] = Source(
                id=str(key),
                title=title,
                publisher=publisher,
                url=url,
                level=Level.THIRD_PARTY,
                checked=today,
                note=_NOTE,
            )
    return sources, problems


def load_own_cases(directory: Path, *, themes: Themes, known: Mapping[str, Source], today: date) -> OwnCases:
    """All added cases of a folder; a file with mistakes is left out and told in ``problems``."""
    cases: dict[str, Case] = {}
    sources: dict[str, Source] = {}
    problems: list[str] = []
    for path in sorted(directory.glob("*.yaml")) if directory.is_dir() else ():
        shown = f"cases/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{shown}:1: 読み込めません（{error}）")
            continue
        case, own, found = read_own_case(text, shown=shown, themes=themes, known=known, today=today)
        if case is not None and case.id != path.stem:
            found.append(f"{shown}:{line_of(text, 'id')}: id「{case.id}」がファイル名と違います")
        found += [f"{shown}:1: 出典の番号 {i} がほかの事例と重なっています" for i in own if i in sources]
        problems += found
        if case is not None and not found:
            cases[case.id] = case
            sources.update(own)
    return OwnCases(cases, sources, tuple(problems))


def render_own_case(case: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> str:
    """The YAML of an added case."""
    text: str = yaml.safe_dump(
        {**case, "sources": dict(sources)}, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text


def save_own_case(
    directory: Path, text: str, *, themes: Themes, known: Mapping[str, Source], today: date
) -> Case:
    """Check and write an added case; the file's name is made from its checked id alone.

    Raises ``CorpusInvalid`` with every mistake, and where a case of that id is already there.
    """
    case, _, problems = read_own_case(text, shown="入力", themes=themes, known=known, today=today)
    if case is not None and not problems and (directory / f"{case.id}.yaml").exists():
        problems = [f"入力: id「{case.id}」の事例はすでにあります"]
    if case is None or problems:
        raise CorpusInvalid(problems)
    path = directory / f"{case.id}.yaml"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageFailed(
            "事例を保存できませんでした。",
            why=error.strerror or str(error),
            remedy="保存先の空き容量と書き込み権限をご確認ください。",
        ) from error
    return case


def delete_own_case(directory: Path, case_id: str) -> None:
    """Remove an added case; nothing happens where there is none."""
    if _ID.match(case_id):
        (directory / f"{case_id}.yaml").unlink(missing_ok=True)


def signature(directory: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file of the folder is added, changed or removed."""
    if not directory.is_dir():
        return ()
    return tuple(
        (path.name, (stat := path.stat()).st_mtime_ns, stat.st_size)
        for path in sorted(directory.glob("*.yaml"))
    )
