from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FactRejected, UnknownName
from assistant.grants.facts import read_facts
from assistant.grants.rules import Grant
from assistant.japanese.numbers import format_yen


@pytest.mark.parametrize(
    "written",
    ["1億2千万", "120,000千円", "１．２億円", "1.2億円", "120000000", 120000000, 120000000.0, "一億二千万円"],
)
def test_amounts_are_read_alike(grant: Grant, written: Any) -> None:
    assert read_facts({"total_yen": written}, grant.vocabulary) == {"total_yen": 120_000_000}


@given(yen=st.integers(min_value=0, max_value=10**13))
def test_an_amount_survives_being_written_out(grant: Grant, yen: int) -> None:
    assert read_facts({"total_yen": format_yen(yen)}, grant.vocabulary)["total_yen"] == yen


@pytest.mark.parametrize(
    ("given_facts", "words"),
    [
        ({"total_yen": -1}, ["総事業費", "負"]),
        ({"total_yen": "-500万円"}, ["総事業費", "負"]),
        ({"total_yen": "▲500万円"}, ["総事業費", "負"]),
        ({"total_yen": 0.5}, ["総事業費", "1円未満"]),
        ({"total_yen": "1.5円"}, ["総事業費", "端数"]),
        ({"total_yen": "たくさん"}, ["総事業費", "たくさん"]),
        ({"total_yen": True}, ["総事業費"]),
        ({"years": 2.5}, ["計画期間", "整数"]),
        ({"years": "--5"}, ["計画期間", "整数"]),
        ({"years": "▲5年"}, ["計画期間", "整数"]),
        ({"years": "9" * 5000}, ["計画期間", "整数"]),
        ({"years": 0}, ["計画期間", "1以上"]),
        ({"years": "長い"}, ["計画期間", "整数"]),
        ({"has_kpi": "たぶん"}, ["KPI", "はい"]),
        ({"applicant": "市役所のような所"}, ["申請する主体", "市区町村（municipality）"]),
        ({"applicant": "municipalty"}, ["申請する主体", "もしかして: 市区町村"]),
        ({"completion_date": "令和9年の春"}, ["完了日", "2027-03-31"]),
        ({"completion_date": "2027-02-30"}, ["完了日"]),
        ({"applicant": ["municipality", "prefecture"]}, ["申請する主体", "1つだけ"]),
        ({"total_yen": {"円": 1}}, ["総事業費", "1つだけ"]),
        ({"total_yen": float("inf")}, ["総事業費"]),
        ({"total_yen": float("nan")}, ["総事業費"]),
    ],
)
def test_values_that_cannot_be_read_get_a_clear_message(
    grant: Grant, given_facts: Any, words: list[str]
) -> None:
    with pytest.raises(FactRejected) as caught:
        read_facts(given_facts, grant.vocabulary)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("given_facts", "words"),
    [
        (
            {"applicant": "prefecture", "municipality_class": "general"},
            ["両立しません", "都道府県", "一般市町村"],
        ),
        ({"total_yen": 100, "national_yen": 101}, ["国費の年度額", "超えて"]),
        ({"start_date": "2027-04-01", "completion_date": "2027-03-31"}, ["着手日", "完了日"]),
        ({"total_yen": 100, "事業費": 200}, ["食い違う"]),
    ],
)
def test_facts_that_contradict_one_another_are_refused(
    grant: Grant, given_facts: Any, words: list[str]
) -> None:
    with pytest.raises(FactRejected) as caught:
        read_facts(given_facts, grant.vocabulary)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_unknown_names_are_answered_with_near_ones(grant: Grant) -> None:
    with pytest.raises(UnknownName) as caught:
        read_facts({"totl_yen": 1}, grant.vocabulary)
    assert caught.value.near[0] == "total_yen" and "もしかして" in str(caught.value)
    with pytest.raises(UnknownName, match="facts"):
        read_facts({"zzzzzz": 1}, grant.vocabulary)


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("申請者", "市区町村", ("applicant", "municipality")),
        ("総事業費", "1000万円", ("total_yen", 10_000_000)),
        ("KPIを設定している", "はい", ("has_kpi", True)),
        ("has_kpi", "なし", ("has_kpi", False)),
        ("has_kpi", "ＮＯ", ("has_kpi", False)),
        ("years", "3か年度", ("years", 3)),
        ("years", "３", ("years", 3)),
        ("people", "1,200人", ("people", 1200)),
        ("completion_date", "令和9年3月31日", ("completion_date", date(2027, 3, 31))),
        ("completion_date", "2027/3/31", ("completion_date", date(2027, 3, 31))),
        ("completion_date", "２０２７-０３-３１", ("completion_date", date(2027, 3, 31))),
        ("municipality_class", "一般市町村", ("municipality_class", "general")),
        ("completion_date", datetime(2027, 3, 31, 9, 0), ("completion_date", date(2027, 3, 31))),
    ],
)
def test_names_and_values_in_japanese(grant: Grant, name: str, raw: Any, expected: tuple[str, Any]) -> None:
    assert read_facts({name: raw}, grant.vocabulary) == dict([expected])


def test_empty_means_not_known(grant: Grant) -> None:
    assert read_facts({"total_yen": "", "has_kpi": None, "years": "  "}, grant.vocabulary) == {}


def test_the_same_value_under_two_names_is_no_contradiction(grant: Grant) -> None:
    assert read_facts({"total_yen": 100, "事業費": "100円"}, grant.vocabulary) == {"total_yen": 100}
