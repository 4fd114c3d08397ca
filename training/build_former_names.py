"""Make corpus/former-municipalities.csv: old names of municipalities and the code of the present one.

    python training/build_former_names.py --zones FILE [--lists FILE] [--out FILE]

Old names are taken from the areas of 一部過疎 in the 2022 list (training/municipality_lists.yaml) and
from the transcribed list of 2010 (--zones).  A name that two present municipalities could claim keeps
both rows; the reader asks which.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
VARIANTS = str.maketrans("ヶヵ惠檮", "ケカ恵梼")


def main() -> None:
    """Read the options, collect, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", type=Path, required=True)
    parser.add_argument("--lists", type=Path, default=ROOT / "training" / "municipality_lists.yaml")
    parser.add_argument("--out", type=Path, default=ROOT / "corpus" / "former-municipalities.csv")
    options = parser.parse_args()
    with (ROOT / "corpus" / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        present = [row for row in csv.DictReader(file) if row["kind"] != "都道府県"]
    code_by_key = {(row["prefecture"], row["name"].translate(VARIANTS)): row for row in present}
    rows_by_name: dict[str, list[dict[str, str]]] = {}
    for row in present:
        rows_by_name.setdefault(row["name"].translate(VARIANTS), []).append(row)

    found: dict[tuple[str, str], tuple[str, str]] = {}  # (old name, present code) → prefecture, source

    def add(old: str, row: dict[str, str], source: str) -> None:
        taken = (row["prefecture"], old.translate(VARIANTS))
        if old != "…" and taken not in code_by_key:
            found.setdefault((old, row["code"]), (row["prefecture"], source))

    lists = yaml.safe_load(options.lists.read_text(encoding="utf-8"))
    for prefecture, text in lists["depopulated"]["一部過疎"].items():
        for name, areas in re.findall(r"([^\s(]+)\(([^)]*)\)", text):
            for old in areas.split():
                add(old, code_by_key[(prefecture, name.translate(VARIANTS))], "M06")
    zones = json.loads(options.zones.read_text(encoding="utf-8"))
    for name, entries in zones.items():
        rows = rows_by_name.get(name.translate(VARIANTS), [])
        if len(rows) != 1 or len(entries) != 1 or not entries[0]["zoneDescription"]:
            continue  # a shared name: the list of 2010 does not say which prefecture
        for part in entries[0]["zoneDescription"].replace("の区域", "").split("、"):
            old = part.removeprefix("旧").strip()
            if re.fullmatch(r"[^\s（）()旧]{1,7}[市町村]", old):
                add(old, rows[0], "M10")
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "prefecture", "code", "source"])
        for (old, code), (prefecture, source) in sorted(
            found.items(), key=lambda item: (item[0][1], item[0][0])
        ):
            writer.writerow([old, prefecture, code, source])
    print(f"{len(found)} old names → {options.out}")


if __name__ == "__main__":
    main()
