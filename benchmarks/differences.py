"""How well a comparison of two versions finds what was edited: ``python benchmarks/differences.py``.

Second versions of the plans of ``benchmarks/data/strategies`` with known edits (``difference_edits.py``): recall by kind of
edit, false alarms, right pages, by requirement, the same text in another layout, and time for 2 x 100 pages.
"""

from __future__ import annotations

import argparse
import copy
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(ROOT / "benchmarks" / "data" / "strategies")]

import generate  # noqa: E402
import unfamiliar  # noqa: E402
from difference_edits import Edit, second_version  # noqa: E402
from writing import write_docx, write_pdf, write_xlsx  # noqa: E402

from assistant.domain import Kind, Outcome  # noqa: E402
from assistant.japanese.text import fold  # noqa: E402
from assistant.knowledge.files.safely import read_safely  # noqa: E402
from assistant.knowledge.sources import load_sources  # noqa: E402
from assistant.review.difference import compare_documents  # noqa: E402
from assistant.review.requirements import load_requirements  # noqa: E402
from assistant.review.review import review_document  # noqa: E402

TODAY = date(2026, 11, 23)
SOURCES = load_sources(ROOT / "corpus" / "sources.yaml")
REQUIREMENTS = load_requirements(ROOT / "corpus" / "requirements" / "strategy.yaml", SOURCES)
KPI_KINDS = {"kpi-dropped": "dropped", "kpi-new": "new"}
OTHER_LAYOUT = {
    "column": "two-columns",
    "two-columns": "column",
    "docx": "column",
    "docx-yearly": "two-columns",
}


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "0/0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list every miss and every false alarm")
    parser.add_argument("--seeds", type=int, default=2, help="second versions of each plan")
    options = parser.parse_args()
    tallies = {False: Counter(), True: Counter()}
    with tempfile.TemporaryDirectory() as folder:
        for number, plan in enumerate(generate.plans()):
            for seed in range(options.seeds):
                old, new, edits = second_version(plan, 100 * seed + number)
                a, b = write(old, Path(folder)), write(new, Path(folder))
                difference = compare_documents(a, b, review(a), review(b))
                count(plan, old, new, edits, difference, tallies[plan.held_out], options.show)
            reflowed(plan, Path(folder), tallies[plan.held_out], options.show)
        strange = Counter()
        for number, name in enumerate(n for names in unfamiliar.WRITTEN for n in names):
            plan = unfamiliar.plan_of(name)
            for seed in range(options.seeds):
                old, new, edits = second_version(plan, 900 + 100 * seed + number)
                a, b = write(old, Path(folder)), write(new, Path(folder))
                count(
                    plan,
                    old,
                    new,
                    edits,
                    compare_documents(a, b, review(a), review(b)),
                    strange,
                    options.show,
                )
            reflowed(plan, Path(folder), strange, options.show)
        for held_out, tally in tallies.items():
            report("held out" if held_out else "seen", tally)
        report("all", tallies[False] + tallies[True])
        report("unfamiliar plans", strange)
        hundred_pages(Path(folder))


def write(plan, folder: Path):
    plan.pages.clear()
    writer = (
        write_docx if plan.layout.startswith("docx") else write_xlsx if plan.layout == "xlsx" else write_pdf
    )
    writer(plan, folder)
    return read_safely(plan.path, name=plan.path.name, kind=Kind.UPLOAD)


def review(document):
    return review_document(document, REQUIREMENTS, sources=SOURCES, today=TODAY)


def plain(text: str) -> str:
    return fold(text, drop_spaces=True).text


def text_of(side) -> str:
    return plain("".join(quote.quote for quote in side.quotes)) if side else ""


def concerns(edit: Edit, change) -> bool:
    """Whether a reported passage is the edited line."""
    for wanted, side in ((edit.before, change.before), (edit.after, change.after)):
        found = text_of(side)
        if wanted and found and (plain(wanted) in found or (len(found) >= 8 and found in plain(wanted))):
            return True
    return False


def is_right(edit: Edit, change) -> bool:
    kinds = {note.kind for note in change.notes}
    says = "".join(note.says for note in change.notes)
    if edit.kind == "dropped":  # a line may stand in one unit with its neighbour, as on the page
        words = "".join(mark.quote for mark in change.before.marks) if change.before else ""
        return change.kind == "removed" or (
            change.kind == "changed" and plain(edit.before).strip("。・") in plain(words).replace("。", "")
        )
    if edit.kind in ("added", "moved"):
        return change.kind == edit.kind
    if change.kind != "changed":
        return False
    if edit.kind == "weakened":
        return "弱まりました" in says
    if edit.kind == "negated":
        return bool(kinds & {"strength", "negation"}) and ("取りやめ" in says or "打ち消し" in says)
    if edit.kind == "year":
        return bool(kinds & {"year", "date"})
    return edit.kind == "reworded" or edit.kind in kinds


