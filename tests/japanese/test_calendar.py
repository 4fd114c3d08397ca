from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.japanese.calendar import (
    find_dates,
    find_fiscal_years,
    fiscal_year_label,
    fiscal_year_of,
    wareki,
)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 3, 31), 2026), (date(2027, 4, 1), 2027), (date(2028, 2, 29), 2027), (date(2026, 12, 31), 2026)],
)
def test_fiscal_years_turn_on_the_first_of_april(day, year):
    assert fiscal_year_of(day) == year


def test_names_of_years():
    assert wareki(2019) == "令和元年度"
    assert wareki(2018) == "平成30年度"
    assert fiscal_year_label(2026) == "令和8年度（2026年度）"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("令和８年度の交付金", [2026]),
        ("R7の上限", [2025]),
        ("r7年度", [2025]),
        ("2025年度と令和六年度", [2025, 2024]),
        ("平成28年度", [2016]),
        ("令和元年度", [2019]),
        ("FY2026", [2026]),
        ("第2世代交付金", []),
        ("120人が2000円", []),
    ],
)
def test_years_are_found_in_the_ways_people_write_them(text, years):
    assert [m.year for m in find_fiscal_years(text)] == years


def test_a_supplementary_budget_is_told_apart():
    mention = find_fiscal_years("令和6年度補正予算")[0]
    assert (mention.year, mention.supplementary, mention.fiscal) == (2024, True, True)
    assert find_fiscal_years("令和7年6月13日")[0].fiscal is False


def test_relative_years_need_a_day():
    assert find_fiscal_years("来年度の予算") == []
    assert [m.year for m in find_fiscal_years("今年度と来年度", today=date(2026, 11, 23))] == [2026, 2027]
    assert [m.year for m in find_fiscal_years("再来年度", today=date(2027, 3, 31))] == [2028]


@given(st.integers(1926, 2060))
def test_a_year_written_in_an_era_is_read_back(year):
    assert [m.year for m in find_fiscal_years(f"{wareki(year)}の予算")] == [year]


def test_dates():
    found = find_dates("令和7年6月13日に決定し、2025-06-13 に公表。6月末まで。")
    assert [(d.year, d.month, d.day) for d in found] == [(2025, 6, 13), (2025, 6, 13), (None, 6, None)]
