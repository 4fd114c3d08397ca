"""``assistant index build`` and ``assistant index check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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
from assistant.ingest import IngestReport, check, ingest
from assistant.knowledge.coverage import coverage_rows
from assistant.settings import Settings

app = typer.Typer(help="検索用の索引を作り、確かめます。", no_args_is_help=True, rich_markup_mode=None)


@app.command("build")
@guarded
def build(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="資料データに加えるファイルやフォルダー", show_default=False)
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="変わっていない文書も読み直します")] = False,
    adapt: Annotated[
        bool,
        typer.Option(
            "--adapt", help="手元の資料に合わせて文ベクトルを調整してから作ります（1万断片で1分ほど）"
        ),
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """資料データ（と指定のファイル）から索引を作ります。途中で止めても、古い索引はそのまま使えます。"""
    report = build_with_progress(make_settings(corpus, index), paths or [], fresh=fresh, adapt=adapt)
    if as_json:
        print_json(_report_json(report))
    else:
        _say_report(report)


def build_with_progress(
    settings: Settings, paths: list[Path], *, fresh: bool = False, adapt: bool = False
) -> IngestReport:
    """Build with a moving status line where a person watches."""
    console = Console(stderr=True)
    with console.status("索引を作っています…", spinner="line") as status:
        return ingest(settings, paths, fresh=fresh, adapt=adapt, progress=lambda text: status.update(text))


def _report_json(report: IngestReport) -> dict[str, object]:
    built = report.build
    return {
        "documents": built.documents if built else 0,
        "passages": built.passages if built else 0,
        "added": built.added if built else 0,
        "changed": built.changed if built else 0,
        "removed": built.removed if built else 0,
        "unchanged": built.unchanged if built else 0,
        "published": built.published if built else False,
        "digest": built.digest if built else "",
        "seconds": built.seconds if built else 0.0,
        "files": report.files,
        "unreadable": report.unreadable,
        "unreadable_pages": {name: list(pages) for name, pages in report.pages_unreadable.items()},
    }


def _say_report(report: IngestReport) -> None:
    built = report.build
    if built is not None:
        changed = f"追加{built.added}・変更{built.changed}・削除{built.removed}・変更なし{built.unchanged}"
        say(f"索引: 文書{built.documents:,}件、断片{built.passages:,}件（{changed}、{built.seconds:.1f}秒）")
        if not built.published:
            say("変わった資料がないため、いまの索引をそのまま使います。")
    for name, why in report.unreadable.items():
        note(f"読み込めなかったファイル: {name}（{why}）")
    for name, pages in report.pages_unreadable.items():
        note(f"読み取れなかったページ: {name} の {'、'.join(map(str, pages[:20]))}ページ")


@app.command("check")
@guarded
def check_command(
    corpus: CorpusOption = None, index: IndexOption = None, as_json: JsonOption = False
) -> None:
    """索引が壊れていないか、資料データと一致しているか、資料データに不足がないかを確かめます。"""
    result = check(make_settings(corpus, index))
    if as_json:
        print_json(
            {"problems": result.problems, "added_files": result.added_files, "coverage": result.coverage}
        )
    else:
        for line in result.problems or ("索引は壊れておらず、資料データと一致しています。",):
            say(line)
        if result.added_files:
            say(f"資料データのほかに加えた文書: {len(result.added_files):,}件")
        for name, value in coverage_rows(result.coverage):
            say(f"{name}: {value}")
    if result.problems:
        raise typer.Exit(1)
