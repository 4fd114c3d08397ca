"""The evaluators' bench: people rate shown sentences, blindly and twice; nobody's rating is ever overwritten.

Ratings are events in the append-only records, so that they survive crashes and concurrent raters; the latest
of a rater on a sentence counts.  A sentence that nobody rated is missing, never good.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError

from assistant.domain import Noun
from assistant.errors import InputError
from assistant.evaluation.agreement import krippendorff_alpha
from assistant.evaluation.given import Given, GivenCitation
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.statistics import DRAWS, SEED, bootstrap_interval
from assistant.records import Records

RATINGS, RATERS = "bench-rating", "bench-raters"
_ALL = 10_000_000


class Support(StrEnum):
    """Of what is in the sentence, how much its passage says (TREC RAG)."""

    FULL = "FS"
    PART = "PS"
    NONE = "NS"


class Fit(StrEnum):
    """The citation apart from the sentence: is this the right thing to point to?"""

    GOOD = "good"
    WEAK = "weak"
    WRONG = "wrong"


class Edit(StrEnum):
    """What an editor would do."""

    MISLEADING = "delete-misleading"
    REDUNDANT = "delete-redundant"
    EVIDENCE = "add-evidence"


class Sentence(Noun):
    """One shown sentence to rate, without any machine label."""

    id: str
    item: str
    question: str
    text: str
    citations: tuple[GivenCitation, ...]


class Rating(Noun):
    """What one person says of one sentence. ``adjudicates``: it settles two that differ."""

    sentence: str
    rater: str = Field(min_length=1)
    support: Support
    fit: Fit | None = None
    edits: tuple[Edit, ...] = ()
    note: str = ""
    adjudicates: bool = False


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha over sentences rated by two or more, with a bootstrap interval."""

    alpha: float | None
    ci95: tuple[float, float] | None
    sentences: int


def sentences_of(given: Iterable[Given], gold: Sequence[GoldQuestion]) -> list[Sentence]:
    """Every shown sentence of a run, in its order."""
    questions = {item.id: item.question for item in gold}
    return [
        Sentence(
            id=f"{answer.id}.{number}",
            item=answer.id,
            question=questions.get(answer.id, ""),
            text=claim.text,
            citations=claim.citations,
        )
        for answer in given
        for number, claim in enumerate(answer.claims, start=1)
    ]


def assigned(sentences: Sequence[Sentence], rater: str, raters: Sequence[str]) -> list[Sentence]:
    """The sentences of one rater: each goes to two, by hash, so that nobody picks what they rate."""

    def place(sentence: Sentence, name: str) -> str:
        return hashlib.sha256(f"{sentence.id}\x1f{name}".encode()).hexdigest()

    return [s for s in sentences if rater in sorted(raters, key=lambda name: place(s, name))[:2]]


