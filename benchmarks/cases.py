"""Is the right case found? Ours, BM25 alone, vectors alone and the stock LangChain ensemble on the same queries.

    pip install langchain-community langchain-classic      # for the stock ensemble; left out where missing
    python benchmarks/cases.py [--json] [--pool FILE]

Gold: corpus/gold/cases.jsonl (queries in a consultant's words, grades 3 exactly this, 2 useful, 1 touches it).
nDCG with gains 2^grade - 1 (Burges et al. 2005); recall counts grades from 1.  Intervals: percentile bootstrap
over queries, 10,000 draws, seed 0.  Weights of our ranking were set on the odd queries; the even ones measure it.
``--pool`` writes what stands in anybody's top 20 without a grade, to be judged.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rank_bm25 import BM25Okapi

from assistant.cases.find import find
from assistant.domain import Kind, Municipality
from assistant.japanese.tokens import content_lemmas, tokenise
from assistant.knowledge.cases import case_document
from assistant.knowledge.likeness import like
from assistant.knowledge.municipalities import Municipalities
from assistant.search.encoder import open_encoder
from assistant.search.runs import find_documents
from assistant.search.store import Filters
from assistant.service import Assistant
from assistant.settings import Settings

GOLD = Path(__file__).resolve().parents[1] / "corpus" / "gold" / "cases.jsonl"
K, DRAWS = 20, 10_000
Rank = Callable[[str], list[str]]


def read_gold(path: Path = GOLD) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ndcg(ranked: list[str], grades: dict[str, int], k: int = 10) -> float:
    gains = [2 ** grades.get(case, 0) - 1 for case in ranked[:k]]
    best = sorted((2**g - 1 for g in grades.values()), reverse=True)[:k]
    discount = 1 / np.log2(np.arange(2, k + 2))
    return float(np.dot(gains, discount[: len(gains)]) / np.dot(best, discount[: len(best)]))


def recall(ranked: list[str], grades: dict[str, int], k: int = K) -> float:
    return len(set(ranked[:k]) & set(grades)) / len(grades)


def interval(values: np.ndarray, seed: int = 0) -> tuple[float, float, float]:
    draws = np.random.default_rng(seed).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(values.mean()), float(low), float(high)


def systems(assistant: Assistant) -> dict[str, Rank]:
    book = assistant.cases.book
    ids = [entry.case.id for entry in book.entries if not entry.is_own]
    texts = [case_document(book.by_id[i].case, book.sources).pages[0].text for i in ids]
    lexical = BM25Okapi([content_lemmas(text) for text in texts])
    encoder = open_encoder(assistant.settings.encoder)
    vectors = np.asarray(encoder.encode_passages(texts), dtype=np.float32)

    def best(scores: np.ndarray) -> list[str]:
        return [ids[i] for i in np.argsort(-scores, kind="stable")[:K]]

    found: dict[str, Rank] = {
        "ours": lambda q: [hit.id for hit in find(book, q, k=K).hits],
        "passage search": lambda q: [
            hit.passage.document_id
            for hit in find_documents(book.indexes[:1], q, k=K, filters=Filters.of(kinds=[Kind.CASE]))
        ],
        "BM25": lambda q: best(lexical.get_scores(content_lemmas(q))),
        "vectors": lambda q: best(vectors @ np.asarray(encoder.encode_queries([q])[0], dtype=np.float32)),
    }
    stock = stock_ensemble(encoder, ids, texts)
    if stock is not None:
        found["LangChain ensemble"] = stock
    return found


def stock_ensemble(encoder: Any, ids: list[str], texts: list[str]) -> Rank | None:
    """BM25Retriever over fugashi's words and FAISS over the same vectors, joined by RRF, as the documentation shows."""
    try:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS
        from langchain_core.embeddings import Embeddings
    except ImportError:
        return None

    class Ours(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return np.asarray(encoder.encode_passages(texts), dtype=np.float32).tolist()

        def embed_query(self, text: str) -> list[float]:
            return np.asarray(encoder.encode_queries([text])[0], dtype=np.float32).tolist()

    def words(text: str) -> list[str]:
        return [token.surface for token in tokenise(text)]

    metadatas = [{"id": i} for i in ids]
    lexical = BM25Retriever.from_texts(texts, metadatas=metadatas, preprocess_func=words)
    lexical.k = K
    dense = FAISS.from_texts(texts, Ours(), metadatas=metadatas).as_retriever(search_kwargs={"k": K})
    joined = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])
    return lambda q: [document.metadata["id"] for document in joined.invoke(q)][:K]


