"""How far the rules agree with the gold verdicts, and how fast they judge.

    python benchmarks/verdicts.py

Prints the 3×3 confusion matrix over corpus/gold/verdicts.jsonl, false-eligible and
false-ineligible counts, every case that differs, and the warm time of judging one
project by all grants (best and median of 50).
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from pathlib import Path

from assistant.grants.facts import read_facts
from assistant.grants.gold import OUTCOMES, check_gold, load_gold
from assistant.grants.loader import Grants, load_grants
from assistant.grants.rank import rank_grants
from assistant.knowledge.sources import load_sources

CORPUS = Path(__file__).parents[1] / "corpus"
TODAY = date(2026, 11, 23)
PROJECT = {
    "applicant": "municipality",
    "municipality_class": "general",
    "project_kind": "soft",
    "total_yen": "1,200万円",
    "years": 3,
    "has_self_reliance": True,
}


def main() -> None:
    grants = load_grants(CORPUS / "grants", load_sources(CORPUS / "sources.yaml"))
    gold = load_gold(CORPUS / "gold" / "verdicts.jsonl")
    result, misses = check_gold(grants, gold, TODAY)
    print(f"{result.total} gold verdicts, accuracy {result.accuracy:.3f}")
    print("gold \\ predicted  " + "  ".join(OUTCOMES))
    for outcome, row in zip(OUTCOMES, result.matrix, strict=True):
        print(f"{outcome}\t" + "\t".join(map(str, row)))
    print(f"false-eligible {result.false_eligible}, false-ineligible {result.false_ineligible}")
    for miss in misses:
        print(
            f"  {miss.id} {miss.question} gold {miss.gold} predicted {miss.predicted}: {miss.open_or_unmet}"
        )
    best, median = warm_times(grants)
    print(f"one project by all {len(grants)} grants, warm: best {best:.1f} ms, median {median:.1f} ms")


def warm_times(grants: Grants) -> tuple[float, float]:
    """Best and median milliseconds of ranking all grants for projects that differ in one fact."""
    times = []
    for n in range(51):
        facts = read_facts({**PROJECT, "total_yen": 12_000_000 + n}, grants.vocabulary)
        start = time.perf_counter()
        rank_grants(grants, facts, TODAY)
        times.append((time.perf_counter() - start) * 1000)
    return min(times[1:]), statistics.median(times[1:])


if __name__ == "__main__":
    main()
