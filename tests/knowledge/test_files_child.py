"""The child process: limits, crashes, broken bytes; nothing but FileUnreadable ever comes back."""

import base64
import io
import random
import subprocess
import zipfile

import docx
import openpyxl
import pptx
import pytest

from assistant.domain import Kind
from assistant.errors import FileUnreadable
from assistant.knowledge.files import child
from assistant.knowledge.files.limits import Limits
from assistant.knowledge.files.read import read_file
from assistant.knowledge.files.safely import read_safely


def test_the_child_gives_the_same_document_as_this_process_and_reports_pages(pdf):
    path = pdf.write("要綱 (案).pdf", [["第１条 目的を定める。"], ["第２条 定義を定める。"]])
    seen = []
    document = read_safely(
        path,
        name="要綱.pdf",
        kind=Kind.UPLOAD,
        document_id="u1",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert document == read_file(path, name="要綱.pdf", kind=Kind.UPLOAD, document_id="u1")
    assert seen == [(1, 2), (2, 2)]


def test_the_reason_of_the_child_reaches_the_person(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"")
    with pytest.raises(FileUnreadable) as caught:
        read_safely(path, name="../../空\n.pdf")
    assert "0バイト" in caught.value.why
    assert caught.value.file == "../../空\n.pdf"


def test_a_missing_file_is_an_error_of_ours_too(tmp_path):
    with pytest.raises(FileUnreadable, match="開けない"):
        read_safely(tmp_path / "nothing.pdf", name="nothing.pdf")


def test_a_file_that_takes_too_long_is_ended(pdf):
    path = pdf.write("a.pdf", [["頁"]])
    with pytest.raises(FileUnreadable, match="制限時間"):
        read_safely(path, name="a.pdf", limits=Limits(seconds=0))


def test_a_file_that_takes_too_much_memory_is_ended(zipped):
    pytest.importorskip("resource")
    body = b"<w>" + b"<p/>" * 3_000_000 + b"</w>"
    path = zipped("a.docx", {"[Content_Types].xml": b"<Types/>", "word/document.xml": body})
    # Room for the imports of the child, not for a tree of three million elements.
    with pytest.raises(FileUnreadable, match="メモリ"):
        read_safely(path, name="a.docx", limits=Limits(memory_bytes=150 * 1024**2, archive_ratio=1e9))


class Popen(subprocess.Popen):
    """Starts ``sh`` in place of the worker; what it does is set by the test."""

    scripts: list[str] = []

    def __init__(self, command, **options):
        super().__init__(["sh", "-c", self.scripts.pop(0)] if self.scripts else command, **options)


@pytest.fixture
def scripts(monkeypatch):
    pytest.importorskip("resource")  # a POSIX shell
    monkeypatch.setattr(child.subprocess, "Popen", Popen)
    monkeypatch.setattr(Popen, "scripts", [])
    return Popen.scripts


def test_where_pdfium_brings_the_child_down_pypdf_reads_alone(pdf, scripts):
    path = pdf.write("a.pdf", [["残った部品で読みます。"]])
    scripts += ["kill -ABRT $$"]
    document = read_safely(path, name="a.pdf")
    assert document.pages[0].text == "残った部品で読みます。"
    assert any("異常終了" in note for note in document.fidelity.notes)


@pytest.mark.parametrize(
    "script", ["kill -ABRT $$", "exit 3", "echo not json", "cat > /dev/null; printf '{\"doc'"]
)
def test_a_child_that_dies_twice_is_an_unreadable_file(pdf, scripts, script):
    path = pdf.write("a.pdf", [["頁"]])
    scripts += [script, script]
    with pytest.raises(FileUnreadable, match="異常終了"):
        read_safely(path, name="a.pdf")


def small_files(folder, pdf):
    word, book, deck = docx.Document(), openpyxl.Workbook(), pptx.Presentation()
    word.add_heading("見出し", 1)
    word.add_paragraph("本文です。")
    book.active.append(["指標", 1, 0.5])
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "題"
    for thing, name in ((word, "s.docx"), (book, "s.xlsx"), (deck, "s.pptx")):
        thing.save(str(folder / name))
    (folder / "s.html").write_text(
        "<html><body><h1>題</h1><table><tr><td>甲</td></tr></table></body></html>", "utf-8"
    )
    (folder / "s.jsonl").write_text('{"_id": "1", "title": "題", "text": "本文です。"}\n', "utf-8")
    (folder / "s.txt").write_bytes("令和８年度の予算です。".encode("cp932"))
    return [
        pdf.write("s.pdf", [["令和８年度の予算です。", "第１条 目的"]]),
        pdf.vertical("v.pdf", ["縦書きの文書です"]),
        pdf.without_tounicode("j.pdf", "Japan1", [843, 845, 847]),
        *(folder / f"s.{suffix}" for suffix in ("docx", "xlsx", "pptx", "html", "jsonl", "txt")),
    ]


def mutated_file(content: bytes, chance: random.Random) -> bytes:
    """Office files are damaged inside, part by part: a damaged archive never gets past its checksum."""
    if not content.startswith(b"PK"):
        return mutated(content, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        damaged = chance.choice(parts)
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), chance) if name == damaged else old.read(name))
    return out.getvalue()


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(changed))
        kind = chance.randrange(5)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + chance.randint(1, 40)]
        elif kind == 2:
            changed[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
        elif kind == 3:
            changed[at:at] = changed[max(0, at - 60) : at]
        else:
            del changed[at:]
        if not changed:
            return b""
    return bytes(changed)


@pytest.mark.parametrize("seed", range(9))
def test_broken_bytes_end_in_a_document_or_in_file_unreadable(tmp_path, pdf, seed):
    chance = random.Random(seed)
    original = small_files(tmp_path, pdf)[seed]
    content = original.read_bytes()
    outcomes = set()
    for i in range(60):
        path = tmp_path / f"m{i}{original.suffix}"
        path.write_bytes(mutated_file(content, chance))
        try:
            # pdfium may abort the process; it is fuzzed behind the child below.
            document = read_file(path, name=path.name, use_pdfium=False)
        except FileUnreadable as error:
            assert error.why and error.remedy
            outcomes.add("refused")
        else:
            assert document.pages
            document.model_dump_json().encode("utf-8")
            outcomes.add("read")
    # One wrong line refuses a whole BEIR file; every other format survives some of the damage.
    assert outcomes == ({"refused"} if original.suffix == ".jsonl" else {"read", "refused"})


def test_broken_pdfs_never_bring_this_process_down(tmp_path, pdf):
    chance = random.Random(7)
    content = pdf.without_tounicode("j.pdf", "Japan1", [843, 845, 847]).read_bytes()
    for i in range(12):
        path = tmp_path / f"m{i}.pdf"
        path.write_bytes(mutated(content, chance))
        try:
            assert read_safely(path, name=path.name, limits=Limits(seconds=30)).pages
        except FileUnreadable as error:
            assert error.why


def test_bytes_travel_to_the_child_unchanged():
    # Every byte value and line ends: the pipe is binary.
    content = bytes(range(256)) * 3 + b"\r\n\n"
    with pytest.raises(FileUnreadable):
        child.call(
            {"do": "locate", "page": 1, "quote": "x"}, name="a", limits=Limits(seconds=30), content=content
        )
    assert base64.b64decode(base64.b64encode(content)) == content
