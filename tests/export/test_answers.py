"""Answers as files: opened again, every footnote where it belongs."""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from docx import Document

from assistant.export.answers import answer_docx, answer_markdown, note_of
from tests.export.reading import W, marked

QUESTION = "第2世代交付金の市町村の国費上限と補助率は？"


@pytest.fixture(scope="module")
def answer(assistant):
    return assistant.ask(QUESTION)


def footnotes(content: bytes) -> dict[int, str]:
    """id → text of every footnote but Word's two separators."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        root = ElementTree.fromstring(package.read("word/footnotes.xml"))
        types = package.read("[Content_Types].xml").decode()
    assert "footnotes+xml" in types
    return {
        int(note.get(f"{W}id")): "".join(note.itertext()).strip()
        for note in root.iter(f"{W}footnote")
        if note.get(f"{W}type") is None
    }


def marks(content: bytes) -> list[tuple[str, list[int]]]:
    """Each paragraph that bears footnote marks, with their numbers."""
    found = []
    for paragraph in Document(BytesIO(content)).paragraphs:
        ids = marked(paragraph)
        if ids:
            found.append((paragraph.text, ids))
    return found


def test_word_holds_each_claim_with_its_footnotes(answer):
    content = answer_docx(QUESTION, answer)
    notes = footnotes(content)
    assert sorted(notes) == list(range(2, 2 + len(notes))), "numbered without gaps, after the separators"
    told = marks(content)
    assert [text for text, _ in told] == [claim.text for claim in answer.claims]
    for claim, (_, ids) in zip(answer.claims, told, strict=True):
        assert [notes[i] for i in ids] == [note_of(citation) for citation in claim.citations]
    assert {i for _, ids in told for i in ids} == set(notes), "no footnote without a mark"


def test_a_footnote_names_quote_publisher_level_address_and_day(answer):
    citation = answer.claims[0].citations[0]
    note = note_of(citation)
    source = citation.sources[0]
    for part in (citation.quote, source.publisher, source.title, source.url, f"【{source.level}】"):
        assert part in note
    assert source.checked.isoformat() in note


def test_a_citation_used_twice_gets_one_footnote(answer):
    doubled = answer.model_copy(
        update={"claims": (answer.claims[0], answer.claims[0].model_copy(update={"text": "もう一度です。"}))}
    )
    content = answer_docx(QUESTION, doubled)
    (_, first), (_, second) = marks(content)
    assert first == second
    assert len(footnotes(content)) == len(set(first))


def test_word_survives_markup_and_control_characters(answer):
    odd = answer.claims[0].model_copy(update={"text": "<w:t>5 & 3</w:t>\x00\x0b「上限」です。"})
    content = answer_docx("<質問>\x01 & ？", answer.model_copy(update={"claims": (odd,)}))
    document = Document(BytesIO(content))
    assert document.paragraphs[0].text == "<質問> & ？"
    assert marks(content)[0][0] == "<w:t>5 & 3</w:t>「上限」です。"


def test_an_answer_without_claims_has_no_footnotes(assistant):
    question = "明日の天気は？"
    answer = assistant.ask(question)
    content = answer_docx(question, answer)
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert "word/footnotes.xml" not in package.namelist()
    assert answer.text.split("\n")[0] in "\n".join(p.text for p in Document(BytesIO(content)).paragraphs)
    assert "[^" not in answer_markdown(question, answer)


def test_markdown_defines_every_footnote_it_uses(answer):
    text = answer_markdown(QUESTION, answer)
    body, used = text.split("\n[^1]: ")[0], re.findall(r"\[\^(\d+)\](?!:)", text)
    defined = re.findall(r"(?m)^\[\^(\d+)\]: ", text)
    assert used and sorted(set(used), key=int) == defined == [str(n) for n in range(1, len(defined) + 1)]
    first = answer.claims[0].citations[0]
    note = re.search(r"(?m)^\[\^1\]: (.*)$", text)[1].replace("\\", "")
    assert " ".join(first.quote.split()) in note
    assert answer.claims[0].text in body.replace("\\", "")


def test_markdown_shows_markup_as_it_is(answer):
    text = answer_markdown("![x](http://203.0.113.9/a.png) **太字**", answer)
    assert text.startswith("# \\!\\[x\\](http://203.0.113.9/a.png) \\*\\*太字\\*\\*")


def test_cautions_are_kept(answer):
    cautioned = answer.model_copy(update={"cautions": ("窓口で確かめてください。",)})
    assert "- 窓口で確かめてください。" in answer_markdown(QUESTION, cautioned)
    paragraphs = [p.text for p in Document(BytesIO(answer_docx(QUESTION, cautioned))).paragraphs]
    assert paragraphs[-2:] == ["留意点", "窓口で確かめてください。"]
