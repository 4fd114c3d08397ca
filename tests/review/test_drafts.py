"""Drafts for gaps: each sentence has a source, a page of the document or a slot; no figure is made up."""

from datetime import date
from statistics import median

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.domain import Kind, Level, Outcome
from assistant.errors import CorpusInvalid
from assistant.evidence.check import check_support
from assistant.review.draft_nouns import Basis, DraftSentence, figures_in, slots_in
from assistant.review.drafts import one_line
from assistant.service import Assistant
from tests.review.conftest import document

PLAN = (
    "あさひ町総合戦略\n移住の支援を検討します。\n\n"
    "| 指標 | 基準値 | 目標値（R11） |\n| 移住者数 | 12人 | 30人 |\n| 相談会の開催回数 | － | 5回 |"
)


@pytest.fixture(scope="module")
def review(assistant):
    return assistant.reviews.hold(document(PLAN))


@pytest.fixture(scope="module")
def drafts(assistant, review):
    return {gap.requirement_id: gap for gap in assistant.reviews.draft(review).gaps}


def said(gap, role):
    return [sentence.text for sentence in gap.of(role)]


def test_every_gap_has_a_draft_and_nothing_else_has(review, drafts):
    gaps = {i.requirement_id for i in review.items if i.outcome in (Outcome.NOT_MET, Outcome.UNKNOWN)}
    assert drafts.keys() == gaps


def test_what_a_clause_says_stands_before_what_the_municipality_completes(drafts):
    gap = drafts["p2-combination"]
    assert [s.role for s in gap.sentences][:2] == ["background", "own"]
    assert said(gap, "background")[0].startswith("「新結合」は、異なる分野の施策、人材、技術を組み合わせて")
    assert gap.of("background")[0].bases[0].sources[0].id == "P01"
    assert said(gap, "own") == ["【要記入：分野】と【要記入：分野】を組み合わせ、【要記入：生み出す価値】をめざします。"]


def test_what_sources_say_stands_word_for_word_in_the_corpus(assistant, drafts):
    texts = [
        p.text for i in assistant.index.document_ids for p in assistant.index.passages_of(i)
        if p.kind in (Kind.POLICY, Kind.GRANT)
    ]  # fmt: skip
    whole = "\n".join(texts)
    told = [s for gap in drafts.values() for s in gap.of("background", "grant")]
    assert len(told) > 40 and all(sentence.text in whole for sentence in told)


def test_a_case_is_told_with_its_place_and_borne_out_by_it(assistant, drafts):
    told = [s for gap in drafts.values() for s in gap.of("case")]
    titles = {entry.case.title for entry in assistant.cases.book.entries}
    assert len(told) > 20
    for sentence in told:
        basis = sentence.bases[0]
        assert check_support(sentence.text, basis.says, context=basis.where).label == "supported"
        assert basis.where.split("「", 1)[1].rsplit("」", 1)[0] in titles


def test_the_document_is_quoted_where_it_falls_short(drafts):
    (sentence,) = drafts["p3-migration"].of("present")
    assert (sentence.text, sentence.kind, sentence.bases[0].page) == ("移住の支援を検討します。", "document", 1)


def test_indicators_are_named_with_their_own_figures_and_a_slot_for_what_they_lack(drafts):
    assert said(drafts["kpi-baseline-year"], "own") == ["「移住者数」の基準値12人は、【要記入：基準値の年度】の値です。"]
    assert said(drafts["kpi-baseline"], "own") == [
        "「相談会の開催回数」の基準値は、【要記入：基準値】（【要記入：基準値の年度】）です。"
    ]


def test_without_a_confirmed_municipality_nothing_of_the_register_is_told(drafts):
    assert all("【要記入：人数】" in text for text in said(drafts["population-now"], "own"))
    assert not any(b.kind == "register" for g in drafts.values() for s in g.sentences for b in s.bases)


