"""Which grants are named for a described project: ours beside plain BM25 over the grants' own text.

    python benchmarks/grant_fit.py [--split dev|test] [--misses] > benchmarks/grant_fit.md

``benchmarks/data/grant_fit.jsonl`` holds projects in an officer's words, each with the grants that the sources
bear out as answers. Grants of this fiscal year and standing schemes are ranked; hit@k: the share of projects
with one of the named grants among the first k; recall@3: share of the named ones (at most three) among them.
Half of the items were looked at while the weights were chosen (dev), half were not (test).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from rank_bm25 import BM25Okapi

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.ingest import ingest  # noqa: E402
from assistant.japanese.tokens import content_lemmas  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

PROJECTS = ROOT / "benchmarks" / "data" / "grant_fit.jsonl"
Rank = Callable[[str], Sequence[str]]


def plain_bm25(assistant: Assistant, ids: Sequence[str]) -> Rank:
    """BM25 (k1 1.5, b 0.75) over the whole text of each grant's document, content lemmas."""
    texts = ["\n".join(p.text for p in assistant.index.passages_of(i)) for i in ids]
    index = BM25Okapi([content_lemmas(text) for text in texts])

    def rank(project: str) -> list[str]:
        scores = index.get_scores(content_lemmas(project))
        return [ids[n] for n in sorted(range(len(ids)), key=lambda n: -scores[n])]

    return rank


def best_passage(assistant: Assistant, ids: Sequence[str]) -> Rank:
    """Our search alone: grants in the order of their best passages."""

    def rank(project: str) -> list[str]:
        found = (hit.passage.grant_id for hit in assistant.search(project, k=200, kinds=("grant",)))
        return list(dict.fromkeys(i for i in found if i in ids))

    return rank


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--misses", action="store_true", help="name the dev items whose first grant is wrong")
    asked = parser.parse_args()
    items = [json.loads(line) for line in PROJECTS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=Path(folder) / "index", home=Path(folder) / "home", today=date(2026, 11, 23), model=None
        )
        ingest(settings)
        assistant = Assistant.open(settings)
        ids = [grant.id for grant in assistant.grant_desk.current]
        ways: dict[str, Rank] = {
            "ours": assistant.grant_desk.rank,
            "our search alone": best_passage(assistant, ids),
            "plain BM25": plain_bm25(assistant, ids),
        }
        print("# Which grants fit a project\n")
        print(f"{len(items)} projects, {len(ids)} grants. Made by `python benchmarks/grant_fit.py`.\n")
        print("| half | way | n | hit@1 | hit@3 | recall@3 |\n|---|---|---:|---:|---:|---:|")
        for split in (asked.split,) if asked.split else ("dev", "test"):
            half = [item for item in items if item["split"] == split]
            for name, rank in ways.items():
                found = [list(rank(item["project"]))[:3] for item in half]
                gold = [set(item["grants"]) for item in half]
                pairs = list(zip(found, gold, strict=True))
                first = sum(f[:1] != [] and f[0] in g for f, g in pairs) / len(half)
                three = sum(bool(set(f) & g) for f, g in pairs) / len(half)
                recall = sum(len(set(f) & g) / min(3, len(g)) for f, g in pairs) / len(half)
                print(f"| {split} | {name} | {len(half)} | {first:.3f} | {three:.3f} | {recall:.3f} |")
        if asked.misses:
            for item in items:
                ranked = list(assistant.grant_desk.rank(item["project"]))
                if item["split"] == "dev" and ranked[0] not in item["grants"]:
                    print(f"\n{item['project']}: {ranked[:4]} instead of {item['grants']}", file=sys.stderr)


if __name__ == "__main__":
    main()
