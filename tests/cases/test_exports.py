"""What people take along, opened again."""

import io
import zipfile

import docx
import openpyxl

from assistant.cases.criteria import PILLARS
from assistant.cases.indicators import compare_indicators, peers_of, register_indicators
from assistant.export.cases import cases_docx, cases_markdown, cases_xlsx, source_line
from assistant.export.indicators import indicators_csv, indicators_xlsx


def found(assistant):
    return assistant.find_cases("空き家", like="海士町", k=6)


def test_excel_cell_by_cell(assistant):
    results = found(assistant)
    book = openpyxl.load_workbook(io.BytesIO(cases_xlsx(results)))
    assert book.sheetnames == ["事例", "出典", "条件"]
    sheet = book["事例"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.max_row == len(results.hits) + 1
    for row, hit in zip(sheet.iter_rows(min_row=2, values_only=True), results.hits, strict=True):
        cells = dict(zip(heads, row, strict=True))
        assert cells["事例"] == hit.title and cells["場所"] == hit.place
        assert cells["人口（2025年1月1日）"] == hit.population
        assert cells["柱"] == f"{hit.pillar} {PILLARS[hit.pillar]}"
        assert cells["成果"] == (hit.results or "出典で未確認")
        assert cells["異なる点"] == "\n".join(hit.differences)
        assert cells["出典"] == "\n".join(source_line(s) for s in hit.sources)
        assert cells["適合度（0〜1）"] == hit.score
    urls = {row[4] for row in book["出典"].iter_rows(min_row=2, values_only=True)}
    assert {s.url for hit in results.hits for s in (*hit.sources, *hit.figure_sources)} == urls
    told = dict(row[:2] for row in book["条件"].iter_rows(min_row=2, values_only=True))
    assert told["探した言葉"] == "空き家" and told["似た自治体として比べた自治体"] == "島根県海士町"


def test_text_that_looks_like_a_formula_stays_text(assistant):
    results = found(assistant)
    evil = results.hits[0].model_copy(update={"title": '=HYPERLINK("http://evil")', "issue": "+1\x07"})
    results = type(results)(**{**vars(results), "hits": (evil,)})
    sheet = openpyxl.load_workbook(io.BytesIO(cases_xlsx(results)))["事例"]
    assert sheet["B2"].data_type == "s" and sheet["B2"].value == '=HYPERLINK("http://evil")'
    assert sheet["I2"].value == "+1"


def test_word_has_every_case_with_real_footnotes(assistant):
    results = found(assistant)
    content = cases_docx(results)
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    for hit in results.hits:
        assert hit.title in text and hit.approach in text
    notes = zipfile.ZipFile(io.BytesIO(content)).read("word/footnotes.xml").decode()
    for hit in results.hits:
        for source in hit.sources:
            assert source.url.replace("&", "&amp;") in notes


def test_markdown_footnotes_are_all_defined(assistant):
    results = found(assistant)
    text = cases_markdown(results)
    used = {mark.split("]")[0] for mark in text.split("[^")[1:]}
    defined = {line.split("]")[0][2:] for line in text.splitlines() if line.startswith("[^")}
    assert used == defined and used
    assert all(
        hit.approach.split("。")[0][:20].replace("~", "") in text.replace("\\", "") for hit in results.hits
    )


def test_nothing_found_is_a_file_all_the_same(assistant):
    empty = assistant.find_cases("zzzz")
    assert openpyxl.load_workbook(io.BytesIO(cases_xlsx(empty)))["事例"].max_row == 1
    assert "条件に合う事例の数" in cases_markdown(empty)
    assert cases_docx(empty)[:2] == b"PK"


def test_indicators_with_year_and_source(assistant):
    register = assistant.municipalities
    known = register_indicators(register, assistant.cases.columns)
    place = register.find("海士町")
    peers = peers_of(place, register, 5)
    rows = compare_indicators(place, peers, [known["population"], known["share_65"]], register)
    book = openpyxl.load_workbook(io.BytesIO(indicators_xlsx(place, peers, rows)))
    first = dict(zip([c.value for c in book["比較"][1]], [c.value for c in book["比較"][2]], strict=True))
    assert first["数値"] == 2209 and first["時点"] == "2025年1月1日" and "総務省" in first["出典"]
    assert [c.value for c in book["団体別"][2]][:3] == ["島根県海士町", "325252", 2209]
    assert book["団体別"].max_row == 7
    lines = indicators_csv(place, rows).decode("utf-8-sig").splitlines()
    assert "島根県海士町" in lines[0] and "2209" in lines[1]
