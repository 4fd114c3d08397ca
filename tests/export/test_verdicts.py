"""Verdicts as files: opened again in Word's and Excel's own terms."""

import zipfile
from collections import Counter
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

import pytest
from docx import Document
from openpyxl import load_workbook

from assistant.domain import Outcome
from assistant.export.verdicts import OUTCOME_WORDS, note_of_clause, verdict_docx, verdict_xlsx
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from tests.export.reading import W, marked

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def grant(assistant):
    return assistant.grants.by_id["dai2sedai-r7"]


@pytest.fixture(scope="module")
def facts(grant):
    given = {
        "applicant": "市区町村",
        "municipality_class": "general",
        "project_kind": "soft",
        "total_yen": "1億2千万円",
        "years": 3,
        "includes_proposal_consulting": True,
        "excluded_cost_yen": "2,000万円",
        "has_kpi": False,
    }
    return read_facts(given, grant.vocabulary)


@pytest.fixture(scope="module")
def verdict(grant, facts):
    return judge(grant, facts, today=TODAY)


def footnotes(content):
    with zipfile.ZipFile(BytesIO(content)) as package:
        root = ElementTree.fromstring(package.read("word/footnotes.xml"))
    return {
        int(n.get(f"{W}id")): "".join(n.itertext()).strip()
        for n in root.iter(f"{W}footnote")
        if n.get(f"{W}type") is None
    }


def test_word_says_the_outcome_the_facts_and_promises_nothing(verdict, grant, facts):
    document = Document(BytesIO(verdict_docx(verdict, grant, facts, today=TODAY)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "判定: 対象外" in text
    assert "総事業費: 1億2,000万円" in text and "申請する主体: 市区町村" in text
    assert "採択や交付を約束するものではありません" in text
    cells = [[c.text for c in row.cells] for row in document.tables[0].rows]
    assert ["国費", "5,000万円"] in cells and ["地方負担", "5,000万円"] in cells


def test_word_tells_the_costs_to_leave_out_apart_from_what_shuts_out(grant, facts):
    fitting = {name: value for name, value in facts.items() if name != "has_kpi"}
    verdict = judge(grant, fitting, today=TODAY)
    document = Document(BytesIO(verdict_docx(verdict, grant, fitting, today=TODAY)))
    texts = [p.text for p in document.paragraphs]
    at = texts.index("除いて申請する経費・対象になるか確かめる経費（1件）")
    assert (
        "提案・企画・立案のためのコンサルティング経費は対象になりません。除いて申請できます。"
        in texts[at + 1]
    )
    assert "除いて申請する経費: 提案・企画・立案のためのコンサルティング経費" in texts
    assert "判定: 要確認" in texts and not any("満たさない条件" in text for text in texts)


def test_every_finding_bears_the_footnote_of_its_clause(verdict, grant, facts):
    content = verdict_docx(verdict, grant, facts, today=TODAY)
    notes = footnotes(content)
    assert sorted(notes) == list(range(2, 2 + len(notes)))
    paragraphs = {p.text: p for p in Document(BytesIO(content)).paragraphs}
    for finding in verdict.findings:
        paragraph = paragraphs[f"{finding.says} ―― {finding.because}"]
        (mark,) = marked(paragraph)
        assert notes[mark] == note_of_clause(finding.clause, grant.source(finding.clause.source_id))


def test_a_footnote_names_source_place_level_and_year(verdict, grant):
    clause = verdict.findings[0].clause
    source = grant.source(clause.source_id)
    note = note_of_clause(clause, source)
    for part in (f"【{clause.level}】", source.title, source.publisher, clause.locator, clause.url):
        assert part in note
    predecessor = note_of_clause(clause.model_copy(update={"predecessor": True}), source)
    assert "前身の制度又は過年度の規則" in predecessor and "前身" not in note
    assert note_of_clause(clause, None).startswith(f"【{clause.level}】{clause.source_id}")


def test_excel_has_a_row_for_every_finding_and_source(verdict, grant, facts):
    book = load_workbook(BytesIO(verdict_xlsx(verdict, grant, facts, today=TODAY)))
    assert book.sheetnames == ["判定", "条件", "金額", "出典"]
    rows = list(book["条件"].iter_rows(min_row=2, values_only=True))
    words = Counter(OUTCOME_WORDS[f.outcome] for f in verdict.findings if f.affects != "cost")
    words.update(
        "経費を除く" if f.outcome is Outcome.NOT_MET else OUTCOME_WORDS[f.outcome]
        for f in verdict.findings
        if f.affects == "cost"
    )
    assert Counter(row[0] for row in rows) == words
    assert rows[0][0] == "満たさない" and "KPI" in rows[0][2], "what speaks against comes first"
    assert rows[1][0] == "経費を除く" and "コンサルティング" in rows[1][2]
    by_says = {f.says: f for f in verdict.findings}
    for row in rows:
        clause = by_says[row[2]].clause
        assert (row[4], row[6] or "", row[9], row[10] or "") == (
            str(clause.level), clause.locator, clause.source_id, clause.url,
        )  # fmt: skip
    listed = {row[0] for row in book["出典"].iter_rows(min_row=2, values_only=True)}
    assert listed == {row[9] for row in rows} | {verdict.amounts.clause.source_id}


def test_excel_amounts_are_numbers(verdict, grant, facts):
    book = load_workbook(BytesIO(verdict_xlsx(verdict, grant, facts, today=TODAY)))
    amounts = {row[0]: row[1] for row in book["金額"].iter_rows(min_row=2, values_only=True)}
    assert (amounts["国費"], amounts["地方負担"], amounts["対象経費"]) == (
        50_000_000,
        50_000_000,
        100_000_000,
    )


def test_what_is_not_known_stays_unconfirmed(grant):
    verdict = judge(grant, {}, today=TODAY)
    book = load_workbook(BytesIO(verdict_xlsx(verdict, grant, {}, today=TODAY)))
    amounts = {row[0]: row[1] for row in book["金額"].iter_rows(min_row=2, values_only=True)}
    assert amounts["国費"] == "未確認", "not a zero"
    questions = [row[0] for row in book["確かめること"].iter_rows(min_row=2, values_only=True)]
    assert questions == [m.question for m in verdict.missing]
    document = Document(BytesIO(verdict_docx(verdict, grant, {}, today=TODAY)))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "（まだありません）" in text and f"□ {verdict.missing[0].question}" in text


def test_a_formula_in_a_text_stays_text(verdict, grant, facts):
    finding = verdict.findings[0].model_copy(
        update={
            "says": '=HYPERLINK("http://203.0.113.9")',
            "because": "理由\x00です。",
            "outcome": Outcome.MET,
        }
    )
    spoilt = verdict.model_copy(update={"findings": (finding,)})
    book = load_workbook(BytesIO(verdict_xlsx(spoilt, grant, facts, today=TODAY)))
    cell = book["条件"]["C2"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://203.0.113.9")', "s")
    assert book["条件"]["D2"].value == "理由です。"


def test_every_grant_can_be_exported(assistant):
    for grant in assistant.grants:
        facts = read_facts(dict(grant.examples[0].facts), grant.vocabulary)
        verdict = judge(grant, facts, today=TODAY)
        document = Document(BytesIO(verdict_docx(verdict, grant, facts, today=TODAY)))
        assert grant.name in document.paragraphs[0].text
        sheet = load_workbook(BytesIO(verdict_xlsx(verdict, grant, facts, today=TODAY)))["条件"]
        assert sheet.max_row == len(verdict.findings) + 1
