"""The register of municipalities, through its door and against the shipped table."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CorpusInvalid, UnknownName
from assistant.knowledge.municipalities import Municipalities, load_municipalities

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
REGISTER = load_municipalities(CORPUS / "municipalities.csv")
CODES = [m.code for m in REGISTER]


def test_holds_every_municipality_and_prefecture() -> None:
    kinds: dict[str, int] = {}
    for municipality in REGISTER:
        kinds[municipality.kind] = kinds.get(municipality.kind, 0) + 1
    assert kinds == {
        "都道府県": 47, "指定都市": 20, "中核市": 62, "施行時特例市": 23, "特別区": 23,
        "市": 687, "町": 743, "村": 183,
    }  # fmt: skip
    assert len(REGISTER.municipalities) == 1741


def test_sums_are_the_published_totals() -> None:
    inside = REGISTER.municipalities
    assert sum(m.population or 0 for m in inside) == 124_330_690  # resident register, 2025-01-01
    assert sum(m.figures["population_2020"] for m in inside) == 126_146_099  # census 2020
    assert sum(m.population or 0 for m in REGISTER if m.kind == "都道府県") == 124_330_690


def test_counts_of_the_lists_of_law() -> None:
    count = {
        flag: sum(flag in m.flags for m in REGISTER) for flag in ("過疎", "過疎（一部）", "過疎（みなし）")
    }
    assert count == {"過疎": 713, "過疎（一部）": 158, "過疎（みなし）": 14}
    assert sum("都道府県庁所在地" in m.flags for m in REGISTER) == 47


def test_figures_of_one_town() -> None:
    ama = REGISTER.find("海士町")
    assert (ama.code, ama.kana, ama.prefecture, ama.population) == ("325252", "あまちょう", "島根県", 2209)
    assert ama.flags == ("過疎", "離島", "条件不利地域（全部）")
    figures = ama.figures
    assert figures["share_65"] == 39.9
    assert figures["natural_rate"] == round(1000 * (11 - 34) / 2209, 1)
    assert figures["social_rate"] == round(1000 * (168 - 174) / 2209, 1)
    assert figures["density"] == round(2209 / 33.44, 1)


def test_a_figure_nobody_states_is_absent_not_zero() -> None:
    futaba = REGISTER.find("双葉町")
    assert futaba.figures["population_2020"] == 0
    assert not {"share_65", "households", "latitude"} & set(futaba.figures)
    assert "future_burden" not in REGISTER.find("奈義町").figures


@pytest.mark.parametrize("code", CODES[::97])
def test_check_digit_and_both_codes(code: str) -> None:
    total = sum(int(d) * w for d, w in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    assert code[5] == str((11 - total % 11) % 10)
    assert REGISTER.find(code) == REGISTER.find(code[:5]) == REGISTER.by_code(code)


def test_every_full_name_finds_its_own_code() -> None:
    assert [REGISTER.find(m.full_name).code for m in REGISTER] == CODES


@pytest.mark.parametrize(
    ("words", "full"),
    [
        ("島根県海士町", "島根県海士町"),
        ("隠岐郡海士町", "島根県海士町"),
        ("島根県隠岐郡海士町", "島根県海士町"),
        ("海士", "島根県海士町"),
        ("あまちょう", "島根県海士町"),
        ("須惠町", "福岡県須恵町"),
        ("梼原町", "高知県檮原町"),
        ("外ケ浜町", "青森県外ヶ浜町"),
        ("横浜市港北区", "神奈川県横浜市"),
        ("広島県府中市", "広島県府中市"),
        ("上郡町", "兵庫県上郡町"),
        ("北海道", "北海道"),
        ("戸井町", "北海道函館市"),
    ],
)
def test_find(words: str, full: str) -> None:
    assert REGISTER.find(words).full_name == full


@pytest.mark.parametrize(
    ("words", "bearers"),
    [
        ("府中市", {"東京都府中市", "広島県府中市"}),
        ("伊達市", {"北海道伊達市", "福島県伊達市"}),
        ("池田町", {"北海道池田町", "福井県池田町", "長野県池田町", "岐阜県池田町"}),
        ("奈良", {"奈良県", "奈良県奈良市"}),
    ],
)
def test_a_shared_name_asks_which(words: str, bearers: set[str]) -> None:
    with pytest.raises(UnknownName) as caught:
        REGISTER.find(words)
    assert set(caught.value.near) == bearers
    assert all(name in str(caught.value) for name in bearers)


@pytest.mark.parametrize(("words", "meant"), [("海土町", "島根県海士町"), ("奈技町", "岡山県奈義町")])
def test_an_unknown_name_offers_near_ones(words: str, meant: str) -> None:
    with pytest.raises(UnknownName) as caught:
        REGISTER.find(words)
    assert meant in caught.value.near


@pytest.mark.parametrize("words", ["", "町", "ふがふが市", "999999", "00000"])
def test_nothing_near_offers_nothing(words: str) -> None:
    with pytest.raises(UnknownName) as caught:
        REGISTER.find(words)
    assert caught.value.near == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("島根県海士町と奈義町を比べて", [("島根県海士町", "島根県海士町"), ("岡山県奈義町", "奈義町")]),
        ("広島県の府中市では", [("広島県", "広島県"), ("広島県府中市", "府中市")]),
        ("東京都府中市", [("東京都府中市", "東京都府中市")]),
        ("札幌市中央区の買物支援", [("北海道札幌市", "札幌市")]),
        ("前橋市長と四日市市", [("群馬県前橋市", "前橋市"), ("三重県四日市市", "四日市市")]),
        ("旧戸井町の区域", [("北海道函館市", "戸井町")]),
        ("今津市では津市と", [("三重県津市", "津市")]),
        ("大町町", [("佐賀県大町町", "大町町")]),
    ],
)
def test_mentions(text: str, found: list[tuple[str, str]]) -> None:
    assert [(m.full_name, text[start:end]) for m, start, end in REGISTER.mentions(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "わが町の市町村と区役所",
        "大阪市町村課",
        "中央市場で働く",
        "東京都市圏",
        "港区の事例",
        "府中市で使えますか",
        "本市では、町内会と村落が",
        "",
    ],
)
def test_no_false_mention(text: str) -> None:
    assert REGISTER.mentions(text) == []


def test_an_undecided_name_is_reported_with_its_bearers() -> None:
    (open_,) = REGISTER.ambiguous("府中市で使えますか")
    assert (open_.name, open_.start, open_.end) == ("府中市", 0, 3)
    assert {m.prefecture for m in open_.candidates} == {"東京都", "広島県"}
    assert REGISTER.ambiguous("広島県の府中市で使えますか") == []


@given(st.sampled_from(CODES), st.text(alphabet="あいうえおのはをに、。 ", max_size=12))
def test_a_full_name_is_seen_wherever_it_stands(code: str, around: str) -> None:
    name = REGISTER.by_code(code).full_name
    text = around + name + "。" + around
    assert [(m.code, start, end) for m, start, end in REGISTER.mentions(text)] == [
        (code, len(around), len(around) + len(name))
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("横浜市", "designated"),
        ("川越市", "core_city"),  # in the Tokyo area, hence no 中枢中核都市
        ("千代田区", "special_ward"),
        ("海士町", "general"),
        ("豊岡市", "general"),
        ("倉敷市", None),  # 中核市 outside the Tokyo area: the list of 中枢中核都市 is not at hand
        ("島根県", "prefecture"),
    ],
)
def test_class_is_given_only_where_a_source_decides(name: str, expected: str | None) -> None:
    assert REGISTER.class_of(REGISTER.find(name)) == expected


def test_known_facts_leave_out_what_is_not_known() -> None:
    facts = REGISTER.known_facts(REGISTER.find("倉敷市"))
    assert "municipality_class" not in facts
    assert facts["disadvantaged_area"] == "partial" and facts["is_depopulated"] is False
    assert REGISTER.known_facts(REGISTER.find("海士町"))["is_depopulated"] is True
    assert REGISTER.known_facts(REGISTER.find("島根県")) == {
        "prefecture": "島根県", "applicant": "prefecture", "is_tokyo_area": False,
    }  # fmt: skip


def test_known_facts_are_facts_of_the_vocabulary() -> None:
    vocabulary = yaml.safe_load((CORPUS / "facts.yaml").read_text(encoding="utf-8"))
    for municipality in REGISTER:
        for name, value in REGISTER.known_facts(municipality).items():
            options = vocabulary[name].get("options")
            assert options is None or value in options, (municipality.full_name, name, value)


def test_every_column_and_flag_is_registered_with_a_known_source() -> None:
    register = yaml.safe_load((CORPUS / "municipalities.yaml").read_text(encoding="utf-8"))
    sources = yaml.safe_load((CORPUS / "sources.yaml").read_text(encoding="utf-8"))
    header = (CORPUS / "municipalities.csv").read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    assert list(register["columns"]) == header
    assert {flag for m in REGISTER for flag in m.flags} == set(register["flags"])
    for entry in (*register["columns"].values(), *register["flags"].values()):
        assert entry["source"] and set(entry["source"]) <= set(sources)


def test_former_names_point_to_present_codes() -> None:
    assert ("戸井町", "M06") in REGISTER.former_names("012025")


def _table(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "municipalities.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_broken_table_lists_all_its_rows(tmp_path: Path) -> None:
    header = "code,code5,name,kana,prefecture,kind,flags,population"
    path = _table(tmp_path, header, "1,2,3", "010006,01000,北海道,ほっかいどう,北海道,都道府県,,5", "1")
    with pytest.raises(CorpusInvalid) as caught:
        load_municipalities(path)
    assert len(caught.value.problems) == 2


def test_a_table_without_a_column_or_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match="kana"):
        load_municipalities(_table(tmp_path, "code,code5,name,prefecture,kind,flags"))
    with pytest.raises(CorpusInvalid, match="読み込めません"):
        load_municipalities(tmp_path / "absent.csv")


def test_a_former_name_without_a_present_code_is_a_mistake(tmp_path: Path) -> None:
    path = _table(tmp_path, "code,code5,name,kana,prefecture,kind,flags")
    former = "name,prefecture,code,source\n旧町,島根県,325252,M06\n"
    path.with_name("former-municipalities.csv").write_text(former, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="325252"):
        load_municipalities(path)


def test_two_registers_are_independent() -> None:
    lines = ["code,code5,name,kana,prefecture,kind,flags,population",
             "325252,32525,海士町,あまちょう,島根県,町,,"]  # fmt: skip
    ama = Municipalities(lines).find("海士町")
    assert ama.population is None and ama.figures == {}
