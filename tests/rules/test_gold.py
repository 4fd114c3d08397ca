"""The verdicts that the sources bear out, against those that the rules give."""

from __future__ import annotations

from datetime import date

from assistant.grants.gold import check_gold, load_gold

from .corpus_grants import CORPUS, GRANTS

GOLD = load_gold(CORPUS / "gold" / "verdicts.jsonl")


def test_no_false_eligible_no_false_ineligible_and_the_right_rule_decides() -> None:
    result, misses = check_gold(GRANTS, GOLD, date(2026, 11, 23))
    assert misses == ()
    assert (result.false_eligible, result.false_ineligible, result.accuracy) == (0, 0, 1.0)


def test_the_gold_is_broad() -> None:
    assert len(GOLD) >= 150 and len({case.id for case in GOLD}) == len(GOLD)
    assert len({case.grant for case in GOLD}) >= 15
    by_outcome = {
        outcome: [c for c in GOLD if c.outcome == outcome]
        for outcome in ("対象になり得る", "対象外", "要確認")
    }
    assert all(len(cases) >= 40 for cases in by_outcome.values())


def test_every_gold_case_points_to_registered_sources_and_known_rules() -> None:
    for case in GOLD:
        assert set(case.sources) <= set(GRANTS.sources), case.id
        grant = GRANTS.by_id[case.grant]
        known = {rule.id for rule in grant.rules} | {point.id for point in grant.open_points}
        assert set(case.decisive) <= known, case.id
