"""KPI tables and sentences: cells with their years, and what is wrong with them."""

import pytest

from assistant.domain import Document, Kind, Page
from assistant.review.kpi_checks import check_kpis, is_beyond
from assistant.review.kpis import find_kpis
from tests.review.conftest import document, item


def rows(text: str):
    return [
        (k.indicator, k.unit, k.baseline, k.baseline_year, k.target, k.target_year)
        for k in find_kpis(document(text))
    ]


def test_a_table_between_bars():
    text = "| 指標 | 単位 | 基準値（令和6年度） | 目標値（令和11年度） |\n|---|---|---|---|\n| 移住者数 | 人 | 12 | 30 |\n| 空き家成約件数 | 件 | － | 20 |"
    assert rows(text) == [
        ("移住者数", "人", "12", 2024, "30", 2029),
        ("空き家成約件数", "件", "", None, "20", 2029),
    ]


def test_years_in_a_second_row_of_headings():
    text = "| KPI | 基準値 | 目標値 |\n| | R6 | R11 |\n| 移住者数（人） | 12 | 30 |"
    assert rows(text) == [("移住者数（人）", "人", "12", 2024, "30", 2029)]


def test_years_and_units_in_the_cells():
    text = (
        "| 重要業績評価指標（KPI） | 現状値 | 目標値 |\n| 観光入込客数 | 120,000人（R5） | 150,000人（R11） |"
    )
    assert rows(text) == [("観光入込客数", "人", "120,000", 2023, "150,000", 2029)]


def test_yearly_targets_end_in_the_target():
    text = "| 指標 | 現状値（R6） | R7 | R8 | R9 |\n| オンライン申請率（％） | 12.5 | 20 | 30 | 50 |"
    assert rows(text) == [("オンライン申請率（％）", "％", "12.5", 2024, "50", 2027)]


def test_cells_as_lines_of_a_pdf():
    text = (
        "指標（KPI）\n単位\n基準値（令和6年度）\n目標値（令和11年度）\n移住相談を経て移住した\n世帯の数\n世帯\n12\n30\n待機児童数\n人\n－\n0\n"
        "本町は、次の施策を進めます。\n3つの柱に取り組みます。"
    )
    assert rows(text) == [
        ("移住相談を経て移住した世帯の数", "世帯", "12", 2024, "30", 2029),
        ("待機児童数", "人", "", None, "0", 2029),
    ]


def test_cells_between_spaces_of_a_pdf():
    text = "指標 基準値 目標値\n観光入込客数 120,000人（R6） 150,000人（R11）\n新規就農者数 5人（R5） 10人（R11）"
    assert rows(text) == [
        ("観光入込客数", "人", "120,000", 2024, "150,000", 2029),
        ("新規就農者数", "人", "5", 2023, "10", 2029),
    ]


def test_two_years_alone_are_the_baseline_and_the_target():
    text = "| KPI | 令和5年度 | 令和11年度 |\n| 開店・継承（件） | 2 | 15 |"
    assert rows(text) == [("開店・継承（件）", "件", "2", 2023, "15", 2029)]


def test_headings_in_short_words():
    text = "KPI\n現状（R6）\n目標（R12）\n市内就職した新卒（人）\n88\n150\n全体指標\nいま\n2030年\n社会増減（人）\n▲253（R6）\n▲120（R12）"
    assert rows(text) == [
        ("市内就職した新卒（人）", "人", "88", 2024, "150", 2030),
        ("社会増減（人）", "人", "▲253", 2024, "▲120", 2030),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "指標\n基準値（令和6年度）\n目標値（令和11年度）\n登録者数（人）\n420\n2000",
        "| 指標 | 基準値（令和6年度） | 目標値（令和11年度） |\n| 登録者数（人） | 420 | 2000 |",
    ],
)
def test_a_value_that_looks_like_a_year_is_a_value(text):
    assert rows(text) == [("登録者数（人）", "人", "420", 2024, "2000", 2029)]


