"""A comparison and a list of grants, taken along as Markdown and Word: every sentence with its footnote."""

from io import BytesIO

from docx import Document

from assistant.export.answers import answer_docx, answer_markdown, own_claims


def test_a_comparison_is_a_table_with_footnotes(assistant):
    question = "TYPE AとTYPE Vはどちらの補助率が高い？"
    answer = assistant.ask(question)
    text = answer_markdown(question, answer).replace("\\", "")
    head, row = [line for line in text.split("\n") if line.startswith("| ")][:2]
    assert "デジタル実装型 TYPE V（令和8年度（2026年度））" in head
    assert row.startswith("| 補助率 | **1/2** ")
    assert row.rstrip().endswith("| 違いあり |")
    assert row.count("[^") == 2
    assert text.count("国費の上限が4億円（事業費で6億円）です") == 2, "once in the table and once in its note"
    (table,) = Document(BytesIO(answer_docx(question, answer))).tables
    assert [cell.text for cell in table.columns[0].cells] == ["項目", "補助率"]
    assert "2/3" in table.rows[1].cells[2].text


def test_grants_that_fit_are_sections(assistant):
    question = "空き家を改修して移住者向け住宅にしたい"
    answer = assistant.ask(question)
    text = answer_markdown(question, answer).replace("\\", "")
    assert "## 1. 地域未来推進型（令和8年度）" in text
    assert "- **合う点**: " in text
    assert own_claims(answer) == ()
    word = Document(BytesIO(answer_docx(question, answer)))
    assert any(p.text.startswith("確認先: ") for p in word.paragraphs)


def test_touched_conditions_come_with_their_clause(assistant):
    question = "第2世代交付金は人件費に使える?"
    text = answer_markdown(question, assistant.ask(question)).replace("\\", "")
    section = text.partition("## ご質問の言葉に関わる条件（読み取りが正しい場合）")[2]
    assert "S04b" in section
    assert "■" not in text
