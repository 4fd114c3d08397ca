"""Train the linear ranker (``assistant/search/ranker.json``) on held-out articles of JaQuAD *train*.

    python training/train_ranker.py --data jaquad-train.jsonl.gz

Questions of the articles that the encoder has not seen (``splits.is_tune_title``) are searched in the
pool of these articles; a listwise logistic loss over the candidates is minimised by Newton's method,
which has one answer and needs no seed.  Cross-validated by article; no development or test set is read.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "training"))

from splits import bucket, is_tune_title  # noqa: E402

from assistant.domain import Kind, Passage  # noqa: E402
from assistant.search.build import build_index  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402
from assistant.search.features import FEATURES  # noqa: E402
from assistant.search.index import Index, open_index  # noqa: E402
from assistant.search.ranker import BUNDLED  # noqa: E402
from assistant.search.retrieve import Search, fallback_scores, rank  # noqa: E402
from assistant.search.writer import DocumentInput  # noqa: E402

# More say for vectors where no candidate holds much of the question.  Set by hand on questions in people's words
# (20 finds more of the answers than 5 within the first twenty); encyclopaedia text hardly minds; not fitted.
GATE = 20.0


Fitted = tuple[np.ndarray, np.ndarray, np.ndarray]  # means, scales, weights


@dataclass
class Example:
    """Candidates of one question: features, and which one is right."""

    features: np.ndarray
    right: int
    fold: int

    def scores(self, fitted: Fitted) -> np.ndarray:
        """What the ranker gives each candidate."""
        mean, scale, weights = fitted
        gap = self.features[:, FEATURES.index("vector*gap")]
        return (self.features - mean) / scale @ weights + GATE * gap


def document(number: int, title: str, text: str) -> DocumentInput:
    name = f"p{number}"
    digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
    return DocumentInput(
        name,
        digest,
        lambda: [
            Passage(
                id=f"{name}#000",
                document_id=name,
                kind=Kind.OTHER,
                title=title,
                trail=(),
                text=text,
                page=1,
                locator="",
                start=0,
                end=len(text),
                digest=digest[:16],
            )
        ],
    )


def examples(index: Index, questions: Iterable[tuple[str, str, int]], search: Search) -> list[Example]:
    """Features of the candidates of each (question, passage id, fold)."""
    found = []
    for question, gold, fold in questions:
        ranked = rank([index], question, k=10, search=search)
        if ranked is None:
            continue
        ids = [index.documents[int(n)].id for n in ranked.found.number]
        right = ids.index(gold) if gold in ids else -1
        found.append(Example(ranked.features, right, fold))
    return found


def ndcg(scores: np.ndarray, right: int) -> float:
    if right < 0:
        return 0.0
    place = int((scores > scores[right]).sum())
    return 1.0 / np.log2(place + 2) if place < 10 else 0.0


def newton(
    matrices: list[np.ndarray], offsets: list[np.ndarray], rights: list[int], ridge: float, steps: int = 30
) -> np.ndarray:
    """Weights that make the right row of each matrix most likely (softmax over rows, given offsets)."""
    x, offset = np.concatenate(matrices).astype(np.float64), np.concatenate(offsets)
    lengths = np.array([len(m) for m in matrices])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    owner = np.repeat(np.arange(len(lengths)), lengths)
    right = starts + np.array(rights)

    def likely(weights: np.ndarray) -> np.ndarray:
        logits = offset + x @ weights
        logits -= np.maximum.reduceat(logits, starts)[owner]
        return np.exp(logits) / np.add.reduceat(np.exp(logits), starts)[owner]

    def loss(weights: np.ndarray) -> float:
        return float(-np.log(likely(weights)[right] + 1e-300).mean() + ridge / 2 * weights @ weights)

    weights = np.zeros(x.shape[1])
    now = loss(weights)
    for _ in range(steps):
        p = likely(weights)
        expected = np.add.reduceat(x * p[:, None], starts, axis=0)
        gradient = ridge * weights - (x[right] - expected).mean(axis=0)
        hessian = ((x * p[:, None]).T @ x - expected.T @ expected) / len(lengths)
        step = np.linalg.solve(hessian + ridge * np.eye(len(weights)), gradient)
        size = 1.0
        while size > 1e-3 and (new := loss(weights - size * step)) > now:
            size /= 2.0
        if size <= 1e-3 or now - new < 1e-7:
            break
        weights, now = weights - size * step, new
    return weights


def fit(train: list[Example], ridge: float) -> Fitted:
    """Means, scales and weights of the features."""
    usable = [e for e in train if e.right >= 0]
    stacked = np.concatenate([e.features for e in usable]).astype(np.float64)
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale < 1e-6] = 1.0
    matrices = [(e.features - mean) / scale for e in usable]
    flat = [np.zeros(len(m)) for m in matrices]
    return mean, scale, newton(matrices, flat, [e.right for e in usable], ridge)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="jaquad-train.jsonl.gz")
    parser.add_argument("--out", type=Path, default=BUNDLED)
    parser.add_argument("--ridge", type=float, default=1e-2)
    parser.add_argument("--encoder", default="bundled")
    options = parser.parse_args()
    with gzip.open(options.data, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if is_tune_title(row["title"])]
    pool: dict[tuple[str, str], int] = {}
    for row in rows:
        pool.setdefault((row["title"], row["passage"]), len(pool))
    encoder = open_encoder(options.encoder)
    search = Search(use_ranker=False, use_thesaurus=False)
    with tempfile.TemporaryDirectory() as folder:
        documents = (document(n, title, text) for (title, text), n in pool.items())
        build_index(documents, Path(folder), encoder)
        index = open_index(Path(folder), encoder)
        questions = [
            (row["question"], f"p{pool[row['title'], row['passage']]}", bucket(row["title"] + "#fold", 5))
            for row in rows
        ]
        made = examples(index, questions, search)
        fitted = fit(made, options.ridge)
    before = np.mean([ndcg(fallback_scores(e.features, use_vectors=True), e.right) for e in made])
    held_out = []
    for fold in range(5):
        learnt = fit([e for e in made if e.fold != fold], options.ridge)
        held_out += [ndcg(e.scores(learnt), e.right) for e in made if e.fold == fold]
    mean, scale, weights = fitted
    report = {
        "trained_on": "JaQuAD train (CC BY-SA 3.0), articles held out from the encoder",
        "questions": len(made),
        "passages": len(pool),
        "encoder": encoder.digest[:16],
        "ridge": options.ridge,
        "ndcg10_before": round(float(before), 4),
        "ndcg10_cross_validated": round(float(np.mean(held_out)), 4),
    }
    by_name = {
        name: {"mean": round(float(m), 6), "scale": round(float(s), 6), "weight": round(float(w), 5)}
        for name, m, s, w in zip(FEATURES, mean, scale, weights, strict=True)
    }
    written = {"made": report, "gate": GATE, "features": by_name}
    options.out.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, ensure_ascii=False, indent=1))
    for name, entry in sorted(by_name.items(), key=lambda item: -abs(item[1]["weight"])):
        print(f"{entry['weight']:+.3f}  {name}")


if __name__ == "__main__":
    main()
