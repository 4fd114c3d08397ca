"""「違いは？」「どちらが高い？」: grants side by side, every cell a quoted sentence or an admitted gap."""

import pytest

from assistant.domain import AnswerStatus, CellState
from assistant.export.values import answer_value


def row_of(answer, aspect):
    return next(row for row in answer.comparison.rows if row.aspect == aspect)


def test_every_cell_is_a_quote_or_says_that_nothing_is_told(assistant):
    answer = assistant.ask("第2世代交付金と地域未来交付金の違い")
    assert [side.name for side in answer.comparison.sides] == ["第2世代交付金", "地域未来推進型"]
    for row in answer.comparison.rows:
        for side, cell in zip(answer.comparison.sides, row.cells, strict=True):
            if cell.state is CellState.ABSENT:
                assert (cell.text, cell.claims) == ("資料に記載なし", ())
            for claim in cell.claims:
                assert claim in answer.claims, "each is among the checked sentences, with its mark"
                (citation,) = claim.citations
                assert citation.quote == claim.text
                assert citation.document_id == side.grant_id
                assert citation.sources
            for figure in filter(None, cell.value.split("・")) if row.aspect in ("補助率", "上限額") else ():
                assert figure in cell.text


def test_each_side_says_its_year_and_an_earlier_one_is_told(assistant):
    answer = assistant.ask("第2世代交付金と地域未来交付金の違い")
    assert [side.fiscal_year for side in answer.comparison.sides] == [2025, 2026]
    assert any("令和7年度の制度です" in caution for caution in answer.cautions)
    assert any("類型が5つ" in caution for caution in answer.cautions), "why this type of several was chosen"


def test_rows_that_differ_come_first(assistant):
    rows = assistant.ask("移住支援金と起業支援金の違いは？").comparison.rows
    order = [{True: 0, None: 1, False: 2}[row.differs] for row in rows]
    assert order == sorted(order)
    assert order[0] == 0


def test_which_is_higher_is_told_from_the_figures_of_both(assistant):
    answer = assistant.ask("TYPE AとTYPE Vはどちらの補助率が高い？")
    (row,) = answer.comparison.rows
    assert [cell.value for cell in row.cells] == ["1/2", "2/3"]
    assert row.differs
    assert "数字が大きいのは「デジタル実装型 TYPE V」" in row.says
    assert row.says in answer.text


def test_caps_are_told_from_the_rules_and_the_sentences_together(assistant):
    (row,) = assistant.ask("TYPE AとTYPE Sの上限額、どちらが大きい？").comparison.rows
    assert "「1億円」" in row.says
    assert "「2億2,500万円」" in row.says
    assert "数字が大きいのは「デジタル実装型 TYPE S」" in row.says
    assert assistant.ask("移住支援金と起業支援金の上限額はどちらが大きい？").comparison.rows[0].says == ""


def test_rates_of_different_things_are_not_held_against_each_other(assistant):
    row = row_of(assistant.ask("移住支援金と起業支援金の違いは？"), "補助率")
    assert "国庫補助" in row.cells[0].text
    assert (row.differs, row.says) == (None, "")


def test_equal_caps_of_the_same_kind_are_no_difference(assistant):
    rows = assistant.ask("地域未来推進型と第2世代交付金の違い")
    assert row_of(rows, "上限額").differs is False
    assert "区分" in row_of(rows, "上限額").says, (
        "the sentences list more kinds on one side than on the other"
    )
    assert "■ 上限額（同じ区分は同額）" in rows.text
    assert row_of(assistant.ask("ローカル10000の令和7年度と8年度の違い"), "上限額").differs is True


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("令和7年度と令和8年度の地域未来交付金はどう違いますか", ["dai2sedai-r7", "chiiki-mirai-suishin-r8"]),
        ("ローカル10000の令和7年度と8年度で上限はどう変わった", ["local-10000-r7", "local-10000-r8"]),
        (
            "地域未来交付金と新しい地方経済・生活環境創生交付金の違いは",
            ["chiiki-mirai-suishin-r8", "dai2sedai-r7"],
        ),
        ("デジタル実装型のTYPE SとTYPE Aの比較", ["digital-type-s-r8", "digital-type-a-r8"]),
        ("デジタル実装型の3つの類型の違い", ["digital-type-a-r8", "digital-type-s-r8", "digital-type-v-r8"]),
        ("地域おこし協力隊と集落支援員の違いを教えて", ["chiiki-okoshi-kyouryokutai", "shuuraku-shienin"]),
    ],
)
def test_the_sides_are_those_that_the_words_name(assistant, question, ids):
    assert [side.grant_id for side in assistant.ask(question).comparison.sides] == ids


def test_a_side_without_any_source_is_told_and_left_empty(assistant):
    answer = assistant.ask("過疎債と架空町みらい創造補助金の違いは？")
    known, unknown = answer.comparison.sides
    assert (known.grant_id, unknown.grant_id) == ("kaso-sai", None)
    assert answer.status is AnswerStatus.PARTLY_ANSWERED
    assert "資料は手元にない" in answer.text.split("\n")[0]
    assert {row.cells[1].state for row in answer.comparison.rows} == {CellState.ABSENT}
    assert {row.differs for row in answer.comparison.rows} == {None}


def test_what_is_only_unconfirmed_says_so(assistant):
    answer = assistant.ask("令和7年度と令和8年度の地域防災緊急整備型の違い")
    row = row_of(answer, "補助率")
    assert [cell.state for cell in row.cells] == [CellState.GIVEN, CellState.UNCONFIRMED]
    assert row.differs is None
    assert answer.status is AnswerStatus.PARTLY_ANSWERED


def test_words_that_are_no_grants_make_no_table(assistant):
    assert assistant.ask("関係人口と交流人口の違い").comparison is None
    assert assistant.ask("第2世代交付金の補助率は？").comparison is None


def test_the_json_form_carries_the_table(assistant):
    value = answer_value(assistant.ask("TYPE AとTYPE Vはどちらの補助率が高い？"))
    assert value["comparison"]["sides"][1]["year"] == "令和8年度（2026年度）"
    (row,) = value["comparison"]["rows"]
    assert row["cells"][0]["claims"][0]["citations"][0]["quote"] == value["claims"][0]["text"]
