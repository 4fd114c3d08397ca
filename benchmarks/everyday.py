"""Everyday questions, worded as people ask on municipal FAQ pages, and what the assistant makes of them.

    python benchmarks/everyday.py > benchmarks/everyday.md

Prints a Markdown table: the question, how it ended, and the first sentence shown.  ○ where a vital point of
the gold was shown (or, for a question outside the sources, nothing was claimed), × otherwise.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.evaluation.entailment import OUR_CHECK, EvidenceCheck  # noqa: E402
from assistant.evaluation.failures import failures_of  # noqa: E402
from assistant.evaluation.generate import generate  # noqa: E402
from assistant.evaluation.gold import load_gold  # noqa: E402
from assistant.evaluation.runs import stored_in  # noqa: E402
from assistant.evaluation.score import inspect_all, score  # noqa: E402
from assistant.ingest import ingest  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

QUESTIONS = ROOT / "benchmarks" / "data" / "everyday.jsonl"
GRAVE = 40  # weight of a failure from which an answer counts as wrong
SHOWN = ("nugget_vital", "over_refusal", "false_answer_rate", "citation_recall", "quote_exact")


def main() -> None:
    gold = load_gold(QUESTIONS)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=Path(folder) / "index", home=Path(folder) / "home", today=date(2026, 11, 23), model=None
        )
        ingest(settings)
        assistant = Assistant.open(settings)
        scenes = inspect_all(gold, generate(assistant, gold), EvidenceCheck(), stored_in(assistant))
    scores = score(scenes, OUR_CHECK)
    right = [all(f.weight < GRAVE for f in failures_of(scene)) for scene in scenes]
    print("# Everyday questions\n")
    print(
        f"{len(gold)} questions, worded as on municipal FAQ pages: {sum(g.answerable for g in gold)} that the "
        f"sources answer and {sum(not g.answerable for g in gold)} that they do not.  Right: {sum(right)}.  "
        "Made by `python benchmarks/everyday.py`.\n"
    )
    print("| measure | value | 95 % interval | items |\n|---|---:|---|---:|")
    for name in SHOWN:
        value = scores.measures[name]
        if value.value is not None and value.ci95:
            print(f"| {name} | {value.value:.3f} | {value.ci95[0]:.3f}–{value.ci95[1]:.3f} | {value.n} |")
    print("\n| | question | ended | first sentence, or why it is wrong |\n|---|---|---|---|")
    for scene, good in zip(scenes, right, strict=True):
        first = scene.given.claims[0].text if scene.given.claims else scene.given.text.split("\n")[0]
        told = first if good else failures_of(scene)[0].reason
        print(
            f"| {'○' if good else '×'} | {scene.gold.question} | {scene.given.status} | {told.replace('|', '／')} |"
        )


if __name__ == "__main__":
    main()