def test_the_register_fills_what_it_knows_of_the_confirmed_municipality(assistant, review):
    place = assistant.find_municipality("北海道美幌町")
    gaps = {g.requirement_id: g for g in assistant.reviews.draft(review, place=place).gaps}
    (now,) = gaps["population-now"].of("own")
    assert now.text == f"本町の人口は、2025年1月1日現在で{place.population:,}人です（住民基本台帳）。"
    assert now.kind == "sourced" and now.bases[0].sources[0].id == "M04"
    births, deaths = (int(place.figures[name]) for name in ("births", "deaths"))
    assert said(gaps["natural-change"], "own") == [f"本町の2024年の出生者数は{births}人、死亡者数は{deaths}人です。"]
    assert said(gaps["law-basis"], "own") == [
        "本戦略は、まち・ひと・しごと創生法第10条に基づき、本町の実情に応じて定める計画です。"
    ]
    assert said(gaps["adaptation"], "own")[0].startswith("本町は、人口減少を正面から受け止め、【要記入：")


def test_a_figure_that_the_register_lacks_leaves_its_slot(assistant, review):
    place = assistant.find_municipality("北海道")
    gaps = {g.requirement_id: g for g in assistant.reviews.draft(review, place=place).gaps}
    assert said(gaps["social-change"], "own") == [
        "本道の【要記入：年】の社会増減は【要記入：人数】人です（【要記入：統計の名称】）。"
    ]


def test_third_parties_and_earlier_guides_are_marked(drafts):
    assert drafts["comprehensive-plan"].of("background")[0].is_weak
    assert any("以前の制度や手引き" in caution for caution in drafts["pdca"].cautions)
    assert not drafts["p2-combination"].of("background")[0].is_weak


def test_one_gap_alone_may_be_drafted(assistant, review):
    assert [g.requirement_id for g in assistant.reviews.draft(review, only=["pdca"]).gaps] == ["pdca"]


def test_a_grants_rule_is_said_by_its_clause_and_completed_by_the_applicant(assistant):
    plan = document("実施計画\n本事業は市が申請します。KPIの達成状況を毎年度検証し、結果を公表します。")
    review = assistant.reviews.hold(plan, "chiiki-mirai-suishin-r8")
    gaps = {g.requirement_id: g for g in assistant.reviews.draft(review).gaps}
    gap = gaps["self-reliance"]
    assert said(gap, "background") == [
        "令和8年度の地域未来推進型では、交付の期間の後は交付金に頼らず自走する計画（自立性）が求められます。"
    ]
    assert said(gap, "own") == [
        "「交付期間後に自走する計画がある」ことについて、本事業では【要記入：具体的な内容】とします。"
    ]
    assert gap.advice.startswith("事業収入") and gap.of("background")[0].bases[0].clause is not None


def test_a_template_with_a_made_up_figure_is_a_mistake_of_the_corpus(assistant, review):
    item = next(i for i in review.items if i.requirement_id == "p1-disaster")
    odd = item.model_copy(update={"draft": "防災の訓練を年12回行い、【要記入：施策】に取り組みます。"})
    with pytest.raises(CorpusInvalid, match="p1-disaster"):
        assistant.reviews.draft(review.model_copy(update={"items": (odd,)}))


def test_a_row_of_the_document_is_told_without_its_rules():
    assert one_line("| 移住者数 |  |\n12人 |【要記入：値】|") == "移住者数／12人／〔要記入：値〕"


# ── what cannot be made ──────────────────────────────────────────────────────

CLAUSE = Basis(kind="statement", says="上限は10億円です。", sources=())


@pytest.mark.parametrize(
    "given",
    [
        {"text": "移住者を増やします。", "kind": "sourced"},
        {"text": "移住者を増やします。", "kind": "slot"},
        {"text": "移住者を増やします。", "kind": "document", "bases": (CLAUSE,)},
        {"text": "移住者を120人に増やします。", "kind": "sourced", "bases": (CLAUSE,)},
        {"text": "移住者を120人に増やすため【要記入：施策】を行います。", "kind": "slot"},
    ],
)
def test_a_sentence_without_source_or_with_a_made_up_figure_cannot_be_made(given):
    with pytest.raises(ValidationError):
        DraftSentence(role="own", **given)


def test_figures_and_slots_are_read_as_people_write_them():
    assert figures_in("人口は８，２００人、率は1.5％、【要記入：2025年の値】です。") == {"8200", "1.5"}
    assert slots_in("【要記入：年】の【要記入：人数】人") == ("年", "人数")


# ── cases and grants of a gap ────────────────────────────────────────────────


