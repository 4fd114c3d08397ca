from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Municipality
from assistant.grants.loader import load_vocabulary
from assistant.grants.propose import FactProposal, agreeing, confirmed, propose_facts
from assistant.grants.vocabulary import FactSpec

VOCABULARY = load_vocabulary(Path(__file__).parents[2] / "corpus" / "facts.yaml")


class OneTown:
    """A register that knows 海士町 and 島根県."""

    def mentions(self, text: str) -> list[tuple[Municipality, int, int]]:
        found = []
        for name, kind in (("島根県", "都道府県"), ("海士町", "町")):
            at = text.find(name)
            if at >= 0:
                place = Municipality(
                    code="325252", name=name, kana="", prefecture="島根県", kind=kind, population=2267
                )
                found.append((place, at, at + len(name)))
        return found

    def known_facts(self, municipality: Municipality) -> Mapping[str, object]:
        if municipality.kind == "都道府県":
            return {"applicant": "prefecture", "prefecture": "島根県"}
        return {
            "applicant": "municipality",
            "municipality_class": "general",
            "population": 2267,
            "is_depopulated": True,
        }


def proposals(
    text: str, register: Any = None, vocabulary: Mapping[str, FactSpec] = VOCABULARY
) -> dict[str, FactProposal]:
    return {p.name: p for p in propose_facts(text, vocabulary, register)}


def values(text: str, register: Any = None) -> dict[str, Any]:
    return {name: p.value for name, p in proposals(text, register).items()}


def test_the_town_that_wants_shops_on_wheels() -> None:
    found = proposals("人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい")
    assert {name: (p.value, p.words) for name, p in found.items()} == {
        "population": (8000, "人口8千人"),
        "applicant": ("municipality", "町"),
        "municipality_class": ("general", "町"),
        "project_kind": ("soft", "移動販売"),
        "theme": ("買物支援", "移動販売"),
        "items": ("移動販売車2台", "移動販売車2台"),
        "units": (2, "2台"),
        "total_yen": (12_000_000, "1,200万円"),
        "years": (3, "3年"),
        "has_self_reliance": (True, "自走"),
    }
    assert found["total_yen"].says == "1,200万円" and found["total_yen"].label == "総事業費"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("申請書の作成をコンサルに頼む費用を交付金に入れたい", {"includes_proposal_consulting": True}),
        ("5年分の運営費を基金に積んで使いたい", {"includes_fund_accumulation": True}),
        (
            "庁内の勤怠管理システムを入れ替えたい",
            {"is_internal_efficiency_only": True, "project_kind": "digital"},
        ),
        ("生成AIの文字起こしでTYPE Vを取りたい", {"is_simple_ai_use": True, "digital_type": "V"}),
        ("社会福祉法人でも直接申請できますか", {"applicant": "private"}),
        ("効果検証を庁内だけで済ませてよいか", {"has_external_review": False}),
        ("市内に本社がある会社から寄附50万円", {"donor_head_office_here": True, "donation_yen": 500_000}),
        ("用地取得費は含みません", {"includes_land_purchase": False}),
        ("用地取得費は対象になりますか", {"includes_land_purchase": True}),
        ("総合戦略に位置付けていません", {"has_regional_strategy": False}),
        ("総合戦略に位置付けています", {"has_regional_strategy": True}),
        ("総事業費は１．２億円で、国費は年5,000万円", {"total_yen": 120_000_000, "national_yen": 50_000_000}),
        ("国費の総額は3,000万円", {"national_total_yen": 30_000_000}),
        ("1台600万円の車を2台購入する", {"total_yen": 12_000_000, "units": 2}),
        ("トイレカー1台(800万円)とベッド50台(500万円)を買う", {"total_yen": 13_000_000}),
        ("協力隊を4年間任用したい", {"member_years": 4}),
        ("移住支援金を受けた人が2年で転出した", {"left_after_months": 24}),
        ("令和9年度から5か年度の計画", {"fiscal_year_start": 2027, "years": 5}),
        ("KPIは4つ設定します", {"kpi_count": 4, "has_kpi": True}),
        ("低所得世帯に3万円給付したい", {"project_kind": "cash_benefit", "target_group": "low_income"}),
        ("廃校を改修して施設にする", {"project_kind": "facility", "items": "廃校"}),
        ("実証だけの事業です", {"is_pilot_only": True}),
        (
            "県はソフト事業で年20億円申請できますか",
            {"national_yen": 2_000_000_000, "applicant": "prefecture"},
        ),
        ("総額2億円、うち国費1億円", {"total_yen": 200_000_000, "national_total_yen": 100_000_000}),
        ("協力隊の人が住民票を移さない", {"moves_resident_record": False}),
        ("デマンドバスの実証を3年分計上したい", {"transport_pilot_years": 3}),
        ("県内の市町村だけで連携したい", {"crosses_prefectures": False}),
        ("国の他の補助金は使いません", {"receives_other_national_subsidy": False}),
        ("国庫補助を併用したい", {"receives_other_national_subsidy": True}),
        (
            "職員の人件費と旅費を入れたいが、用地は買わない",
            {"includes_personnel": True, "includes_land_purchase": False},
        ),
        ("融資額は公費より少ない", {"loan_covers_public": False}),
        ("一つの市だけでTYPE Vを申請したい", {"participating_municipalities": 1}),
        ("相談支援だけやりたい", {"provides_three_supports": False}),
        ("産官学金労言の参画がない体制で申請できますか", {"has_stakeholders": False}),
        ("自走の計画がありません", {"has_self_reliance": False}),
        ("効果検証の結果を公表しなくてもよいですか", {"publishes_results": False}),
        ("過疎地域ではありませんが", {"is_depopulated": False}),
        ("合計12億円の国費を申請したい", {"national_total_yen": 1_200_000_000}),
        ("年10億円の国費を申請したい", {"national_yen": 1_000_000_000}),
        ("9万円の寄附は対象ですか", {"donation_yen": 90_000}),
        ("県経由の交付金と合わせて国費が事業費の60%になります", {"combined_national_share_percent": 60}),
        ("施設整備の割合が60%です", {"facility_share_percent": 60}),
        ("令和8年度に伴走支援を受けたい", {"fiscal_year_start": 2026}),
        ("4年目も措置を受けて任用したい", {"member_years": 4}),
        (
            "随意契約で、その随意契約の理由を説明できません",
            {"uses_competitive_bidding": False, "has_bidding_reason": False},
        ),
        ("市がTYPE Aを6件申請したい", {"applications_count": 6, "digital_type": "A"}),
    ],
)
def test_words_that_state_a_fact(text: str, expected: dict[str, Any]) -> None:
    found = values(text)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("用地取得費を含むかどうかは未定です", "includes_land_purchase"),
        ("過疎対策事業債を使いたい", "is_depopulated"),
        ("過去10年で人口が減った", "years"),
        ("10億円以下の事業", "total_yen"),
        ("1,000万円から2,000万円の間", "total_yen"),
        ("NPOと連携する", "applicant"),
        ("3万円を給付する", "total_yen"),
        ("2年間で1,000万円ずつ", "total_yen"),
        ("毎年500万円かかる", "total_yen"),
        ("自走という言葉の意味を教えてもらえません", "has_self_reliance"),
        ("", "applicant"),
    ],
)
def test_what_is_not_stated_is_not_proposed(text: str, absent: str) -> None:
    assert absent not in values(text)


