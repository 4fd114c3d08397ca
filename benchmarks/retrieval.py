"""Our retrieval beside what a user could pick instead, on the same machine, in the same run.

    python benchmarks/retrieval.py --jaquad jaquad-dev.jsonl.gz [--beir FOLDER …] [--questions 1000]

A BEIR folder holds ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv`` (or ``qrels.tsv``).  Prints a
Markdown table per set: nDCG@10 with a bootstrap 95 % interval, the paired difference to ours with
its interval, MRR@10, recall@20, and the median time of a query.  Nothing is tuned here.
Peers (``retrieval_peers.py``) that are not installed are left out and named (``pip install tantivy rank-bm25
langchain-community haystack-ai txtai 'pymilvus[milvus-lite]'``).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from retrieval_peers import DEPTH, Find, peers

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.domain import Kind, Passage  # noqa: E402
from assistant.search.build import build_index  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402
from assistant.search.index import open_index  # noqa: E402
from assistant.search.retrieve import DEFAULT, Search  # noqa: E402
from assistant.search.runs import find_documents  # noqa: E402
from assistant.search.vectors import Encoder  # noqa: E402
from assistant.search.writer import DocumentInput  # noqa: E402


@dataclass
class Dataset:
    name: str
    titles: dict[str, str]
    texts: dict[str, str]
    questions: list[tuple[str, dict[str, int]]]  # question, gain by document id

    def full(self, document: str) -> str:
        return f"{self.titles[document]}\n{self.texts[document]}".strip()


# ── sets ─────────────────────────────────────────────────────────────────────


def read_jaquad(path: Path) -> Dataset:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    ids: dict[tuple[str, str], str] = {}
    for row in rows:
        ids.setdefault((row["title"], row["passage"]), f"p{len(ids)}")
    return Dataset(
        path.name.split(".")[0],
        {name: title for (title, _), name in ids.items()},
        {name: text for (_, text), name in ids.items()},
        [(row["question"], {ids[row["title"], row["passage"]]: 1}) for row in rows],
    )


def read_beir(folder: Path) -> Dataset:
    def lines(name: str) -> Iterator[dict[str, str]]:
        with (folder / name).open(encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())

    documents = {row["_id"]: row for row in lines("corpus.jsonl")}
    queries = {row["_id"]: row["text"] for row in lines("queries.jsonl")}
    judged: dict[str, dict[str, int]] = {}
    table = next(p for p in (folder / "qrels" / "test.tsv", folder / "qrels.tsv") if p.exists())
    for line in table.read_text(encoding="utf-8").splitlines():
        query, document, gain = line.split("\t")[:3]
        if gain.lstrip("-").isdigit() and int(gain) > 0:
            judged.setdefault(query, {})[document] = int(gain)
    return Dataset(
        folder.name,
        {name: row.get("title", "") for name, row in documents.items()},
        {name: row["text"] for name, row in documents.items()},
        [(queries[query], gains) for query, gains in judged.items() if query in queries],
    )


# ── ours ─────────────────────────────────────────────────────────────────────


def document_input(dataset: Dataset, name: str) -> DocumentInput:
    title, text = dataset.titles[name], dataset.texts[name]
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    passage = partial(
        Passage,
        id=f"{name}#000",
        document_id=name,
        kind=Kind.OTHER,
        title=title or name,
        trail=(),
        text=text,
        page=1,
        locator="",
        start=0,
        end=len(text),
        digest=digest[:16],
    )
    return DocumentInput(name, digest, lambda: [passage()])


def our_systems(dataset: Dataset, encoder: Encoder, folder: Path) -> Iterator[tuple[str, Find]]:
    build_index(
        (document_input(dataset, name) for name in dataset.texts),
        folder,
        encoder,
        thesaurus=ROOT / "corpus" / "thesaurus.tsv",
    )
    index = open_index(folder, encoder)

    def with_search(search: Search) -> Find:
        return lambda question: [
            hit.passage.document_id for hit in find_documents([index], question, k=DEPTH, search=search)
        ]

    one = (("content", 1.0),)
    three = (("content", 1.0), ("char", 0.3), ("bigram", 0.5))
    lexical = replace(DEFAULT, use_vectors=False, use_ranker=False, use_thesaurus=False)
    yield "**ours**", with_search(DEFAULT)
    yield "ours without the thesaurus", with_search(replace(DEFAULT, use_thesaurus=False))
    yield "ours without vectors", with_search(replace(DEFAULT, use_vectors=False))
    yield "ours without the ranker (gated vectors)", with_search(replace(DEFAULT, use_ranker=False))
    yield "ours, four fields only", with_search(lexical)
    yield "ours, three fields only (no heading field)", with_search(replace(lexical, field_weights=three))
    yield "ours, one field only (content lemmas)", with_search(replace(lexical, field_weights=one))


# ── measures ─────────────────────────────────────────────────────────────────


def measure(found: list[str], gains: dict[str, int]) -> tuple[float, float, float]:
    """nDCG@10, MRR@10 and recall@20 of one question."""
    got = sum((2 ** gains.get(name, 0) - 1) / math.log2(place + 2) for place, name in enumerate(found[:10]))
    ideal = sum(
        (2**gain - 1) / math.log2(place + 2)
        for place, gain in enumerate(sorted(gains.values(), reverse=True)[:10])
    )
    first = next((place for place, name in enumerate(found[:10], start=1) if name in gains), 0)
    held = sum(name in gains for name in found[:20])
    return got / ideal, 1.0 / first if first else 0.0, held / len(gains)


def interval(values: np.ndarray, draws: int = 2000) -> tuple[float, float]:
    """Bootstrap 95 % interval of the mean."""
    rng = np.random.default_rng(7)
    means = values[rng.integers(0, len(values), (draws, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def run(dataset: Dataset, systems: Iterable[tuple[str, Find]]) -> None:
    print(
        f"\n### {dataset.name}: {len(dataset.questions):,} questions over {len(dataset.texts):,} passages\n"
    )
    print("| system | nDCG@10 [95 %] | ours − it, points [95 %] | MRR@10 | R@20 | median ms |")
    print("|---|---|---|---|---|---|")
    reference: np.ndarray | None = None
    for name, find in systems:
        rows, times = [], []
        for question, gains in dataset.questions:
            started = time.perf_counter()
            found = find(question)
            times.append((time.perf_counter() - started) * 1000)
            rows.append(measure(found, gains))
        table = np.array(rows)
        reference = table[:, 0] if reference is None else reference
        low, high = interval(table[:, 0])
        lost = 100 * (reference - table[:, 0])
        margin = "–"
        if lost.any():
            lost_low, lost_high = interval(lost)
            margin = f"{lost.mean():+.1f} [{lost_low:+.1f}, {lost_high:+.1f}]"
        mean = table.mean(axis=0)
        print(
            f"| {name} | {mean[0]:.4f} [{low:.4f}, {high:.4f}] | {margin} | {mean[1]:.4f} | {mean[2]:.4f} "
            f"| {np.median(times):.2f} |",
            flush=True,
        )


def sample(dataset: Dataset, count: int) -> Dataset:
    """At most ``count`` questions, drawn by a fixed seed; 0 keeps all."""
    if not count or count >= len(dataset.questions):
        return dataset
    chosen = np.random.default_rng(11).permutation(len(dataset.questions))[:count]
    return replace(dataset, questions=[dataset.questions[i] for i in sorted(chosen)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jaquad", type=Path, help="jaquad-dev.jsonl.gz")
    parser.add_argument("--beir", type=Path, nargs="*", default=[], help="folders in BEIR's form")
    parser.add_argument("--questions", type=int, default=1000, help="questions drawn per set (0: all)")
    parser.add_argument("--encoder", default="bundled")
    parser.add_argument("--ours-only", action="store_true")
    options = parser.parse_args()
    sets = [read_jaquad(options.jaquad)] if options.jaquad else []
    sets += [read_beir(folder) for folder in options.beir]
    if not sets:
        parser.error("name a set: --jaquad FILE or --beir FOLDER")
    encoder = open_encoder(options.encoder)
    for dataset in sets:
        drawn = sample(dataset, options.questions)
        with tempfile.TemporaryDirectory() as folder:
            run(drawn, _all_systems(drawn, encoder, Path(folder), peers_too=not options.ours_only))


def _all_systems(
    dataset: Dataset, encoder: Encoder, folder: Path, *, peers_too: bool
) -> Iterator[tuple[str, Find]]:
    yield from our_systems(dataset, encoder, folder)
    if peers_too:
        names = list(dataset.texts)
        yield from peers(names, [dataset.full(name) for name in names], encoder, folder)


if __name__ == "__main__":
    main()
