"""Claims against evidence: the label, and the reason that a person reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import SupportLabel
from assistant.evidence.check import check_support
from assistant.japanese.numbers import format_yen

SUPPORTED, PARTIAL = SupportLabel.SUPPORTED, SupportLabel.PARTIAL
UNSUPPORTED, CONTRADICTED = SupportLabel.UNSUPPORTED, SupportLabel.CONTRADICTED
BORNE_OUT = "数値・固有名・可否・語句が根拠と一致しています。"

CAPS = (
    "令和7年度の第2世代交付金の都道府県の国費上限は、ソフト事業が年度15億円です。\n"
    "令和7年度の第2世代交付金の市区町村の国費上限は、ソフト事業が年度10億円で、補助率は1/2です。"
)
TABLE = (
    "| 区分 | 都道府県の国費上限 | 市区町村の国費上限 | 補助率 |\n|---|---|---|---|\n"
    "| ソフト事業 | 15億円/年度 | 10億円/年度 | 1/2 |\n| インフラ整備事業 | 総額50億円 | 総額10億円 | 1/2等 |"
)
ROW = "区分: ソフト事業／都道府県の国費上限: 15億円/年度／市区町村の国費上限: 10億円/年度／補助率: 1/2。"
TRAVEL = (
    "前身の地方創生推進交付金では、職員の旅費は原則として対象外です。ただし、講師の旅費は対象になります。"
)
TERM = "事業期間は3か年度以内です。対象は人口10万人未満の市町村です。"
OFFICE = (
    "勤怠管理や電子決裁など内部事務だけの効率化は、TYPE Aの対象外です。住民が使うアプリはTYPE Aの対象です。"
)
OPEN = "令和8年度の地域未来推進型の次回の募集日程は確認できていないため、内閣府への確認が必要です。"


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("第2世代交付金（2025年度）では、市区町村のソフト事業の国費は年10億円が上限です。", CAPS),
        ("令和７年度の第２世代交付金では、市町村の国費上限は年度十億円です。", CAPS),
        ("市区町村の補助率は5割です。", CAPS),
        ("市区町村の補助率は2分の1です。都道府県の国費上限は1,500,000千円です。", CAPS),
        ("市区町村のソフト事業の国費上限は10億円です。", TABLE),
        ("インフラ整備事業の都道府県の国費上限は総額50億円です。", TABLE),
        ("市区町村のソフト事業の国費上限は10億円です。", ROW),
        ("職員の旅費は原則として対象になりません。", TRAVEL),
        ("事業期間は3年以内です。", TERM),
        ("転入超過は約12万人です。", "転入超過は12万3,534人です。"),
        ("期限は令和9年3月31日です。", "期限は2027年3月31日です。"),
    ],
)
def test_honest_sentences_are_supported(claim: str, evidence: str) -> None:
    support = check_support(claim, evidence)
    assert (support.label, support.reason) == (SUPPORTED, BORNE_OUT)


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (
            "令和7年度の第2世代交付金の市区町村の国費上限は、年度12億円です。",
            CAPS,
            "根拠には「10億円」とありますが、文には「12億円」とあります。",
        ),
        (
            "令和7年度の第2世代交付金の市区町村の国費上限は、ソフト事業で年度15億円です。",
            CAPS,
            "根拠の「15億円」は「都道府県」についてのものですが、文は「市区町村」のものとしています。",
        ),
        ("市区町村の補助率は2/3です。", CAPS, "根拠には「1/2」とありますが、文には「2/3」とあります。"),
        (
            "令和8年度の第2世代交付金の市区町村の国費上限は、年度10億円です。",
            CAPS,
            "根拠は「令和7年度」についてのもので、文の「令和8年度」は裏付けられません。",
        ),
        (
            "市区町村のソフト事業の国費上限は15億円です。",
            TABLE,
            "根拠の「15億円」は「都道府県」についてのものですが、文は「市区町村」のものとしています。",
        ),
        (
            "インフラ整備事業の市区町村の国費上限は総額50億円です。",
            TABLE,
            "根拠の「50億円」は「都道府県」についてのものですが、文は「市区町村」のものとしています。",
        ),
        (
            "都道府県のソフト事業の国費上限は10億円です。",
            ROW,
            "根拠の「10億円」は「市区町村」についてのものですが、文は「都道府県」のものとしています。",
        ),
        ("職員の旅費は対象です。", TRAVEL, "根拠には「対象外」とありますが、文は「対象です」としています。"),
        (
            "講師の旅費も対象外です。",
            TRAVEL,
            "根拠には「対象になります」とありますが、文は「対象外」としています。",
        ),
        (
            "事業期間は3か年度以上です。",
            TERM,
            "根拠には「3か年度以内」とありますが、文には「3か年度以上」とあります。",
        ),
        (
            "人口10万人以上の市町村が対象です。",
            TERM,
            "根拠には「10万人未満」とありますが、文には「10万人以上」とあります。",
        ),
        (
            "人口10万人の市町村が対象です。",
            TERM,
            "根拠には「10万人未満」とありますが、文には「10万人」とあります。",
        ),
        (
            "電子決裁はTYPE Sの対象外です。",
            OFFICE,
            "根拠の類型は「TYPE A」ですが、文は「TYPE S」としています。",
        ),
        (
            "住民が使うアプリはTYPE Aの対象外です。",
            OFFICE,
            "根拠には「対象です」とありますが、文は「対象外」としています。",
        ),
        (
            "令和8年度の地域未来推進型の次回の募集日程は公表されています。",
            OPEN,
            "根拠では「確認できていない」とされている事柄を、文では確かなこととしています。",
        ),
        (
            "奈良県吉野町は交付金を使いました。",
            "奈良県下市町は交付金を使いました。",
            "根拠には「下市町」とありますが、文には「吉野町」とあります。",
        ),
    ],
)
def test_conflicts_name_both_sides(claim: str, evidence: str, reason: str) -> None:
    support = check_support(claim, evidence)
    assert (support.label, support.reason) == (CONTRADICTED, reason)


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (
            "令和7年度の市区町村の国費上限は10億円です。",
            "市区町村の国費上限は10億円です。",
            "文の「令和7年度」が根拠に見当たりません。",
        ),
        (
            "総務省が所管しています。",
            "交付金は内閣府が所管しています。",
            "文の「総務省」が根拠に見当たりません。",
        ),
        (
            "交付金は必ず交付されます。",
            "交付金は交付されます。",
            "文の「必ず」に当たる記述が根拠に見当たりません。",
        ),
        ("市区町村の補助率は1/2です。", "", "根拠となる文章がありません。"),
        ("  ", CAPS, "文が空です。"),
        (
            "来月から猫を飼う計画が始まります。",
            CAPS,
            "文の内容（「来月」、「猫」、「飼う」など）が根拠にほとんど見当たりません。",
        ),
    ],
)
def test_silence_of_the_evidence_is_no_support(claim: str, evidence: str, reason: str) -> None:
    support = check_support(claim, evidence)
    assert (support.label, support.reason) == (UNSUPPORTED, reason)


@pytest.mark.parametrize(
    ("claim", "evidence", "reason"),
    [
        (
            "職員の旅費は対象外です。",
            TRAVEL,
            "根拠には「原則」という限定がありますが、文では落ちています。",
        ),
        (
            "県の予算は26億円です。",
            "県の予算は約26億円です。",
            "根拠では「26億円」はおおよその値ですが、文では確定した値になっています。",
        ),
        (
            "市区町村の補助率は1/2です。会計検査院が指摘しました。",
            CAPS,
            "文の「会計検査院」が根拠に見当たりません。",
        ),
        (
            "職員の研修を大学と連携して行い、満足度を毎年度公表します。",
            "職員の研修を毎年度行います。",
            "文の一部の内容（「大学」、「連携」、「満足」）が根拠に見当たりません。",
        ),
    ],
)
def test_what_holds_in_part_is_partial(claim: str, evidence: str, reason: str) -> None:
    support = check_support(claim, evidence)
    assert (support.label, support.reason) == (PARTIAL, reason)


CAP = "市区町村の国費上限は10億円です。"


def test_the_year_of_the_evidence_may_come_from_what_is_known_of_it() -> None:
    claim = "令和7年度の市区町村の国費上限は10億円です。"
    assert check_support(claim, CAP, fiscal_years=(2025,)).label is SUPPORTED
    assert check_support(claim, CAP, context="第2世代交付金（令和7年度）").label is SUPPORTED
    assert check_support(claim, CAP, fiscal_years=(2026,)).label is UNSUPPORTED


def test_a_year_that_the_evidence_names_itself_outweighs_what_is_known_of_it() -> None:
    support = check_support("令和8年度の" + CAP, "令和7年度の" + CAP, fiscal_years=(2026,))
    assert support.label is CONTRADICTED
    assert support.reason == (
        "根拠の「10億円」は「令和7年度」についてのものですが、文は「令和8年度」のものとしています。"
    )


def test_headings_supply_names_and_years_but_the_body_supplies_the_rest() -> None:
    claim = "第2世代交付金の市区町村の国費上限は10億円です。"
    assert check_support(claim, CAP).label is UNSUPPORTED
    assert check_support(claim, CAP, context="第2世代交付金").label is SUPPORTED


def test_a_claim_may_draw_on_several_pieces_of_evidence() -> None:
    pieces = tuple(CAPS.split("\n"))
    claim = "国費上限は、都道府県が年度15億円、市区町村が年度10億円です。"
    assert check_support(claim, pieces).label is SUPPORTED
    swapped = "国費上限は、都道府県が年度10億円、市区町村が年度15億円です。"
    assert check_support(swapped, pieces).label is CONTRADICTED
    assert check_support(claim, pieces[:1]).label is CONTRADICTED


def test_an_enumeration_in_another_order_is_the_same_enumeration() -> None:
    evidence = "申請は、都道府県が9事業まで、市区町村が5事業までです。"
    assert (
        check_support("申請は、市区町村なら5事業まで、都道府県なら9事業までです。", evidence).label
        is SUPPORTED
    )
    assert (
        check_support("申請は、市区町村なら9事業まで、都道府県なら5事業までです。", evidence).label
        is CONTRADICTED
    )


def test_double_negation_and_duty_are_read() -> None:
    duty = "実施計画を内閣府に提出しなければなりません。"
    assert check_support("実施計画を内閣府に提出する必要があります。", duty).label is SUPPORTED
    assert check_support("実施計画を内閣府に提出する必要はありません。", duty).label is CONTRADICTED
    both = "自治体だけでなく、関係団体も参画します。"
    assert check_support("自治体だけでなく、関係団体も参画します。", both).label is SUPPORTED


def test_a_denial_needs_a_denial_in_the_evidence() -> None:
    evidence = "地域再生計画は、自治体が作成し、内閣総理大臣の認定を受ける計画です。"
    support = check_support(
        "内閣総理大臣の認定を受ける計画は、自治体が作る地域再生計画ではありません。", evidence
    )
    assert support.label is UNSUPPORTED
    assert support.reason == "文の「計画ではありません」に当たる記述が根拠に見当たりません。"


def test_a_limit_of_the_other_kind_needs_words_for_it() -> None:
    support = check_support("市区町村の国費には10億円という下限があります。", CAP)
    assert support.label is not SUPPORTED


def test_a_claim_too_long_to_check_is_refused() -> None:
    support = check_support("上限は10億円です。" * 200, CAP)
    assert (support.label, support.reason) == (
        UNSUPPORTED,
        "文が長すぎるため確かめられません（1000字まで）。",
    )


def test_hostile_text_is_checked_without_error() -> None:
    for claim in ("\0\0", "9" * 5000 + "円です。", "「" * 300, "|" * 50, "／: ／: ／:", "令和99年99月99日。"):
        assert check_support(claim, CAPS).label is not SUPPORTED


AMOUNTS = st.integers(min_value=1, max_value=99_999).map(lambda n: n * 10_000)
KINDS = st.permutations(["都道府県", "市区町村", "指定都市", "中核市", "特別区"])


@settings(max_examples=60, deadline=None)
@given(KINDS, AMOUNTS, AMOUNTS)
def test_an_amount_holds_for_the_class_that_it_is_said_of(kinds: list[str], low: int, high: int) -> None:
    if low == high:
        high += 10_000
    first, second = kinds[:2]
    evidence = f"{first}の国費上限は{format_yen(low)}です。{second}の国費上限は{format_yen(high)}です。"
    assert check_support(f"{first}の国費上限は{low:,}円です。", evidence).label is SUPPORTED
    assert check_support(f"{second}の国費上限は{format_yen(high)}です。", evidence).label is SUPPORTED
    assert check_support(f"{first}の国費上限は{format_yen(high)}です。", evidence).label is CONTRADICTED
    assert check_support(f"{kinds[2]}の国費上限は{format_yen(low)}です。", evidence).label is CONTRADICTED


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=2, max_value=500), st.integers(min_value=2, max_value=500))
def test_a_changed_count_is_never_supported(mine: int, theirs: int) -> None:
    support = check_support(f"対象は{mine}団体です。", f"対象は{theirs}団体です。")
    assert (support.label is SUPPORTED) == (mine == theirs)
