"""Two versions of a document: what changed, and that mere spelling is no change."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import Document, Outcome
from assistant.review.difference import compare_documents
from assistant.review.nouns import Difference, KpiChange, PassageChange
from assistant.review.review import review_document
from tests.review.conftest import SOURCES, document

HEAD = "あさひ町総合戦略\n計画期間は、令和7年度から令和11年度までの5年間です。\n"
SENTENCES = (
    "移動販売車の運行を支援し、買物に困らない環境をつくります。",
    "デマンド型の乗合タクシーを町内全域で運行します。",
    "空き家バンクを活用し、移住を希望する方へ住まいを紹介します。",
    "高校生と町の事業者が商品を開発する講座を、年3回開きます。",
    "町長を本部長とする創生本部が司令塔となり、全庁で取り組みます。",
    "数値目標とKPIの達成度を毎年度検証します。",
    "産官学金労言士の委員14名で構成する推進会議を置きます。",
    "森林の整備に、令和9年度までに1億2,000万円を充てます。",
    "検証の結果は、町のホームページで公表します。",
    "地域の診療所に、オンライン診療の機器を導入します。",
)


def compare(old: Document, new: Document, strategy) -> Difference:
    before, after = (
        review_document(d, strategy, sources=SOURCES, today=date(2026, 11, 23)) for d in (old, new)
    )
    return compare_documents(old, new, before, after)


def told(change: PassageChange) -> tuple[str, str]:
    return tuple(
        "".join(q.quote for q in side.quotes) if side else "" for side in (change.before, change.after)
    )


def only(difference: Difference) -> PassageChange:
    assert len(difference.passages) == 1, difference.passages
    return difference.passages[0]


def requirement(difference: Difference, name: str):
    return next(r for r in difference.requirements if r.requirement_id == name)


def kpi(difference: Difference, name: str) -> KpiChange:
    return next(k for k in difference.kpis if name in k.indicator)


def plan(*lines: str) -> str:
    return HEAD + "\n".join(lines) + "\n"


def test_spelling_calendar_and_politeness_are_no_changes(strategy):
    old = plan(
        "取組を進めるため、子どもの居場所を３か所に設けます。",
        "令和7年度に12,000万円を充てる。",
        "本戦略は町の計画である。",
    )
    new = plan(
        "取り組みを進めるため、子供の居場所を 3 か所に設ける。",
        "2025年度に1億2千万円を充てます。",
        "本戦略は、町の計画です。",
    )
    difference = compare(document(old), document(new), strategy)
    assert difference.passages == ()
    assert difference.spelling_only == 3
    assert not {"gained", "lost", "changed"} & {r.kind for r in difference.requirements}
    same = compare(document(old), document(old), strategy)
    assert same.text == "読み取れた範囲では、2つの版に内容の違いは見つかりませんでした。"


def test_a_weaker_commitment_is_told_in_its_own_words(strategy):
    old, new = (
        plan(*SENTENCES),
        plan(*SENTENCES[:1], SENTENCES[1].replace("運行します", "運行することを検討します"), *SENTENCES[2:]),
    )
    change = only(compare(document(old), document(new), strategy))
    assert change.kind == "changed" and [n.kind for n in change.notes] == ["strength"]
    assert change.notes[0].says == "「運行します」が「検討します」に弱まりました。"
    back = only(compare(document(new), document(old), strategy))
    assert back.notes[0].says == "「検討します」が「運行します」に強まりました。"


def test_numbers_years_and_negation_are_told(strategy):
    for old, new, kind, says in (
        ("講座を年3回開きます。", "講座を年2回開きます。", "number", "「3回」が「2回」に下がりました。"),
        ("約120人の参加を見込みます。", "150人以上の参加を見込みます。", "number", "「約120人」が「150人以上」に上がりました。"),
        ("令和9年度に開設する。", "令和10年度に開設する。", "year", "「令和9年度」が「令和10年度」に変わりました。"),
        ("結果を町民に知らせる。", "結果を町民に知らせない。", "negation", "「町民に知らせる」が「知らせない」になり、打ち消しに変わりました。"),
        ("会議を年2回開き、結果をまとめる。", "会議を開き、結果をまとめる。", "number", "「2回」がなくなりました。"),
    ):  # fmt: skip
        change = only(compare(document(plan(old)), document(plan(new)), strategy))
        assert (change.notes[0].kind, change.notes[0].says) == (kind, says)


def test_a_dropped_sentence_loses_its_requirement_with_the_page_it_stood_on(strategy):
    keep = plan(*SENTENCES[:5])
    difference = compare(document(keep, SENTENCES[5]), document(keep, "町の木はブナです。"), strategy)
    lost = requirement(difference, "yearly-review")
    assert (lost.kind, lost.before, lost.after) == ("lost", Outcome.MET, Outcome.NOT_MET)
    assert [q.page for q in lost.before_evidence] == [2] and lost.after_evidence == ()
    assert lost.says == "前の版では2ページに記載がありましたが、新しい版では確認できません。"
    assert {(c.kind, *told(c)) for c in difference.passages} == {
        ("removed", SENTENCES[5], ""),
        ("added", "", "町の木はブナです。"),
    }
    back = requirement(
        compare(document(keep, "町の木はブナです。"), document(keep, SENTENCES[5]), strategy), "yearly-review"
    )
    assert back.kind == "gained"


def test_a_requirement_borne_by_the_same_words_elsewhere_is_the_same(strategy):
    old, new = document(plan(*SENTENCES)), document(HEAD, "\n".join(SENTENCES))
    assert {r.kind for r in compare(old, new, strategy).requirements} == {"same"}


def test_what_is_gone_is_uncertain_beside_an_unreadable_page(strategy):
    keep = plan(*SENTENCES[:5])
    difference = compare(document(keep, SENTENCES[5]), document(keep, "", unreadable=[2]), strategy)
    change = only(difference)
    assert change.kind == "removed" and change.uncertain
    assert change.because == "新しい版の2ページは読み取れない部分があり、そこに記載がある可能性があります。"
    assert requirement(difference, "yearly-review").kind == "unclear"
    assert "新しい版の2ページは読み取れない部分があります。" in difference.cautions[0]


def test_a_moved_paragraph_is_one_move(strategy):
    order = [*SENTENCES[:2], *SENTENCES[4:], *SENTENCES[2:4]]
    change = only(compare(document(plan(*SENTENCES)), document(plan(*order)), strategy))
    assert change.kind == "moved"
    assert told(change) == ("".join(SENTENCES[2:4]), "".join(SENTENCES[2:4]))


def test_page_breaks_page_numbers_and_running_heads_are_no_changes(strategy):
    whole = document(plan(*SENTENCES))
    cut = "町長を本部長とする創生本部が司令塔となり、"
    pages = [
        f"あさひ町総合戦略（案）\n{HEAD}{''.join(s + chr(10) for s in SENTENCES[:4])}{cut}\n- 1 -",
        f"あさひ町総合戦略（案）\n全庁で取り組みます。\n{''.join(s + chr(10) for s in SENTENCES[5:8])}- 2 -",
        f"あさひ町総合戦略（案）\n{''.join(s + chr(10) for s in SENTENCES[8:])}- 3 -",
    ]
    difference = compare(whole, document(*pages), strategy)
    assert [told(c) for c in difference.passages] == [("", "あさひ町総合戦略（案）")]


TABLE = "| 指標 | 単位 | 基準値（令和6年度） | 目標値（令和11年度） |\n"


def test_indicators_are_compared_by_name(strategy):
    old = plan(
        TABLE
        + "| 移住者数 | 人 | 30 | 120 |\n| 創業件数 | 件 | 4 | 10 |\n| 観光消費額 | 千円 | 100,000 | 200,000 |\n| 講座の数 | 回 | 2 | 6 |"
    )
    new = plan(
        TABLE
        + "| 移住者数 | 人 | 30 | 90 |\n| 観光消費額 | 百万円 | 100 | 200 |\n| 関係人口 | 人 | 50 | 80 |\n| 講座の数 | 回 | 4 | 6 |"
    )
    difference = compare(document(old), document(new), strategy)
    lowered = kpi(difference, "移住者数")
    assert lowered.kinds == ("target-lowered",)
    assert lowered.says == (
        "目標値が120人から90人に下がりました。",
        "基準値から目標値までの幅は小さくなりました。",
    )
    assert kpi(difference, "創業件数").kinds == ("dropped",)
    assert kpi(difference, "関係人口").kinds == ("new",)
    assert "target" not in "".join(kpi(difference, "観光消費額").kinds)
    assert kpi(difference, "講座の数").says[0] == "基準値が2回から4回に変わりました。"
    assert difference.passages == ()  # told indicator by indicator


def test_an_indicator_that_is_no_longer_in_a_table_is_not_called_dropped(strategy):
    old = plan(TABLE + "| 移住者の数 | 人 | 30 | 120 |")
    new = plan("移住者の数は、引き続き大切な指標です。")
    change = kpi(compare(document(old), document(new), strategy), "移住者の数")
    assert change.kinds == ("unread",) and change.uncertain
    assert "新しい版の1ページに名称はありますが" in change.says[0]


def test_an_indicator_whose_words_stand_in_both_versions_is_the_same(strategy):
    row = "移住者の数を、令和6年度の30人から令和11年度に120人に増やす。"
    split = row.replace("令和11年度に", "\n\n令和11年度に")
    difference = compare(document(plan(row)), document(plan(split)), strategy)
    assert [k.kinds for k in difference.kpis if "移住者" in k.indicator] == [()]


def test_tables_cut_into_other_cells_are_the_same(strategy):
    rows = ["年少人口（人）", "総数（人）", "812", "7,204"]
    cells = ["年少人口", "（人）", "総数", "（人）", "812", "7,204"]
    old, new = (
        document(plan(SENTENCES[0], *rows, SENTENCES[1])),
        document(plan(SENTENCES[0], *cells, SENTENCES[1])),
    )
    assert compare(old, new, strategy).passages == ()


MIRRORED = {"added": "removed", "removed": "added", "changed": "changed", "moved": "moved"}
EDITS = st.sampled_from(["keep", "keep", "keep", "drop", "weaken", "number", "first"])


@st.composite
def versions(draw) -> tuple[Document, Document]:
    old = draw(st.permutations(SENTENCES))[: draw(st.integers(1, len(SENTENCES)))]
    new: list[str] = []
    for sentence in old:
        edit = draw(EDITS)
        if edit == "weaken":
            sentence = sentence.replace("ます。", "ることを検討します。")
        elif edit == "number":
            sentence = sentence.replace("年3回", "年2回").replace("14名", "12名")
        if edit == "first":
            new.insert(0, sentence)
        elif edit != "drop":
            new.append(sentence)
    cut = draw(st.integers(0, len(new)))
    return document(plan(*old)), document(plan(*new[:cut]), "\n".join(new[cut:]))


@settings(max_examples=40, deadline=None)
@given(pair=versions())
def test_any_two_versions_keep_their_text_and_mirror_each_other(strategy, pair):
    old, new = pair
    there, back = compare(old, new, strategy), compare(new, old, strategy)
    assert compare(old, old, strategy).passages == compare(new, new, strategy).passages == ()
    for version, side in ((old, "before"), (new, "after")):
        for change in there.passages:
            shown = getattr(change, side)
            for quote in (*shown.quotes, *shown.marks) if shown else ():
                assert version.pages[quote.page - 1].text[quote.start : quote.end] == quote.quote
    assert sorted((c.kind, *told(c)) for c in there.passages) == sorted(
        (MIRRORED[c.kind], *reversed(told(c))) for c in back.passages
    )
    turned = {"gained": "lost", "lost": "gained"}
    assert [r.kind for r in there.requirements] == [turned.get(r.kind, r.kind) for r in back.requirements]
    assert sorted((n.before, n.after) for c in there.passages for n in c.notes) == sorted(
        (n.after, n.before) for c in back.passages for n in c.notes
    )