def count(plan, old, new, edits, difference, tally, show) -> None:
    explained_kpis = set()
    for edit in edits:
        if edit.kind == "spelling":
            tally["respelled sentences"] += int(edit.after)
            continue
        tally[f"{edit.kind} edits"] += 1
        if edit.kind == "cell":
            told = [
                k
                for k in difference.kpis
                if "target-lowered" in k.kinds and plain(edit.after) in plain(k.after.target)
            ]
            right = told or [
                p for p in difference.passages if {plain(edit.before), plain(edit.after)} <= _figures(p)
            ]
            explained_kpis.add(plain(edit.requirement))
        elif edit.kind.startswith(("target", "kpi")):
            wanted = KPI_KINDS.get(edit.kind, edit.kind)
            right = [
                k for k in difference.kpis if plain(edit.before) in plain(k.indicator) and wanted in k.kinds
            ]
            explained_kpis.add(plain(edit.before))
        else:
            right = [p for p in difference.passages if concerns(edit, p) and is_right(edit, p)]
            for change in right[:1]:
                for side, version in ((change.before, old), (change.after, new)):
                    if side is not None and edit.key in version.pages and plan.layout != "xlsx":
                        tally["pages"] += 1
                        tally["right pages"] += version.pages[edit.key] in {q.page for q in side.quotes}
        tally[f"{edit.kind} found"] += bool(right)
        if not right and show:
            near = [
                (p.kind, text_of(p.before)[:60], text_of(p.after)[:60], [n.says for n in p.notes])
                for p in difference.passages
                if concerns(edit, p)
            ]
            print(f"  MISS {plan.name} {edit.kind}: {edit.before[:60]} → {edit.after[:60]} | {near}")
    for change in difference.passages:
        tally["passages told"] += 1
        if not any(concerns(e, change) for e in edits) and not _in_edited_table(change, explained_kpis):
            tally["passages wrong"] += 1
            if show:
                print(
                    f"  FALSE {plan.name} {change.kind}: {text_of(change.before)[:80]} → {text_of(change.after)[:80]}"
                )
    for kpi in difference.kpis:
        tally["indicators"] += 1
        quotes = [plain(k.where.quote) for k in (kpi.before, kpi.after) if k is not None]
        edited = any(
            q in plain(t) or plain(t) in q for q in quotes for e in edits for t in (e.before, e.after) if t
        )
        if kpi.kinds and not edited and not any(name in plain(kpi.indicator) for name in explained_kpis):
            tally["indicators wrong"] += 1
            if show:
                print(f"  FALSE {plan.name} KPI {kpi.indicator} {kpi.kinds} {kpi.says}")
    by_requirement(plan, edits, difference, tally, show)


def _figures(change) -> set[str]:
    """The numbers that the notes of a passage name."""
    return {
        "".join(c for c in plain(t) if c.isdigit() or c in ",.")
        for n in change.notes
        for t in (n.before, n.after)
    }


def _in_edited_table(change, names: set[str]) -> bool:
    return any(name in text_of(side) for side in (change.before, change.after) for name in names)


def by_requirement(plan, edits, difference, tally, show) -> None:
    """A requirement borne by one line alone is lost with it; one whose lines were not touched is the same."""
    lost = {e.requirement for e in edits if e.kind in ("dropped", "weakened", "negated")} - {""}
    touched = {e.requirement for e in edits} | {"measure-kpi"}
    tables = any(e.kind.startswith(("target", "kpi")) for e in edits)
    for item in difference.requirements:
        name = item.requirement_id
        if name in lost and plan.labels.get(name) == "met" and item.before is Outcome.MET:
            tally["requirements edited"] += 1
            wanted = {Outcome.MET: "changed", Outcome.UNKNOWN: "unclear"}.get(item.after, "lost")
            tally[f"requirements {wanted}"] += 1
            tally["requirements told"] += item.kind == wanted
            if show and item.kind != wanted:
                print(f"  REQ {plan.name} {name}: {item.kind} {item.before} → {item.after} {item.says}")
        elif name not in touched and not (tables and name.startswith(("kpi", "t-"))):
            tally["requirements untouched"] += 1
            quotes = [plain(q.quote) for q in (*item.before_evidence, *item.after_evidence)]
            if any(
                plain(t) in q or q in plain(t)
                for e in edits
                for t in (e.before, e.after)
                if t
                for q in quotes
            ):
                continue  # another line bore it as well, and that one was edited
            wrong = item.kind in ("gained", "lost")
            tally["requirements wrong"] += wrong
            if wrong and show:
                print(f"  FALSE {plan.name} requirement {name} {item.kind} {item.says}")


