"""Quantities and amounts of money: values, places, and what is not a quantity."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FactRejected
from assistant.japanese.numbers import find_quantities, format_yen, parse_yen


def seen(text: str) -> list[tuple[str, Fraction, str]]:
    return [(q.text, q.value, q.unit) for q in find_quantities(text)]


def values(text: str) -> list[tuple[Fraction, str]]:
    return [(q.value, q.unit) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "yen"),
    [
        ("1億2千万円", 120_000_000),
        ("120,000千円", 120_000_000),
        ("１．２億円", 120_000_000),
        ("１２０，０００千円", 120_000_000),
        ("一億二千万円", 120_000_000),
        ("三千万円", 30_000_000),
        ("十億円", 1_000_000_000),
        ("5百万円", 5_000_000),
        ("1兆908億円", 1_090_800_000_000),
        ("2.25億円", 225_000_000),
        ("8.15万円", 81_500),
    ],
)
def test_amounts_in_every_spelling_are_one_value(text: str, yen: int) -> None:
    assert values(f"国費の額は{text}です。") == [(yen, "円")]
    assert parse_yen(text) == yen


@pytest.mark.parametrize(
    "text", ["1/2", "2分の1", "二分の一", "50%", "５０％", "5割", "五割", "半額", "50パーセント"]
)
def test_ratios_in_every_spelling_are_one_value(text: str) -> None:
    assert values(f"補助率は{text}です。") == [(Fraction(1, 2), "割合")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和7年度", [(2025, "年度")]),
        ("２０２５年度", [(2025, "年度")]),
        ("令和元年度", [(2019, "年度")]),
        ("令和7(2025)年度", [(2025, "年度")]),
        ("令和6年度補正", [(2024, "年度")]),
        ("令和6補正", [(2024, "年度")]),
        ("令和7・8年度", [(2025, "年度"), (2026, "年度")]),
        ("平成26年", [(2014, "西暦年")]),
        ("令和7年6月13日", [(20250613, "日付")]),
        ("令和７年（2025年）６月１３日", [(20250613, "日付")]),
        ("2025-06-13", [(20250613, "日付")]),
        ("2026年1月", [(20260100, "日付")]),
        ("4月1日", [(401, "日付")]),
    ],
)
def test_calendar(text: str, expected: list[tuple[int, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("1〜3億円", 100_000_000, 300_000_000, "円"),
        ("2,500万～1億円", 25_000_000, 100_000_000, "円"),
        ("10〜20団体", 10, 20, "団体"),
        ("20-24歳", 20, 24, "歳"),
        ("2025〜2029年度", 2025, 2029, "年度"),
        ("2025〜29年度", 2025, 2029, "年度"),
        ("2026年1月19日〜2月20日", 20260119, 20260220, "日付"),
        ("6月19〜20日", 619, 620, "日付"),
        ("4〜12月", 400, 1200, "日付"),
    ],
)
def test_ranges_share_scale_unit_and_year(text: str, low: int, high: int, unit: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.value, quantity.upper, quantity.unit) == (low, high, unit)
    assert quantity.values == (low, high)


@pytest.mark.parametrize(
    ("text", "comparison", "bound"),
    [
        ("100万円以上", "以上", "ge"),
        ("人口10万人未満", "未満", "lt"),
        ("1億円を超える", "超", "gt"),
        ("3か年度以内", "以内", "le"),
        ("10億円（国費）以内", "以内", "le"),
        ("50人以下", "以下", "le"),
        ("最大1億円", "以下", "le"),
        ("上限10億円", "以下", "le"),
        ("少なくとも2人", "以上", "ge"),
        ("令和9年3月31日まで", "まで", "le"),
        ("4月1日以降", "以降", "ge"),
        ("100万円に満たない", "未満", "lt"),
        ("10億円です", "", ""),
    ],
)
def test_comparisons(text: str, comparison: str, bound: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.comparison, quantity.bound) == (comparison, bound)


def test_about_is_kept_apart_from_exact() -> None:
    assert [q.approximate for q in find_quantities("約26億円、26億円、6件程度")] == [True, False, True]


@pytest.mark.parametrize(
    "text",
    [
        "第2世代交付金",
        "第3条第4項",
        "TYPE1とTYPE 2とTYPE Ｓ",
        "①と⑤と⑴",
        "地方創生2.0基本構想",
        "ローカル10,000プロジェクト",
        "八戸市と十日町市と三重県と二地域居住",
        "三大都市圏と3大都市圏",
        "一人ひとりの一部",
        "数百万円、数十人",
        "レベル4",
        "単位：千円",
    ],
)
def test_names_are_not_quantities(text: str) -> None:
    assert seen(text) == []


def test_units_of_people_places_and_time() -> None:
    text = "延べ812名が42都道府県・717市区町村の10か所で3年間、2週間、5回、4,000㎡、6.5km"
    assert values(text) == [
        (812, "人"),
        (42, "都道府県"),
        (717, "市町村"),
        (10, "か所"),
        (3, "年"),
        (2, "週"),
        (5, "回"),
        (4000, "m²"),
        (Fraction(13, 2), "km"),
    ]


def test_offsets_point_into_the_text_as_given() -> None:
    text = "国費上限は　１，５００万円／年度（令和７年度）。"
    found = find_quantities(text)
    assert [q.text for q in found] == ["１，５００万円", "令和７年度"]
    assert all(text[q.start : q.end] == q.text for q in found)


@given(
    st.text(
        alphabet="0123456789０１２，．,.一二三四五十百千万億兆円年度月日人件割分の/〜-第約以上未満 （）()令和",
        max_size=40,
    )
)
def test_any_text_is_read_without_error_and_places_hold(text: str) -> None:
    found = find_quantities(text)
    assert all(text[q.start : q.end] == q.text and q.text for q in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_yen_round_trip(amount: int) -> None:
    assert parse_yen(format_yen(amount)) == amount


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_a_formatted_amount_is_found_whole_in_a_sentence(amount: int) -> None:
    text = f"交付額は{format_yen(amount)}です。"
    assert seen(text) == [(format_yen(amount), amount, "円")]


@given(
    st.integers(min_value=0, max_value=10**12),
    st.sampled_from([("円", 1), ("千円", 1000), ("百万円", 10**6)]),
)
def test_commas_and_full_width_change_nothing(amount: int, scale: tuple[str, int]) -> None:
    plain = f"{amount}{scale[0]}"
    comma = f"{amount:,}{scale[0]}"
    wide = comma.translate(str.maketrans("0123456789,", "０１２３４５６７８９，"))
    assert parse_yen(plain) == parse_yen(comma) == parse_yen(wide) == amount * scale[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-100万円", "「-100万円」は負の金額です。"),
        ("▲3億円", "「▲3億円」は負の金額です。"),
        ("マイナス5円", "「マイナス5円」は負の金額です。"),
        ("1.5円", "「1.5円」には1円未満の端数があります。"),
        ("0.00001万円", "「0.00001万円」には1円未満の端数があります。"),
        ("1億円くらい", "「1億円くらい」を金額として読み取れませんでした。"),
        ("1〜3億円", "「1〜3億円」を金額として読み取れませんでした。"),
        ("1万2億円", "「1万2億円」を金額として読み取れませんでした。"),
        ("未定", "「未定」を金額として読み取れませんでした。"),
        ("", "金額が空です。"),
    ],
)
def test_amounts_that_are_refused_say_why(text: str, message: str) -> None:
    with pytest.raises(FactRejected) as refused:
        parse_yen(text)
    assert refused.value.what == message


def test_format_yen() -> None:
    assert format_yen(120_000_000) == "1億2,000万円"
    assert format_yen(1_090_800_000_000) == "1兆908億円"
    assert format_yen(10_001) == "1万1円"
    assert format_yen(0) == "0円"
    with pytest.raises(FactRejected):
        format_yen(-1)


@pytest.mark.parametrize("text", ["平成30年〜令和4年", "2018年〜令和4年", "平成30〜令和4年"])
def test_a_range_of_years_may_cross_eras(text):
    (found,) = find_quantities(text)
    assert found.values == (2018, 2022)


@pytest.mark.parametrize(
    ("text", "ratios"),
    [
        ("補助率: 2/3／国費上限: 4億円", ["2/3"]),
        ("市町村／1/2／県", ["1/2"]),
        ("1/2/3", []),
        ("2026/3/31", []),
    ],
)
def test_a_slash_that_parts_cells_is_not_part_of_a_fraction(text, ratios):
    found = [str(q.value) for q in find_quantities(text) if q.unit == "割合"]
    assert found == ratios
