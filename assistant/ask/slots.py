"""What kind of answer a question asks for, and how a statement shows that it gives it.

A slot has cues that open it in a question and cues that a statement must show to fill it.
「補助率は？」 is not answered by a sentence that merely names the grant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.japanese.text import normalise

_MONEY = r"\d[\d,.]*\s*(?:億|千万|百万|万|千)?円"
_RATE = r"\d+\s*/\s*\d+|\d+分の\d+|\d+(?:\.\d+)?\s*(?:%|パーセント|割)|全額|定額"
_WHEN = r"\d+月|\d+日|年\d回|期限|締切|締め切り|募集|公募|申請受付|スケジュール|時期|\d{4}年"


@dataclass(frozen=True)
class Slot:
    """``name`` is shown to people; ``asks`` and ``fills`` are matched on normalised text."""

    name: str
    asks: re.Pattern[str]
    fills: re.Pattern[str]
    topic: re.Pattern[str]  # the words that name the slot: a statement about it holds one of them
    needs: str = ""


def _slot(name: str, asks: str, fills: str, topic: str) -> Slot:
    return Slot(name, re.compile(asks), re.compile(fills), re.compile(topic))


SLOTS: tuple[Slot, ...] = (
    _slot(
        "補助率",
        r"補助率|交付率|負担割合|補助割合|何割|何分の|国の負担は|自己負担",
        _RATE,
        r"補助率|交付率|負担|割合|補助|/\d",
    ),
    _slot(
        "上限額",
        r"上限額?|限度額?|最大(?:で)?いくら|いくらまで|何円まで|最高額|最大額|いくら(?:もらえ|出|受け|補助)|補助額|交付額|支援額|金額|支給額|いくら",
        _MONEY,
        r"上限|限度|最大|まで|額|当たり|あたり|円",
    ),
    _slot(
        "下限額",
        r"最低(?:限|額|寄附額|寄付額|いくら)?|下限|いくらから|何円から",
        r"円以上|下限|円から",
        r"以上|下限|最低|円",
    ),
    _slot(
        "期限",
        r"締切|締め切り|期限|いつまで|スケジュール|日程|募集(?:時期|期間)|申請時期|いつから(?:申請|募集|受付|応募|公募)|いつ(?:頃|ごろ)?(?:申請|募集|公募|始|開始)|公募(?:時期|期間)",
        _WHEN,
        r"月|期限|締切|募集|受付|公募|時期|回",
    ),
    _slot(
        "対象外",
        r"対象外|対象になら|対象とならな|使えない|充てられない|充当できない|認められない|除外|だめ|ダメ|不可|ng",
        r"対象外|でき(?:ない|ませ)|なら(?:ない|ませ)|除[くか]|認められ(?:ない|ませ)|充当し(?:ない|ませ)|不可|禁止|いけません|限られ",
        r"対象外|除|充当|認め|不可|禁止|対象|充て",
    ),
    _slot(
        "対象団体",
        r"対象(?:団体|者|自治体|地域)|(?:誰|だれ|どこ)が(?:申請|使|もら|受け|対象)|申請(?:者|主体|できるのは)|実施主体|事業主体|どこが申請|交付対象(?:者)?は|どんな(?:人|団体|自治体)|対象は",
        r"対象|団体|主体|者|都道府県|市町村|市区町村|地方公共団体|法人|人",
        r"対象|主体|申請|団体|該当",
    ),
    _slot(
        "対象事業",
        r"対象(?:経費|事業|となる(?:もの|経費|事業)|施設|になる)|何に使え|使い道|使途|どんな(?:事業|経費|取組|取り組み)|どのような(?:事業|経費|取組|取り組み)|充てられ|経費",
        r"対象|経費|事業|支援|充て|活用",
        r"対象|経費|事業|取組|支援",
    ),
    _slot(
        "期間",
        r"何年(?:間|度)?|期間|何か年|いつまで(?:続|使)|年数|任期(?!後)|何か月",
        r"(?<!令和)(?<!平成)(?<![\d年])\d{1,2}\s*(?:か年度?|年間|年以内|年から|年まで|年を超|年です|年(?=[のではとが、。])|か月|ヶ月|年度以内)",
        r"期間|年|以内|最長|任期",
    ),
    _slot(
        "要件",
        r"要件|条件|満たす|必要な(?:こと|もの|要件)|何が必要|前提|義務",
        r"必要|要件|条件|義務|求め|なければ|前提|基準",
        r"要件|条件|必要|義務|前提|求め",
    ),
    _slot(
        "KPI・効果検証",
        r"kpi|効果検証|検証|評価指標|成果指標|事後評価|pdca",
        r"kpi|検証|指標|評価|公表|報告",
        r"kpi|検証|指標|評価",
    ),
    _slot(
        "件数",
        r"何[件回]|件数|いくつ(?:まで)?申請|申請(?:数|枠|上限数)|(?<=採択)(?:数|実績)|何団体|何自治体|何市区?町村|団体数",
        r"\d+\s*(?:件|事業|団体|自治体|市町村|市区町村|か所|名|人|地域)",
        r"件|団体|自治体|採択|申請|市区?町村|まで",
    ),
    _slot("予算額", r"予算(?:額|規模)?|総額|規模は", _MONEY, r"予算|総額|計上"),
    _slot(
        "手続",
        r"手続|申請方法|申請の流れ|流れ|どうやって申請|申請書|様式|必要書類|申請するには|申し込み|どうすれば|やり方|進め方",
        r"申請|提出|認定|手続|事前|相談|作成|届",
        r"申請|手続|提出|認定|相談",
    ),
    _slot(
        "窓口",
        r"(?<!書かない)(?<!総合)窓口(?!を)|問い合わせ|問合せ|担当(?:課|部署|省庁)|所管|相談先|連絡先|どこに(?:聞|相談|問|申|すれば|行けば|出せば|提出)|どこの省",
        r"所管|窓口|担当|事務局|省|庁|府|課|相談|問合せ|問い合わせ",
        r"所管|窓口|担当|相談|問い?合わ?せ|府|省|庁",
    ),
    _slot("返還", r"返還|返金|返[すさし]|返納|戻す", r"返還|返納|返金", r"返還|返納|返金"),
    _slot(
        "目標",
        r"目標|目指す|kgi|数値目標|何を目指",
        r"目標|目指|\d",
        r"目標|目指|増や|減ら|引き上げ|達成|指標|kpi",
    ),
    _slot(
        "後継",
        r"後継|前身|名称(?:変更)?|何という名前|名前(?:に|は|が)|呼び名|名前が変|何に変わ|変わった|引き継"
        # whether a scheme still goes on: 「今年もまだ申請できますか」「なくなった？」
        r"|(?:まだ|もう|今も|いまも|今年度?も?|来年度?も?|現在も|引き続き|年度?も)[、 ]?(?:まだ|もう)?(?:申請|使え|使わ|応募|募集|もらえ|受け付け|受付|あり|ある|残って|続い)"
        r"|(?:なくな|無くな|廃止に?な|廃止され|終わっ)(?:った|て(?:い|し)|たの|る|り)|続いて(?:い|る|ま)",
        r"後継|前身|変わ|名称|移行|引き継|創設|再編|終わ|終了|代わ",
        r"後継|前身|名称|変|再編|創設|終わ|終了|代わ|募集",
    ),
    _slot(
        "時点",
        r"いつ(?!まで)|何年(?:に|の)|施行(?:日)?|閣議決定",
        r"\d+年|\d+月|令和|平成",
        r"年|月|施行|決定",
    ),
)
SLOT_BY_NAME = {slot.name: slot for slot in SLOTS}
# Documents of grants share one order of headings (corpus/grants); which of them tells of a slot.
_HEADINGS = {
    name: re.compile(pattern)
    for name, pattern in {
        "補助率": "補助率",
        "上限額": "上限",
        "下限額": "上限",
        "期限": "スケジュール",
        "対象外": "対象外",
        "対象団体": "対象となる団体",
        "対象事業": "対象となる事業",
        "期間": "期間",
        "要件": "要件",
        "KPI・効果検証": "kpi",
        "件数": "上限|採択",
        "予算額": "予算",
        "手続": "スケジュール",
        "窓口": "窓口",
        "返還": "返還",
        "後継": "前身と後継",
        "時点": "スケジュール|概要|前身と後継",
    }.items()
}
_ELSEWHERE = re.compile("スケジュール|対象外|対象となる(?:団体|事業)|補助率|kpi|窓口")


def is_headed(slot_name: str, heading: str) -> bool:
    """Whether the last heading above a statement (folded) is the one that tells of the slot."""
    pattern = _HEADINGS.get(slot_name)
    return pattern is not None and pattern.search(heading) is not None


def is_headed_elsewhere(slot_names: Sequence[str], heading: str) -> bool:
    """Whether the last heading (folded) tells of other slots than these, each of which has one of its own."""
    return (
        _ELSEWHERE.search(heading) is not None
        and all(name in _HEADINGS for name in slot_names)
        and not any(is_headed(name, heading) for name in slot_names)
    )


def find_slots(question: str) -> tuple[str, ...]:
    """Names of the slots that a question opens, in the order in which it names them."""
    folded = normalise(question)
    found: list[tuple[int, str]] = []
    for slot in SLOTS:
        match = slot.asks.search(folded)
        if match:
            found.append((match.start(), slot.name))
    names = [name for _, name in sorted(found)]
    # 「対象外」 also looks like 「対象」, 「いつまで」 like 「いつ」: the narrower one wins.
    if "対象外" in names:
        names = [name for name in names if name not in ("対象事業", "対象団体")]
    if "採択" in folded and not re.search(
        "上限|限度", folded
    ):  # 「採択件数と金額」 asks what was adopted, not the cap
        names = [name for name in names if name != "上限額"]
    if "期限" in names:
        names = [name for name in names if name != "時点"]
    if "補助率" in names and "いくら" not in folded and not re.search("上限|限度|額", folded):
        names = [name for name in names if name != "上限額"]
    return tuple(names)


def slot_words(question: str, slots: Sequence[str]) -> tuple[str, ...]:
    """The words of a folded question that opened its slots."""
    found = (SLOT_BY_NAME[name].asks.search(question) for name in slots)
    return tuple(match.group() for match in found if match)


def without_slot_words(question: str, slots: Sequence[str]) -> str:
    """A folded question without the words that opened its slots: what is left says what it is about."""
    for name in slots:
        question = SLOT_BY_NAME[name].asks.sub(" ", question)
    return question


def fills(slot_name: str, statement: str, headings: str = "") -> bool:
    """Whether a statement gives what the slot asks for; its headings may name the slot for it."""
    slot = SLOT_BY_NAME[slot_name]
    folded = normalise(statement)
    return bool(slot.fills.search(folded) and slot.topic.search(f"{folded} {normalise(headings)}"))
