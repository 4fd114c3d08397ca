"""Plain text in every encoding that town halls use, Markdown, HTML, and BEIR lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FileUnreadable
from assistant.knowledge.files.encoding import decode
from assistant.knowledge.files.fidelity import GARBLED_LIMIT, measure, mend
from assistant.knowledge.files.plain import read_beir
from assistant.knowledge.files.read import read_file

SENTENCE = "令和８年度の地域未来交付金は、市区町村の国費上限を年度10億円とします。①対象は、地方公共団体です。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_common_encoding_is_told_from_the_bytes(tmp_path, encoding):
    path, text = tmp_path / "a.txt", SENTENCE.replace("①", "一 ")
    path.write_bytes(text.encode(encoding))
    assert read_file(path, name="a.txt").pages[0].text == text


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3093), min_size=8, max_size=60))
def test_hiragana_is_never_taken_for_another_encoding(text):
    for encoding in ("utf-8", "cp932", "euc_jp"):
        assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 20, b"\x7fELF" + bytes(300), b"\xff\xfe\xfd" * 99, b"\0" * 99]
)
def test_binary_data_is_no_text(tmp_path, content):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match="文字コード"):
        read_file(path, name="a.txt")


@pytest.mark.parametrize(("content", "reason"), [(b"", "空です"), (b" \r\n\t\n", "文字が一つも")])
def test_nothing_to_read_is_said(tmp_path, content, reason):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=reason):
        read_file(path, name="a.txt")


def test_a_foreign_language_in_a_sound_encoding_is_no_garbling(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("안내문\n교부금의 상한은 10억 엔입니다.", encoding="utf-8")
    assert "교부금" in read_file(path, name="a.txt").pages[0].text


def test_markdown_gives_headings_and_plain_text(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: 手引き\n---\n# 概要\n<!-- 内緒 -->**重要**な[要綱](http://x.example/)です。\n\n## 表\n\n"
        "| 区分 | 率 |\n|---|---|\n| ソフト | 1/2 |\n",
        encoding="utf-8",
    )
    document = read_file(path, name="a.md")
    (page,) = document.pages
    assert document.title == "手引き"
    assert page.text == "概要\n\n重要な要綱です。\n\n表\n\n| 区分 | 率 |\n| ソフト | 1/2 |"
    assert [(page.text[o : o + len(t)], d) for o, d, t in page.headings] == [("概要", 1), ("表", 2)]


def test_csv_from_excel_is_a_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('区分,上限\r\n"市, 区","10億円\n（年度）"\r\n,\r\n'.encode("cp932"))
    assert read_file(path, name="a.csv").pages[0].text == "| 区分 | 上限 |\n| 市, 区 | 10億円 （年度） |"


def test_json_lines_of_another_form_are_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "題", "body": "本文"}', "utf-8")
    with pytest.raises(FileUnreadable, match="_id と text"):
        read_file(path, name="a.jsonl")


HTML = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>移住支援金 | ○○市</title>
<style>p{{color:red}}</style><script>alert("悪")</script></head><body><nav>メニュー</nav>
<h1>移住支援金</h1><p>単身は<ruby>最大<rt>さいだい</rt></ruby>60万円です。<br>世帯は100万円です。</p>
<ul><li>東京23区に在住</li><li>通勤者</li></ul>
<table><tr><th>区分</th><th>金額</th></tr><tr><td>単身</td><td>60万円<p>以内</p></td></tr></table>
<h2>窓口</h2><p>企画課 &amp; 総務課</p></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp"])
def test_html_is_read_as_shown_without_scripts_and_menus(tmp_path, charset):
    path = tmp_path / "a.html"
    path.write_bytes(HTML.format(charset=charset).encode(charset))
    document = read_file(path, name="a.html")
    (page,) = document.pages
    assert document.title == "移住支援金 | ○○市"
    assert page.text == (
        "移住支援金\n単身は最大60万円です。\n世帯は100万円です。\n・東京23区に在住\n・通勤者\n\n"
        "| 区分 | 金額 |\n| 単身 | 60万円 以内 |\n\n窓口\n企画課 & 総務課"
    )
    assert [(d, t) for _, d, t in page.headings] == [(1, "移住支援金"), (2, "窓口")]


def lines(path, *rows):
    path.write_text(
        "\n".join(r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in rows), "utf-8"
    )
    return path


def test_beir_gives_one_document_a_line_and_streams(tmp_path):
    path = lines(
        tmp_path / "c.jsonl",
        {"_id": "d1", "title": "題", "text": "本文です。"},
        "",
        {"_id": 2, "text": "次"},
        "{",
    )
    stream = read_beir(path)
    first, second = next(stream), next(stream)
    assert (first.id, first.title, first.pages[0].text) == ("d1", "題", "本文です。")
    assert (second.id, second.title, second.pages[0].text) == ("2", "2", "次")
    with pytest.raises(FileUnreadable, match="4行目"):
        next(stream)


@pytest.mark.parametrize(
    "row", [{"text": "番号なし"}, {"_id": "", "text": "x"}, ["_id", "text"], {"_id": "1"}]
)
def test_beir_names_the_line_that_is_wrong(tmp_path, row):
    with pytest.raises(FileUnreadable, match="1行目"):
        list(read_beir(lines(tmp_path / "c.jsonl", row)))


def test_beir_half_characters_do_not_reach_the_index(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"_id": "d", "text": "前\\ud83d後"}', "utf-8")
    (document,) = read_beir(path)
    assert document.pages[0].text == "前〓後"


def test_an_uploaded_beir_file_is_one_document_with_a_page_a_line(tmp_path):
    path = lines(tmp_path / "c.jsonl", {"_id": "d1", "text": "甲です。"}, {"_id": "d2", "text": "乙です。"})
    document = read_file(path, name="c.jsonl")
    assert [(p.locator, p.text) for p in document.pages] == [
        ("1件目（d1）", "甲です。"),
        ("2件目（d2）", "乙です。"),
    ]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("⽉⽤の⻑", "月用の長"),
        ("か\u3099き\u3099", "がぎ"),
        ("\uf06c 対象", "● 対象"),
        ("甲\r\n乙\u00a0丙", "甲\n乙 丙"),
        ("令 和 ８ 年 度 予 算", "令和８年度予算"),
        ("第１章 総則 目的", "第１章 総則 目的"),
        ("①１０億円〜２０億円 ½ 﨑", "①１０億円〜２０億円 ½ 﨑"),
    ],
)
def test_mending_gives_back_what_was_printed_and_folds_nothing_else(raw, mended):
    assert mend(raw) == mended


@pytest.mark.parametrize(
    "garbled",
    ["͍͋͏͓͑ຊޠ", "ꒌꒂꒄꒆꒈꒊ", "ɹɹংΘͨ͘͠ͱ", "དཀར་པོ", "\ue123\ue124\ue125"],
)
def test_mojibake_of_every_kind_is_measured(garbled):
    assert measure(garbled).garbled_share > GARBLED_LIMIT


@pytest.mark.parametrize(
    "sound",
    [
        SENTENCE,
        "β版のμSv/hをΔで示す№1、℃、㈱、①〜⑳、𠮷野家、髙﨑、葛󠄀城市",
        "Café São Paulo – 50 % → ✓ 😀",
        "ﾊﾝｶｸ ｶﾅ",
    ],
)
def test_sound_text_has_no_garbled_share(sound):
    assert measure(sound).garbled_share == 0
