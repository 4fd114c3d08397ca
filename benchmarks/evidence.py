"""Does the evidence check catch lies, and does it let honest sentences through?

    python benchmarks/evidence.py            # Markdown table on the test half
    python benchmarks/evidence.py --half dev --misses 40

Pairs are statements of the corpus' digests with the passage about them (up to five statements).  Each is made
false in one fact at a time; a lie counts as caught when the label is not ``supported``.  Beside it stands what
a cosine similarity with the best possible threshold would do.  Pairs are cut into halves by sha256: thresholds
were set on ``dev``, the table is of ``test``.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "benchmarks"))

from evidence_mutations import KINDS, mutate  # noqa: E402

from assistant.domain import Kind, SupportLabel  # noqa: E402
from assistant.evidence.check import check_support  # noqa: E402
from assistant.japanese.text import normalise, sentences  # noqa: E402
from assistant.japanese.tokens import bigrams  # noqa: E402
from assistant.knowledge.digests import Digest, parse_digest  # noqa: E402
from assistant.search.encoder import open_encoder  # noqa: E402

DATA = ROOT / "benchmarks" / "data"
TARGETS = {k: 0.98 for k in KINDS} | {"class": 0.95, "entity": 0.95}
FIGURES = ("amount", "number", "unit", "year", "date", "comparison")
Similarity = Callable[[str, str], float]


@dataclass(frozen=True)
class Pair:
    claim: str
    evidence: str
    context: str = ""
    kind: str = "true"
    given_half: str = ""

    @property
    def half(self) -> str:
        """Hand-written paraphrases name their half; everything else is cut by the passage's sha256."""
        if self.given_half:
            return self.given_half
        return "dev" if hashlib.sha256(self.evidence.encode()).digest()[0] % 2 else "test"


def digests() -> list[Digest]:
    found = []
    for folder, kind in (("policy", Kind.POLICY), ("grants", Kind.GRANT)):
        for path in sorted((ROOT / "corpus" / folder).glob("*.md")):
            digest, _ = parse_digest(
                path.read_text(encoding="utf-8"), document_id=path.stem, kind=kind, shown=path.name
            )
            if digest is not None:
                found.append(digest)
    return found


def corpus_pairs(found: Sequence[Digest]) -> list[Pair]:
    """Every statement with its two neighbours on either side under the same heading."""
    pairs: dict[str, Pair] = {}
    for digest in found:
        for page in digest.document.pages:
            cuts = [0, *(h[0] for h in page.headings), len(page.text) + 1]
            for low, high in itertools.pairwise(cuts):
                block = [s for s in page.statements if low <= s.start < high]
                heading = next((h[2] for h in page.headings if h[0] == low), "")
                for i, statement in enumerate(block):
                    near = block[max(0, i - 2) : i + 3]
                    claim = page.text[statement.start : statement.end]
                    evidence = "\n".join(page.text[s.start : s.end] for s in near)
                    pairs.setdefault(claim, Pair(claim, evidence, f"{digest.document.title} {heading}"))
    return list(pairs.values())


def hand_written(name: str) -> list[Pair]:
    path = DATA / name
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Pair(r["claim"], r["evidence"], kind=r.get("kind", "paraphrase"), given_half=r.get("half", ""))
        for r in rows
    ]


def grant_names(found: Sequence[Digest]) -> list[str]:
    """Names under which the digests' grants are known, longest first."""
    names = {
        a
        for d in found
        if d.document.kind is Kind.GRANT
        for a in d.aliases
        if 4 <= len(a) <= 24 and " " not in a
    }
    return sorted(names, key=lambda n: (-len(n), n))


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    z, p = 1.959964, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def similarity() -> tuple[str, Similarity]:
    """Cosine of the bundled encoder: the best of the whole passage and its single sentences."""
    encoder = open_encoder()

    def score(claim: str, evidence: str) -> float:
        parts = [evidence, *(evidence[a:b] for a, b in sentences(evidence))]
        return float(np.max(encoder.encode_passages(parts) @ encoder.encode_passages([claim])[0]))

    return "cosine (bundled encoder)", score


def bigram_similarity() -> Similarity:
    def vector(text: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for pair in bigrams(normalise(text)):
            counts[pair] = counts.get(pair, 0) + 1
        return counts

    def cosine(a: dict[str, int], b: dict[str, int]) -> float:
        dot = sum(n * b.get(k, 0) for k, n in a.items())
        return dot / math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()) or 1)

    def score(claim: str, evidence: str) -> float:
        mine = vector(claim)
        return max(
            cosine(mine, vector(t)) for t in [evidence, *(evidence[a:b] for a, b in sentences(evidence))]
        )

    return score


