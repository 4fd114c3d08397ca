"""Train the selector of statements (``assistant/ask/selector.json``) on questions with known answers.

    python training/train_selector.py [--questions FILE …] [--refused 0.06]

Each question is read and searched as in the asking flow; its candidates are the statements of what was
found.  A conditional logit over the candidates and "none of these" is fitted: right are the statements
that say a vital point of the gold, or none where the sources hold no answer.  Each answerable question
is used a second time without the passages that answer it, at low weight, so that a statement of the
right subject is not taken for an answer.  Every cue keeps its direction (bounds), so weights can be read.

Trained on the development half of ``corpus/gold/questions.jsonl`` and ``training/selection_questions.jsonl``;
the test half and ``benchmarks/data/everyday.jsonl`` are read by nothing here.  Cross-validated by document:
questions that are answered by the same document are in the same fold.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

for library in ("OMP", "OPENBLAS", "MKL"):  # one thread: the same weights each time, and faster
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy.optimize import minimize  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "training"))

from splits import bucket  # noqa: E402

from assistant.ask.asked import BARS, read_question  # noqa: E402
from assistant.ask.candidates import candidates  # noqa: E402
from assistant.ask.cues import CUES, cues_of  # noqa: E402
from assistant.ask.narrow import about_grants, as_cases  # noqa: E402
from assistant.ask.selector import BUNDLED  # noqa: E402
from assistant.ask.units import Unit  # noqa: E402
from assistant.domain import Hit, Intent, Understanding  # noqa: E402
from assistant.evaluation.gold import GoldQuestion, fold_for_patterns, load_gold, pick  # noqa: E402
from assistant.ingest import ingest  # noqa: E402
from assistant.japanese.calendar import fiscal_year_of  # noqa: E402
from assistant.search.finder import CorpusFinder  # noqa: E402
from assistant.service import Assistant  # noqa: E402
from assistant.settings import Settings  # noqa: E402

FOLDS = 5
WITHOUT_ANSWER = 0.1  # weight of a question asked without the passages that answer it
ELSEWHERE = 0.6  # how far a statement counts that says the point in a document not named by the gold
# Kinds of unanswerable questions where every statement shown is wrong; of what is unconfirmed, those that do not
# say so.  Of the others (a wrong year, a false premise …) a statement shown with its caution may be honest, so
# they teach nothing here.
NOTHING_ANSWERS = ("off_topic", "near_miss", "other_place", "personal")
UNCONFIRMED = 0.5  # weight of a question for what no source confirms
PASSAGE, BEHIND = list(CUES).index("passage"), list(CUES).index("passage_behind")

Numbers = NDArray[np.float64]


@dataclass
class Group:
    """The candidates of one question. ``right``: 0–1 for each; all 0 where none answers."""

    id: str
    kind: str  # answer | none | without
    rows: Numbers
    bar: Numbers
    right: Numbers
    weight: float
    fold: int
    texts: tuple[str, ...]


def _readings(assistant: Assistant, item: GoldQuestion) -> Iterator[tuple[Understanding, Sequence[Hit]]]:
    """How the question is read, with the hits that its statements are chosen from."""
    history: list[Understanding] = []
    for earlier in item.history:
        understood = assistant.step(earlier, "understand", history=tuple(history))
        history.append(understood if isinstance(understood, Understanding) else understood[-1])
    read: Understanding | None = None
    for step, noun in assistant.steps(
        item.question, fiscal_year=item.fiscal_year, municipality=item.municipality, history=tuple(history)
    ):
        if step == "understand":
            read = (
                noun if isinstance(noun, Understanding) else None
            )  # several questions at once teach nothing
        elif step == "retrieve":
            if read is not None and read.intent is not Intent.OUT_OF_SCOPE and not read.unclear and noun:
                yield read, about_grants(read, noun, assistant.vocabulary)
                other = as_cases(read, noun)
                if other:
                    yield other
            return


def _rightness(item: GoldQuestion, unit: Unit, *, cases: bool) -> float:
    document = unit.hit.passage.document_id
    own = document in item.gold_documents or document in item.gold_cases
    if cases:
        return float(own)
    text = fold_for_patterns(unit.text)
    said = max((1.0 if n.vital else 0.5 for n in item.nuggets if n.is_in(text)), default=0.0)
    return said * (1.0 if own or not item.gold_documents else ELSEWHERE)


def groups_of(assistant: Assistant, gold: Iterable[GoldQuestion]) -> list[Group]:
    """The training groups of gold questions."""
    weigh = CorpusFinder(assistant.index).weigh
    made: list[Group] = []
    for item in gold:
        fold = bucket((item.gold_documents or (item.id,))[0] + "#fold", FOLDS)
        for read, hits in _readings(assistant, item):
            cases = read.intent is Intent.CASES
            units, _ = candidates(read, hits, fiscal_year_of(assistant.settings.today))
            if not units:
                continue
            asked = read_question(read, hits, weigh)
            rows = np.array([cues_of(unit, asked) for unit in units])
            bar = np.array((1.0, *asked.bars()))
            texts = tuple(unit.text for unit in units)
            right = np.array([_rightness(item, unit, cases=cases) for unit in units])
            right[right < 0.4] = 0.0

            def add(
                kind: str, keep: Numbers, weight: float, *, parts=(rows, bar, right, texts, item, fold)
            ) -> None:
                rows, bar, right, texts, item, fold = parts
                made.append(
                    Group(
                        item.id,
                        kind,
                        rows[keep],
                        bar,
                        right[keep],
                        weight,
                        fold,
                        tuple(t for t, k in zip(texts, keep, strict=True) if k),
                    )
                )

            everything = np.ones(len(units), dtype=bool)
            if not item.answerable:
                if item.kind in NOTHING_ANSWERS:
                    add("none", everything, 1.0)
                known = np.array([not unit.tells_unknown for unit in units])
                if item.kind == "unconfirmed" and known.any():  # that a thing is not known may be told
                    add("none", known, UNCONFIRMED)
                continue
            if not right.any():
                continue
            add("answer", everything, 1.0)
            answering = {u.hit.passage.id for u, r in zip(units, right, strict=True) if r > 0}
            keep = np.array([u.hit.passage.id not in answering for u in units])
            if keep.sum() >= 3:
                add("without", keep, WITHOUT_ANSWER)
                scores = np.array([u.hit.score for u, k in zip(units, keep, strict=True) if k])
                left = made[-1].rows
                left[:, PASSAGE] = scores / scores.max() if scores.max() > 0 else 0.0
                left[:, BEHIND] = (scores.max() - scores) / 10.0
    return made


def fit(groups: Sequence[Group], ridge: float) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Means, scales, weights and bar that make what is right (or none) most likely."""
    signs, n = np.array(list(CUES.values())), len(CUES)
    stacked = np.concatenate([g.rows for g in groups])
    mean, scale = stacked.mean(axis=0), stacked.std(axis=0)
    scale[scale < 1e-6] = 1.0
    x = (stacked - mean) / scale
    starts = np.cumsum([0] + [len(g.rows) for g in groups])[:-1]
    owner = np.repeat(np.arange(len(groups)), [len(g.rows) for g in groups])
    bars = np.stack([g.bar for g in groups])
    right = np.concatenate([g.right for g in groups])
    none = np.array([not g.right.any() for g in groups])
    weight = np.array([g.weight for g in groups])
    total = weight.sum()

    def loss(theta: Numbers) -> tuple[float, Numbers]:
        w, v = theta[:n], theta[n:]
        s, b = x @ w, bars @ v
        top = np.maximum(np.maximum.reduceat(s, starts), b)
        e, e_none = np.exp(s - top[owner]), np.exp(b - top)
        z = np.add.reduceat(e, starts) + e_none
        p, p_none = e / z[owner], e_none / z
        said = np.where(none, p_none, np.add.reduceat(p * right, starts)) + 1e-12
        target = np.where(none[owner], 0.0, p * right / said[owner])
        gw = -((weight[owner] * (target - p)) @ x) / total + ridge * w
        gv = -((weight * (none - p_none)) @ bars) / total
        gv[1:] += 0.3 * ridge * v[1:]
        value = -(weight * np.log(said)).sum() / total + ridge / 2 * (w @ w) + 0.15 * ridge * (v[1:] @ v[1:])
        return float(value), np.concatenate([gw, gv])

    bounds = [(0.0, None) if sign > 0 else (None, 0.0) for sign in signs] + [(None, None)] * bars.shape[1]
    found = minimize(
        loss,
        np.zeros(n + bars.shape[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 400},
    ).x
    return mean, scale, found[:n], found[n:]


@dataclass(frozen=True)
class Outcome:
    """The best statement of a held-out group: its score, and whether it is right."""

    group: Group
    score: float
    right: bool


def cross_validate(groups: Sequence[Group], ridge: float) -> list[Outcome]:
    """Each group judged by weights that were fitted without its fold."""
    outcomes: list[Outcome] = []
    for fold in range(FOLDS):
        mean, scale, weights, bar = fit([g for g in groups if g.fold != fold], ridge)
        for group in (g for g in groups if g.fold == fold):
            scores = (group.rows - mean) / scale @ weights - group.bar @ bar
            best = int(scores.argmax())
            outcomes.append(Outcome(group, float(scores[best]), bool(group.right[best] > 0)))
    return outcomes


def report_of(outcomes: Sequence[Outcome], least: float) -> dict[str, float]:
    """What showing statements from ``least`` on would do on held-out questions."""

    def share(kind: str, *, wants: bool = False) -> float:
        of_kind = [o for o in outcomes if o.group.kind == kind]
        hits = [o for o in of_kind if o.score >= least and (o.right or not wants)]
        return round(len(hits) / len(of_kind), 4) if of_kind else 0.0

    return {
        "first_statement_right": round(
            float(np.mean([o.right for o in outcomes if o.group.kind == "answer"])), 4
        ),
        "shown_and_right": share("answer", wants=True),
        "refused": round(1.0 - share("answer"), 4),
        "shown_where_nothing_answers": share("none"),
        "shown_without_the_answer": share("without"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--questions", type=Path, nargs="*", default=[ROOT / "training" / "selection_questions.jsonl"]
    )
    parser.add_argument("--ridge", type=float, default=0.03)
    parser.add_argument("--refused", type=float, default=0.06, help="share of held-out answers given up")
    parser.add_argument("--out", type=Path, default=BUNDLED)
    options = parser.parse_args()
    gold = pick(load_gold(ROOT / "corpus" / "gold" / "questions.jsonl"), "dev")
    for path in options.questions:
        gold += load_gold(path)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            index=Path(folder) / "index", home=Path(folder) / "home", today=date(2026, 11, 23), model=None
        )
        ingest(settings)
        groups = groups_of(Assistant.open(settings), gold)
    outcomes = cross_validate(groups, options.ridge)
    answers = np.array([o.score for o in outcomes if o.group.kind == "answer"])
    least = float(np.quantile(answers, options.refused))
    mean, scale, weights, bar = fit(groups, options.ridge)
    made = {
        "trained_on": "development half of corpus/gold/questions.jsonl, training/selection_questions.jsonl",
        "questions": len(gold),
        "groups": {k: sum(g.kind == k for g in groups) for k in ("answer", "none", "without")},
        "ridge": options.ridge,
        "cross_validated": report_of(outcomes, least),
    }
    stored = {
        "made": made,
        "least": round(least, 3),
        "cues": {
            name: {
                "mean": round(float(m), 5),
                "scale": round(float(s), 5),
                "weight": round(float(w), 4) + 0.0,
            }
            for name, m, s, w in zip(CUES, mean, scale, weights, strict=True)
        },
        "bar": {name: round(float(v), 4) for name, v in zip(("always", *BARS), bar, strict=True)},
    }
    options.out.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(made, ensure_ascii=False, indent=1))
    for refused in (0.02, 0.04, 0.06, 0.08, 0.12):
        least = float(np.quantile(answers, refused))
        print(f"least {least:+.2f}", json.dumps(report_of(outcomes, least)))
    for weight, name in sorted(zip(weights, CUES, strict=True), key=lambda pair: -abs(pair[0])):
        print(f"{weight:+.3f}  {name}")
    print(stored["bar"])


if __name__ == "__main__":
    main()
