from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant.domain import VerdictOutcome
from assistant.errors import CorpusInvalid
from assistant.grants.gold import check_gold, confusion, load_gold
from assistant.grants.loader import Grants

POSSIBLE, INELIGIBLE, TO_CONFIRM = VerdictOutcome
CASE = {
    "id": "v1",
    "grant": "mihon-chiiki-r8",
    "question": "民間ですが申請できますか。",
    "facts": {"applicant": "private"},
    "outcome": "対象外",
    "decisive": ["applicant-municipality"],
    "sources": ["T01"],
    "why": "申請者は市町村です。",
}


def test_the_matrix_counts_gold_against_predicted() -> None:
    pairs = [
        (POSSIBLE, POSSIBLE),
        (POSSIBLE, INELIGIBLE),
        (INELIGIBLE, POSSIBLE),
        (TO_CONFIRM, POSSIBLE),
        (TO_CONFIRM, TO_CONFIRM),
        (TO_CONFIRM, INELIGIBLE),
    ]
    found = confusion(pairs)
    assert found.matrix == ((1, 1, 0), (1, 0, 0), (1, 1, 1))
    assert (found.total, found.false_eligible, found.false_ineligible) == (6, 2, 2)
    assert found.accuracy == pytest.approx(2 / 6)
    assert confusion([]).accuracy == 0.0


def write(path: Path, *cases: object) -> Path:
    path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), encoding="utf-8")
    return path


def test_gold_is_held_against_the_rules(grants: Grants, tmp_path: Path, today: date) -> None:
    wrong = {**CASE, "id": "v2", "outcome": "対象になり得る"}
    elsewhere = {
        **CASE,
        "id": "v3",
        "decisive": ["kpi"],
        "facts": {**CASE["facts"], "has_kpi": True, "has_resident_group": True},
    }
    gold = load_gold(write(tmp_path / "gold.jsonl", CASE, wrong, elsewhere))
    result, misses = check_gold(grants, gold, today)
    assert result.matrix == ((0, 1, 0), (0, 2, 0), (0, 0, 0))
    assert result.false_ineligible == 1 and result.false_eligible == 0
    assert [(m.id, m.predicted) for m in misses] == [("v2", INELIGIBLE), ("v3", INELIGIBLE)]
    assert "applicant-municipality" in misses[0].open_or_unmet


def test_every_bad_line_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.jsonl", CASE, {"id": "v2"}, {**CASE, "outcome": "可"})
    path.write_text(path.read_text(encoding="utf-8") + "\n{broken", encoding="utf-8")
    with pytest.raises(CorpusInvalid) as caught:
        load_gold(path)
    assert len(caught.value.problems) == 3
    assert "gold.jsonl 4行目" in caught.value.problems[2]
