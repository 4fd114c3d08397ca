"""The gold set of case queries is sound, and the ranking keeps what was measured (benchmarks/cases.py)."""

import json
import math

import pytest

from assistant.cases.find import find
from assistant.settings import ROOT

ROWS = [
    json.loads(line)
    for line in (ROOT / "corpus" / "gold" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]
HELD_OUT = [row for row in ROWS if int(row["id"][1:]) % 2 == 0]


def test_at_least_120_queries_with_grades_of_cases_that_exist(assistant):
    known = assistant.cases.book.by_id
    assert len(ROWS) >= 120
    assert len({row["id"] for row in ROWS}) == len({row["query"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row["grades"] and set(row["grades"].values()) <= {1, 2, 3}, row["id"]
        assert set(row["grades"]) <= set(known), row["id"]


def ndcg(ranked, grades):
    def dcg(gains):
        return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains[:10], 1))

    best = sorted((2**g - 1 for g in grades.values()), reverse=True)
    return dcg([2 ** grades.get(i, 0) - 1 for i in ranked]) / dcg(best)


def test_held_out_queries_are_ranked_as_well_as_was_measured(assistant):
    book = assistant.cases.book
    scores = [
        ndcg([hit.id for hit in find(book, row["query"], k=10).hits], row["grades"]) for row in HELD_OUT
    ]
    assert sum(scores) / len(scores) >= 0.80  # 0.85 when it was set


@pytest.mark.parametrize("row", ROWS[:5], ids=lambda row: row["id"])
def test_the_first_hit_of_a_plain_query_is_of_use(assistant, row):
    ranked = [hit.id for hit in assistant.find_cases(row["query"], k=3).hits]
    assert set(ranked) & set(row["grades"])
