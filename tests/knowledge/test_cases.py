"""Cases: the files as shipped, what their loader refuses, and the document made of one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.domain import Case, Kind
from assistant.errors import CorpusInvalid, UnknownName
from assistant.japanese.text import split_sentences
from assistant.knowledge.cases import case_document, load_cases, place_of
from assistant.knowledge.municipalities import load_municipalities
from assistant.knowledge.sources import load_sources
from assistant.knowledge.themes import Themes, load_themes

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SOURCES = load_sources(CORPUS / "sources.yaml")
CASES = load_cases(CORPUS / "cases", SOURCES)
THEMES = load_themes(CORPUS / "themes.yaml")
REGISTER = load_municipalities(CORPUS / "municipalities.csv")


def test_enough_cases_of_every_pillar_prefecture_and_theme() -> None:
    assert len(CASES) >= 205
    assert {case.pillar for case in CASES.values()} == {1, 2, 3, 4, 5}
    places = {
        REGISTER.by_code(code).prefecture for case in CASES.values() for code in case.municipality_codes
    }
    assert len(places) == 47
    assert len({theme for case in CASES.values() for theme in case.themes}) >= 25


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)
def test_codes_are_of_the_place_the_case_names(case: Case) -> None:
    bearers = [REGISTER.by_code(code) for code in case.municipality_codes]
    assert case.prefecture in {bearer.prefecture for bearer in bearers}
    if len(bearers) == 1:
        assert bearers[0].name.replace("檮", "梼") in case.place or bearers[0].kind == "都道府県"


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)
def test_document_spans_are_whole_sentences_with_known_sources(case: Case) -> None:
    document = case_document(case, SOURCES)
    assert document.kind is Kind.CASE and document.fiscal_years == ()
    assert document.municipality_codes == case.municipality_codes
    (page,) = document.pages
    for statement in page.statements:
        sentence = page.text[statement.start : statement.end]
        assert sentence.endswith("。") and "\n" not in sentence
        assert case.place in sentence
        assert len(split_sentences(sentence)) == 1
        assert statement.source_ids and set(statement.source_ids) <= set(SOURCES)
    for offset, _, heading in page.headings:
        assert page.text[offset:].startswith(heading + "\n")
    assert [heading for _, depth, heading in page.headings if depth == 2][:2] == ["課題", "取組"]


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.id)
def test_sentences_are_polite(case: Case) -> None:
    for value in (case.issue, case.approach, case.results, case.lessons):
        for start, end in split_sentences(value or ""):
            sentence = (value or "")[start:end].strip().removesuffix("。")
            while sentence.endswith("）"):
                sentence = sentence[: sentence.rindex("（")]
            assert sentence.endswith(("ます", "です", "ました", "でした", "ません")), sentence


RAW = {
    "id": "ama-koko",
    "title": "高校の魅力化",
    "municipality_codes": ["325252"],
    "place": "海士町",
    "prefecture": "島根県",
    "pillar": 3,
    "themes": ["教育・高校魅力化"],
    "issue": "入学者が減りました。",
    "approach": "全国から生徒を募りました。塾も開きました。",
    "partners": "海士町",
    "started": "2008年",
    "start_year": 2008,
    "scheme": None,
    "budget_yen": None,
    "results": "入学者が増えました。",
    "results_date": "2020年",
    "lessons": "目的を共有する点が要です。",
    "source_ids": ["K001", "K002"],
    "field_sources": {"results": ["K002"]},
    "confidence": "low",
}


def _directory(tmp_path: Path, *changes: dict[str, object], names: tuple[str, ...] = ("ama-koko",)) -> Path:
    directory = tmp_path / "cases"
    directory.mkdir()
    (tmp_path / "themes.yaml").write_text("教育・高校魅力化: [高校]\n", encoding="utf-8")
    for name, change in zip(names, changes or ({},), strict=True):
        text = yaml.safe_dump(RAW | change, allow_unicode=True)
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return directory


def test_document_of_one_case(tmp_path: Path) -> None:
    case = load_cases(_directory(tmp_path), {"K001", "K002"})["ama-koko"]
    (page,) = case_document(case, {k: SOURCES[k] for k in ("K001", "K002")}).pages
    said = [(page.text[s.start : s.end], s.source_ids) for s in page.statements]
    both = ("K001", "K002")
    assert said == [
        ("島根県海士町では、入学者が減りました。", both),
        ("島根県海士町では、全国から生徒を募りました。", both),
        ("島根県海士町の取組では、塾も開きました。", both),
        ("島根県海士町の取組の開始時期は、2008年です。", both),
        ("島根県海士町の取組の関係者は、海士町です。", both),
        ("島根県海士町の取組の成果として、入学者が増えました。", ("K002",)),
        ("島根県海士町の事例の要点は、目的を共有する点が要です。", both),
        ("島根県海士町の事例は断片的な情報によるため、一次資料での確認が必要です。", both),
    ]


def test_an_unknown_result_is_said_to_be_unknown() -> None:
    case = Case.model_validate(RAW | {"results": None, "results_date": None, "field_sources": {}})
    text = case_document(case, SOURCES).pages[0].text
    assert "島根県海士町の取組の成果は、出典では確認できていません。" in text
    planned = Case.model_validate(RAW | {"results": "1,000人が目標です。"})
    assert "成果として" not in case_document(planned, SOURCES).pages[0].text


def test_a_document_needs_its_sources() -> None:
    with pytest.raises(CorpusInvalid, match="K999"):
        case_document(Case.model_validate(RAW | {"source_ids": ["K999"], "field_sources": {}}), SOURCES)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({}, "島根県海士町"),
        ({"place": "島根県と県内の町", "municipality_codes": ["320005"]}, "島根県と県内の町"),
        ({"place": "海士町・湖西市", "municipality_codes": ["325252", "222216"]}, "海士町・湖西市"),
    ],
)
def test_the_prefecture_is_named_where_one_holds_the_place(change: dict[str, object], place: str) -> None:
    assert place_of(Case.model_validate(RAW | change)) == place


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "Ama"}, "小文字"),
        ({"id": "ama-other"}, "ファイル名と違います"),
        ({"issue": "入学者が減りました"}, "「。」で終わっていません"),
        ({"results": "  "}, "「。」で終わっていません"),
        ({"title": "高校の\n魅力化"}, "改行"),
        ({"municipality_codes": []}, "団体コードがありません"),
        ({"municipality_codes": ["325253"]}, "検査数字"),
        ({"themes": []}, "テーマがありません"),
        ({"themes": ["高校"]}, "themes.yaml にありません"),
        ({"source_ids": ["K001", "K777"], "field_sources": {}}, "K777"),
        ({"source_ids": ["K001"]}, "source_ids にありません"),
        ({"field_sources": {"scheme": ["K001"]}}, "field_sources の scheme"),
        ({"start_year": 208}, "年として"),
        ({"budget_yen": 0}, "1円以上"),
        ({"results": None, "field_sources": {}}, "results_date があります"),
        ({"confidence": "sure"}, "confidence"),
        ({"pillar": 6}, "pillar"),
        ({"sources": ["K001"]}, "知らない項目"),
    ],
)
def test_the_loader_refuses(change: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match=said):
        load_cases(_directory(tmp_path, change), {"K001", "K002"})


def test_all_mistakes_of_all_files_are_listed(tmp_path: Path) -> None:
    directory = _directory(tmp_path, {"confidence": "?", "themes": []}, {"pillar": 9},
                           names=("ama-koko", "b-case"))  # fmt: skip
    (directory / "c-case.yaml").write_text("a: [1\n", encoding="utf-8")
    (directory / "d-case.yaml").write_text("- 1\n", encoding="utf-8")
    (directory / "e-case.yaml").write_text("id: a\nid: b\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid) as caught:
        load_cases(directory, {"K001", "K002"})
    files = [problem.split(":")[0] for problem in caught.value.problems]
    assert files == [
        "cases/ama-koko.yaml", "cases/ama-koko.yaml", "cases/b-case.yaml", "cases/c-case.yaml",
        "cases/d-case.yaml", "cases/e-case.yaml",
    ]  # fmt: skip


# ── themes ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "theme"),
    [("買い物弱者", "買物支援"), ("フードデザート", "買物支援"), ("オンデマンドバス", "デマンド交通"),
     ("観光DX/インバウンド", "観光・インバウンド"), ("ＤＭＯ", "観光・インバウンド"), ("移住定住", "移住定住")],
)  # fmt: skip
def test_words_mean_themes(word: str, theme: str) -> None:
    assert THEMES.of(word) == theme


def test_an_unknown_theme_offers_near_ones() -> None:
    with pytest.raises(UnknownName) as caught:
        THEMES.of("買物支縁")
    assert caught.value.near == ("買物支援",)


def test_themes_named_in_a_text() -> None:
    assert THEMES.named_in("買い物弱者とデマンドバスの事例") == ("買物支援", "地域公共交通", "デマンド交通")
    assert THEMES.named_in("こんにちは") == ()


def test_every_word_means_one_theme() -> None:
    for theme in THEMES.names:
        assert THEMES.of(theme) == theme
        assert all(THEMES.of(word) == theme for word in THEMES.synonyms(theme))
    with pytest.raises(CorpusInvalid, match="両方"):
        Themes({"空き家": ("古民家",), "観光": ("古民家",)})


def test_a_broken_list_of_themes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    with pytest.raises(CorpusInvalid, match="読み込めません"):
        load_themes(path)
    path.write_text("観光: 語\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match="リスト"):
        load_themes(path)