def reflowed(plan, folder: Path, tally, show) -> None:
    """The same plan in another layout: nothing changed."""
    if plan.layout not in OTHER_LAYOUT:
        return
    other = copy.deepcopy(plan)
    other.layout, other.name = OTHER_LAYOUT[plan.layout], f"{plan.name}-other"
    a, b = write(copy.deepcopy(plan), folder), write(other, folder)
    difference = compare_documents(a, b, review(a), review(b))
    tally["reflowed passages"] += difference.same_passages + len(difference.passages)
    tally["reflowed wrong"] += len(difference.passages)
    tally["reflowed indicators"] += len(difference.kpis)
    tally["reflowed indicators wrong"] += sum(1 for k in difference.kpis if k.kinds)
    if show:
        for change in difference.passages:
            print(
                f"  REFLOW {plan.name} {plan.layout} {change.kind}: {text_of(change.before)[:90]} → {text_of(change.after)[:90]}"
            )
        for kpi in difference.kpis:
            if kpi.kinds:
                print(f"  REFLOW {plan.name} {plan.layout} KPI {kpi.indicator} {kpi.kinds} {kpi.says}")


def report(name: str, t: Counter) -> None:
    print(f"\n{name}")
    kinds = sorted(k.removesuffix(" edits") for k in t if k.endswith(" edits"))
    for kind in kinds:
        print(f"  {kind:15} found  {share(t[f'{kind} found'], t[f'{kind} edits'])}")
    print(
        f"  all edits found  {share(sum(t[f'{k} found'] for k in kinds), sum(t[f'{k} edits'] for k in kinds))}"
    )
    print(
        f"  passages told without an edit  {share(t['passages wrong'], t['passages told'])}; sentences respelled {t['respelled sentences']}"
    )
    print(f"  indicators told without an edit  {share(t['indicators wrong'], t['indicators'])}")
    print(f"  right pages  {share(t['right pages'], t['pages'])}")
    print(
        f"  requirements whose line was dropped or weakened, told as such  {share(t['requirements told'], t['requirements edited'])}"
        f" (lost {t['requirements lost']}, borne by another line {t['requirements changed']}, beside an unreadable page {t['requirements unclear']})"
    )
    print(
        f"  requirements untouched but told as gained or lost  {share(t['requirements wrong'], t['requirements untouched'])}"
    )
    print(
        f"  another layout: passages told  {share(t['reflowed wrong'], t['reflowed passages'])}, indicators told {share(t['reflowed indicators wrong'], t['reflowed indicators'])}"
    )


def hundred_pages(folder: Path) -> None:
    """Two versions of at least 100 pages, made by repeating all plans' chapters."""
    plan = copy.deepcopy(next(p for p in generate.plans() if p.layout == "column"))
    plan.lines = [
        (kind, key, f"{p.name}地区では、{text}" if kind == "p" else text)
        for p in generate.plans()
        for kind, key, text in p.lines
        if kind != "scan"
    ]
    old, new, _ = second_version(plan, 7)
    old.name, new.name = "hundred", "hundred-2"
    a, b = write(old, folder), write(new, folder)
    before, after = review(a), review(b)
    begun = time.perf_counter()
    difference = compare_documents(a, b, before, after)
    print(
        f"\n{len(a.pages)} and {len(b.pages)} pages compared in {time.perf_counter() - begun:.1f} s; {len(difference.passages)} passages told"
    )
    other = next(p for p in generate.plans() if p.layout == "two-columns")
    other = copy.deepcopy(other)
    other.lines = [line for p in reversed(generate.plans()) for line in p.lines if line[0] != "scan"]
    other.name = "stranger"
    c = write(other, folder)
    strange = review(c)
    begun = time.perf_counter()
    compare_documents(a, c, before, strange)
    print(
        f"{len(a.pages)} and {len(c.pages)} pages in another order compared in {time.perf_counter() - begun:.1f} s"
    )


if __name__ == "__main__":
    main()
