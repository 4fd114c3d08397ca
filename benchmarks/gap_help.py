"""Drafts and help for gaps: is every sentence borne, do the grants fit, what does it cost?

    .venv/bin/python benchmarks/gap_help.py [--plans FOLDER]    writes benchmarks/gap_help.md

Plans: those under benchmarks/data/strategies, and what benchmarks/data/strategies/generate.py makes.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from assistant.domain import Outcome
from assistant.export.drafts import drafts_docx, lacking
from assistant.review.nouns import ReviewedItem
from assistant.service import Assistant
from assistant.settings import Settings

HERE = Path(__file__).parent
DATA = HERE / "data"


def generated(folder: Path) -> list[Path]:
    sys.path.insert(0, str(DATA / "strategies"))
    spec = importlib.util.spec_from_file_location("generate", DATA / "strategies" / "generate.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(folder)
    return sorted(folder.iterdir())


def measure_drafts(assistant: Assistant, plans: list[Path]) -> list[str]:
    rows = ["| plan | gaps | sentences | sourced | to complete | quotes | bare |", "|---|---|---|---|---|---|---|"]
    seconds: dict[str, list[float]] = {"hold": [], "draft": [], "file": []}
    totals = [0] * 6
    for path in plans:
        document, _ = assistant.read_upload(path, path.name)
        at = time.perf_counter()
        review = assistant.reviews.hold(document)
        seconds["hold"].append(time.perf_counter() - at)
        at = time.perf_counter()
        drafts = assistant.reviews.draft(review)
        seconds["draft"].append(time.perf_counter() - at)
        at = time.perf_counter()
        content = drafts_docx(drafts, today=assistant.settings.today)
        seconds["file"].append(time.perf_counter() - at)
        kinds = [s.kind for gap in drafts.gaps for s in gap.sentences]
        counts = [len(drafts.gaps), len(kinds), *(kinds.count(k) for k in ("sourced", "slot", "document"))]
        counts.append(len(lacking(content)))
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        rows.append(f"| {path.name} | {' | '.join(map(str, counts))} |")
    rows.append(f"| **all {len(plans)}** | {' | '.join(f'**{n}**' for n in totals)} |")
    told = ", ".join(
        f"{name} {statistics.median(values):.2f} (first {values[0]:.2f})" for name, values in seconds.items()
    )
    return [*rows, "", f"Seconds a plan, median: {told}. `hold` holds the requirements, finds cases and grants."]


def measure_help(assistant: Assistant) -> list[str]:
    labels = yaml.safe_load((DATA / "gap_help.yaml").read_text(encoding="utf-8"))
    items = tuple(
        ReviewedItem(
            requirement_id=r.id, requirement=r.requirement, outcome=Outcome.NOT_MET, advice=r.advice,
            clause=r.outward_clause(assistant.sources), pillar=r.pillar, draft=r.draft, chapter=r.chapter,
        )
        for r in assistant.reviews.requirements.requirements
    )  # fmt: skip
    review = assistant.reviews.hold(assistant.read_upload(DATA / "strategies" / "in-usual-words.md", "a.md")[0])
    helped = assistant.reviews.with_help(review.model_copy(update={"items": items}))
    shown = fitting = hit = old = 0
    rows = ["| gap | grants told (✗ does not fit, † of an earlier year, told as such) |", "|---|---|"]
    for item in helped.items:
        if item.pillar is None:
            continue
        fits = labels["grants"].get(item.requirement_id, [])
        told = []
        for hint in item.grants:
            shown, fitting, old = shown + 1, fitting + (hint.id in fits), old + (not hint.is_current)
            told.append(f"{hint.id}{'' if hint.id in fits else ' ✗'}{'' if hint.is_current else ' †'}")
        hit += bool(fits) and any(hint.id in fits for hint in item.grants)
        rows.append(f"| {item.requirement_id} | {'、'.join(told) or '—'} |")
    wanted = sum(bool(fits) for fits in labels["grants"].values())
    drafts = assistant.reviews.draft(helped)
    said = [gap.requirement_id for gap in drafts.gaps if gap.of("background")]
    off = [i for i in said if i in labels["background"]["off_topic"]]
    cases = sum(bool(item.cases) for item in helped.items)
    return [
        f"- Grants that fit, of those told: **{fitting}/{shown} = {fitting / shown:.2f}**;"
        f" gaps with a fitting one told, of those for which one is known: **{hit}/{wanted} = {hit / wanted:.2f}**;"
        f" of an earlier year: {old}, each told as such.",
        f"- Background from the clause's own source: {len(said)} of {len(items)} requirements;"
        f" to the point: {len(said) - len(off)}/{len(said)} = {(len(said) - len(off)) / len(said):.2f}.",
        f"- Cases: {cases} of {sum(item.pillar is not None for item in helped.items)} gaps of the five pillars.",
        "",
        *rows,
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--plans", type=Path)
    options = parser.parse_args()
    assistant = Assistant.open(Settings())
    with tempfile.TemporaryDirectory() as folder:
        made = sorted(options.plans.iterdir()) if options.plans else generated(Path(folder))
        drafts = measure_drafts(assistant, [*made, *sorted((DATA / "strategies").rglob("*.md"))])
    lines = [
        "# Drafts and help for gaps",
        "",
        "`benchmarks/gap_help.py`; labels in `benchmarks/data/gap_help.yaml` (one reader, who had seen earlier output: an"
        " upper bound). Times on a shared machine of two cores.",
        "",
        "## No sentence without a source or a slot",
        "",
        "The Word file of each plan is read again; *bare* counts its sentences with neither a footnote nor a 【要記入：…】.",
        "",
        *drafts,
        "",
        "## Do they fit?",
        "",
        *measure_help(assistant),
    ]
    (HERE / "gap_help.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
