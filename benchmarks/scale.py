"""Speed and size of the index on one machine.

    python benchmarks/scale.py [--sizes 10000 100000] [--million] [--text law-articles.jsonl.gz …]

For each size, in processes of its own: build (passages/s, peak memory), adding one per cent (share of a
full build), cold open, queries (p50, p95), memory while serving (its highest; own: without pages of mapped
files), bytes per passage; and, in the same run, our vector search against bare FAISS and our tokeniser
against bare fugashi.  Times in brackets are processor time, which other work on the machine hardly
changes: of a build that of all its processes, of an update its share of the build's.  Passages are made of
sentences of the corpus, or of the ``text`` of jsonl(.gz) files; 190 characters or a few more each.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.domain import Kind, Passage  # noqa: E402
from assistant.japanese.text import normalise, sentences  # noqa: E402
from assistant.japanese.tokens import borrowed_tagger, content_lemmas  # noqa: E402
from assistant.search.build import build_index  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402
from assistant.search.index import open_index  # noqa: E402
from assistant.search.retrieve import find_passages  # noqa: E402
from assistant.search.vectors import VectorStore  # noqa: E402
from assistant.search.writer import DocumentInput  # noqa: E402

PER_DOCUMENT = 20  # passages
LONG = 190  # characters of a passage


def sentence_pool(files: Sequence[Path], limit: int = 200_000) -> list[str]:
    """Distinct sentences of the corpus, or of the given files."""
    pool: dict[str, None] = {}
    if files:
        for file in files:
            with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open() as lines:
                for line in lines:
                    row = json.loads(line)
                    text = row.get("text") or row.get("passage") or ""
                    pool.update((text[a:b], None) for a, b in sentences(text) if 8 <= b - a <= 200)
                    if len(pool) >= limit:
                        return list(pool)
    else:
        for path in sorted([*(ROOT / "corpus").rglob("*.md"), *(ROOT / "corpus").rglob("*.yaml")]):
            text = path.read_text(encoding="utf-8")
            pool.update((text[a:b], None) for a, b in sentences(text) if 8 <= b - a <= 200)
    return list(pool)


def make_text(pool: Sequence[str], number: int) -> str:
    """The text of passage ``number``: sentences drawn by it."""
    draw = random.Random(number)
    text = ""
    while len(text) < LONG:
        text += draw.choice(pool)
    return text


def make_document(pool: Sequence[str], number: int, changed: str = "") -> DocumentInput:
    name = f"d{number}"

    def cut() -> list[Passage]:
        made = []
        for i in range(PER_DOCUMENT):
            text = make_text(pool, number * PER_DOCUMENT + i) + changed
            made.append(
                Passage(
                    id=f"{name}#{i:03d}",
                    document_id=name,
                    kind=Kind.OTHER,
                    title=pool[number % len(pool)][:20],
                    trail=(f"第{i + 1}節",),
                    text=text,
                    page=i + 1,
                    locator=f"{i + 1}ページ",
                    start=0,
                    end=len(text),
                    fiscal_years=(2020 + number % 7,),
                    digest=hashlib.sha256(text.encode()).hexdigest()[:16],
                )
            )
        return made

    return DocumentInput(name, hashlib.sha256(f"{name}{changed}".encode()).hexdigest(), cut)


def make_documents(pool: Sequence[str], passages: int, changed: int = 0) -> Iterator[DocumentInput]:
    """Documents of ``passages`` passages in all; the first ``changed`` of them are a newer version."""
    for number in range(passages // PER_DOCUMENT):
        yield make_document(pool, number, "（改訂）" if number < changed else "")


def make_questions(pool: Sequence[str], passages: int, count: int = 300) -> list[str]:
    draw = random.Random(5)
    questions = []
    for _ in range(count):
        text = make_text(pool, draw.randrange(passages))
        start = draw.randrange(max(1, len(text) - 40))
        questions.append(text[start : start + draw.randrange(12, 36)] + "はどうなりますか")
    return questions


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def own_mb() -> float:
    """Memory that is this process's own; pages of mapped files can be let go at any time.  NaN where unknown."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return float("nan")
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:")), float("nan"))


def clocks() -> np.ndarray:
    """Seconds by the clock, and of processors in this process and those it waited for."""
    used = os.times()
    return np.array([time.perf_counter(), sum(used[:4])])


def clock_and_thread() -> np.ndarray:
    """Seconds by the clock, and of the processor in all threads of this process."""
    return np.array([time.perf_counter(), time.process_time()])


def build(pool: Sequence[str], size: int, folder: Path, changed: int) -> dict[str, float]:
    started = clocks()
    report = build_index(make_documents(pool, size, changed), folder, open_encoder())
    built, peak = clocks() - started, peak_mb()
    made = clocks()
    for document in make_documents(pool, min(size, 5_000)):  # what making the passages itself costs
        document.passages()
    making = (clocks() - made) * (report.added + report.changed) * PER_DOCUMENT / min(size, 5_000)
    seconds, processor = (built - making).tolist()
    return {"seconds": seconds, "processor": processor, "peak_mb": peak}


