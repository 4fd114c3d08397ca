"""Is the right page of a real PDF found for a human question?

    python benchmarks/pages.py DIR              # Markdown: fidelity of each file, recall@5 and MRR
    python benchmarks/pages.py DIR --misses 20  # and the questions whose page was not among the first five

DIR holds PDFs and ``questions.jsonl`` (``question``, ``gold_pages`` as ``FILE.pdf#pN``).  All pages of all files
are one pool.  The score of a page is that of its best passage.  Rows with "bigram BM25" use one plain scorer
(character bigrams, k1 = 0.6, b = 0.75; Robertson & Zaragoza 2009) so that only the reading and the cutting
differ; the last rows are the product's own retrieval.  Intervals: 95 %, bootstrap over questions.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdf

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from assistant.domain import Document, Passage  # noqa: E402
from assistant.errors import FileUnreadable  # noqa: E402
from assistant.japanese.text import normalise  # noqa: E402
from assistant.japanese.tokens import bigrams  # noqa: E402
from assistant.knowledge.files.safely import read_safely  # noqa: E402
from assistant.knowledge.passages import cut_passages  # noqa: E402
from assistant.search.build import build_memory_index  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402
from assistant.search.retrieve import Search, find_passages  # noqa: E402

Ranking = list[str]  # page ids, best first


@dataclass(frozen=True)
class Question:
    text: str
    gold: frozenset[str]


class BM25:
    """One field of BM25 over given tokens."""

    def __init__(self, documents: Sequence[list[str]], k1: float = 0.6, b: float = 0.75) -> None:
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        average = sum(map(len, documents)) / max(1, len(documents)) or 1.0
        for number, tokens in enumerate(documents):
            norm = k1 * (1 - b + b * len(tokens) / average)
            for token, count in Counter(tokens).items():
                self.postings[token].append((number, count / (count + norm)))
        n = len(documents)
        self.weight = {t: math.log(1 + (n - len(p) + 0.5) / (len(p) + 0.5)) for t, p in self.postings.items()}

    def scores(self, tokens: Sequence[str]) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for token in set(tokens):
            for number, part in self.postings.get(token, ()):
                found[number] += self.weight[token] * part
        return found


def character_bigrams(text: str) -> list[str]:
    return bigrams(normalise(text))


def rank_units(
    units: Sequence[tuple[str, str]], tokens: Callable[[str], list[str]]
) -> Callable[[str], Ranking]:
    """``units``: (page id, text). A page ranks by its best unit."""
    scorer = BM25([tokens(text) for _, text in units])

    def rank(question: str) -> Ranking:
        best: dict[str, float] = {}
        for number, score in scorer.scores(tokens(question)).items():
            page = units[number][0]
            best[page] = max(score, best.get(page, 0.0))
        return sorted(best, key=lambda page: (-best[page], page))

    return rank


def rank_by_product(passages: Sequence[Passage], *, use_vectors: bool) -> Callable[[str], Ranking]:
    index = build_memory_index(passages, open_encoder() if use_vectors else None)
    search = Search(use_vectors=use_vectors)

    def rank(question: str) -> Ranking:
        hits = find_passages(index, question, k=50, search=search)
        return list(dict.fromkeys(f"{h.passage.document_id}#p{h.passage.page}" for h in hits))

    return rank


def pypdf_pages(path: Path) -> list[str]:
    reader = pypdf.PdfReader(path)
    if reader.is_encrypted:
        reader.decrypt("")
    return [page.extract_text() for page in reader.pages]


def interval(values: Sequence[float]) -> str:
    chance = random.Random(0)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return f"{sum(values) / len(values):.3f} [{means[50]:.3f}, {means[1949]:.3f}]"


def fidelity_row(document: Document, seconds: float) -> str:
    fidelity = document.fidelity
    assert fidelity is not None
    readers = Counter(page.reader for page in fidelity.pages)
    unreadable = "、".join(map(str, fidelity.unreadable_pages)) or "–"
    worst = max(page.garbled_share for page in fidelity.pages)
    return (
        f"| {document.path} | {len(fidelity.pages)} | {sum(p.characters for p in fidelity.pages):,} | "
        f"{readers['pypdf']} / {readers['pdfium']} | {worst:.3f} | {'yes' if fidelity.encrypted else '–'} | "
        f"{unreadable} | {seconds:.1f} |"
    )


def read_questions(folder: Path) -> list[Question]:
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [Question(q["question"], frozenset(q["gold_pages"])) for q in map(json.loads, filter(None, lines))]


def read_documents(folder: Path) -> list[Document]:
    print("| file | pages | characters | pypdf / pdfium | worst garbled share | encrypted | unreadable | s |")
    print("|---|---|---|---|---|---|---|---|")
    documents = []
    for path in sorted(folder.glob("*.pdf")):
        started = time.perf_counter()
        try:
            document = read_safely(path, name=path.name, document_id=path.name)
        except FileUnreadable as error:
            print(f"| {path.name} | refused: {error.why} |")
            continue
        documents.append(document)
        print(fidelity_row(document, time.perf_counter() - started), flush=True)
    print()
    return documents


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    questions = read_questions(options.data)
    documents = read_documents(options.data)
    raw = [
        (f"{path.name}#p{number}", text)
        for path in sorted(options.data.glob("*.pdf"))
        for number, text in enumerate(pypdf_pages(path), start=1)
    ]
    pages = [(f"{d.id}#p{p.number}", p.text) for d in documents for p in d.pages if p.text]
    passages = [passage for d in documents for passage in cut_passages(d)]
    cuts = [(f"{p.document_id}#p{p.page}", " ".join((*p.trail, p.text))) for p in passages]
    systems: dict[str, Callable[[str], Ranking]] = {
        "pypdf alone, pages, words by white space": rank_units(raw, str.split),
        "pypdf alone, pages, bigram BM25": rank_units(raw, character_bigrams),
        "our reader, pages, bigram BM25": rank_units(pages, character_bigrams),
        "our reader, our passages, bigram BM25": rank_units(cuts, character_bigrams),
        "our reader, our passages, product without vectors": rank_by_product(passages, use_vectors=False),
        "our reader, our passages, product": rank_by_product(passages, use_vectors=True),
    }
    print(f"{len(questions)} questions, {len(pages)} pages with text, {len(passages)} passages\n")
    print("| system | recall@1 | recall@5 | MRR |\n|---|---|---|---|")
    missed: list[tuple[str, Question, Ranking]] = []
    for name, rank in systems.items():
        rows = []
        for question in questions:
            ranking = rank(question.text)
            place = next((i for i, page in enumerate(ranking, 1) if page in question.gold), None)
            rows.append((place == 1, place is not None and place <= 5, 1 / place if place else 0.0))
            if name.endswith(", product") and not rows[-1][1]:
                missed.append((f"rank {place}", question, ranking[:5]))
        cells = " | ".join(interval([float(row[i]) for row in rows]) for i in range(3))
        print(f"| {name} | {cells} |", flush=True)
    for place, question, found in missed[: options.misses]:
        print(f"\n{place}: {question.text}\n  gold {sorted(question.gold)}, found {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