def test_gaps_name_cases_and_grants_of_this_year(assistant, review):
    by_id = {item.requirement_id: item for item in review.items}
    disaster = by_id["p1-disaster"]
    assert disaster.grants[0].id == "bousai-r8" and disaster.grants[0].fiscal_year == 2026
    assert "kuroshio-tsunami-bosai" in disaster.cases
    assert by_id["pdca"].cases == () and by_id["pdca"].grants == ()
    hints = [hint for item in review.items for hint in item.grants]
    assert len(hints) > 30
    for hint in hints:
        assert hint.is_current == (not hint.of_one_year or hint.fiscal_year >= 2026)
        assert hint.why in assistant.index.passages_of(hint.id)[_number(hint.passage_id)].text
        assert hint.level in set(Level) and hint.source_ids


def _number(passage_id: str) -> int:
    return int(passage_id.rpartition("#")[2]) - 1


def test_a_grant_of_an_earlier_year_never_stands_beside_one_of_this_year(review):
    for item in review.items:
        current = [hint.is_current for hint in item.grants]
        assert all(current) or not any(current)


def test_next_year_the_grants_of_this_year_are_no_longer_current(assistant):
    later = Assistant(assistant.settings.model_copy(update={"today": date(2027, 6, 1)}), assistant.index)
    review = later.reviews.hold(document(PLAN))
    hints = {hint.id: hint for item in review.items for hint in item.grants}
    assert "ijuu-shienkin" in hints and hints["ijuu-shienkin"].is_current, "not tied to a year"
    yearly = [hint for hint in hints.values() if hint.of_one_year]
    assert yearly and not any(hint.is_current for hint in yearly)
    assert hints["kouiki-region-r8"].fiscal_year == 2026, "the latest where nothing is current"


def test_what_is_met_needs_no_help(assistant):
    review = assistant.reviews.hold(document("総合戦略\n移住相談の窓口を設け、移住と定住を支援します。"))
    met = [item for item in review.items if item.outcome is Outcome.MET]
    assert met and all(item.cases == () and item.grants == () for item in met)


def test_cases_fit_the_size_of_the_confirmed_municipality(assistant, review):
    village, city = (assistant.find_municipality(n) for n in ("高知県馬路村", "愛知県名古屋市"))
    people = []
    for place in (village, city):
        helped = assistant.reviews.with_help(review, place)
        entries = [assistant.cases.book.by_id[case] for item in helped.items for case in item.cases]
        people.append(median(p.population for e in entries for p in e.places if p.population))
    assert 2 * people[0] < people[1]


def test_whose_document_it_is_is_only_proposed(assistant):
    found = assistant.reviews.places_in(document("第3期 美幌町総合戦略", "北海道美幌町は、北見市と隣り合います。美幌町の人口"))
    assert [place.full_name for place in found[:2]] == ["北海道美幌町", "北海道北見市"]


# ── whatever the plan says ───────────────────────────────────────────────────

LINES = st.sampled_from(
    [
        "移住を支援します。", "移住の支援を検討します。", "=1+1 <script>alert(1)</script>", "【要記入：2025年の何か】", "移住者を【要記入：30】人に増やす予定です。",
        "| 指標 | 基準値 | 目標値 |", "| 「満足」度 | 12% | 30% |", "| 観光客数 | 1,200人（R6） | 9人 |", "目次",
        "産業の振興……3", "防災力を高める施策は未定です。", "第1章 はじめに」", "「閉じない引用。", "計画期間は令和2年度から令和6年度です。",
        "北海道美幌町", "**太字** ![x](http://203.0.113.9/a.png)", "\x0b\x01制御文字。", "KPI①②　Ⅲ　㌔",
    ]
)  # fmt: skip


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pages=st.lists(st.lists(LINES, max_size=8), min_size=1, max_size=3), place=st.booleans())
def test_whatever_a_plan_says_no_sentence_stands_alone(assistant, pages, place):
    plan = document(*("\n".join(lines) for lines in pages), unreadable=(1,) if len(pages) == 3 else ())
    review = assistant.reviews.hold(plan)
    town = assistant.find_municipality("北海道美幌町") if place else None
    for gap in assistant.reviews.draft(review, place=town).gaps:
        for sentence in gap.sentences:
            assert sentence.slots or sentence.bases
            borne = figures_in(" ".join(f"{b.says}{b.where}" for b in sentence.bases))
            locators = " ".join(b.clause.locator + b.clause.quote for b in sentence.bases if b.clause)
            assert figures_in(sentence.text) <= borne | figures_in(locators)
