"""Footnotes in a Word file: each stands once; another mark for the same note refers to its number."""

import re
import zipfile
from io import BytesIO

from assistant.export.footnotes import NotedDocument


def parts(file: NotedDocument) -> tuple[str, str]:
    archive = zipfile.ZipFile(BytesIO(file.to_bytes()))
    return archive.read("word/document.xml").decode(), archive.read("word/footnotes.xml").decode()


def test_a_note_told_twice_stands_once_and_is_referred_to_by_its_number():
    file = NotedDocument("題")
    file.paragraph("一つ目。", ["甲"])
    file.paragraph("二つ目。", ["乙"])
    file.sentences([("三つ目。", ["甲"]), ("四つ目。", ["丙", "乙"])])
    body, notes = parts(file)
    assert re.findall(r'footnoteReference w:id="(\d+)"', body) == ["2", "3", "4"], "readers number them in this order"
    assert re.findall(r'NOTEREF _Note(\d+) \\f \\h "><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>(\d+)<', body) == [
        ("1", "1"), ("2", "2"),
    ]  # fmt: skip
    assert [n.strip() for n in re.findall(r'preserve">([^<]+)<', notes)] == ["甲", "乙", "丙"]
    for number in (1, 2, 3):
        assert f'<w:bookmarkStart w:id="{number}" w:name="_Note{number}"/><w:r>' in body


def test_the_sentence_stands_before_its_mark():
    file = NotedDocument("題")
    file.sentences([("甲です。", ["出典1"]), ("乙です。", [])], label="題: ")
    body, _ = parts(file)
    assert body.index("題: ") < body.index("甲です。") < body.index("footnoteReference") < body.index("乙です。")
