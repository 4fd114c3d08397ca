"""Figures and names that a question asks for in so many words, and that no shown statement gives.

「何台」 wants a number of machines, 「一覧」 several names: a sentence about the same scheme without them
does not answer, and the person is told so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.japanese.text import normalise

_NUMBER = r"\d[\d,.]*(?:兆|億|万|千|百)*"
_MOST = "一番|いちばん|最も|もっとも"
_PERSON = "審査員|審査委員|担当官|担当者|担当職員|派遣官|支援官|会長|理事長|代表者?|委員|隊員"
_NAME = r"[一-龥ァ-ヴーa-z0-9]{2,12}"
# What is asked (on normalised text) → what a statement must show.
_ASKED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(shown))
    for asked, shown in (
        (r"何(?:万|千|百)?[人名]|人数|(?<!事業)者数", rf"{_NUMBER}の?[人名]|半数|全員"),
        (r"何社|企業数|社数", rf"{_NUMBER}の?(?:社|企業|事業者|法人)"),
        (r"何(?:団体|自治体|市町村)|(?:団体|自治体|市町村)(?:数|(?:は|って)(?:今|いま)?いくつ)",
         rf"{_NUMBER}の?(?:団体|自治体|市|町|村|区|都|道|府|県|か所|地域)"),
        (r"何(?:件|事業)|件数", rf"{_NUMBER}の?(?:件|事業|団体|自治体|か所|地域|計画|社|つ)"),
        (r"何(?:か所|箇所|ヶ所|店舗|校|施設)", rf"{_NUMBER}の?(?:か所|箇所|ヶ所|店|校|施設|拠点|地区|地域)"),
        (r"何台|台数", rf"{_NUMBER}の?(?:台|両|基)"),
        (r"何(?:世帯|戸|軒|棟)|世帯数|戸数", rf"{_NUMBER}の?(?:世帯|戸|軒|棟|件|物件)"),
        (r"何(?:個|つ)|個数", rf"{_NUMBER}(?:個|つ|点|種|以上)"),
        (r"何組", rf"{_NUMBER}の?組"),
        (r"何(?:万|千|百|億)?円|料金は|家賃は|値段", rf"{_NUMBER}円|無料|無償|全額|半額"),
        (r"時給|日給|月給|年収|給料|報酬", rf"{_NUMBER}円"),
        (r"割合は|(?:定住|空き家|高齢化|就職|達成)率は",
         r"\d+(?:\.\d+)?(?:%|割|分の\d)|\d+/\d+|半数|全員"),
        (r"何(?:%|パーセント|割)", r"\d+(?:\.\d+)?(?:%|割|分の\d)|\d+/\d+|半数|全額|半額|同額"),
        (r"何(?:キロ|km)", rf"{_NUMBER}(?:キロ|km)"),
        (r"何圏域|圏域(?:は|数)", rf"{_NUMBER}の?圏域"),
        (r"何倍", rf"{_NUMBER}倍|倍増|半減"),
        (r"何[歳才]|年齢", rf"{_NUMBER}[歳才]|年齢|世代|代"),
        (r"何(?:回|度)(?!でも)", rf"{_NUMBER}(?:回|度)"),
        (r"何[便本](?!人)|便数|本数", rf"{_NUMBER}の?(?:便|往復|本|回)"),
        (r"何(?:ヘクタール|ha|平米|平方|坪)|面積", rf"{_NUMBER}(?:ヘクタール|ha|平米|平方|㎡|m2|坪)"),
        (r"何(?:万|千)?(?:トン|キロワット|kw)", rf"{_NUMBER}(?:トン|t|キロワット|kw|mw)"),
        (r"何月|何日(?!間)|日付", r"\d+月|年度末|年末|\d+日"),
        (r"何時", r"\d+時"),
        (r"離職率|定着率|定住率|充足率|倍率|達成率|成功率|採択率|執行率|空き家率|失業率", r"\d+(?:\.\d+)?(?:%|割|倍|分の\d)|半数|全員"),
        (r"平均(?:の|は|で|的|して|寄附|年齢|額)", r"平均|あたり|当たり"),
        (rf"(?:{_MOST})(?:[にも])?(?:多|高|少|低|大き|小さ|長|安|早|人気)|最多|1位|トップ(?:は|の)|ランキング",
         rf"{_MOST}|最[多大高小低]|\d位|首位|トップ"),
        (rf"(?:{_PERSON})[^、。]{{0,6}}(?:誰|だれ|名前|氏名|顔ぶれ)", r"氏(?!名)|さん|教授|議員"),
        (r"電話番号|メールアドレス|連絡先", r"\d{2,4}-\d{2,4}-\d{3,4}|@"),
        (r"一覧|リスト|全部の名前", rf"(?:{_NAME}[、・]){{2}}|{_NAME}[、・]{_NAME}(?:と|や|など|の)"),
        (r"理由|なぜ|どうして", r"ため(?!に必)|理由|背景|ねらい|狙い|目的|ことから|ので|に伴い"),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A figure that a question asks for: its words, and what a statement must show."""

    words: str
    shown: re.Pattern[str]

    def is_given(self, folded: str) -> bool:
        """Whether a normalised text gives it."""
        return bool(self.shown.search(folded.replace(",", "")))


def asked_figures(question: str) -> tuple[Figure, ...]:
    """The figures that ``question`` asks for by their unit."""
    folded = normalise(question)
    return tuple(
        Figure(match.group(), shown) for asked, shown in _ASKED if (match := asked.search(folded)) is not None
    )


def missing_figures(question: str, shown: Sequence[str]) -> tuple[str, ...]:
    """The words of ``question`` that ask for a figure which none of the ``shown`` sentences gives."""
    told = normalise(" ".join(shown))
    return tuple(figure.words for figure in asked_figures(question) if not figure.is_given(told))
