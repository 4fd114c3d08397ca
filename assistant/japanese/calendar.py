"""Japanese eras, fiscal years (April to March) and dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.japanese.text import fold

# Gregorian year before the first year of the era (改元: 明治45/大正元…; 元号法).
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "r": 2018, "h": 1988, "s": 1925}
_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}
_ERA_NUMBER = r"(元|\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = re.compile(
    rf"(?P<era>令和|平成|昭和|大正)\s*(?P<number>{_ERA_NUMBER[1:-1]})\s*(?P<unit>年度|年分|年|(?=当初|補正|第))?"
    r"|(?<![a-z0-9])(?P<letter>[rhs])\.?\s?(?P<letter_number>\d{1,2})(?![\d.])\s*(?P<letter_unit>年度|年)?"
    r"|(?<!\d)(?P<western>(?:19|20)\d\d)\s*(?P<western_unit>年度|年)"
    r"|fy\s?(?P<fy>(?:19|20)\d\d)"
)
_RELATIVE = {
    "一昨年度": -2,
    "昨年度": -1,
    "前年度": -1,
    "今年度": 0,
    "本年度": 0,
    "現年度": 0,
    "来年度": 1,
    "翌年度": 1,
    "次年度": 1,
    "再来年度": 2,
}
_RELATIVE_YEAR = re.compile("|".join(sorted(_RELATIVE, key=len, reverse=True)))
_SUPPLEMENTARY = re.compile(r"\s*(?:第?[一二三1-3]次)?補正")


@dataclass(frozen=True, slots=True)
class FiscalYearMention:
    """A year named in a text. ``fiscal`` tells 年度 from a calendar year."""

    year: int
    start: int
    end: int
    fiscal: bool
    supplementary: bool = False  # 補正予算 of that year, spent mostly in the next
    relative: bool = False  # 今年度 and the like, resolved against today


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date named in a text; parts that are not named are None."""

    year: int | None
    month: int
    day: int | None
    start: int
    end: int


def fiscal_year_of(day: date) -> int:
    """The Japanese fiscal year of a date: April of that year to the following March."""
    return day.year if day.month >= 4 else day.year - 1


def wareki(year: int, suffix: str = "年度") -> str:
    """「令和8年度」 for 2026."""
    for era in ("令和", "平成", "昭和"):
        number = year - _ERAS[era]
        if number >= 1:
            return f"{era}{'元' if number == 1 else number}{suffix}"
    return f"{year}{suffix}"


def fiscal_year_label(year: int) -> str:
    """「令和8年度（2026年度）」."""
    return f"{wareki(year)}（{year}年度）"


def _number(text: str) -> int:
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十") if "十" in text else ("", "", text)
    value = (_KANJI_DIGITS.get(tens, 1) if ten else 0) * 10
    return value + (_KANJI_DIGITS.get(ones, 0) if ones else 0)


def find_fiscal_years(text: str, *, today: date | None = None) -> list[FiscalYearMention]:
    """Years named in ``text``, in order; 今年度/来年度 only when ``today`` is given."""
    folded = fold(text)
    found: list[FiscalYearMention] = []
    for match in _YEAR.finditer(folded.text):
        if match["era"]:
            year, unit = _ERAS[match["era"]] + _number(match["number"]), match["unit"]
        elif match["letter"]:
            year, unit = _ERAS[match["letter"]] + int(match["letter_number"]), match["letter_unit"] or "年度"
        elif match["western"]:
            year, unit = int(match["western"]), match["western_unit"]
        else:
            year, unit = int(match["fy"]), "年度"
        start, end = folded.original_span(match.start(), match.end())
        extra = _SUPPLEMENTARY.match(folded.text, match.end())
        fiscal = unit in ("年度", "年分") or not unit or extra is not None
        found.append(FiscalYearMention(year, start, end, fiscal, extra is not None))
    if today is not None:
        this_year = fiscal_year_of(today)
        for match in _RELATIVE_YEAR.finditer(folded.text):
            start, end = folded.original_span(match.start(), match.end())
            found.append(
                FiscalYearMention(this_year + _RELATIVE[match.group()], start, end, True, relative=True)
            )
    return sorted(found, key=lambda mention: mention.start)


_DATE = re.compile(
    rf"(?:(?:(?P<era>令和|平成|昭和|大正)\s*(?P<number>{_ERA_NUMBER[1:-1]})|(?<!\d)(?P<western>(?:19|20)\d\d))\s*年\s*)?"
    r"(?<!\d)(?P<month>1[0-2]|0?[1-9])\s*月(?!額|間|次)(?:\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日)?"
    r"|(?<![\d-])(?P<iso_year>(?:19|20)\d\d)[-/.](?P<iso_month>1[0-2]|0?[1-9])[-/.](?P<iso_day>3[01]|[12]\d|0?[1-9])(?!\d)"
)


def find_dates(text: str) -> list[DateMention]:
    """Dates (month, or month and day, with or without year) named in ``text``, in order."""
    folded = fold(text)
    found: list[DateMention] = []
    for match in _DATE.finditer(folded.text):
        start, end = folded.original_span(match.start(), match.end())
        if match["iso_year"]:
            found.append(
                DateMention(
                    int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"]), start, end
                )
            )
            continue
        year = None
        if match["era"]:
            year = _ERAS[match["era"]] + _number(match["number"])
        elif match["western"]:
            year = int(match["western"])
        found.append(
            DateMention(year, int(match["month"]), int(match["day"]) if match["day"] else None, start, end)
        )
    return found
