"""Where the time of one warm search goes.

    python benchmarks/latency_search.py [--index DIR | --passages 10000] [--queries FILE]

Prints p50 and p95 of a whole search and of each step, in one process on one thread.  Without ``--index``
an index of ``--passages`` passages is made of sentences of the corpus (see ``scale.py``); with it,
``--queries`` (one a line) are asked, or else the questions of ``corpus/gold/questions.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from scale import make_documents, make_questions, sentence_pool  # noqa: E402

from assistant.search import retrieve  # noqa: E402
from assistant.search.build import build_index  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402
from assistant.search.index import Index, open_index  # noqa: E402
from assistant.search.query import Weighed  # noqa: E402
from assistant.search.vectors import VectorStore  # noqa: E402

STEPS: tuple[tuple[str, Any, str], ...] = (
    ("understand the words (tokens, other names)", retrieve, "analyse_query"),
    ("look terms up, pool idf", retrieve, "weigh"),
    ("encode the question", retrieve, "_vector"),
    ("score all passages by words", Weighed, "score_all"),
    ("nearest vectors", VectorStore, "search"),
    ("lay candidates side by side", retrieve, "gather"),
    ("features", retrieve, "compute_features"),
    ("hits with reasons", retrieve, "_hit"),
)


def timed(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            spent[name] += time.perf_counter() - started

    return call


def measure(index: Index, questions: Sequence[str]) -> None:
    for question in questions[:30]:
        retrieve.find_passages(index, question)
    whole = []
    for question in questions:
        started = time.perf_counter()
        retrieve.find_passages(index, question)
        whole.append(time.perf_counter() - started)
    spent: dict[str, float] = defaultdict(float)
    kept = [(owner, name, getattr(owner, name)) for _, owner, name in STEPS]
    rows = []
    for (label, owner, name), (_, _, function) in zip(STEPS, kept, strict=True):
        setattr(owner, name, timed(label, function, spent))
    for question in questions:
        spent.clear()
        retrieve.find_passages(index, question)
        rows.append([spent[label] for label, _, _ in STEPS])
    for owner, name, function in kept:
        setattr(owner, name, function)
    print(f"{len(index):,} passages, {len(questions)} questions, k = 12\n")
    print("| step | p50 ms | p95 ms |\n|---|---|---|")
    for label, column in [
        ("**whole search**", np.array(whole)),
        *zip([s[0] for s in STEPS], np.array(rows).T, strict=True),
    ]:
        p50, p95 = np.percentile(column * 1000, [50, 95])
        print(f"| {label} | {p50:.2f} | {p95:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    options = parser.parse_args()
    encoder = open_encoder()
    if options.index:
        if options.queries:
            questions = options.queries.read_text(encoding="utf-8").splitlines()
        else:
            gold = (ROOT / "corpus" / "gold" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
            questions = [json.loads(line)["question"] for line in gold]
        measure(open_index(options.index, encoder), questions)
        return
    pool = sentence_pool([])
    with tempfile.TemporaryDirectory() as folder:
        build_index(make_documents(pool, options.passages), Path(folder), encoder)
        measure(open_index(Path(folder), encoder), make_questions(pool, options.passages))


if __name__ == "__main__":
    main()
