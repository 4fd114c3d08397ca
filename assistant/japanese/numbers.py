"""Quantities in Japanese text, exact and with their places.

「1億2千万円」「１２０，０００千円」「1.2億円」「一億二千万円」 are one amount; 「5割」「50％」「2分の1」「1/2」
are one ratio; 「令和7年度」 and 「2025年度」 are one fiscal year.  Labels such as 第2世代, 第3条, TYPE1 and ①
are names, not quantities, and are left out.  Offsets always refer to the text as given: folding here maps
one character to one character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from assistant.errors import FactRejected
from assistant.japanese.counters import DATE, FISCAL_YEAR, KANJI_UNITS, RATIO, YEAR, unit_at

_BOUNDS: Final = {
    "以上": "ge",
    "以降": "ge",
    "超": "gt",
    "以下": "le",
    "以内": "le",
    "まで": "le",
    "以前": "le",
    "未満": "lt",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with what it counts.

    ``unit`` is canonical: 円 (value in yen), 割合 (1/2 = 50% = 5割), 倍, 年度 (fiscal year, 2025 = 令和7年度),
    西暦年, 日付 (value ``yyyymmdd``, a part that the text leaves out is 0), a counter (人, 件, か所, 年 …) or
    empty for a bare number.  ``upper`` is the upper end of a range.  ``comparison`` is one of 以上 超 以下 以内
    まで 未満 以降 以前 or empty; ``approximate`` is true after 約 or before 程度.
    """

    value: Fraction
    unit: str
    start: int
    end: int
    text: str
    upper: Fraction | None = None
    comparison: str = ""
    approximate: bool = False

    @property
    def bound(self) -> str:
        """``ge`` ``gt`` ``le`` ``lt`` or empty: the comparison without its wording."""
        return _BOUNDS.get(self.comparison, "")

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The value, or both ends of a range."""
        return (self.value,) if self.upper is None else (self.value, self.upper)


# One character to one character, so that offsets stay those of the text as given.
_FOLD: Final = str.maketrans(
    "０１２３４５６７８９，．／％～~－−‐–—（）：￥　",
    "0123456789,./%〜〜-----():¥ ",
)
_DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_BIG: Final = {"万": 10**4, "億": 10**8, "兆": 10**12}

_ARABIC: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_KANJI: Final = "〇零一二三四五六七八九十百千"
# Atomic: digits inside a repetition would otherwise be tried in exponentially many cuts.
_NUMBER: Final = rf"(?>(?:{_ARABIC}|[{_KANJI}])(?:{_ARABIC}|[{_KANJI}万億兆])*)"
_LONGEST: Final = 24  # characters of one run of digits; what is longer is no amount
_NUMBER_RE: Final = re.compile(_NUMBER)
_PIECE_RE: Final = re.compile(rf"{_ARABIC}|.")
_RANGE_RE: Final = re.compile(rf"(?:〜|から|-)({_NUMBER})")

_YEAR: Final = rf"[0-9元{_KANJI}]{{1,4}}"
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988}
_CALENDAR_RE: Final = re.compile(
    rf"(?:(?P<era>令和|平成|昭和|(?<![A-Za-z])[RH](?=[0-9]))\s?(?P<n>{_YEAR})|(?<![0-9.,])(?P<west>(?:19|20)[0-9]{{2}}|二〇[{_KANJI}]{{2}}))"
    rf"(?:年)?(?:\((?:(?:令和|平成|昭和)?[0-9元]{{1,4}})年?\))?"
    rf"(?:(?P<fy>年?度)|年?(?P<fy2>(?=(?:第[0-9]次)?(?:補正|当初|予算)))"
    rf"|(?:年|[-/.]|(?<=\)))\s?(?P<m>[0-9]{{1,2}}|[{_KANJI}]{{1,3}})(?:(?:月|[-/.])\s?(?P<d>[0-9]{{1,2}}|[{_KANJI}]{{1,3}})(?:日|(?=[〜-][0-9]{{1,2}}日)|(?<=[-/.][0-9])(?![0-9年月人件])|(?<=[-/.][0-9][0-9])(?![0-9年月人件]))|月)"
    rf"|(?P<y>年(?!度)|(?<=年\)))|(?P<more>(?=[〜・、-]\s?(?:令和|平成)?[0-9元]{{1,4}}(?:\([^)]*\))?年)))"
)
_SECOND_YEAR_RE: Final = re.compile(
    r"[〜・、-]\s?(?P<era>令和|平成)?(?P<n>[0-9元]{1,4})(?:\([^)]*\))?(?P<k>年度|年(?![0-9]))"
)
_MONTH_DAY_RE: Final = re.compile(
    r"(?<![0-9.,])(?P<m>1[0-2]|[1-9])月(?:(?P<d>[12][0-9]|3[01]|[1-9])(?:日|(?=[〜-][0-9]{1,2}日)))?(?!間|額|給|例)"
)
_DAY_END_RE: Final = re.compile(r"日?[〜-](?:(?P<m>1[0-2]|[1-9])月)?(?P<d>[12][0-9]|3[01]|[1-9])日")
_MONTHS_RE: Final = re.compile(r"(?<![0-9年])(?P<a>1[0-2]|[1-9])(?:月)?〜(?P<b>1[0-2]|[1-9])月(?![0-9])")
_RATIO_RES: Final = (
    re.compile(rf"(?P<d>{_NUMBER})分の(?P<n>{_NUMBER})"),
    # A slash beside the fraction may part the cells of a row: 「補助率: 2/3／国費上限: 4億円」.
    re.compile(rf"(?<![0-9.])(?<![0-9]/)(?P<n>{_ARABIC})\s?/\s?(?P<d>[0-9]+)(?![0-9]|/\s?[0-9])"),
    re.compile(rf"(?P<w>{_NUMBER})割(?:(?P<b>[0-9一二三四五六七八九])分)?(?![合り当])"),
    re.compile(r"(?P<half>半分|半額|半数|折半)"),
)
_NOT_COUNTS_RE: Final = re.compile(
    r"[3三]大都市圏|人一倍|の[一1]つ|一人ひとり|一人一人|二人三脚|ローカル10,?000|単位[:は]?\s?[千百]*万?円|[千百]+万?円(?:単位|札)"
)

_AFTER_RE: Final = re.compile(
    r"(?:\([^)]{0,16}\)|/年度?|分|間)?(?P<about>程度|ほど|前後|余り?|超?強|弱(?!者))?"
    r"(?:を?限度|[がをの]?範囲内|[をが]?(?P<cap>上限)|[をが]?(?P<floor>下限)|"
    r"(?P<word>以上|以下|未満|以内|以降|以後|以前|までに?|に満たな)|を?(?P<over>超え|超(?!え)|上回)|を?(?P<under>下回))?"
)
_BEFORE_RE: Final = re.compile(
    r"(?P<about>約|およそ|おおむね|概ね|ほぼ)?(?:(?P<max>最大で?|最長で?|最高|上限額?は?)|(?P<min>最低|少なくとも|下限額?は?))?(?P<about2>約)?$"
)


def _evaluate(text: str) -> tuple[Fraction, int] | None:
    """The value of a number's beginning, and how many characters it took; scales must fall (億 before 万)."""
    total, section = Fraction(0), Fraction(0)
    current: Fraction | None = None
    big, small = 10**16, 10**4
    consumed = 0
    for piece in _PIECE_RE.finditer(text):
        token = piece[0]
        if len(token) > _LONGEST:
            return None
        if token[0] in "0123456789":
            if current is not None:
                break
            current = Fraction(token.replace(",", ""))
        elif token in _DIGITS:
            if current is not None and text[piece.start() - 1] not in _DIGITS:
                break
            current = (current or Fraction(0)) * 10 + _DIGITS[token]
        elif token in _SMALL:
            if _SMALL[token] >= small and not (current is not None and section == 0):
                break
            small = _SMALL[token]
            section += (Fraction(1) if current is None else current) * small
            current = None
        else:
            if _BIG[token] >= big:
                break
            big, small = _BIG[token], 10**4
            total += (section + (current or 0)) * big
            section, current = Fraction(0), None
        consumed = piece.end()
    return (total + section + (current or 0), consumed) if consumed else None