def test_a_table_of_the_population_is_no_kpi_table():
    assert rows("| 年 | 総数 | 男 | 女 |\n| 2020 | 8,200 | 4,000 | 4,200 |") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "移動販売の利用者数を、令和6年度の120人から令和11年度に300人に増やします。",
        "移動販売の利用者数：120人（令和6年度）→300人（令和11年度）",
    ],
)
def test_a_sentence_with_both_values(held, sentence):
    kpi = held(sentence).summary.kpis[0]
    assert kpi.indicator.startswith("移動販売の利用者数") and kpi.unit == "人"
    assert (kpi.baseline, kpi.baseline_year, kpi.target, kpi.target_year) == ("120", 2024, "300", 2029)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        (
            "めざす数：魚と塩の売上　2024年度 2億1,000万円 → 2030年度 2億8,000万円",
            ("魚と塩の売上", "万円", "2億1,000", 2024, "2億8,000", 2030),
        ),
        (
            "目標一　山の恵み　数値目標　町内総生産　基準値（令和4年度）128億円　目標値（令和12年度）136億円",
            ("町内総生産", "億円", "128", 2022, "136", 2030),
        ),
        ("2025年に85人だった会員を、2030年には300人にします。", ("会員", "人", "85", 2025, "300", 2030)),
    ],
)
def test_other_forms_of_sentences_with_both_values(held, sentence, read):
    kpi = held(sentence).summary.kpis[0]
    assert read == (
        kpi.indicator, kpi.unit, kpi.baseline, kpi.baseline_year, kpi.target, kpi.target_year
    )  # fmt: skip
    assert kpi.kinds == ()


def checked(row: str):
    return check_kpis(find_kpis(document("| 指標 | 単位 | 基準値（R6） | 目標値（R11） |\n" + row)))[0]


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        ("| 移住者数 | 人 | 12 | 30 |", ()),
        ("| 移住者数 | 人 | | 30 |", ("no-baseline",)),
        ("| 移住者数 | 人 | 30 | 30 |", ("not-beyond",)),
        ("| 待機児童数 | 人 | 3 | 5 |", ("not-beyond",)),
        ("| 待機児童数 | 人 | 3 | 0 |", ()),
        ("| 人口の社会増減 | 人 | ▲120 | ▲40 |", ()),
        ("| 転出と転入の差 | 人 | ▲25 | ▲5 |", ()),
        ("| 移住セミナーの開催回数 | 回 | 2 | 6 |", ("activity",)),
        ("| 移住セミナーの参加者数 | 人 | 20 | 60 |", ()),
        ("| 小学校数（維持） | 校 | 3 | 3 |", ()),
        ("| 空き家の活用 |  | 10件 | 20人 |", ("units-differ",)),
        ("| 直売所の売上 |  | 900千円 | 1百万円 |", ()),
        ("| 直売所の売上 |  | 900万円 | 1百万円 |", ("not-beyond",)),
        ("| 交流拠点 |  | 2か所 | 5箇所 |", ()),
        ("| 移住者数 |  | 12人 | 30名 |", ()),
    ],
)
def test_what_is_wrong_with_an_indicator(row, kinds):
    assert checked(row).kinds == kinds


def test_a_baseline_in_another_unit_keeps_it():
    kpi = checked("| 空き家の活用 |  | 10件 | 20人 |")
    assert (kpi.baseline, kpi.target, kpi.unit) == ("10件", "20", "人")
    assert kpi.problems == ("基準値と目標値の単位が違い、比べられません。",)


def test_a_table_that_goes_on_over_a_page_keeps_its_columns():
    head = "| 指標 | 基準値（R6） | 目標値（R11） |\n| 創業数 | 10件 | 20件 |"
    rest = "| 就農者数 | 5人 | 8人 |\n\n文が続きます。\n| 別の表 | 1人 | 2人 |"
    pages = [Page(number=n, text=t, locator=f"{n}ページ") for n, t in enumerate((head, rest), start=1)]
    flowing = Document(id="a", title="計画", kind=Kind.UPLOAD, pages=tuple(pages))
    assert [(k.indicator, k.target, k.where.page) for k in find_kpis(flowing)] == [
        ("創業数", "20", 1),
        ("就農者数", "8", 2),
    ]
    slides = flowing.model_copy(
        update={"pages": tuple(p.model_copy(update={"locator": f"スライド{p.number}"}) for p in flowing.pages)}
    )
    assert [k.indicator for k in find_kpis(slides)] == ["創業数"]


def test_words_for_a_target_cannot_be_compared():
    assert is_beyond(checked("| 合計特殊出生率 | － | 1.3 | 上昇 |")) is None


def test_the_requirement_names_the_indicators_at_fault(held):
    review = held(
        "| 指標 | 基準値（R6） | 目標値（R11） |\n| 移住者数 | 12人 | 30人 |\n| 就農者数 | － | 5人 |"
    )
    found = item(review, "kpi-baseline")
    assert found.outcome == "not_met" and "「就農者数」" in found.because and "1件" in found.because
    assert found.evidence[0].quote == "| 就農者数 | － | 5人 |"
    assert item(review, "kpi-target-year").outcome == "met"


def test_a_table_that_could_not_be_read_is_unknown_not_missing(held):
    found = item(held("KPIの基準値と目標値は、別の図に示すとおりです。"), "kpi-baseline")
    assert found.outcome == "unknown"
