from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Amounts
from assistant.grants.amounts import missing_for_amounts, work_out_amounts
from assistant.grants.facts import read_facts
from assistant.grants.loader import Grants
from assistant.grants.rules import AmountRule, Grant, Per


def amounts(grant: Grant, **facts: Any) -> Amounts:
    found = work_out_amounts(grant, read_facts(facts, grant.vocabulary))
    assert found is not None
    return found


def with_entry(grant: Grant, **changes: Any) -> Grant:
    entry = grant.amounts[1].model_copy(update={"when": None, **changes})
    return grant.model_copy(update={"amounts": (entry,)}).in_context(grant.vocabulary, {})


@pytest.mark.parametrize(
    ("facts", "national", "local", "word"),
    [
        ({"project_kind": "soft", "total_yen": "1200万円"}, 6_000_000, 6_000_000, "範囲内"),
        (
            {"project_kind": "soft", "total_yen": "4000万円", "years": 1},
            10_000_000,
            30_000_000,
            "最大1,000万円",
        ),
        ({"project_kind": "soft", "total_yen": "4000万円", "years": 2}, 20_000_000, 20_000_000, "範囲内"),
        (
            {"project_kind": "soft", "total_yen": "9000万円", "years": 3},
            30_000_000,
            60_000_000,
            "1,000万円×3か年度",
        ),
        ({"project_kind": "soft", "total_yen": "4000万円"}, None, None, "計画期間の年数"),
        ({"project_kind": "facility", "total_yen": "3000万円"}, 20_000_000, 10_000_000, "2/3"),
        ({"project_kind": "facility", "total_yen": "3億円"}, 50_000_000, 250_000_000, "最大5,000万円"),
        ({"project_kind": "facility", "total_yen": 100}, 66, 34, "2/3"),
        ({"project_kind": "soft", "national_yen": "500万円"}, 5_000_000, 5_000_000, "1年度当たり"),
        (
            {"project_kind": "soft", "national_yen": "2000万円"},
            10_000_000,
            10_000_000,
            "上限1,000万円を超えて",
        ),
    ],
)
def test_national_and_local_share(
    grant: Grant, facts: dict[str, Any], national: int | None, local: int | None, word: str
) -> None:
    found = amounts(grant, **facts)
    assert (found.national_yen, found.local_yen) == (national, local)
    assert word in found.because


def test_an_open_kind_of_project_leaves_rate_and_cap_open(grant: Grant) -> None:
    found = amounts(grant, total_yen=1000)
    assert (found.rate, found.cap_yen, found.national_yen) == (None, None, None)
    assert "「事業の種類」が分かると" in found.because
    assert found.notes == (
        "ソフト事業: 補助率1/2、上限は1年度当たり1,000万円",
        "施設整備: 補助率2/3、上限は計画期間の合計で5,000万円",
    )


def test_an_unknown_rate_stays_unknown_and_is_said(grants: Grants) -> None:
    found = amounts(grants.by_id["mihon-chiiki-r7"], total_yen="800万円")
    assert (found.rate, found.national_yen, found.local_yen, found.cap_yen) == (None, None, None, 5_000_000)
    assert "補助率が資料で確認できていない" in found.because


def test_an_unknown_cap_is_not_taken_for_no_cap(grant: Grant) -> None:
    found = amounts(with_entry(grant, cap_yen=None), total_yen="3000万円")
    assert found.national_yen is None
    assert "上限額が資料で確認できていない" in found.because and "2,000万円" in found.because


def test_a_fixed_amount_pays_all_up_to_the_cap(grant: Grant) -> None:
    fixed = with_entry(grant, rate="定額", cap_yen=5_000_000, per=Per.PERSON)
    assert amounts(fixed, total_yen="800万円", people=1).national_yen == 5_000_000
    assert amounts(fixed, total_yen="800万円", people=2).national_yen == 8_000_000
    assert amounts(fixed, total_yen="800万円").national_yen is None
    assert missing_for_amounts(fixed, {}) == ("total_yen", "people")


def test_guide_minimum_and_number_of_applications_are_noted(grant: Grant) -> None:
    notes = "".join(amounts(grant, project_kind="facility", total_yen=999_999).notes)
    assert "単年度の目安は2,000万円" in notes and "2件まで" in notes
    assert "事業費の下限は100万円です。この事業費は下限に届いていません。" in notes
    assert "最長を超えています" in "".join(amounts(grant, project_kind="soft", years=6).notes)


def test_eligible_cost_goes_before_total_cost(grant: Grant) -> None:
    facts = {"project_kind": "soft", "total_yen": 2_000_000, "eligible_yen": 1_000_000}
    found = work_out_amounts(grant, facts)
    assert found is not None and (found.eligible_yen, found.national_yen) == (1_000_000, 500_000)


def test_what_the_amounts_still_need(grant: Grant) -> None:
    assert missing_for_amounts(grant, {}) == ("project_kind", "total_yen", "years")
    assert missing_for_amounts(grant, {"project_kind": "facility"}) == ("total_yen",)
    assert missing_for_amounts(grant, {"project_kind": "facility", "total_yen": 1}) == ()


@given(
    total=st.integers(0, 10**11),
    years=st.none() | st.integers(1, 7),
    people=st.none() | st.integers(1, 50),
    rate=st.sampled_from(["1/2", "2/3", "3/4", "4/5", "5.5/10", "定額", None]).filter(
        lambda r: r != "5.5/10"
    ),
    cap=st.none() | st.integers(0, 10**10),
    per=st.sampled_from(list(Per)),
)
def test_the_national_share_never_exceeds_cap_or_rate_and_adds_up(
    grant: Grant,
    total: int,
    years: int | None,
    people: int | None,
    rate: str | None,
    cap: int | None,
    per: Per,
) -> None:
    entry: AmountRule = with_entry(grant, rate=rate, cap_yen=cap, per=per).amounts[0]
    changed = with_entry(grant, rate=rate, cap_yen=cap, per=per)
    facts = {"total_yen": total, "years": years, "people": people, "households": people, "units": people}
    known = {name: value for name, value in facts.items() if value is not None}
    found = work_out_amounts(changed, known)
    assert found is not None
    if rate is None or cap is None:
        assert found.national_yen is None and found.local_yen is None
    if found.national_yen is not None:
        assert entry.ratio is not None and cap is not None
        assert found.national_yen + (found.local_yen or 0) == found.eligible_yen == total
        assert found.national_yen <= total * Fraction(entry.ratio)
        times = (years or 1 if per.is_yearly else 1) * ((people or 1) if entry.counted_by else 1)
        assert found.national_yen <= cap * times
