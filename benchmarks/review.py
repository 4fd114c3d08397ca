"""How well the review finds what a strategy lacks: ``python benchmarks/review.py``.

Prints, for the plans of ``benchmarks/data/strategies`` (first half: seen while writing; second half: held out):
recall of omissions and decoys, false alarms, right pages of quotes, right cells of KPI tables; then the same for
each of the plans in unfamiliar words. ``--long`` measures time and memory for 100, 300 and 1,000 pages instead.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "data" / "strategies")]

import generate  # noqa: E402
import unfamiliar  # noqa: E402
from writing import write_pdf  # noqa: E402

from assistant.domain import Kind, Outcome  # noqa: E402
from assistant.errors import FileUnreadable  # noqa: E402
from assistant.japanese.text import find_quote  # noqa: E402
from assistant.knowledge.files.limits import DEFAULT  # noqa: E402
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
    parser.add_argument("--long", action="store_true", help="time and memory of long documents only")
    parser.add_argument("--pages", type=int, help="one long document of about so many pages, in this process")
    given = parser.parse_args()
    show = given.show
    sources = load_sources(ROOT / "corpus" / "sources.yaml")
    requirements = load_requirements(ROOT / "corpus" / "requirements" / "strategy.yaml", sources)
    if given.pages:
        long_document(given.pages, requirements, sources)
        return
    if given.long:
        for pages in (100, 300, 1000):  # each in a process of its own, so that its peak is its own
            subprocess.run([sys.executable, __file__, "--pages", str(pages)], check=True)
        return
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
        in_unfamiliar_words(Path(folder), requirements, sources, show)


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


def in_unfamiliar_words(folder: Path, requirements, sources, show) -> None:
    """Each plan of ``unfamiliar``: what is borne and called so, unknown or missing; what is missing and called so."""
    whole = Counter()
    print("\nin unfamiliar words")
    for names in unfamiliar.WRITTEN:
        for plan in unfamiliar.make(names, folder):
            document = read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD)
            review = review_document(document, requirements, sources=sources, today=TODAY)
            tally = tally_of(plan, document, review, show)
            told(f"{plan.name} ({len(document.pages)} pages)", tally)
            whole += tally
    told("all", whole)


def tally_of(plan, document, review, show) -> Counter:
    tally = Counter()
    items = {item.requirement_id: item for item in review.items}
    text_by_page = {page.number: re.sub(r"\s", "", page.text) for page in document.pages}
    for requirement, (label, words) in plan.labels.items():
        item = items[requirement]
        kind = "borne" if label == "met" else "missing"
        tally[kind] += 1
        tally[f"{kind} {item.outcome}"] += 1
        flat = [re.sub(r"\s", "", word) for word in words]
        right = {n for n, text in text_by_page.items() if any(word in text for word in flat)}
        if label == "met" and right and item.outcome is not Outcome.NOT_MET and item.evidence:
            tally[f"quoted {item.outcome}"] += 1
            tally[f"right page {item.outcome}"] += bool(right & {q.page for q in item.evidence})
        if show and (label == "met") != (item.outcome is Outcome.MET) and item.outcome is not Outcome.UNKNOWN:
            print(f"  {plan.name} {requirement}: {label} → {item.outcome} | {item.because}")
    return tally


def told(name: str, t: Counter) -> None:
    print(f"{name}")
    print(
        f"  borne: met {t['borne met']}, unknown {t['borne unknown']}, false alarms {share(t['borne not_met'], t['borne'])}"
    )
    print(
        f"  missing: found {share(t['missing not_met'], t['missing'])}, unknown {t['missing unknown']}, called met {t['missing met']}"
    )
    print(
        f"  right page: met {share(t['right page met'], t['quoted met'])}, shown as likely {share(t['right page unknown'], t['quoted unknown'])}"
    )


def long_document(pages: int, requirements, sources) -> None:
    """The long plan repeated to about so many pages: read with the usual limit, and without it where that refuses."""
    plan = unfamiliar.plan_of("mihara")
    plan.name, body = f"{pages}-pages", list(plan.lines)
    for _ in range(1, max(1, round(pages / 60))):
        plan.lines += [("break", "", ""), *body]
    with tempfile.TemporaryDirectory() as folder:
        write_pdf(plan, Path(folder))
        heard = []
        limits = DEFAULT
        begun = time.perf_counter()
        try:
            document = read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD, limits=limits)
        except FileUnreadable as error:
            print(
                f"{pages} pages, usual limit: {' '.join(str(error).split())} ({time.perf_counter() - begun:.1f} s)"
            )
            limits = dataclasses.replace(DEFAULT, pages=2 * pages)
            begun = time.perf_counter()
            document = read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD, limits=limits)
        read = time.perf_counter()
        review_document(
            document, requirements, sources=sources, today=TODAY, progress=lambda a, b: heard.append(a)
        )
        done = time.perf_counter()
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{len(document.pages)} pages{'' if limits is DEFAULT else ' (limit lifted)'}: reading {read - begun:.1f} s, review {done - read:.1f} s, peak {own:.0f} MB + reader {child:.0f} MB, progress told {len(heard)} times"
    )


if __name__ == "__main__":
    main()
