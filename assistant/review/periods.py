"""For which fiscal years a plan stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import PageQuote
from assistant.review.nouns import Period
from assistant.review.units import Unit

_ERAS = {"令和": 2018, "平成": 1988, "r": 2018, "h": 1988}
_YEAR = r"(?:(令和|平成|(?<![a-z])[rh])(元|[0-9]{1,2})|((?:19|20)[0-9]{2}))(?:年度?)?(?:\((?:令和|平成|[rh])?[0-9元]{1,4}(?:年度?)?\)(?:年度?)?)?(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
_RANGE = re.compile(
    rf"{_YEAR}(?:を(?:初年度|起点|始期)とし、?|を初年度とする|から|より|~|-|ー|→|～)、?(?:の[^、。0-9]{{0,6}})?(?:(令和|平成|[rh])?(元|[0-9]{{1,4}}))(?=年|\)|年度|\(|[^0-9])"
)
_FROM = re.compile(
    rf"{_YEAR}(?:を初年度とする|を初年度とし|から|より|を始期とする)、?(?:の)?([0-9]{{1,2}})(?:[かヶカ箇ケ]年|年間|年計画)"
)
_ABOUT = re.compile(r"(?:計画|対象|戦略の?|推進|実施|本戦略の)期間|期間(?:は|:|を|に)|計画年度|目標年度")
_OF_OTHERS = re.compile(
    r"国の|長期ビジョン|人口ビジョン|総合計画|基本計画|第?1期|前期|前回|過疎|県の|デジタル田園都市国家構想総合戦略(?:は|の期間)|交付金|事業期間"
)
_TITLE = re.compile(r"(?:戦略|計画|ビジョン)")
_LONGEST_YEARS = 20


def find_period(units: Sequence[Unit]) -> Period | None:
    """The period that the document states for itself; None where it states none.

    A sentence about the 計画期間 goes before a range of years in the title.
    """
    best: tuple[float, int, Period] | None = None
    for order, unit in enumerate(units):
        if unit.kind in ("contents", "order"):
            continue
        years = _years(unit.folded)
        if years is None:
            continue
        score = 0.0
        if _ABOUT.search(unit.folded):
            score += 4
        elif _ABOUT.search(unit.trail):
            score += 3
        if unit.page <= 2 and order < 40 and _TITLE.search(unit.folded + _near(units, order)):
            score += 1.5
        if _OF_OTHERS.search(unit.folded):
            score -= 3
        if "延長" in unit.folded:
            score += 2
        if score > 0 and (best is None or score > best[0]):
            where = PageQuote(page=unit.page, quote=unit.text, start=unit.start, end=unit.end)
            best = (score, order, Period(start=years[0], end=years[1], where=where))
    return best[2] if best else None


def _near(units: Sequence[Unit], order: int) -> str:
    return "".join(unit.folded for unit in units[max(0, order - 3) : order + 3])


def _years(folded: str) -> tuple[int, int] | None:
    found = []
    for match in _RANGE.finditer(folded):
        start = _year(match[1], match[2], match[3])
        era = match[4] or (match[1] if match[3] is None else None)
        end = _end_year(era, match[5], start)
        if end is not None and 0 < end - start <= _LONGEST_YEARS:
            found.append((start, end))
    for match in _FROM.finditer(folded):
        start = _year(match[1], match[2], match[3])
        if 2 <= int(match[4]) <= _LONGEST_YEARS:
            found.append((start, start + int(match[4]) - 1))
    return max(found, key=lambda years: years[1]) if found else None


def _year(era: str | None, number: str | None, western: str | None) -> int:
    if western is not None:
        return int(western)
    return _ERAS[era or "令和"] + (1 if number == "元" else int(number or 1))


def _end_year(era: str | None, number: str, start: int) -> int | None:
    value = 1 if number == "元" else int(number)
    if value >= 1989:
        return value if value <= 2100 else None
    if era is not None:
        return _ERAS[era] + value if value < 100 else None
    return start // 100 * 100 + value if value < 100 else None
