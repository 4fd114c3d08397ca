"""What stands in a cell of a KPI table: a heading, a value with its unit and year, a dash, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.japanese.text import fold

Role = Literal["indicator", "unit", "baseline", "yearly", "target", "other"]

_UNIT = (
    r"(?:億円|百万円|千円|万円|円|人日|人泊|万人泊|万人|千人|人|名|世帯|戸|棟|件|社|箇所|か所|ヶ所|カ所|ヵ所|ケ所|所|%|‰|パーミル|割|回|団体|店舗|店|組|台"
    r"|ha|km|m2|m3|m|千t|t-co2|tco2|万t|t|トン|kg|g|mwh|kwh|mw|kw|品目|品|本|泊|点|位|倍|校|園|施設|法人|地区|集落|事業者|事業所|事業|経営体|便|路線|株|ポイント|pt|区画|歳"
    r"|年|か月|ヶ月|分|時間|日|講座|プロジェクト|頭|羽|冊|種類|種|項目|基|艘|隻|区域|路線|圏域|自治体|市町村|町村|グループ|クラブ|サークル|商品|ブランド|アカウント|フォロワー|pv|アクセス|ビュー|枚|票|例|店|床|コース|チーム|企業|工場|ヘクタール|キロ)"
)
_YEAR_MARK = (
    r"(?:令和|平成|r|h)\.?(?:元|[0-9]{1,2})(?:年度?)?(?:末|時点)?|(?:19|20)[0-9]{2}(?:年度?)?(?:末|時点)?"
)
_VALUE = re.compile(
    rf"^(?:約|延べ|延|累計|年間|[>≧≦<])?(?P<number>[▲△+±-]?(?:[0-9][0-9,]*億)?[0-9][0-9,]*(?:\.[0-9]+)?)(?P<unit>{_UNIT}?(?:/(?:年|月|日|回|人|世帯|戸|{_UNIT}))?)"
    rf"(?:以上|以下|未満|台|程度|超)?(?:\((?P<note>[^()]*)\)|\[(?P<note2>[^\[\]]*)\]|(?P<bare>{_YEAR_MARK}))*$"
)
_YEAR_FIRST = re.compile(rf"^[(\[]?(?P<year>{_YEAR_MARK})[)\]]?[:：]?(?P<rest>[▲△+-]?[0-9].*)$")
_ONLY_YEAR = re.compile(rf"^[(\[]?(?P<year>{_YEAR_MARK})(?:実績|現在|見込|目標)?[)\]]?$")
_NO_VALUE = re.compile(
    r"^(?:[-ー―—－–・]|なし|無し|未設定|未実施|未把握|設定なし|n/a|今後(?:設定|調査|把握)|調査中|集計中|新規|[-]{1,3})$"
)
_WORD_VALUE = re.compile(
    r"^(?:(?:現状|現在)?(?:の)?(?:維持|水準維持|以上|増加|減少|上昇|向上|低下|改善|増|減)|現状値?以上|前年度?(?:比)?(?:増|以上)|基準値(?:以上|維持))(?:する|させる)?$"
)
_UNIT_ALONE = re.compile(rf"^[(]?(?:{_UNIT}(?:/{_UNIT})?|単位)[)]?$")
_HEAD_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("unit", re.compile(r"^単位")),
    (
        "baseline",
        re.compile(
            r"基準(?:値|年|時)|^(?:いま|今)(?:の値|の数)?(?:\(|$)|現状|現況|現在|策定時|当初値|初期値|^実績(?!.*目標)|直近|従前値|スタート|計画策定"
        ),
    ),
    (
        "target",
        re.compile(
            r"目標(?!名|[0-9一二三四]|\((?!令和|平成|r[0-9]|20[0-9]{2}|最終))|めざす値|目指す値|最終|到達"
        ),
    ),
    ("indicator", re.compile(r"指標|kpi|kgi|評価項目|数値目標|項目|成果目標")),
)
_HEAD_CELL = re.compile(
    rf"^(?:(?:いま|今)(?:の値|の数)?(?:\([^()]{{0,10}}\))?|[^。、]{{0,14}}(?:指標|kpi|kgi|項目|単位|基準|現状|現況|実績|目標値?|策定時|備考|担当|所管|出典|年度|説明|考え方|算出|方法|施策|事業)[^。、0-9]{{0,16}}(?:\((?:{_YEAR_MARK})?[^()]{{0,8}}\))?|(?:{_YEAR_MARK})|\((?:{_YEAR_MARK})[^()]{{0,6}}\)|\(年度\)|\(kpi\))$"
)
_YEAR_IN = re.compile(_YEAR_MARK)


@dataclass(frozen=True, slots=True)
class Value:
    """A printed value: the number as text (or words, or empty for a dash), its unit, its year."""

    printed: str
    unit: str
    year: int | None
    known: bool  # False: a dash or 「未設定」 stands where the value should


@lru_cache(maxsize=65536)
def folded(cell: str) -> str:
    """The cell for matching: half-width, lower case, no spaces."""
    return fold(cell, drop_spaces=True).text


def year_in(cell: str) -> int | None:
    """The last year that a cell names: 「目標値（R11）」 → 2029."""
    years = [_as_year(mark) for mark in _YEAR_IN.findall(folded(cell))]
    known = [year for year in years if year is not None]
    return known[-1] if known else None


def _as_year(mark: str) -> int | None:
    match = re.match(r"(令和|平成|r|h)?\.?(元|[0-9]+)", mark)
    if match is None:
        return None
    number = 1 if match[2] == "元" else int(match[2])
    if match[1] is None:
        return number if 1989 <= number <= 2100 else None
    return {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988}[match[1]] + number


def is_year_alone(cell: str) -> int | None:
    """The year where the cell holds nothing else."""
    match = _ONLY_YEAR.match(folded(cell))
    return _as_year(match["year"]) if match else None


def is_unit(cell: str) -> bool:
    """Whether the cell holds a unit and nothing else."""
    return _UNIT_ALONE.match(folded(cell)) is not None


def read_value(cell: str) -> Value | None:
    """The value in a cell; None where it holds words, a heading or nothing."""
    text = folded(cell)
    if _NO_VALUE.match(text):
        return Value("", "", None, False)
    if _WORD_VALUE.match(text):
        return Value(cell.strip(), "", None, True)
    year = None
    ahead = _YEAR_FIRST.match(text)
    if ahead is not None and _VALUE.match(ahead["rest"]) and not _ONLY_YEAR.match(text):
        year, text = _as_year(ahead["year"]), ahead["rest"]
    match = _VALUE.match(text)
    if match is None or _ONLY_YEAR.match(text):
        return None
    unit = match["unit"] or ""
    if unit in ("年", "年度") and match["number"].isdigit() and 1989 <= int(match["number"]) <= 2100:
        return None
    for note in (match["note"], match["note2"], match["bare"]):
        if note and year is None:
            year = year_in(note)
    return Value(match["number"], unit, year, True)


def units_differ(one: str, other: str) -> bool:
    """Whether two units that are both given are of different names (「か所」 and 「箇所」 are one)."""
    return bool(one and other) and _one_name(one) != _one_name(other)


def _one_name(unit: str) -> str:
    text = re.sub(r"/.*", "", folded(unit))
    return re.sub(r"^[箇かヶカヵケ]?所$", "箇所", text).replace("名", "人")


def bare_number(cell: str) -> Value | None:
    """A cell such as 「2000」, which between other values is a value and no year."""
    text = folded(cell)
    return Value(text, "", None, True) if re.fullmatch(r"(?:19|20)[0-9]{2}", text) else None


def role_of(cell: str) -> Role | None:
    """What column a cell heads; None where it heads none."""
    text = folded(cell)
    if not text or len(text) > 40 or not is_head(cell):
        return None
    if is_year_alone(cell) is not None:
        return "yearly"
    return next((role for role, pattern in _HEAD_ROLES if pattern.search(text)), "other")


def is_head(cell: str) -> bool:
    """Whether the cell looks like the heading of a column."""
    return _HEAD_CELL.match(folded(cell)) is not None


def number_of(printed: str) -> float | None:
    """The value as a number; ▲ and △ are minus. With 億 it counts 万, as its unit does."""
    text = folded(printed).replace(",", "").lstrip("約±+")
    text = re.sub(r"^[▲△]", "-", text)
    large = re.match(r"(-?)([0-9]+)億([0-9]+)", text)  # 「2億1,000万円」: in units of 万
    if large is not None:
        return float(f"{large[1]}{int(large[2]) * 10_000 + int(large[3])}")
    match = re.match(r"-?[0-9]+(?:\.[0-9]+)?", text)
    return float(match.group()) if match else None
