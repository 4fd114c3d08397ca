"""``assistant cases``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cases.find import CaseResults
from assistant.cli.frame import (
    CorpusOption,
    IndexOption,
    JsonOption,
    guarded,
    make_settings,
    note,
    print_json,
    say,
)
from assistant.errors import InputError
from assistant.export.cases import cases_xlsx
from assistant.service import Assistant

_Several = list[str] | None


@guarded
def cases(
    words: Annotated[
        list[str] | None, typer.Argument(help="探したい内容（例: 買物支援）", show_default=False)
    ] = None,
    like: Annotated[
        str | None, typer.Option("--like", help="この自治体と似た自治体の事例を探します", show_default=False)
    ] = None,
    pillar: Annotated[
        _Several, typer.Option("--pillar", help="5本柱の番号（1〜5）", show_default=False)
    ] = None,
    theme: Annotated[
        _Several, typer.Option("--theme", help="テーマ（例: 空き家）", show_default=False)
    ] = None,
    prefecture: Annotated[
        _Several,
        typer.Option("--prefecture", help="都道府県または地方（例: 島根、四国）", show_default=False),
    ] = None,
    population: Annotated[
        str | None,
        typer.Option("--population", help="人口の範囲（最小-最大。例: 1000-5000）", show_default=False),
    ] = None,
    scheme: Annotated[
        _Several, typer.Option("--scheme", help="財源・制度（例: 企業版ふるさと納税）", show_default=False)
    ] = None,
    year: Annotated[
        str | None, typer.Option("--year", help="開始年（例: 2020、2018-2022、2020-）", show_default=False)
    ] = None,
    kind: Annotated[
        _Several, typer.Option("--kind", help="自治体の区分（町、村、中核市など）", show_default=False)
    ] = None,
    k: Annotated[int, typer.Option("-k", help="件数", min=1, max=1000)] = 10,
    as_json: JsonOption = False,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="結果をExcelファイルにも保存します", show_default=False)
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """取組事例を、見つかった理由・異なる点・出典つきで探します。"""
    assistant = Assistant.open(make_settings(corpus, index))
    results = assistant.find_cases(
        " ".join(words or ()),
        like=like,
        pillar=pillar,
        theme=theme,
        prefecture=prefecture,
        population=population,
        scheme=scheme,
        year=year,
        kind=kind,
        k=k,
    )
    for problem in assistant.cases.book.problems:
        note(f"追加した事例を読み込めません: {problem}")
    if xlsx is not None:
        if xlsx.is_dir() or xlsx.suffix.lower() != ".xlsx":
            raise InputError(
                f"「{xlsx}」には保存できません。",
                remedy="「事例.xlsx」のように、.xlsx で終わるファイル名を指定してください。",
            )
        xlsx.write_bytes(cases_xlsx(results))
        note(f"{xlsx} に{len(results.hits)}件を保存しました。")
    if as_json:
        print_json(results.hits)
        if not results.hits:
            _say_empty(results, note)
    else:
        _say(results)


def _say(results: CaseResults) -> None:
    if not results.hits:
        _say_empty(results, say)
        return
    say(f"{results.total}件の事例が条件に合います（{len(results.hits)}件を表示）。")
    for number, hit in enumerate(results.hits, 1):
        figure = f"、{hit.municipality} {hit.population:,}人" if hit.population is not None else ""
        say(
            f"\n{number}. {hit.title}（{hit.place}／{hit.prefecture}{figure}）〔柱{hit.pillar}・{'、'.join(hit.themes)}〕"
        )
        say(f"   取組: {hit.approach}")
        say(f"   成果: {hit.results or '出典で確認できていません。'}")
        for line in hit.why:
            say(f"   ○ {line}")
        for line in hit.differences:
            say(f"   △ {line}")
        for line in hit.cautions:
            say(f"   ※ {line}")
        for source in hit.sources:
            say(f"   出典 〔{source.level}〕{source.publisher}「{source.title}」{source.url}")
    for line in results.notes:
        say(f"\n※ {line}")


def _say_empty(results: CaseResults, tell: object) -> None:
    assert callable(tell)
    tell("条件に合う事例は見つかりませんでした。")
    for offer in results.loosen:
        tell(f"・「{offer.told}」を外すと{offer.count}件あります。")
    if not results.loosen:
        tell("・別の言葉でお試しください。")
