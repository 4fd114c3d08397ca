"""What sort of thing a question wants (a sum, a date, a name …), and whether a statement shows one.

Unlike a slot this says nothing of the subject: 「何人」 wants a number of people, whatever they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.japanese.text import normalise

_COUNTED = "人|件|社|団体|自治体|市|町|村|区|校|か所|箇所|本|台|回|名|事業|都道府県|道府県|地域|組織|世帯|組|つ|類型|項目|種類|品目|メニュー"


# 「…は、…を支援する制度です」, 「…とは、…のことです」.
DEFINES = (
    r"とは[、,]|のことです|を指し|を指す|の略|"
    r"(?:制度|仕組み|交付金|取組|考え方|サイト|システム|計画|補助|事業|支援|もの|人材|組合|組織|団体|債|状態|言葉|こと|税制|枠組み|地域|人々|類型)"
    r"(?:です|であり|で、|と[^。]{0,16}(?:説明|紹介|報道|報じ|定義|解説))"
)
# A place by its own name; 市町村, 都道府県 and 中核市 are classes.
_PLACE = (
    r"(?<![都道])(?:北海道|東京都|大阪府|京都府|(?!道府県)[一-龥]{2,3}県(?![別内民庁]))"
    r"|(?<![市区])(?!市町|区町|各市|同市|全市|両市|当市|政令|中核|都市)[一-龥ぁ-んァ-ヶ]{2,5}(?<!核)(?<!定都)[市町村](?=[、がのはでをと「（やにな])"
)


@dataclass(frozen=True)
class Wanted:
    """``asks`` and ``shows`` are matched on normalised text; ``is_figure``: only a number answers."""

    name: str
    asks: re.Pattern[str]
    shows: re.Pattern[str]
    is_figure: bool = False


def _wanted(name: str, asks: str, shows: str, *, is_figure: bool = False) -> Wanted:
    return Wanted(name, re.compile(asks), re.compile(shows), is_figure)


WANTED: tuple[Wanted, ...] = (
    _wanted(
        "money",
        r"いくら|金額|何円|額は|額を|額って|額$|上限|下限|予算|総額|単価",
        r"\d[\d,.]*(?:億|千万|百万|万|千)?円",
        is_figure=True,
    ),
    _wanted(
        "rate",
        r"何割|何%|何パーセント|割合|補助率|交付率|充当率|負担率|率は|率って|率$|何分の",
        r"\d+(?:\.\d+)?%|\d+/\d+|\d+分の\d+|\d割|全額|定額|半額|半分|折半",
        is_figure=True,
    ),
    _wanted(
        "count",
        rf"何(?:万|千|百)?(?:{_COUNTED})|いくつ|(?<!回)数(?:は|って|、|を|が?知|$)|件数|人数|団体数|本数|どのくらい(?:い|あ)|どれくらい(?:い|あ)",
        rf"\d[\d,.]*(?:万|億)?の?(?:{_COUNTED})",
        is_figure=True,
    ),
    _wanted(
        "date",
        r"いつ|何年(?!間)|何月|何日|時期|期限|締切|〆切|締め切り|日程|スケジュール|(?<=[たる])日(?:は|って|$)",
        r"\d+年|\d+月|\d+日|年度",
        is_figure=True,
    ),
    _wanted(
        "span",
        r"何年間|何年(?:まで|くらい|ぐらい|以)|何か年|何か月|何カ月|何ヶ月|期間|任期|年数|どのくらい(?!い|あ)|どれくらい(?!い|あ)",
        r"\d+(?:か年|年間|年以|年から|年を|年まで|年で|年ご|年続|か月|ヶ月|週間|日間|年(?=[^度]))",
    ),
    _wanted(
        "agent",
        r"誰|だれ|どこの(?:省|会社|企業|法人|団体)|どこが|担当|メンバー|主体|所管|窓口|どこ(?:に|へ)(?!も?(?:あり|ある|住))|省庁",
        r"省|庁|府|者|人|団体|市町村|自治体|協議会|法人|事務局|本部|知事|大臣",
    ),
    _wanted(
        "place",
        r"どこ(?!の(?:省|会社|企業|法人|団体)|が|に(?:聞|相談|申|問|す))|どの(?:県|市|町|村|地域|自治体)|[市町村県](?:は|って)?(?:ある|どこ|あり|$)|(?:自治体|市町村|団体)(?:名|の名前)",
        rf"{_PLACE}|ウェブ|サイト",
    ),
    _wanted(
        "definition",
        r"(?<!こ)とは|って(?:何|なに|なん)(?![時年月日人件回歳円か割%])|意味|どんな(?:制度|もの)|何のこと|何を指",
        DEFINES,
    ),
    _wanted("reason", r"なぜ|理由|どうして|目的|背景|ねらい|狙い", r"ため|理由|目的|背景|から、|狙い|ねらい"),
    _wanted(
        "way",
        r"どうやって|どうすれば|方法|手続|流れ|やり方|順番|どうやる|出し方",
        r"申請|提出|手続|認定|作成|流れ|①|届|相談",
    ),
)
_HOW_MUCH = re.compile("どのくらい|どれくらい|どの程度|どれだけ|何番|何条|何号")
_MOST = re.compile("(?:一番|最も|いちばん)(?!新し|最近|近い)|最大の|最多|トップ|1位")
# A question for yes or no (no word of asking in it), and the words by which a statement says either.
_YES_OR_NO = re.compile(
    r"(?:です|ます|でしょう|ました|でした|ません|るの|のか)か?(?:ね|かね)?[?。]*$|(?:る|い|た|れ|ok|の|だめ|可)[?]+$"
    r"|かな[?。]*$|て(?:も)?(?:いい|よい|良い|大丈夫|平気)"
)
_WORD_OF_ASKING = re.compile(
    r"何|いつ|いくら|いくつ|どこ|誰|だれ|どの|どう|どんな|どれ|どちら|なぜ|なに|なん[でのに]|教えて"
)
_SAYS_WHETHER = re.compile(
    r"でき(?:る|ます|ない|ません)|認められ|対象(?:外|に(?:なり|なら|含)|です|と(?:なり|なら))|必要(?:です|があ|はあ)|義務|求められ"
    r"|含まれ|限られ|可能|不可|禁止|不要|要件|原則|なりません|ありません|いけません|当たりません|必須|任意"
)
_FILLER = re.compile(r"[?？。！!\s]+$|(?:です|ます|でしょう)?か$|を?教えて(?:ください|下さい)?$")


@dataclass(frozen=True)
class Wish:
    """What a question wants: sorts of thing, whether only a figure answers, whether the first among many."""

    sorts: tuple[Wanted, ...]
    figure: bool
    first_of_many: bool

    def shown(self, folded: str) -> tuple[bool, ...]:
        """For each sort, whether a normalised statement shows it."""
        return tuple(bool(sort.shows.search(folded)) for sort in self.sorts)


def find_wish(question: str) -> Wish:
    """What a question in people's words wants."""
    folded = normalise(question)
    for _ in range(3):
        folded = _FILLER.sub("", folded)
    sorts = tuple(sort for sort in WANTED if sort.asks.search(folded))
    figure = any(sort.is_figure for sort in sorts) or bool(_HOW_MUCH.search(folded))
    return Wish(sorts, figure, bool(_MOST.search(folded)))


def tells_first(folded: str) -> bool:
    """Whether a normalised statement says what is the first among many."""
    return bool(_MOST.search(folded))


def asks_whether(question: str) -> bool:
    """Whether a question wants yes or no."""
    folded = normalise(question).strip()
    return bool(_YES_OR_NO.search(folded)) and not _WORD_OF_ASKING.search(folded)


def tells_whether(folded: str) -> bool:
    """Whether a normalised statement says that something may, must or may not be."""
    return bool(_SAYS_WHETHER.search(folded))
