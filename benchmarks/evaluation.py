"""The gold questions as a report in Markdown: targets, all measures with intervals, kinds, the ten worst items.

    python benchmarks/evaluation.py [--split test|dev|all] > benchmarks/evaluation.md

The test half is for reporting, not for looking at while the system is being changed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.evaluation.entailment import OUR_CHECK  # noqa: E402
from assistant.evaluation.failures import worst  # noqa: E402
from assistant.evaluation.gold import load_gold, pick  # noqa: E402
from assistant.evaluation.runs import Run, default_gold, evaluate, scenes_again  # noqa: E402
from assistant.evaluation.scene import Scene  # noqa: E402
from assistant.evaluation.score import FALSE_ELIGIBLE, VERDICT_ACCURACY, Value  # noqa: E402
from assistant.ingest import ingest  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

TARGETS: dict[str, tuple[str, float]] = {
    "citation_precision": ("≥", 0.97),
    "citation_recall": ("≥", 0.97),
    "quote_exact": ("=", 1.0),
    "false_answer_rate": ("≤", 0.05),
    "over_refusal": ("≤", 0.08),
    "nugget_vital": ("≥", 0.85),
    VERDICT_ACCURACY: ("≥", 0.97),
    FALSE_ELIGIBLE: ("=", 0.0),
    "right_year": ("=", 1.0),
}
KIND_COLUMNS = ("nugget_vital", "over_refusal", "false_answer_rate", "status_right", "mrr_10")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", default="test", choices=["dev", "test", "all"])
    split = parser.parse_args().split
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=Path(folder) / "index", home=Path(folder) / "home", today=date(2026, 11, 23), model=None
        )
        ingest(settings)
        assistant = Assistant.open(settings)
        run = evaluate(assistant, split=split, out=Path(folder) / "run")
        gold = pick(load_gold(default_gold(settings)), split)
        _print(run, scenes_again(Path(folder) / "run", gold, assistant, OUR_CHECK))


def _reached(value: Value, sign: str, target: float) -> bool:
    if value.value is None:
        return False
    return {"≥": value.value >= target, "≤": value.value <= target, "=": value.value == target}[sign]


def _cell(value: Value | None) -> str:
    return "—" if value is None or value.value is None else f"{value.value:.3f}"


def _interval(value: Value) -> str:
    return f"{value.ci95[0]:.3f}–{value.ci95[1]:.3f}" if value.ci95 else "—"


def _print(run: Run, scenes: list[Scene]) -> None:
    told = run.settings
    answerable = sum(scene.gold.answerable for scene in scenes)
    print(f"# Evaluation on the {told.split} half\n")
    print(
        f"{told.n} gold questions ({answerable} answerable, {told.n - answerable} not), digest {told.gold_digest}; "
        f"corpus {told.corpus_digest}, index {told.index_digest[:16]}, no chat model.  "
        f"Made by `python benchmarks/evaluation.py --split {told.split}`.  Intervals: 95 %, bootstrap over "
        "questions (Wilson's where all went alike).  Entailment is judged by the evidence check that also guards "
        "the answers, so citation precision and recall say that nothing slipped past it; nuggets, matched "
        "citations, years and false answers are judged by the gold alone.\n"
    )
    print(
        "## Targets\n\n| measure | target | value | 95 % interval | items | |\n|---|---:|---:|---|---:|---|"
    )
    for name, (sign, target) in TARGETS.items():
        value = run.scores.measures[name]
        good = "reached" if _reached(value, sign, target) else "**missed**"
        print(f"| {name} | {sign} {target:g} | {_cell(value)} | {_interval(value)} | {value.n} | {good} |")
    print("\n## All measures\n\n| measure | value | 95 % interval | items |\n|---|---:|---|---:|")
    for name, value in run.scores.measures.items():
        print(f"| {name} | {_cell(value)} | {_interval(value)} | {value.n} |")
    if run.scores.verdicts:
        names = run.scores.verdicts.outcomes
        print("\n## Verdicts on the gold projects (rows gold, columns said)\n")
        print("| | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names))
        for name, row in zip(names, run.scores.verdicts.matrix, strict=True):
            print(f"| {name} | " + " | ".join(map(str, row)) + " |")
    print("\n## By kind\n\n| kind | items | " + " | ".join(KIND_COLUMNS) + " |")
    print("|---|---:|" + "---:|" * len(KIND_COLUMNS))
    for kind, values in run.scores.by_kind.items():
        items = sum(scene.gold.kind == kind for scene in scenes)
        print(f"| {kind} | {items} | " + " | ".join(_cell(values.get(name)) for name in KIND_COLUMNS) + " |")
    print("\n## The ten worst items\n\n| item | question | why |\n|---|---|---|")
    by_id = {scene.gold.id: scene.gold for scene in scenes}
    for failure in worst(scenes):
        asked = " → ".join((*by_id[failure.item].history, by_id[failure.item].question))
        print(f"| {failure.item} | {asked.replace('|', '／')} | {failure.reason.replace('|', '／')} |")


if __name__ == "__main__":
    main()
