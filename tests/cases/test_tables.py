"""CSV files that people bring: forms, encodings, heads, years, and what is told of what could not be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cases.tables import read_table
from assistant.errors import FileUnreadable
from assistant.knowledge.municipalities import load_municipalities
from assistant.settings import ROOT

REGISTER = load_municipalities(ROOT / "corpus" / "municipalities.csv")

E_STAT = """"統計名：","国勢調査"
"表題：","年齢別人口"

"","","","","/男女別","総数","男"
"地域（2020） コード","地域（2020）","時間軸（年次）","単位","",,
"32525","島根県 海士町","2020年","人","","2,267","1,120"
"32526","島根県 西ノ島町","2020年","人","","2,788","-"
"00000","全国","2020年","人","","126,146,099","61,349,581"
"""
E_STAT_LONG = """"tab_code","表章項目","cat01_code","男女別","area_code","地域","time_code","時間軸（年次）","unit","value"
"020","人口","0","総数","32525","海士町","2015000000","2015年","人","2353"
"020","人口","0","総数","32525","海士町","2020000000","2020年","人","2267"
"020","人口","1","男","32525","海士町","2020000000","2020年","人","1120"
"020","人口","0","総数","32526","西ノ島町","2020000000","2020年","人","2788"
"020","人口","1","男","32526","西ノ島町","2020000000","2020年","人","***"
"""
RESAS = """集計年,都道府県コード,都道府県名,市区町村コード,市区町村名,総人口（人）,高齢化率(%)
2020,32,島根県,32525,海士町,2267,39.9
2020,32,島根県,32526,西ノ島町,2788,46.0
2015,32,島根県,32525,海士町,2353,39.0
"""
BY_NAME = """令和5年度 市町村別の宿泊者数（出典：県観光課）
都道府県\t市町村\t延べ宿泊者数（人）\t増減率
東京都\t府中市\t１２，３４５\t△1.5%
広島県\t府中市\t678\t2.0%
広島県\t三次市\tX\t…
合計\t\t13,023\t
"""


def series(table, label):
    return {s.year: s.values for s in table.series if s.label == label}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-8", "utf-16"])
def test_e_stat_with_heads_of_two_lines_in_any_encoding(encoding):
    table = read_table(E_STAT.encode(encoding), "人口.csv", REGISTER)
    assert series(table, "総数") == {"2020年": {"325252": 2267.0, "325261": 2788.0}}
    assert series(table, "男") == {"2020年": {"325252": 1120.0}}
    assert {s.unit for s in table.series} == {"人"}
    assert "国勢調査" in table.source
    assert any("1か所" in note and "0ではなく" in note for note in table.notes)
    assert any("1行" in note for note in table.notes), "全国 is no municipality"


def test_e_stat_long_form_gives_a_series_for_each_class_and_year():
    table = read_table(E_STAT_LONG.encode("cp932"), "long.csv", REGISTER)
    assert series(table, "総数") == {
        "2015年": {"325252": 2353.0},
        "2020年": {"325252": 2267.0, "325261": 2788.0},
    }
    assert series(table, "男") == {"2020年": {"325252": 1120.0}}


def test_resas_form():
    table = read_table(RESAS.encode("cp932"), "resas.csv", REGISTER)
    assert series(table, "総人口（人）")["2020年"] == {"325252": 2267.0, "325261": 2788.0}
    assert series(table, "高齢化率(%)")["2015年"] == {"325252": 39.0}
    assert {s.label: s.unit for s in table.series} == {"総人口（人）": "人", "高齢化率(%)": "%"}


def test_names_with_a_prefecture_column_tell_namesakes_apart():
    table = read_table(BY_NAME.encode("cp932"), "宿泊.tsv", REGISTER)
    assert series(table, "延べ宿泊者数（人）") == {"2023年度": {"132063": 12345.0, "342084": 678.0}}
    assert series(table, "増減率") == {"2023年度": {"132063": -1.5, "342084": 2.0}}
    assert "県観光課" in table.source


def test_codes_that_excel_robbed_of_their_zero():
    table = read_table("団体コード,値\n1202,10\n1203,20\n32525,30\n".encode(), "a.csv", REGISTER)
    assert table.series[0].values == {"012025": 10.0, "012033": 20.0, "325252": 30.0}
    assert table.series[0].year is None
    assert any("年の記載" in note for note in table.notes)


def test_a_series_told_twice_with_other_figures_is_not_used():
    with pytest.raises(FileUnreadable, match="数値の列"):
        read_table("コード,人口\n32525,1\n32525,2\n32526,3\n".encode(), "a.csv", REGISTER)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "空です"),
        ("品目,数\nりんご,1\nみかん,2\n".encode(), "市区町村のコードまたは名前"),
        ("コード,名前\n32525,海士町\n32526,西ノ島町\n".encode(), "数値の列"),
        (bytes(range(256)) * 40, "文字コード"),
    ],
)
def test_what_cannot_be_read_is_said(content, why):
    with pytest.raises(FileUnreadable) as refused:
        read_table(content, "x.csv", REGISTER)
    assert why in str(refused.value)


@given(st.dictionaries(st.sampled_from([m.code for m in REGISTER.municipalities[:200]]),
                       st.integers(-10**9, 10**9), min_size=2, max_size=40))  # fmt: skip
def test_every_figure_comes_back_under_its_municipality(figures):
    lines = "".join(
        f"{code},{value:,}\n" if abs(value) < 1000 else f'{code},"{value:,}"\n'
        for code, value in figures.items()
    )
    table = read_table(("団体コード,2021年の件数\n" + lines).encode(), "p.csv", REGISTER)
    assert series(table, "2021年の件数") == {
        "2021年": {code: float(value) for code, value in figures.items()}
    }
