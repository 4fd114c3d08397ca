"""What the words of a question say it is about: terms, compounds, classes of municipality."""

from __future__ import annotations

import re

from assistant.japanese.text import normalise
from assistant.japanese.tokens import Token, tokenise

_ASKING = frozenset(
    [
        "教える",
        "知る",
        "何",
        "何れ",
        "幾ら",
        "何処",
        "誰",
        "何時",
        "如何",
        "場合",
        "方法",
        "質問",
        "下さる",
        "頂く",
        "貰う",
        "使う",
        "必要",
        "可能",
        "良い",
        "事",
        "つく",
        "就く",
        "説明",
        "詳しい",
        "時",
        "とは",
        "為る",
        "居る",
        "対象",
        "内容",
        "情報",
        "他",
        "今",
        "一つ",
        "自分",
        "所",
        "具体",
        "現在",
        "私",
        "我々",
        "考える",
        "思う",
        "宜しい",
        "願う",
        "答える",
        "今年",
        "来年",
        "昨年",
        "年度",
        "令和",
        "素人",
        "初心",
        "近い",
        "最近",
        "新しい",
        "意味",
        "理由",
        "有無",
        "無し",
        "です",
        "ます",
        "位置",
        "位",
        "程度",
        "一番",
        "全て",
        "下",
        "上",
        "中",
        "前",
        "間",
        "分",
        "第",
        "日",
        "月",
        "回",
        "個",
        "名",
        "沢山",
        "一緒",
        "初心者",
        "結果",
        "最新",
        "円",
        "人",
        "年",
        "目",
        "後",
        "其々",
        "聞く",
        "絶対",
        "先",
        "多い",
        "上げる",
        "手",
        "払う",
        "作る",
        "取れる",
        "入れる",
        "入る",
        "来る",
        "見る",
        "出す",
        "遣る",
        "金額",
        "貰える",
        "受け取る",
        "無い",
        "辺り",
        "員",
        "受ける",
        "どんな",
        "既に",
        "出来る",
        "出る",
        "取る",
        "買う",
        "弊社",
        "弊",
        "言う",
        "行く",
        "つ",
        "幾つ",
        "件",
        "皆",
        "当方",
        "うち",
        "実際",
        "詳細",
        "一覧",
        "差",
        "異なる",
        "変更",
        "変わる",
        "比べる",
        "違う",
        "比較",
        "違い",
        "積り",
        "話",
        "感じ",
        "所謂",
    ]
)
CASE_WORDS = frozenset(
    [
        "事例",
        "例",
        "取り組む",
        "取り組み",
        "取組",
        "成功",
        "先進",
        "好",
        "町",
        "村",
        "市",
        "自治体",
        "自治",
        "体",
        "地域",
        "小さな",
        "小さい",
        "大きな",
        "規模",
        "似る",
        "同じ",
        "実践",
        "参考",
        "モデル",
        "ケース",
        "紹介",
        "探す",
        "全国",
        "行う",
        "進める",
        "増やす",
        "活用",
    ]
)

_KATAKANA_RUN = re.compile(r"[ァ-ヴー]{3,}")
_PIECE = 3  # characters: a shorter token inside a longer run of katakana is a piece of it
_CLASSES = {
    "市区町村": re.compile(
        r"市区?町村|一般(?:の)?市|(?<![都道府県指定中核枢])(?:市|町|村)(?:の場合|は|だと|なら|の(?:国費|上限|補助))"
    ),
    "都道府県": re.compile(r"都道府県|(?<!道府)県(?:の場合|は|だと|なら|の(?:国費|上限|補助))|道府県"),
    "中枢中核都市": re.compile(r"中枢中核都市"),
    "指定都市": re.compile(r"指定都市|政令市"),
    "中核市": re.compile(r"(?<!中枢)中核市"),
    "特別区": re.compile(r"特別区|23区"),
}


# Words that any question about money may hold: they tell no grant from another.
GENERIC = frozenset(
    [
        "補助",
        "金",
        "交付",
        "制度",
        "支援",
        "国",
        "助成",
        "費",
        "額",
        "事業",
        "自治",
        "体",
        "市",
        "町",
        "村",
        "県",
    ]
)


def find_classes(text: str) -> tuple[str, ...]:
    """Classes of municipality that a text names, under one name each."""
    folded = normalise(text)
    return tuple(name for name, pattern in _CLASSES.items() if pattern.search(folded))


def without_classes(text: str) -> str:
    """A folded text without class words: they choose among statements, they are not what is asked."""
    for pattern in _CLASSES.values():
        text = pattern.sub(" ", text)
    return text


def find_phrases(text: str) -> tuple[str, ...]:
    """Compounds of a question: runs of nouns of two words and more, as one folded string each."""
    folded = normalise(text)
    phrases: dict[str, None] = {}
    run: list[str] = []
    end = -1
    for token in (*tokenise(folded), None):
        noun = (
            token is not None
            and token.pos in ("名詞", "接頭辞", "接尾辞", "形状詞")
            and (token.lemma not in _ASKING or token.surface == "第")
        )
        if noun and token is not None and (not run or token.start == end):
            run.append(token.surface)
            end = token.end
            continue
        if len(run) >= 2 and 3 <= len("".join(run)) <= 16 and not "".join(run).isdigit():
            phrases["".join(run)] = None
        run, end = ([token.surface], token.end) if noun and token is not None else ([], -1)
    return tuple(phrases)


def _only_helps(token: Token, before: Token) -> bool:
    """Whether a word carries no meaning of its own where it stands.

    「手伝って**くれる**」 (an auxiliary), 「何**本**」 and 「3**件**」 (counters), the 「R」 of 「R7」.
    """
    auxiliary = token.pos2 == "非自立可能" and before.pos2 == "接続助詞"
    counter = token.pos == "接尾辞" and before.pos2 == "数詞"
    return auxiliary or counter or token.pos2 == "助動詞語幹"


def find_terms(text: str) -> tuple[str, ...]:
    """The content lemmas of a question that say what it is about, without the words of asking.

    A run of katakana that the dictionary does not know comes back in pieces (コンサ|ル); it is one word.
    """
    terms: dict[str, None] = {}
    folded = normalise(text)
    tokens = tokenise(folded)
    whole: dict[int, str] = {}  # start of each token of such a run → the run
    for run in _KATAKANA_RUN.finditer(folded):
        pieces = [t for t in tokens if run.start() <= t.start and t.end <= run.end()]
        if len(pieces) > 1 and min(len(piece.surface) for piece in pieces) <= _PIECE:
            whole.update((piece.start, run.group()) for piece in pieces)
    before: Token | None = None
    for token in tokens:
        helps = before is not None and _only_helps(token, before)
        before = token
        if token.start in whole:
            terms[whole[token.start]] = None
        elif (
            token.is_content
            and token.lemma not in _ASKING
            and token.pos2 != "数詞"
            and not helps
            and not (len(token.surface) == 1 and token.surface.isascii())
        ):
            terms[token.lemma] = None
    return tuple(terms)
