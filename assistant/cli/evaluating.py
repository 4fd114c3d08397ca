"""``assistant evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.frame import (
    CorpusOption,
    IndexOption,
    JsonOption,
    ModelOption,
    guarded,
    make_settings,
    note,
    print_json,
    say,
)
from assistant.evaluation.compare import Change, compare
from assistant.evaluation.entailment import OUR_CHECK
from assistant.evaluation.report import title_of
from assistant.evaluation.runs import Run, read_run
from assistant.evaluation.runs import evaluate as run_evaluation
from assistant.evaluation.score import Value
from assistant.service import Assistant


@guarded
def evaluate(
    gold: Annotated[
        Path | None, typer.Option("--gold", help="正解データ（JSONL）", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="結果を書くフォルダー", show_default=False)
    ] = None,
    compare_with: Annotated[
        Path | None, typer.Option("--compare", help="前の評価のフォルダー", show_default=False)
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="前の評価の回答を採点し直すとき、そのフォルダー", show_default=False),
    ] = None,
    split: Annotated[str, typer.Option("--split", help="dev・test・all")] = "all",
    entailment: Annotated[
        str,
        typer.Option("--entailment", help="裏付けの判定: evidence、または推論モデルの名前"),
    ] = OUR_CHECK,
    model: ModelOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """正解データの質問に答えさせ、採点し、報告を書きます。"""
    earlier = read_run(compare_with) if compare_with else None
    assistant = Assistant.open(make_settings(corpus, index, model=model))

    def progress(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            note(f"{done} / {total} 問")

    run = run_evaluation(
        assistant,
        gold_path=gold,
        out=out,
        split=split,
        model=model,
        entailment=entailment,
        earlier=earlier,
        answers=answers,
        on_progress=progress,
    )
    changes = compare(earlier.scores, run.scores) if earlier else []
    if as_json:
        print_json(run_json(run, changes))
        return
    say(f"{run.settings.n}問を評価しました（正解データ: {run.settings.gold}、分割: {run.settings.split}）。")
    for name, value in run.scores.measures.items():
        if value.value is not None:
            say(f"  {title_of(name)}: {_told(value)}")
    for change in changes:
        if change.better or change.worse:
            mark = "有意な差" if change.is_significant else "偶然の範囲"
            say(
                f"  {title_of(change.measure)}: {change.earlier} → {change.later}（p={change.p:.3f}、{mark}、"
                f"よくなった{len(change.better)}問、悪くなった{len(change.worse)}問）"
            )
    say(f"報告: {Path(run.out) / 'report.html'}")


def _told(value: Value) -> str:
    interval = f"（95％区間 {value.ci95[0]:.3f}〜{value.ci95[1]:.3f}）" if value.ci95 else ""
    return f"{value.value:.3f}{interval} {value.n}件"


def run_json(run: Run, changes: list[Change]) -> dict[str, Any]:
    """A run in the form that people script against."""
    value: dict[str, Any] = {
        "gold": run.settings.gold,
        "split": run.settings.split,
        "n": run.settings.n,
        "measures": {name: v.model_dump(mode="json") for name, v in run.scores.measures.items()},
        "by_kind": {
            kind: {name: v.model_dump(mode="json") for name, v in values.items()}
            for kind, values in run.scores.by_kind.items()
        },
        "verdicts": run.scores.verdicts.model_dump(mode="json") if run.scores.verdicts else None,
        "settings": run.settings.model_dump(mode="json"),
        "out": run.out,
    }
    if changes:
        value["compare"] = [change.model_dump(mode="json") for change in changes]
    return value
