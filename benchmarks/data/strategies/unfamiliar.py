"""Strategies in words that the cues were not made from, with the labels that a person gave them.

Each plan is a text in ``unfamiliar/`` and a file of labels beside it: requirement → what it is (met, absent or
decoy) and words by which the right pages are known. ``make(folder)`` writes them as PDF. All places are invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from writing import Plan, write_pdf

HERE = Path(__file__).parent / "unfamiliar"
# In the order of writing: those of one line were read by the review before anything was changed after them.
WRITTEN = (("kirinosawa", "nagi", "shiomi", "mihara"), ("horokawa", "wakaba"), ("sekigahira", "mitsumata"), ("tokinomori",))
_LAYOUT = re.compile(r"<!-- layout: ([a-z-]+) -->")
_HEADING = re.compile(r"^(#{1,4}) (.*)$")
_CONTENTS = re.compile(r"…+ ?[0-9]+$")


@dataclass
class LabelledPlan:
    """A plan as a file, and what a person reads in it: requirement → (label, words that show its place)."""

    name: str
    path: Path
    labels: dict[str, tuple[str, tuple[str, ...]]]


def text_of(name: str) -> str:
    """The plan as text with marks for headings, tables and page breaks."""
    if name == "mihara":
        from unfamiliar_long import markdown

        return markdown()
    return (HERE / f"{name}.md").read_text(encoding="utf-8")


def labels_of(name: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What a person reads in the plan."""
    raw = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return {r: (str(given[0]), tuple(str(w) for w in given[1:])) for r, given in raw.items()}


def make(names: tuple[str, ...], folder: Path) -> list[LabelledPlan]:
    """Write these plans under ``folder``."""
    made = []
    for name in names:
        plan = plan_of(name)
        write_pdf(plan, folder)
        assert plan.path is not None
        made.append(LabelledPlan(name, plan.path, labels_of(name)))
    return made


def plan_of(name: str) -> Plan:
    """The lines of the plan as ``write_pdf`` takes them."""
    text = text_of(name)
    layout = _LAYOUT.search(text)
    plan = Plan(name, layout[1] if layout else "column", held_out=True)
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            plan.lines.append(("table", "", rows))
            rows = []
        heading = _HEADING.match(line)
        if line.startswith("==="):
            plan.lines.append(("break", "", ""))
        elif line.startswith("! "):
            plan.lines.append(("title", "", line[2:]))
        elif heading:
            plan.lines.append((f"h{min(len(heading[1]), 3)}", "", heading[2]))
        elif line.startswith("- "):
            plan.lines.append(("p", "", "・" + line[2:]))
        elif line.strip() and not line.startswith("<!--"):
            plan.lines.append(("contents" if _CONTENTS.search(line) else "p", "", line))
    return plan
