"""What a person types as filters, read or refused with words that help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cases.criteria import read_pillar, read_population, read_years
from assistant.cases.regions import PREFECTURES, read_prefectures
from assistant.errors import InputError, UnknownName

MOST = 10**9


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("1000-5000", (1_000, 5_000)),
        ("１，０００〜５，０００人", (1_000, 5_000)),
        ("5千〜1万", (5_000, 10_000)),
        ("1万5千-3万", (15_000, 30_000)),
        ("1.5万-3万", (15_000, 30_000)),
        ("-3000", (0, 3_000)),
        ("10万-", (100_000, MOST)),
        ("3000人以下", (0, 3_000)),
        ("3000人未満", (0, 2_999)),
        ("5万人以上", (50_000, MOST)),
        ("1000から2000", (1_000, 2_000)),
        ("", None),
        (None, None),
    ],
)
def test_population_ranges(typed, span):
    assert read_population(typed) == span


@pytest.mark.parametrize("typed", ["abc", "9000-10", "1000", "-", "1-2-3", "千-万", "１0０x-5", "9" * 5000 + "-", "-" + "9" * 400])
def test_a_population_that_cannot_be_meant_is_refused_with_examples(typed):
    with pytest.raises(InputError) as refused:
        read_population(typed)
    assert typed in str(refused.value) and "1000-5000" in str(refused.value)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_any_range_comes_back(low, high):
    low, high = sorted((low, high))
    assert read_population(f"{low}-{high}") == (low, high)
    assert read_population(f"{low:,}〜{high:,}人") == (low, high)


def test_years():
    assert read_years("2020") == (2020, 2020)
    assert read_years("2018-2022年度") == (2018, 2022)
    assert read_years("2020-")[0] == 2020 and read_years("2020-")[1] > 2100
    assert read_years("-2015") == (0, 2015)
    assert read_years("") is None
    for bad in ("20", "2022-2018", "去年", "2020年から"):
        with pytest.raises(InputError):
            read_years(bad)


def test_pillars():
    assert [read_pillar(word) for word in (3, "３", "柱5")] == [3, 3, 5]
    for bad in ("6", "0", "なし", "12", "9" * 5000):
        with pytest.raises(InputError, match="1〜5"):
            read_pillar(bad)


def test_prefectures_and_regions():
    assert read_prefectures("奈良") == ("奈良県",)
    assert read_prefectures("京都") == ("京都府",)
    assert read_prefectures("四国") == ("徳島県", "香川県", "愛媛県", "高知県")
    assert read_prefectures("東北地方") == PREFECTURES[1:7]
    assert len(PREFECTURES) == 47 == len(set(PREFECTURES))
    with pytest.raises(UnknownName) as refused:
        read_prefectures("奈艮県")
    assert "奈良県" in str(refused.value)
