"""Good-practice cases: one YAML file each, and each as a document that can be cited.

The fields hold polite sentences in our own words (``partners``, ``started`` and ``scheme`` may hold a
bare phrase).  A field that no source bears out is null.  The document names the place in every
sentence, because a sentence is shown to people by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from assistant.domain import Case, Document, Kind, Page, Source, Statement
from assistant.errors import CorpusInvalid
from assistant.japanese.text import split_sentences
from assistant.knowledge.sources import line_of, read_yaml, validation_problems, yaml_problem
from assistant.knowledge.themes import Themes, load_themes

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+$")
_SENTENCES = ("issue", "approach", "results", "lessons")
_CONFIDENCE = ("high", "medium", "low")
_YEARS = range(1950, 2031)
# A sentence that names what kind of thing the case is reads better as the point of the case.
_POINT = re.compile(r"(?:型|発想|点|考え方|形|順番|設計|組み合わせ|座組み|鍵|要|下地|決め手|例)です。$")
# What is planned, expected or not known is no result.
_NOT_YET = re.compile("確認できていません|目標|計画|見込|まだありません|これから")
_HEADINGS = ("課題", "取組", "連携", "財源", "成果", "留意点")


def load_cases(directory: Path, source_ids: Collection[str]) -> dict[str, Case]:
    """All cases of a directory by id, in the order of the file names.

    ``themes.yaml`` beside the directory is the closed list of themes.  Raises ``CorpusInvalid`` with
    every mistake of every file as 「file:line: what」: broken YAML, unknown keys, an id that is not
    the file's name, unknown sources or themes, a code with a wrong check digit, a sentence without 「。」.
    """
    themes = load_themes(directory.parent / "themes.yaml")
    cases: dict[str, Case] = {}
    problems: list[str] = []
    for path in sorted(directory.glob("*.yaml")):
        shown = f"{directory.name}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8")
            raw = read_yaml(text)
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{shown}:1: 読み込めません（{error}）")
            continue
        except yaml.YAMLError as error:
            problems.append(yaml_problem(shown, error))
            continue
        case, found = read_case(raw, shown=shown, text=text, source_ids=source_ids, themes=themes)
        problems += found
        if case is not None:
            if case.id != path.stem:
                problems.append(f"{shown}:{line_of(text, 'id')}: id「{case.id}」がファイル名と違います")
            cases[case.id] = case
    if problems:
        raise CorpusInvalid(problems)
    return cases


def read_case(
    raw: object, *, shown: str, text: str, source_ids: Collection[str], themes: Themes
) -> tuple[Case | None, list[str]]:
    """One case from its YAML value, and every mistake in it (``text``: the file, for line numbers)."""
    if not isinstance(raw, dict):
        return None, [f"{shown}:1: 項目の並び（名前: 値）になっていません"]
    try:
        case = Case.model_validate(raw)
    except ValidationError as error:
        return None, validation_problems(shown, text, error)
    return case, [
        f"{shown}:{line_of(text, key)}: {what}" for key, what in _mistakes(case, source_ids, themes)
    ]


def _mistakes(case: Case, source_ids: Collection[str], themes: Themes) -> Iterator[tuple[str, str]]:
    """Field and complaint."""
    if not _ID.match(case.id):
        yield "id", f"id「{case.id}」は小文字の英数字を「-」でつないでください"
    for key in _SENTENCES:
        value = getattr(case, key)
        if value is not None and (not value.strip() or not value.endswith("。")):
            yield key, f"{key} の文が「。」で終わっていません"
    for key in ("title", "place", "prefecture", *_SENTENCES, "partners", "started", "scheme"):
        if "\n" in (getattr(case, key) or ""):
            yield key, f"{key} に改行があります"
    if not case.municipality_codes:
        yield "municipality_codes", "団体コードがありません"
    for code in case.municipality_codes:
        if not _is_code(code):
            yield "municipality_codes", f"団体コード「{code}」の検査数字が合いません"
    if not case.themes:
        yield "themes", "テーマがありません"
    for theme in case.themes:
        if theme not in themes.names:
            yield "themes", f"テーマ「{theme}」は themes.yaml にありません"
    for source_id in dict.fromkeys((*case.source_ids, *_field_ids(case))):
        if source_id not in source_ids:
            yield "source_ids", f"出典 {source_id} は sources.yaml にありません"
    for source_id in dict.fromkeys(_field_ids(case)):
        if source_id not in case.source_ids:
            yield "field_sources", f"出典 {source_id} が source_ids にありません"
    for key in case.field_sources:
        if key not in Case.model_fields or getattr(case, key) is None:
            yield "field_sources", f"field_sources の {key} に当たる内容がありません"
    if case.start_year is not None and case.start_year not in _YEARS:
        yield "start_year", f"start_year {case.start_year} は年として正しくありません"
    if case.budget_yen is not None and case.budget_yen <= 0:
        yield "budget_yen", "budget_yen は1円以上の整数で書いてください"
    if case.results_date is not None and case.results is None:
        yield "results_date", "results がないのに results_date があります"
    if case.confidence not in _CONFIDENCE:
        yield "confidence", f"confidence は {'・'.join(_CONFIDENCE)} のいずれかです"


def _field_ids(case: Case) -> Iterator[str]:
    for ids in case.field_sources.values():
        yield from ids


def _is_code(code: str) -> bool:
    if not re.fullmatch(r"\d{6}", code):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    return code[5] == str((11 - total % 11) % 10)


def place_of(case: Case) -> str:
    """The place with its prefecture where one prefecture holds it: 「奈良県奈良市（月ヶ瀬地区）」."""
    prefectures = {code[:2] for code in case.municipality_codes}
    wide = any(code[2:5] == "000" for code in case.municipality_codes)
    if len(prefectures) > 1 or wide or case.place.startswith(case.prefecture):
        return case.place
    return case.prefecture + case.place


def case_document(case: Case, sources: Mapping[str, Source]) -> Document:
    """The case as a page of self-contained polite sentences under 課題・取組・連携・財源・成果・留意点.

    Each sentence is a statement with the sources of its field.  Raises ``CorpusInvalid`` where a
    source of the case is not in ``sources``.
    """
    strangers = [source_id for source_id in case.source_ids if source_id not in sources]
    if strangers:
        raise CorpusInvalid(
            [f"cases/{case.id}.yaml: 出典 {i} は sources.yaml にありません" for i in strangers]
        )
    place = place_of(case)
    title = f"{case.title}（{place}）"
    text = title + "\n"
    headings = [(0, 1, title)]
    statements: list[Statement] = []
    for heading in _HEADINGS:
        said = list(_section(heading, case, place))
        if not said:
            continue
        headings.append((len(text), 2, heading))
        text += heading + "\n"
        for sentence, source_ids in said:
            statements.append(
                Statement(start=len(text), end=len(text) + len(sentence), source_ids=source_ids)
            )
            text += sentence + "\n"
    page = Page(number=1, text=text, locator="事例", statements=tuple(statements), headings=tuple(headings))
    return Document(
        id=case.id,
        title=title,
        kind=Kind.CASE,
        pages=(page,),
        source_ids=case.source_ids,
        municipality_codes=case.municipality_codes,
        path=f"corpus/cases/{case.id}.yaml",
    )


def _section(heading: str, case: Case, place: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sentences of a section with the sources of their fields."""

    def borne(key: str) -> tuple[str, ...]:
        return case.field_sources.get(key) or case.source_ids

    def phrase(key: str, lead: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        value = getattr(case, key)
        if value is not None:
            if value.endswith("。"):
                yield from ((f"{place}では、{s}", borne(key)) for s in _sentences(value))
            else:
                yield f"{place}の取組の{lead}は、{value}です。", borne(key)

    def told(key: str, first: str, then: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for number, sentence in enumerate(_sentences(getattr(case, key) or "")):
            yield (first if number == 0 else then) + sentence, borne(key)

    if heading == "課題":
        yield from told("issue", f"{place}では、", f"{place}では、")
    elif heading == "取組":
        yield from told("approach", f"{place}では、", f"{place}の取組では、")
        yield from phrase("started", "開始時期")
    elif heading == "連携":
        yield from phrase("partners", "関係者")
    elif heading == "財源":
        yield from phrase("scheme", "財源・制度など")
    elif heading == "成果":
        for sentence in _sentences(case.results or ""):
            lead = "の取組では、" if _NOT_YET.search(sentence) else "の取組の成果として、"
            yield place + lead + sentence, borne("results")
        if case.results is None:
            yield f"{place}の取組の成果は、出典では確認できていません。", case.source_ids
    else:
        for sentence in _sentences(case.lessons or ""):
            lead = f"{place}の事例の要点は、" if _POINT.search(sentence) else f"{place}の事例では、"
            yield lead + sentence, borne("lessons")
        if case.confidence == "low":
            yield f"{place}の事例は断片的な情報によるため、一次資料での確認が必要です。", case.source_ids


def _sentences(value: str) -> Iterator[str]:
    for start, end in split_sentences(value):
        if sentence := value[start:end].strip():
            yield sentence
