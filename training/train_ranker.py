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

# More say for vectors where no candidate holds much of the question.  Set by hand from experiments on other
# sets (statutes gain, encyclopaedia text neither gains nor loses); not fitted.
GATE = 5.0


@dataclass
class Example:
    """Candidates of one question: features, and which one is right."""

    features: np.ndarray
    right: int
    fold: int
    candidates_hold_it: bool = True


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
        found.append(Example(ranked.features, right, fold, right >= 0))
    return found


def ndcg(scores: np.ndarray, right: int) -> float:
    if right < 0:
        return 0.0
    place = int((scores > scores[right]).sum())
    return 1.0 / np.log2(place + 2) if place < 10 else 0.0


def _softmax(logits: np.ndarray) -> np.ndarray:
    p = np.exp(logits - logits.max())
    return p / p.sum()


def _loss(matrices: list[np.ndarray], train: list[Example], weights: np.ndarray, ridge: float) -> float:
    likely = [np.log(_softmax(x @ weights)[e.right] + 1e-300) for x, e in zip(matrices, train, strict=True)]
    return float(-np.mean(likely) + ridge / 2 * weights @ weights)


def fit(train: list[Example], ridge: float, steps: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means, scales and weights that make the right candidate most likely (softmax over candidates)."""
    usable = [e for e in train if e.candidates_hold_it]
    stacked = np.concatenate([e.features for e in usable]).astype(np.float64)
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale < 1e-6] = 1.0
    matrices = [(e.features.astype(np.float64) - mean) / scale for e in usable]
    weights = np.zeros(len(FEATURES))
    loss = _loss(matrices, usable, weights, ridge)
    for _ in range(steps):
        gradient = ridge * weights
        hessian = ridge * np.eye(len(weights))
        for x, e in zip(matrices, usable, strict=True):
            p = _softmax(x @ weights)
            expected = p @ x
            gradient -= (x[e.right] - expected) / len(usable)
            centred = x - expected
            hessian += (centred * p[:, None]).T @ centred / len(usable)
        step = np.linalg.solve(hessian, gradient)
        size = 1.0
        while size > 1e-3 and (new := _loss(matrices, usable, weights - size * step, ridge)) > loss:
            size /= 2.0
        if size <= 1e-3 or loss - new < 1e-7:
            break
        weights, loss = weights - size * step, new
    return mean, scale, weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="jaquad-train.jsonl.gz")
    parser.add_argument("--out", type=Path, default=BUNDLED)
    parser.add_argument("--ridge", type=float, default=1e-2)
    parser.add_argument("--dump", type=Path, help="also write the features here (for experiments)")
    options = parser.parse_args()
    with gzip.open(options.data, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if is_tune_title(row["title"])]
    pool: dict[tuple[str, str], int] = {}
    for row in rows:
        pool.setdefault((row["title"], row["passage"]), len(pool))
    encoder = open_encoder()
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
    if options.dump:
        np.savez(
            options.dump,
            features=np.concatenate([e.features for e in made]),
            lengths=np.array([len(e.features) for e in made]),
            right=np.array([e.right for e in made]),
            fold=np.array([e.fold for e in made]),
        )
    before = np.mean([ndcg(fallback_scores(e.features, use_vectors=True), e.right) for e in made])
    held_out = []
    for fold in range(5):
        mean, scale, weights = fit([e for e in made if e.fold != fold], options.ridge)
        held_out += [ndcg((e.features - mean) / scale @ weights, e.right) for e in made if e.fold == fold]
    mean, scale, weights = fit(made, options.ridge)
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
    options.out.write_text(
        json.dumps({"made": report, "gate": GATE, "features": by_name}, ensure_ascii=False, indent=1) + "\n",
        encoding="utf-8",
    )
    print(json.dumps(report, ensure_ascii=False, indent=1))
    for name, entry in sorted(by_name.items(), key=lambda item: -abs(item[1]["weight"])):
        print(f"{entry['weight']:+.3f}  {name}")


if __name__ == "__main__":
    main()