def caught(pair: Pair) -> bool:
    return check_support(pair.claim, pair.evidence, context=pair.context).label is not SupportLabel.SUPPORTED


def share(hits: Sequence[bool]) -> str:
    if not hits:
        return "—"
    low, high = wilson(sum(hits), len(hits))
    return f"{sum(hits) / len(hits):.3f} ({low:.3f}–{high:.3f})"


def lies(pairs: Sequence[Pair], names: list[str]) -> dict[str, list[Pair]]:
    made: dict[str, list[Pair]] = {kind: [] for kind in KINDS}
    for pair in pairs:
        for kind in KINDS:
            false = mutate(kind, pair.claim, pair.evidence, names, pair.claim)
            if false is not None:
                made[kind].append(Pair(false, pair.evidence, pair.context, kind))
    return made


def threshold(score: Similarity, honest: Sequence[Pair]) -> float:
    """The highest cut that lets 97 % of honest development pairs through: as kind as can be to the baseline."""
    return float(np.quantile([score(p.claim, p.evidence) for p in honest], 0.03))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    parser.add_argument("--misses", type=int, default=0, help="show this many mistakes per row")
    parser.add_argument("--no-baseline", action="store_true")
    args = parser.parse_args()

    found = digests()
    everything = corpus_pairs(found)
    half = [p for p in everything if p.half == args.half]
    names = grant_names(found)
    made = lies(half, names)
    paraphrases, traps = hand_written("paraphrases.jsonl"), hand_written("hard_negatives.jsonl")
    para = [p for p in paraphrases if p.half == args.half]
    trap = [p for p in traps if p.half == args.half]

    scorers: list[tuple[str, Similarity, float]] = []
    if not args.no_baseline:
        dev = [p for p in (*everything, *paraphrases) if p.half == "dev"]
        for name, score in (similarity(), ("cosine (character bigrams)", bigram_similarity())):
            scorers.append((name, score, threshold(score, dev)))

    print(
        f"{len(everything)} pairs from the corpus ({len(half)} in {args.half}); {len(paraphrases)} paraphrases and "
        f"{len(traps)} hard negatives by hand ({len(para)} and {len(trap)} in {args.half}).\n"
    )
    head = ["false sentences", "n", "target", "evidence check: caught (95 % CI)", "of these shown as partial"]
    head += [f"{name}: caught" for name, _, _ in scorers]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    rows: list[tuple[str, str, list[Pair]]] = [(k, f"≥ {TARGETS[k]}", made[k]) for k in KINDS]
    rows.append(("hard negatives (by hand)", "", trap))
    # A mutated statement is a copy of its evidence but for one fact; a mutated paraphrase is not.
    reworded = lies(para, names)
    rows.append(("paraphrases made false: figures", "", [p for k in FIGURES for p in reworded[k]]))
    rows.append(("paraphrases made false: polarity", "", reworded["polarity"]))
    rows.append(("paraphrases made false: class, entity", "", reworded["class"] + reworded["entity"]))
    for name, target, pairs in rows:
        labels = [check_support(p.claim, p.evidence, context=p.context) for p in pairs]
        hits = [s.label is not SupportLabel.SUPPORTED for s in labels]
        partial = sum(s.label is SupportLabel.PARTIAL for s in labels)
        cells = [name, str(len(pairs)), target, share(hits), str(partial)]
        cells += [share([score(p.claim, p.evidence) < cut for p in pairs]) for _, score, cut in scorers]
        print("| " + " | ".join(cells) + " |")
        for pair in [p for p, hit in zip(pairs, hits, strict=True) if not hit][: args.misses]:
            print(f"    MISS {pair.claim}")
    head = ["honest sentences", "n", "target", "evidence check: false alarms (95 % CI)"]
    head += [f"{name}: false alarms" for name, _, _ in scorers]
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for name, pairs in (("untouched", half), ("paraphrases (by hand)", para)):
        hits = [caught(p) for p in pairs]
        cells = [name, str(len(pairs)), "≤ 0.03", share(hits)]
        cells += [share([score(p.claim, p.evidence) < cut for p in pairs]) for _, score, cut in scorers]
        print("| " + " | ".join(cells) + " |")
        for pair in [p for p, hit in zip(pairs, hits, strict=True) if hit][: args.misses]:
            print(
                f"    ALARM {check_support(pair.claim, pair.evidence, context=pair.context).reason} | {pair.claim}"
            )
    begin = time.perf_counter()
    for pair in half:
        check_support(pair.claim.replace("。", " 。"), pair.evidence, context=pair.context)
    spent = (time.perf_counter() - begin) / max(1, len(half)) * 1000
    print(f"\n{spent:.2f} ms per claim with the evidence analysed before.")


if __name__ == "__main__":
    main()
