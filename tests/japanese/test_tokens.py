from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from assistant.japanese.text import normalise
from assistant.japanese.tokens import bigrams, characters, content_lemmas, content_set, tokenise


def test_content_words_are_lemmas_without_particles_and_light_verbs():
    assert content_lemmas(normalise("移動販売車を購入する事業")) == ["移動", "販売", "車", "購入", "事業"]
    assert content_set("走った") == content_set("走る")


def test_bigrams_leave_out_hiragana_alone_and_do_not_cross_punctuation():
    assert bigrams("交付金の上限") == ["交付", "付金", "金の", "の上", "上限"]
    assert bigrams("県、市") == []
    assert bigrams("これは") == []


def test_characters_are_letters_and_digits():
    assert characters("10億円（R8）") == ["1", "0", "億", "円", "R", "8"]


@given(st.text(alphabet="地方創生の交付金 は10億円です。\n\tabc（）", max_size=60))
def test_token_offsets_point_at_their_surface(text):
    for token in tokenise(text):
        assert text[token.start : token.end] == token.surface


@given(st.text(alphabet="地方創生の交付金 は10億円です走っ𠮷🏠ﾎﾟ%,\"\\\0\n\tabcぽげら（）", max_size=60))
def test_content_lemmas_are_those_of_the_tokens(text):
    text = text.replace("\0", " ")
    assert content_lemmas(text) == [token.lemma for token in tokenise(text) if token.is_content]


def test_threads_do_not_read_each_others_words():
    texts = [f"{word}を使った{i}件目の取組を進める。" * 40 for i, word in enumerate(["移動販売車", "小水力発電", "空き家", "離島航路"])]
    alone = [content_lemmas(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(content_lemmas, texts * 50))
    assert together == alone * 50