def _number(text: str) -> Fraction:
    if text == "元":
        return Fraction(1)
    read = _evaluate(text)
    return read[0] if read else Fraction(0)


class _Scan:
    """One pass over one text; keeps what is found and which stretches are taken."""

    def __init__(self, text: str) -> None:
        self.given = text
        self.text = text.translate(_FOLD)
        self.found: list[Quantity] = []
        self.taken = [m.span() for m in _NOT_COUNTS_RE.finditer(self.text)]

    def free(self, start: int, end: int) -> bool:
        return all(end <= s or e <= start for s, e in self.taken)

    def add(self, value: Fraction, unit: str, start: int, end: int, upper: Fraction | None = None) -> None:
        self.taken.append((start, end))
        after = _AFTER_RE.match(self.text, end)
        before = _BEFORE_RE.search(self.text[max(0, start - 10) : start])
        assert after is not None and before is not None  # both patterns match the empty text
        comparison = ""
        if after["word"]:
            word = after["word"][:2]
            comparison = {"に満": "未満", "以後": "以降"}.get(word, word)
        elif after["over"]:
            comparison = "超"
        elif after["under"]:
            comparison = "未満"
        elif after["floor"] or before["min"]:
            comparison = "以上"
        elif after["cap"] or before["max"] or after[0].endswith(("限度", "範囲内")):
            comparison = "以下"
        elif unit in (DATE, YEAR, FISCAL_YEAR) and upper is None and self.text.startswith("から", end):
            comparison = "以降"
        about = bool(after["about"] or before["about"] or before["about2"])
        self.found.append(Quantity(value, unit, start, end, self.given[start:end], upper, comparison, about))

    # ── calendar ──
    def calendar(self) -> None:
        for match in _CALENDAR_RE.finditer(self.text):
            if not self.free(*match.span()):
                continue
            base = _ERAS.get(match["era"] or "", 0)
            year = int(_number(match["n"] or match["west"])) + base
            start, end = match.span()
            if match["m"]:
                month, day = int(_number(match["m"])), int(_number(match["d"])) if match["d"] else 0
                if not (1 <= month <= 12 and day <= 31):
                    continue
                self.date(year, month, day, start, end)
                continue
            unit = FISCAL_YEAR if match["fy"] or match["fy2"] is not None else YEAR
            second = _SECOND_YEAR_RE.match(self.text, end)
            while second is not None:
                other = int(_number(second["n"]))
                era = _ERAS.get(second["era"] or "", base)
                other = other + era if era and other < 100 else other
                other = year // 100 * 100 + other if not base and other < 100 else other
                kind = FISCAL_YEAR if second["k"] == "年度" else YEAR
                if match["more"] is not None:
                    unit = kind
                if second[0][0] in "・、":
                    self.add(Fraction(year), unit, start, end)
                    self.add(Fraction(other), kind, second.start() + 1, second.end())
                else:
                    self.add(Fraction(year), kind, start, second.end(), Fraction(other))
                break
            else:
                self.add(Fraction(year), unit, start, end)
        for match in _MONTHS_RE.finditer(self.text):
            if self.free(*match.span()):
                self.add(
                    Fraction(int(match["a"]) * 100), DATE, *match.span(), Fraction(int(match["b"]) * 100)
                )
        for match in _MONTH_DAY_RE.finditer(self.text):
            if self.free(*match.span()):
                self.date(0, int(match["m"]), int(match["d"] or 0), *match.span())

    def date(self, year: int, month: int, day: int, start: int, end: int) -> None:
        """A date, and the end of a range that leaves out the year or the month (1月19日〜2月20日, 6月19〜20日)."""
        first = Fraction(year * 10000 + month * 100 + day)
        rest = _DAY_END_RE.match(self.text, end)
        if rest is None:
            self.add(first, DATE, start, end)
            return
        last = Fraction(year * 10000 + int(rest["m"] or month) * 100 + int(rest["d"]))
        self.add(first, DATE, start, rest.end(), last)

    # ── ratios ──
    def ratios(self) -> None:
        for pattern in _RATIO_RES:
            for match in pattern.finditer(self.text):
                start, end = match.span()
                if not self.free(start, end):
                    continue
                groups = match.groupdict()
                if groups.get("half"):
                    self.add(Fraction(1, 2), RATIO, start, end)
                elif groups.get("w"):
                    value = _number(groups["w"]) / 10 + _number(groups["b"] or "0") / 100
                    self.add(value, RATIO, start, end)
                elif _number(groups["d"]):
                    self.add(_number(groups["n"]) / _number(groups["d"]), RATIO, start, end)

    # ── counts and amounts ──
    def counts(self) -> None:
        position = 0
        while (match := _NUMBER_RE.search(self.text, position)) is not None:
            position = match.end()
            read = _evaluate(match[0])
            if read is None:
                continue
            start, end = match.start(), match.start() + read[1]
            position = max(end, start + 1)
            if not self.free(start, end) or self.label(start):
                continue
            upper: Fraction | None = None
            unit, stop = unit_at(self.text, end)
            value = read[0]
            gap = _RANGE_RE.match(self.text, stop)
            if gap is not None and self.free(*gap.span()):
                other = _evaluate(gap[1])
                assert other is not None  # the pattern begins with a numeral
                unit2, stop2 = unit_at(self.text, gap.start(1) + other[1])
                if unit2 and unit in ("", unit2) and not (gap[0].startswith("か") and unit):
                    upper = other[0]
                    if not unit:
                        value = self.shared_scale(value, self.text[start:end], gap[1][: other[1]])
                    unit, stop = unit2, stop2
            kanji = not any(c in "0123456789" for c in self.text[start:end])
            if kanji and unit not in KANJI_UNITS and not (unit == "つ" and self.text[end] == "つ"):
                continue
            if not unit and self.part_of_name(start, end):
                continue
            divisor = 100 if unit == RATIO else 1
            upper = upper / divisor if upper is not None else None
            self.add(value / divisor, unit, start, stop, upper)
            position = stop

    @staticmethod
    def shared_scale(value: Fraction, low: str, high: str) -> Fraction:
        """1〜3億円 begins at 1億円: the low end takes the scale that the high end shows."""
        if any(c in _BIG or c in _SMALL for c in low):
            return value
        scale = re.search(r"[十百千]?[万億兆]$|[十百千]$", high)
        return value * _number("一" + scale[0]) if scale else value

    def label(self, start: int) -> bool:
        """第2世代, TYPE1, A-3, 数百, No.3: numbers that name or blur rather than count."""
        before = self.text[max(0, start - 6) : start]
        return bool(
            re.search(
                r"[第何幾]$|(?<![一-龠])数$|[A-Za-z]$|[A-Za-z]-$|[A-Za-z0-9][.]$|(?:TYPE|Type|Ver)[ .]?$|[0-9]-$",
                before,
            )
        )

    def part_of_name(self, start: int, end: int) -> bool:
        """A number without a unit that is glued to a word: 地方創生2.0, レベル4, 5G, 1.見出し."""
        before = self.text[start - 1 : start]
        after = self.text[end : end + 1]
        glued = bool(re.match(r"[\u30a0-\u30ff\u4e00-\u9fffA-Za-z]", before))
        version = bool(re.fullmatch(r"[0-9]\.0", self.text[start:end]))  # 2.0基本構想
        heading = before in ("", "\n", " ", "#") and bool(re.match(r"[.)、]", after))
        return glued or heading or version or bool(re.match(r"[A-Za-z-]|大", after))

    def run(self) -> Iterator[Quantity]:
        self.calendar()
        self.ratios()
        self.counts()
        return iter(sorted(self.found, key=lambda q: (q.start, q.end)))


