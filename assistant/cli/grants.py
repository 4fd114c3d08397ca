"""``assistant grants`` and ``assistant judge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from assistant.cli.frame import (
    CorpusOption,
    JsonOption,
    YearOption,
    guarded,
    make_settings,
    print_json,
    read_pairs,
    read_text,
    say,
)
from assistant.cli.verdicts import say_verdict
from assistant.errors import InputError
from assistant.export.values import grant_summary, grant_value
from assistant.grants.lint import lint_grants
from assistant.grants.loader import Grants, load_grants
from assistant.japanese.calendar import fiscal_year_label
from assistant.japanese.numbers import format_yen
from assistant.knowledge.sources import load_sources
from assistant.service import judge_facts
from assistant.settings import Settings

app = typer.Typer(
    help="登録されている交付金・支援制度を調べます。", rich_markup_mode=None, invoke_without_command=True
)


def _load(settings: Settings) -> Grants:
    sources = load_sources(settings.corpus / "sources.yaml")
    return load_grants(settings.corpus / "grants", sources, settings.corpus / "facts.yaml")


@app.callback()
@guarded
def list_grants(context: typer.Context, corpus: CorpusOption = None, as_json: JsonOption = False) -> None:
    """一覧を表示します（show で1件、lint で書き方の確認）。"""
    if context.invoked_subcommand is not None:
        return
    grants = _load(make_settings(corpus))
    if as_json:
        print_json([grant_summary(grant) for grant in grants])
        return
    for grant in sorted(grants, key=lambda g: (g.family, -g.fiscal_year)):
        say(f"{grant.id:<32} {fiscal_year_label(grant.fiscal_year)} {grant.name}（規則{len(grant.rules)}件）")


@app.command("show")
@guarded
def show(
    grant_id: Annotated[str, typer.Argument(help="制度のidまたは名前")],
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """1つの制度の規則・金額・日程・未確認事項を表示します。"""
    grant = _load(make_settings(corpus)).find(grant_id)
    if as_json:
        print_json(grant_value(grant))
        return
    say(f"{grant.name}（{fiscal_year_label(grant.fiscal_year)}）")
    say("\n規則")
    for rule in grant.rules:
        say(f"  ・{rule.says}〔{rule.clause.level} {rule.clause.source} {rule.clause.locator}〕")
    if grant.amounts:
        say("\n金額")
        for amount in grant.amounts:
            cap = format_yen(amount.cap_yen) if amount.cap_yen is not None else "上限未確認"
            say(f"  ・{amount.label}: 補助率 {amount.rate or '未確認'}、上限 {cap}")
    if grant.unknowns:
        say("\n確認できていないこと")
        for unknown in grant.unknowns:
            say(f"  ・{unknown.about}（確認先: {unknown.ask}）")


@app.command("lint")
@guarded
def lint(corpus: CorpusOption = None, as_json: JsonOption = False) -> None:
    """規則ファイルの誤りを、ファイル・項目・直し方つきで示します。"""
    settings = make_settings(corpus)
    problems = lint_grants(settings.corpus / "grants", load_sources(settings.corpus / "sources.yaml"))
    if as_json:
        print_json([str(problem) for problem in problems])
    else:
        for problem in problems:
            say(str(problem))
        say(f"{len(problems)}件の誤りがあります。" if problems else "誤りはありません。")
    if problems:
        raise typer.Exit(1)


@guarded
def judge(
    grant: Annotated[str, typer.Argument(help="制度のidまたは名前")],
    facts_file: Annotated[
        Path | None, typer.Option("--facts", help="事実を書いたYAMLファイル", show_default=False)
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("-f", "--fact", help="事実を 名前=値 で", show_default=False)
    ] = None,
    fiscal_year: YearOption = None,
    corpus: CorpusOption = None,
    as_json: JsonOption = False,
) -> None:
    """交付金の対象になり得るかを、規則ごとの根拠つきで判定します。"""
    settings = make_settings(corpus)
    facts = {**_read_facts_file(facts_file), **read_pairs(given or [])}
    verdict = judge_facts(_load(settings), grant, facts, fiscal_year=fiscal_year, today=settings.today)
    if as_json:
        print_json(verdict)
    else:
        say_verdict(verdict)


def _read_facts_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    text = read_text(path)
    if len(text) > 100_000 or ("&" in text and "*" in text):
        raise InputError(
            f"ファイル「{path}」は使えません。",
            why="大きすぎるか、YAMLの参照（&・*）が使われています。",
            remedy="名前: 値 だけを書いてください。",
        )
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(
            f"ファイル「{path}」を読めません。",
            why=str(error).splitlines()[0],
            remedy="名前: 値 の形で書いてください。",
        ) from None
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise InputError(
            f"ファイル「{path}」を読めません。",
            why="名前: 値 の並びではありません。",
            remedy="例: applicant: municipality",
        )
    return value
