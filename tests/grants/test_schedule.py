from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grants.rules import Grant
from assistant.grants.schedule import business_days_until, deadlines, is_business_day


def test_days_and_business_days_left(grant: Grant, today: date) -> None:
    first, *rest = deadlines(grant, today)
    assert (first.id, first.state, first.days_left) == ("call-2", "open", 17)
    assert first.business_days_left == 13  # 24–27 Nov, 30 Nov–4 Dec, 7–10 Dec; the 23rd is today
    assert first.says == "令和8年12月10日まで。あと17日（開庁日で13日）です。"
    assert [d.id for d in rest] == ["report", "call-1"]


def test_a_date_known_to_the_month_counts_no_days(grant: Grant, today: date) -> None:
    report = next(d for d in deadlines(grant, today) if d.id == "report")
    assert (report.days_left, report.business_days_left) == (None, None)
    assert report.says == "令和9年4月の見込みです。日付は確認できていません。"


def test_passed_and_last_day(grant: Grant) -> None:
    call = {d.id: d for d in deadlines(grant, date(2026, 12, 10))}
    assert call["call-2"].says.endswith("今日が期限です。") and call["call-2"].days_left == 0
    assert call["call-1"].state == "passed" and call["call-1"].days_left is None
    before = {d.id: d.state for d in deadlines(grant, date(2026, 4, 1))}
    assert before["call-1"] == "upcoming"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 5, 6), False),  # 振替休日: 3 May is a Sunday
        (date(2026, 5, 7), True),
        (date(2026, 5, 5), False),
    ],
)
def test_business_days(day: date, works: bool) -> None:
    assert is_business_day(day) is works


@given(start=st.dates(date(2025, 1, 1), date(2027, 12, 31)), days=st.integers(0, 90))
def test_business_days_add_up(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    middle = start + timedelta(days=days // 2)
    assert business_days_until(start, end) == business_days_until(start, middle) + business_days_until(
        middle, end
    )
    assert 0 <= business_days_until(start, end) <= days