def find_quantities(text: str) -> list[Quantity]:
    """All quantities of a text in order of place; ``q.text == text[q.start:q.end]``."""
    return list(_Scan(text).run())


_YEN_RE: Final = re.compile(rf"¥?\s*(?P<n>{_NUMBER})\s*円?")
_NEGATIVE_RE: Final = re.compile(r"^\s*¥?\s*(?:[ー▲△-]|マイナス)")


def parse_yen(text: str) -> int:
    """An amount of money in whole yen. 「1億2千万」「120,000千円」「１．２億円」 → 120000000.

    Raises FactRejected when the text is not one amount, is negative, or has a fraction of a yen.
    """
    folded = text.translate(_FOLD).strip()
    remedy = "「1億2,000万円」「120,000千円」「120000000」のように入力してください。"
    if not folded:
        raise FactRejected("金額が空です。", remedy=remedy)
    if _NEGATIVE_RE.match(folded):
        raise FactRejected(f"「{text}」は負の金額です。", why="金額は0円以上で指定します。", remedy=remedy)
    match = _YEN_RE.fullmatch(folded)
    read = _evaluate(match["n"]) if match else None
    if match is None or read is None or read[1] != len(match["n"]):
        raise FactRejected(f"「{text}」を金額として読み取れませんでした。", remedy=remedy)
    if read[0].denominator != 1:
        raise FactRejected(
            f"「{text}」には1円未満の端数があります。", why="金額は1円単位で扱います。", remedy=remedy
        )
    return int(read[0])


def format_yen(amount: int) -> str:
    """「1億2,000万円」 for 120000000. Raises FactRejected for a negative amount."""
    if amount < 0:
        raise FactRejected(f"「{amount}円」は負の金額です。", why="金額は0円以上で指定します。")
    parts = []
    for scale, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        digits = amount // scale if scale == 10**12 else amount // scale % 10**4
        if digits:
            parts.append(f"{digits:,}{name}")
    return "".join(parts or ["0"]) + "円"