def likeness_groups(register: Municipalities) -> dict[str, dict[str, float]]:
    """Leave one out: of the ten places most alike to a member of a known group, how many are members."""
    every = register.municipalities
    groups: dict[str, Callable[[Municipality], bool]] = {
        "Tokyo's 23 wards": lambda m: m.kind == "特別区",
        "designated cities": lambda m: m.kind == "指定都市",
        "prefectural capitals": lambda m: "都道府県庁所在地" in m.flags,
        "island towns and villages": lambda m: "離島" in m.flags and m.kind in ("町", "村"),
        "depopulated towns and villages": lambda m: "過疎" in m.flags and m.kind in ("町", "村"),
    }
    found = {}
    for name, belongs in groups.items():
        members = {m.code for m in every if belongs(m)}
        nearest = min(10, len(members) - 1)
        shares = [
            sum(hit.municipality.code in members for hit in like(m, every, nearest)) / nearest
            for m in [m for m in every if m.code in members][:60]
        ]
        found[name] = {
            "members": len(members),
            "share of nearest": float(np.mean(shares)),
            "by chance": (len(members) - 1) / (len(every) - 1),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pool", type=Path)
    options = parser.parse_args()
    assistant = Assistant.open(Settings())
    gold = read_gold()
    runs = {name: [rank(row["query"]) for row in gold] for name, rank in systems(assistant).items()}
    if options.pool:
        with options.pool.open("w", encoding="utf-8") as file:
            for number, row in enumerate(gold):
                seen = {case for run in runs.values() for case in run[number]}
                file.write(
                    json.dumps({"id": row["id"], "unjudged": sorted(seen - row["grades"].keys())}) + "\n"
                )
    held = np.array([int(row["id"][1:]) % 2 == 0 for row in gold])
    report: dict[str, Any] = {
        "queries": len(gold),
        "held_out": int(held.sum()),
        "cases": len(assistant.cases.book.entries),
    }
    for part, mask in (("all", np.ones(len(gold), bool)), ("held out", held)):
        report[part] = {}
        values = {
            name: {
                "nDCG@10": np.array([ndcg(r, g["grades"]) for r, g in zip(run, gold, strict=True)])[mask],
                "recall@20": np.array([recall(r, g["grades"]) for r, g in zip(run, gold, strict=True)])[mask],
            }
            for name, run in runs.items()
        }
        for name, measures in values.items():
            report[part][name] = {m: interval(v) for m, v in measures.items()}
            if name != "ours":
                report[part][name] |= {
                    f"ours - this, {m}": interval(values["ours"][m] - v) for m, v in measures.items()
                }
    assert assistant.municipalities is not None
    report["likeness"] = likeness_groups(assistant.municipalities)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return
    print(f"{report['queries']} queries ({report['held_out']} held out), {report['cases']} cases")
    for part in ("all", "held out"):
        print(f"\n{part}")
        for name, measures in report[part].items():
            said = "  ".join(f"{m} {v:.3f} [{low:.3f}, {high:.3f}]" for m, (v, low, high) in measures.items())
            print(f"  {name:<20} {said}")
    print("\nlikeness: of the ten places most alike to a member (first 60), the share of members")
    for name, figures in report["likeness"].items():
        print(
            f"  {name:<32} {figures['share of nearest']:.2f} (by chance {figures['by chance']:.3f}, {figures['members']})"
        )


if __name__ == "__main__":
    sys.exit(main())
