from hypothesis import given
from hypothesis import strategies as st

from assistant.japanese.text import close_spaces, find_quote, fold, normalise, sentences, split_sentences

japanese = st.text(
    alphabet=st.sampled_from(list("交付金の上限は１０億円。①②（）「」『』、\n 　・ｶﾞがか゛AbＣ〜～-ー㈱½²⽉髙﨑!?！？第3条.")),
    max_size=80,
)


def test_folding_unifies_width_case_and_old_forms():
    assert normalise("ＴＹＰＥ　Ａ ｶﾞｯｺｳ ⽉ 髙﨑 須惠町") == "type a ガッコウ 月 高崎 須恵町"


def test_folding_keeps_enclosed_numbers_fractions_and_exponents_apart_from_digits():
    assert normalise("①10億円") == "①10億円"
    assert normalise("第３条②１５０万円") == "第3条②150万円"
    assert normalise("2⁵と½") == "2⁵と½"


def test_folding_keeps_the_wave_of_a_range():
    assert normalise("15億円〜20億円") == normalise("15億円～20億円") == "15億円~20億円"


def test_folded_offsets_point_back_at_the_original():
    text = "①１０億円 ｶﾞ"
    folded = fold(text)
    at = folded.text.index("10億円")
    assert text[slice(*folded.original_span(at, at + 4))] == "１０億円"
    at = folded.text.index("ガ")
    assert text[slice(*folded.original_span(at, at + 1))] == "ｶﾞ"


def test_a_quote_is_found_across_line_breaks_and_width():
    page = "交付金の\n上限は、１０億\n円とする。"
    assert page[slice(*find_quote("上限は、10億円とする。", page))] == "上限は、１０億\n円とする。"
    assert find_quote("上限は、20億円", page) is None
    assert find_quote("", page) is None


@given(japanese, st.integers(0, 80), st.integers(1, 30))
def test_every_stretch_of_a_text_is_found_in_it(text, start, length):
    quote = text[start : start + length]
    if not fold(quote, drop_spaces=True).text:
        return
    found = find_quote(quote, text)
    assert found is not None
    assert fold(quote, drop_spaces=True).text in fold(text[slice(*found)], drop_spaces=True).text


@given(japanese)
def test_folding_with_an_offset_map_gives_the_same_text_as_folding_without(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


def test_spaces_between_all_characters_are_closed_and_others_kept():
    assert close_spaces("令 和 ８ 年 度") == "令和８年度"
    assert close_spaces("TYPE A の 補助") == "TYPE A の補助"


@given(japanese)
def test_sentence_spans_cover_the_text_without_loss(text):
    spans = split_sentences(text)
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(a < b for a, b in spans)


def test_sentences_end_outside_brackets_and_before_list_marks():
    text = "上限は10億円です（市区町村の場合。）。「対象。」と書く。\n１．目的\nこの要綱は、地方公共団体が行う事業に対し、交付金を交付する\nことについて定める。\n・対象経費\n・補助率"
    assert [text[a:b] for a, b in sentences(text)] == [
        "上限は10億円です（市区町村の場合。）。",
        "「対象。」と書く。",
        "１．目的",
        "この要綱は、地方公共団体が行う事業に対し、交付金を交付する\nことについて定める。",
        "・対象経費",
        "・補助率",
    ]


def test_an_unclosed_bracket_does_not_swallow_the_page():
    text = "（注" + "あ" * 400 + "。次の文です。その次です。"
    assert len(sentences(text)) >= 2