class Bench:
    """The ratings of one run."""

    def __init__(self, records: Records, run: str) -> None:
        self.records = records
        self.run = run

    @property
    def raters(self) -> tuple[str, ...]:
        """The names given last."""
        events = self.records.read(RATERS, session=self.run, limit=1)
        return tuple(events[-1]["names"]) if events else ()

    def name_raters(self, names: Sequence[str]) -> tuple[str, ...]:
        """Who rates. Raises ``InputError`` for fewer than two different names."""
        cleaned = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
        if len(cleaned) < 2:
            raise InputError(
                "評価者が足りません。",
                why="1つの文を2人が別々に評価します。",
                remedy="2人以上の名前を入力してください。",
            )
        self.records.append(RATERS, {"names": list(cleaned)}, session=self.run)
        return cleaned

    def rate(self, rating: Rating) -> None:
        """Keep a rating; it is on disk when this returns."""
        self.records.append(RATINGS, rating.model_dump(mode="json"), session=self.run)

    def ratings(self) -> list[Rating]:
        """The latest rating of each rater on each sentence; rulings apart from ratings."""
        latest: dict[tuple[str, str, bool], Rating] = {}
        for event in self.records.read(RATINGS, session=self.run, limit=_ALL):
            rating = Rating.model_validate({k: v for k, v in event.items() if k not in ("id", "at")})
            latest[(rating.sentence, rating.rater, rating.adjudicates)] = rating
        return list(latest.values())

    def disputed(self) -> list[str]:
        """Sentences whose raters differ on support and that nobody has settled yet."""
        said: dict[str, set[Support]] = {}
        settled: set[str] = set()
        for rating in self.ratings():
            if rating.adjudicates:
                settled.add(rating.sentence)
            else:
                said.setdefault(rating.sentence, set()).add(rating.support)
        return [sentence for sentence, labels in said.items() if len(labels) > 1 and sentence not in settled]

    def settled(self) -> dict[str, Support]:
        """The label of each sentence that raters agree on or that was ruled on; the others are missing."""
        labels: dict[str, Support] = {}
        ratings = self.ratings()
        counted: dict[str, list[Support]] = {}
        for rating in ratings:
            if not rating.adjudicates:
                counted.setdefault(rating.sentence, []).append(rating.support)
        for sentence, given in counted.items():
            if len(given) > 1 and len(set(given)) == 1:
                labels[sentence] = given[0]
        labels.update({r.sentence: r.support for r in ratings if r.adjudicates})
        return labels

    def agreement(self) -> Agreement:
        """How far raters agree on support beyond chance."""
        by_sentence: dict[str, dict[str, Support]] = {}
        for rating in self.ratings():
            if not rating.adjudicates:
                by_sentence.setdefault(rating.sentence, {})[rating.rater] = rating.support
        twice = [given for given in by_sentence.values() if len(given) > 1]
        names = sorted({name for given in twice for name in given})
        order = {label: float(number) for number, label in enumerate(Support)}
        table = [[order[given[name]] if name in given else None for given in twice] for name in names]
        alpha = krippendorff_alpha(table) if table else None
        if alpha is None:
            return Agreement(alpha, None, len(twice))
        random = np.random.default_rng(SEED)
        drawn = []
        for _ in range(DRAWS // 4):
            picked = random.integers(0, len(twice), len(twice))
            value = krippendorff_alpha([[row[i] for i in picked] for row in table])
            drawn.append(1.0 if value is None else value)  # a draw in which all agree on one label
        low, high = np.percentile(drawn, [2.5, 97.5])
        return Agreement(alpha, (float(low), float(high)), len(twice))


def export_jsonl(ratings: Sequence[Rating], sentences: Sequence[Sentence]) -> str:
    """Ratings in TREC RAG's shape: one line a rated sentence, with topic, sentence, citation and label."""
    by_id = {sentence.id: sentence for sentence in sentences}
    lines = []
    for rating in ratings:
        sentence = by_id.get(rating.sentence)
        lines.append(
            json.dumps(
                {
                    "topic_id": sentence.item if sentence else "",
                    "answer_sentence": sentence.text if sentence else "",
                    "citations": [c.passage_id for c in sentence.citations] if sentence else [],
                    **rating.model_dump(mode="json"),
                },
                ensure_ascii=False,
            )
        )
    return "".join(line + "\n" for line in lines)


_COLUMNS = ("sentence", "rater", "support", "fit", "edits", "note", "adjudicates")


def export_csv(ratings: Sequence[Rating]) -> str:
    """Ratings as a table; a note that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for rating in ratings:
        writer.writerow(
            (
                rating.sentence,
                _harmless(rating.rater),
                rating.support,
                rating.fit or "",
                " ".join(rating.edits),
                _harmless(rating.note),
                int(rating.adjudicates),
            )
        )
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def read_ratings(text: str) -> list[Rating]:
    """Ratings of an exported JSONL or CSV. Raises ``InputError`` naming the first bad line."""
    rows: list[tuple[int, dict[str, object]]] = []
    try:
        if text.lstrip().startswith("{"):
            rows = [(n, json.loads(line)) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        else:
            for n, row in enumerate(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))), 2):
                rows.append(
                    (
                        n,
                        {
                            **row,
                            "fit": row.get("fit") or None,
                            "edits": (row.get("edits") or "").split(),
                            "note": (row.get("note") or "").removeprefix("'"),
                            "rater": (row.get("rater") or "").removeprefix("'"),
                            "adjudicates": row.get("adjudicates") == "1",
                        },
                    )
                )
    except (json.JSONDecodeError, csv.Error) as error:
        raise InputError("評価のファイルを読めません。", why=str(error)) from error
    ratings = []
    for number, value in rows:
        try:
            ratings.append(Rating.model_validate({k: v for k, v in value.items() if k in _COLUMNS}))
        except ValidationError as error:
            raise InputError(
                f"評価のファイルの{number}行目を読めません。", why=error.errors()[0]["msg"]
            ) from error
    return ratings


def weighted_support(labels: Iterable[Support]) -> tuple[float, tuple[float, float]]:
    """Mean support by people (full 1, partial ½, none 0; TREC RAG) with its 95 % interval; NaN without labels."""
    weights = {Support.FULL: 1.0, Support.PART: 0.5, Support.NONE: 0.0}
    values = [weights[label] for label in labels]
    counts = np.array([(value, 1.0) for value in values]).reshape(-1, 2)
    return (sum(values) / len(values) if values else math.nan), bootstrap_interval(counts)


def runs_in(home: Path) -> list[Path]:
    """Folders of runs, the latest first."""
    folder = home / "runs"
    found = [p.parent for p in folder.glob("*/answers.jsonl")] if folder.is_dir() else []
    return sorted(found, key=lambda p: p.name, reverse=True)