def test_a_named_town_fills_class_and_flags_from_the_register() -> None:
    found = proposals("島根県の海士町で施設整備をしたい", OneTown())
    assert {
        n: found[n].value for n in ("applicant", "municipality_class", "population", "is_depopulated")
    } == {
        "applicant": "municipality",
        "municipality_class": "general",
        "population": 2267,
        "is_depopulated": True,
    }
    assert found["population"].words == "海士町"


def test_a_persons_own_figure_goes_before_the_register() -> None:
    assert values("人口2,300人の海士町で", OneTown())["population"] == 2300


def test_where_people_come_from_is_not_who_applies() -> None:
    assert "applicant" not in values("海士町から来る人", OneTown())


def test_only_facts_of_the_vocabulary_are_proposed() -> None:
    few = {"years": VOCABULARY["years"]}
    assert set(proposals("人口8千人の町で3年で自走させたい", vocabulary=few)) == {"years"}


def test_of_two_that_contradict_the_earlier_is_kept() -> None:
    found = propose_facts("総事業費100万円、国費500万円の町の事業を県が申請", VOCABULARY)
    assert {p.name for p in found} >= {"total_yen", "national_yen"}
    kept = {p.name: p.value for p in agreeing(found, VOCABULARY)}
    assert kept["total_yen"] == 1_000_000 and "national_yen" not in kept


def test_nothing_counts_until_it_is_confirmed() -> None:
    found = propose_facts("人口8千人の町で3年", VOCABULARY)
    assert confirmed(found, frozenset()) == {}
    assert confirmed(found, frozenset({"years"})) == {"years": 3}


@given(
    text=st.lists(
        st.sampled_from(
            [
                "人口",
                "町",
                "村",
                "３年",
                "1億2千万円",
                "国費",
                "KPI",
                "自走",
                "ない",
                "(",
                ")",
                "、",
                "。",
                "基金に積む",
                "用地取得",
                "①",
                "海士町",
                "2台",
                "を",
                "買う",
            ]
        )
        | st.text(max_size=4),
        max_size=14,
    ).map("".join)
)
def test_every_proposal_points_at_its_words(text: str) -> None:
    for proposal in propose_facts(text, VOCABULARY, OneTown()):
        assert text[proposal.start : proposal.end] == proposal.words != ""
        assert proposal.name in VOCABULARY