def bare_faiss(store: VectorStore, k: int) -> tuple[Any, Any]:
    """FAISS alone on the same type of index: as many candidates, scored again by its half-precision vectors."""
    if not store.refined:
        return store.faiss_index, store.parameters(None)
    kind = faiss.ScalarQuantizer.QT_fp16
    exact = faiss.IndexScalarQuantizer(store.dimension, kind, faiss.METRIC_INNER_PRODUCT)
    for start in range(0, len(store), 50_000):
        exact.add(store.matrix[start : start + 50_000].astype(np.float32))
    factor = store.wanted(k) / k
    return faiss.IndexRefine(store.faiss_index, exact), faiss.IndexRefineSearchParameters(
        k_factor=factor, base_index_params=store.parameters(None)
    )


def serve(pool: Sequence[str], size: int, folder: Path) -> dict[str, float]:
    encoder = open_encoder()
    started = clocks()
    index = open_index(folder, encoder)
    first = find_passages(index, "補助率の上限はいくらですか")
    opened = clocks() - started
    assert first
    questions = make_questions(pool, size)
    for question in questions[:30]:
        find_passages(index, question)
    times = []
    for question in questions[30:]:
        at = clock_and_thread()
        find_passages(index, question)
        times.append(clock_and_thread() - at)
    rss, own = peak_mb(), own_mb()
    assert index.vectors is not None
    vectors = np.asarray(encoder.encode_queries(questions[:100]), dtype=np.float32)
    ours, bare = [], []
    raw, parameters = bare_faiss(index.vectors, 20)
    for vector in vectors:
        at = time.perf_counter()
        index.vectors.search(vector, 20)
        ours.append(time.perf_counter() - at)
        at = time.perf_counter()
        raw.search(vector.reshape(1, -1), 20, params=parameters)
        bare.append(time.perf_counter() - at)
    p50, p95 = np.percentile(np.array(times) * 1000, [50, 95], axis=0)
    return {
        "open_ms": float(opened[0] * 1000),
        "open_processor_ms": float(opened[1] * 1000),
        "p50_ms": float(p50[0]),
        "p95_ms": float(p95[0]),
        "p50_processor_ms": float(p50[1]),
        "p95_processor_ms": float(p95[1]),
        "rss_mb": rss,
        "own_mb": own,
        "vector_ratio": float(np.median(ours) / np.median(bare)),
        "vector_ms": float(np.median(ours) * 1000),
    }


def tokenising(pool: Sequence[str]) -> float:
    """Time of ``content_lemmas`` as a multiple of bare fugashi reading surface and features."""
    texts = [normalise(make_text(pool, n)) for n in range(1000)]
    ours, bare = [], []
    for _ in range(3):
        at = time.perf_counter()
        for text in texts:
            content_lemmas(text)
        ours.append(time.perf_counter() - at)
        at = time.perf_counter()
        with borrowed_tagger() as tagger:
            for text in texts:
                for node in tagger.parseToNodeList(text):
                    node.surface, node.feature_raw.split(",")
        bare.append(time.perf_counter() - at)
    return min(ours) / min(bare)


def in_child(step: str, size: int, folder: Path, files: Sequence[Path]) -> dict[str, float]:
    command = [sys.executable, __file__, "--step", step, "--sizes", str(size), "--folder", str(folder)]
    command += ["--text", *map(str, files)] if files else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--million", action="store_true", help="also one million passages")
    parser.add_argument("--text", type=Path, nargs="*", default=[], help="jsonl(.gz) files with text")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    pool = sentence_pool(options.text)
    if options.step:
        size = options.sizes[0]
        steps = {
            "build": partial(build, pool, size, options.folder, 0),
            "one-per-cent": partial(build, pool, size, options.folder, max(1, size // PER_DOCUMENT // 100)),
            "serve": partial(serve, pool, size, options.folder),
        }
        print(json.dumps(steps[options.step]()))
        return
    print(
        "| passages | build/s | ms a passage | peak MB | +1 % | open + first ms | p50 ms | p95 ms | RSS MB (own) "
        "| B/passage | vectors ms (÷ bare) |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for size in [*options.sizes, *([1_000_000] if options.million else [])]:
        folder = Path(tempfile.mkdtemp(prefix="scale-"))
        try:
            built = in_child("build", size, folder, options.text)
            stored = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
            served = in_child("serve", size, folder, options.text)
            added = in_child("one-per-cent", size, folder, options.text)
        finally:
            shutil.rmtree(folder)
        print(
            f"| {size:,} | {size / built['seconds']:,.0f} "
            f"| {1000 * built['seconds'] / size:.2f} ({1000 * built['processor'] / size:.2f}) "
            f"| {built['peak_mb']:,.0f} | {100 * added['seconds'] / built['seconds']:.1f} % "
            f"({100 * added['processor'] / built['processor']:.1f} %) "
            f"| {served['open_ms']:.0f} ({served['open_processor_ms']:.0f}) "
            f"| {served['p50_ms']:.1f} ({served['p50_processor_ms']:.1f}) "
            f"| {served['p95_ms']:.1f} ({served['p95_processor_ms']:.1f}) "
            f"| {served['rss_mb']:,.0f} ({served['own_mb']:,.0f}) | {stored / size:,.0f} "
            f"| {served['vector_ms']:.2f} ({served['vector_ratio']:.2f}×) |",
            flush=True,
        )
    print(f"\nTokenising: {tokenising(pool):.2f}× bare fugashi (surface and features of every word).")


if __name__ == "__main__":
    main()
