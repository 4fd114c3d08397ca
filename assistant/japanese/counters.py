"""Counters: how a unit is written after a number, and its one canonical name."""

from __future__ import annotations

import re
from typing import Final

YEN: Final = "円"
RATIO: Final = "割合"
TIMES: Final = "倍"
FISCAL_YEAR: Final = "年度"
YEAR: Final = "西暦年"
DATE: Final = "日付"

# Spelling → canonical unit, most specific first. A unit in `KANJI_UNITS` may follow a number in 漢数字;
# the others would turn 八戸市, 十日町市, 二地域居住 or 三島 into counts.
_UNITS: Final = (
    (r"円", YEN),
    (r"%|パーセント(?!ポイント)|㌫", RATIO),
    (r"倍", TIMES),
    (r"(?:%|パーセント)?ポイント", "ポイント"),
    (r"[かカヵケヶ箇個]年度?(?:間|分)?|年度間|年間|年(?!度|代|齢|次|金|月|末|始)(?:分)?", "年"),
    (r"[かカヵケヶ箇個]月(?:間|分)?", "か月"),
    (r"週間?", "週"),
    (r"日間?(?!本)", "日"),
    (r"時間", "時間"),
    (r"分間", "分"),
    (r"[かカヵケヶ箇個]所|施設", "か所"),
    (r"人|名(?!称|前|古)", "人"),
    (r"件", "件"),
    (r"事業(?!者|所|費)", "事業"),
    (r"(?:地方公共)?団体|自治体", "団体"),
    (r"市区?町村", "市町村"),
    (r"[都道府]{0,3}県(?![外内立庁民])", "都道府県"),
    (r"府省庁?|省庁", "府省"),
    (r"[かカヵケヶ箇]国|地域(?!未来|資源|住民)|法人|集落|組織|企業|大学", "団体"),
    (r"社(?!会)|者(?!数)", "社"),
    (r"世帯", "世帯"),
    (r"戸", "戸"),
    (r"棟|軒", "棟"),
    (r"店舗?", "店"),
    (r"校", "校"),
    (r"台", "台"),
    (r"基(?!準|金|本|礎|づ)", "基"),
    (r"隻|艘", "隻"),
    (r"頭|匹|羽", "頭"),
    (r"本(?!部|社|人|格|年|件)", "本"),
    (r"冊|枚|部(?!門|局|会|分)", "枚"),
    (r"回(?!復|答)", "回"),
    (r"歳|才", "歳"),
    (r"代(?!表|替|金)", "代"),
    (r"位(?!置)", "位"),
    (r"番目|例目", "番目"),
    (r"つ|個|点(?!検)|項目|種類?|類型|タイプ|区分|目標|機能|マップ|言語|例", "つ"),
    (r"区(?!域|分|間)", "区"),
    (r"市(?!場|民)", "市"),
    (r"町(?!民)", "町"),
    (r"村(?!民)", "村"),
    (r"時(?!点|代|期|間)", "時"),
    (r"㎢|km2|km²|平方(?:キロメートル|キロ|km)", "km²"),
    (r"㎡|m2|m²|平方(?:メートル|m)|平米", "m²"),
    (r"㎞|km(?![a-z])|キロメートル", "km"),
    (r"㎏|kg(?![a-z])|キログラム", "kg"),
    (r"kWh|キロワット時", "kWh"),
    (r"kW|キロワット(?!時)", "kW"),
    (r"MW|メガワット", "MW"),
    (r"cm(?![a-z])|センチ(?:メートル)?", "cm"),
    (r"ヘクタール|ha(?![a-z])|㏊", "ha"),
    (r"トン|t(?![a-zA-Z])", "t"),
    (r"メートル|m(?![a-zA-Z0-9²])", "m"),
    (r"床", "床"),
    (r"席", "席"),
    (r"室", "室"),
    (r"泊", "泊"),
)
_UNIT_RE: Final = re.compile("|".join(f"(?P<u{i}>{pattern})" for i, (pattern, _) in enumerate(_UNITS)))
KANJI_UNITS: Final = frozenset(
    {YEN, RATIO, TIMES, "年", "か月", "週", "時間", "人", "件", "か所", "世帯", "歳", "回"}
)

_YEAR_RE: Final = re.compile(r"(?:19|20)[0-9]{2}")
_OF_RE: Final = re.compile(
    "の(?=自治体|団体|地方公共団体|市町村|市区町村|都道府県|道府県|目標|機能|類型|事業|企業|地域|法人)"
)


def unit_at(text: str, at: int) -> tuple[str, int]:
    """The canonical unit written at ``at`` (blanks skipped) and where it ends; ("", at) where there is none."""
    begin = at
    while text.startswith((" ", "+"), begin):
        begin += 1
    match = _UNIT_RE.match(text, begin)
    if (
        match is None and _OF_RE.match(text, begin) and not _YEAR_RE.fullmatch(text, max(0, at - 4), at)
    ):  # 「68の自治体」
        match = _UNIT_RE.match(text, begin + 1)
    if match is None or match.lastgroup is None:
        return "", at
    return _UNITS[int(match.lastgroup[1:])][1], match.end()
