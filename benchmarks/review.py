"""How well the review finds what a strategy lacks: ``python benchmarks/review.py``.

Prints, for the plans of ``benchmarks/data/strategies`` (first half: seen while writing; second half: held out):
recall of omissions and decoys, false alarms, right pages of quotes, right cells of KPI tables, and time and
memory for 100 pages.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "data" / "strategies")]

import generate  # noqa: E402
from writing import write_pdf  # noqa: E402

from assistant.domain import Kind, Outcome  # noqa: E402
from assistant.japanese.text import find_quote  # noqa: E402
from assistant.knowledge.files.safely import read_safely  # noqa: E402
from assistant.knowledge.sources import load_sources  # noqa: E402
from assistant.review.requirements import load_requirements  # noqa: E402
from assistant.review.review import review_document  # noqa: E402

TODAY = date(2026, 11, 23)


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "0/0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list every wrong label")
    show = parser.parse_args().show
    sources = load_sources(ROOT / "corpus" / "sources.yaml")
    requirements = load_requirements(ROOT / "corpus" / "requirements" / "strategy.yaml", sources)
    with tempfile.TemporaryDirectory() as folder:
        made = generate.make(Path(folder))
        tallies = {True: Counter(), False: Counter()}
        pages = 0
        for plan in made:
            document = read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD)
            pages += len(document.pages)
            review = review_document(document, requirements, sources=sources, today=TODAY)
            count(plan, document, review, tallies[plan.held_out], show)
        for held_out, tally in tallies.items():
            report("held out" if held_out else "seen", tally)
        report("all", tallies[True] + tallies[False])
        print(f"plans {len(made)}, pages {pages}")
        hundred_pages(made, requirements, sources, Path(folder))


def count(plan, document, review, tally, show) -> None:
    outcomes = {item.requirement_id: item for item in review.items}
    for requirement, label in plan.labels.items():
        item = outcomes[requirement]
        tally["labels"] += 1
        if label == "met":
            tally["present"] += 1
            wrong = item.outcome is not Outcome.MET
            tally["false alarms"] += wrong
            if not wrong and requirement in plan.pages:
                tally["quoted"] += 1
                tally["right page"] += plan.pages[requirement] in {q.page for q in item.evidence}
        else:
            wanted = Outcome.UNKNOWN if label == "unknown" else Outcome.NOT_MET
            tally[label] += 1
            wrong = item.outcome is not wanted
            tally[f"{label} found"] += not wrong
        if wrong and show:
            quote = item.evidence[0].quote if item.evidence else ""
            print(f"  {plan.name} {requirement}: {label} → {item.outcome} | {item.because} | {quote[:80]}")
    for item in review.items:
        for quote in item.evidence:
            tally["quotes"] += 1
            page = document.pages[quote.page - 1].text
            tally["verbatim"] += page[quote.start : quote.end] == quote.quote
    found = {k.indicator.split("（")[0]: k for k in review.summary.kpis}
    for indicator, unit, base, base_year, target, target_year in plan.kpis:
        kpi = found.get(indicator.split("（")[0])
        cells = [indicator, unit, base, base_year, target, target_year]
        read = (
            [None] * 6
            if kpi is None
            else [indicator, kpi.unit, kpi.baseline, kpi.baseline_year, kpi.target, kpi.target_year]
        )
        tally["cells"] += 6
        right = sum(
            a == b
            or (isinstance(a, str) and isinstance(b, str) and find_quote(a, b) == (0, len(b)))
            or (a == "" and b in ("", "－"))
            for a, b in zip(cells, read, strict=True)
        )
        tally["right cells"] += right
        if right < 6 and show:
            print(f"  {plan.name} KPI {cells} → {read}")
    extra = len(review.summary.kpis) - len(plan.kpis)
    tally["invented rows"] += max(0, extra)


def report(name: str, t: Counter) -> None:
    missing = t["absent"] + t["decoy"]
    print(f"\n{name}: {t['labels']} labels")
    print(
        f"  omissions and decoys found  {share(t['absent found'] + t['decoy found'], missing)}  (omitted {share(t['absent found'], t['absent'])}, decoys {share(t['decoy found'], t['decoy'])})"
    )
    print(f"  unknown beside a scanned page  {share(t['unknown found'], t['unknown'])}")
    print(f"  false alarms  {share(t['false alarms'], t['present'])}")
    print(f"  right page among the quotes  {share(t['right page'], t['quoted'])}")
    print(f"  quotes verbatim  {share(t['verbatim'], t['quotes'])}")
    print(f"  KPI cells right  {share(t['right cells'], t['cells'])}; rows too many {t['invented rows']}")


def hundred_pages(made, requirements, sources, folder: Path) -> None:
    """One PDF of at least 100 pages, made by repeating a plan's chapters."""
    plan = next(p for p in made if p.layout == "column")
    plan.name, body = "hundred", list(plan.lines)
    while len(plan.lines) < 3600:
        plan.lines += body
    write_pdf(plan, folder)
    begun = time.perf_counter()
    document = read_safely(plan.path, name="hundred.pdf", kind=Kind.UPLOAD)
    read = time.perf_counter()
    review_document(document, requirements, sources=sources, today=TODAY)
    done = time.perf_counter()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"\n{len(document.pages)} pages: reading {read - begun:.1f} s, review {done - read:.1f} s, peak {own:.0f} MB + reader {child:.0f} MB"
    )


if __name__ == "__main__":
    main()
