"""What a person wants of cases: read from words, checked, and held against a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from assistant.cases.casebook import Casebook, Entry
from assistant.cases.regions import read_prefectures
from assistant.cases.schemes import read_scheme
from assistant.domain import Case
from assistant.errors import InputError, UnknownName
from assistant.knowledge.municipalities import PREFECTURE

PILLARS = {
    1: "安心して働き、暮らせる生活環境",
    2: "稼ぐ力と新しい地方経済",
    3: "人や企業の分散・関係人口",
    4: "新技術・デジタル",
    5: "広域の連携",
}
KINDS = ("指定都市", "中核市", "施行時特例市", "特別区", "市", "町", "村", PREFECTURE)
_LONGEST_COUNT = 15  # characters; no place has more people than these can say
_MOST = 10**9
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－ー―–—～〜‐−", "0123456789,.--------" + "-")
_UNIT = {"": 1, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000}
_COUNT = re.compile(r"(\d+(?:\.\d+)?)(百万|十万|万|千)?(?:(\d+)千?)?人?")

Words = str | int | Sequence[str] | Sequence[int] | None


@dataclass(frozen=True)
class Criteria:
    """Filters that a case must pass; an empty one admits every case.

    ``population`` and ``year`` are inclusive ranges.  A case whose figure is not known does not pass a
    filter on it: the result says how many were left out for that reason.
    """

    pillars: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    prefectures: tuple[str, ...] = ()
    population: tuple[int, int] | None = None
    schemes: tuple[tuple[str, str], ...] = ()
    years: tuple[int, int] | None = None
    kinds: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether every case passes."""
        return self == Criteria()

    def active(self) -> tuple[str, ...]:
        """Names of the filters that are set."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name))

    def told(self, name: str) -> str:
        """A filter as a person reads it."""
        value = getattr(self, name)
        if name == "pillars":
            return "柱: " + "・".join(f"{pillar} {PILLARS[pillar]}" for pillar in value)
        if name == "population":
            return "人口: " + tell_range(value, "人")
        if name == "years":
            return "開始年: " + tell_range(value, "年", plain=True)
        label = {
            "themes": "テーマ",
            "prefectures": "都道府県",
            "schemes": "財源・制度",
            "kinds": "自治体の区分",
        }[name]
        return f"{label}: " + "・".join(v[1] if isinstance(v, tuple) else v for v in value)


def tell_range(value: tuple[int, int], unit: str, *, plain: bool = False) -> str:
    """「1,000人以上5,000人以下」."""

    def figure(number: int) -> str:
        return f"{number}{unit}" if plain else f"{number:,}{unit}"

    low, high = value
    if low == high:
        return figure(low)
    start = f"{figure(low)}以上" if low > 0 else ""
    return start + (f"{figure(high)}以下" if high < _MOST else "") or "指定なし"


def admits(criteria: Criteria, entry: Entry, *, but: str = "") -> bool:
    """Whether a case passes all filters (all but ``but``)."""
    return all(name == but or passes(criteria, entry, name) for name in criteria.active())


def passes(criteria: Criteria, entry: Entry, name: str) -> bool:
    """Whether a case passes one filter; several values of one filter admit each other's cases."""
    case = entry.case
    if name == "pillars":
        return case.pillar in criteria.pillars
    if name == "themes":
        return any(theme in case.themes for theme in criteria.themes)
    if name == "prefectures":
        return any(prefecture in entry.prefectures for prefecture in criteria.prefectures)
    if name == "schemes":
        return any(
            word in entry.schemes if form == "group" else word in entry.scheme_text
            for form, word in criteria.schemes
        )
    if name == "years":
        low, high = criteria.years or (0, _MOST)
        return case.start_year is not None and low <= case.start_year <= high
    return any(fits_place(criteria, place.population, place.kind, name) for place in entry.places)


def fits_place(criteria: Criteria, population: int | None, kind: str, name: str) -> bool:
    """Whether one place of a case passes the filters that speak of places."""
    if name == "kinds":
        return kind in criteria.kinds
    low, high = criteria.population or (0, _MOST)
    return population is not None and kind != PREFECTURE and low <= population <= high


def is_unknown(entry: Entry, name: str) -> bool:
    """Whether the case cannot be held against a filter because no source tells."""
    if name == "years":
        return entry.case.start_year is None
    if name == "schemes":
        return any(label.endswith("未確認") for label in entry.schemes)
    if name == "population":
        return all(place.population is None for place in entry.places)
    return False


# ── reading ──────────────────────────────────────────────────────────────────


def read_criteria(
    book: Casebook,
    *,
    pillar: Words = None,
    theme: Words = None,
    prefecture: Words = None,
    population: str | tuple[int, int] | None = None,
    scheme: Words = None,
    year: str | int | tuple[int, int] | None = None,
    kind: Words = None,
) -> Criteria:
    """Filters from what a person typed; raises ``InputError`` or ``UnknownName`` saying what may be typed."""
    cases: list[Case] = [entry.case for entry in book.entries]
    return Criteria(
        pillars=tuple(read_pillar(value) for value in _each(pillar)),
        themes=tuple(dict.fromkeys(book.themes.of(str(value)) for value in _each(theme))),
        prefectures=tuple(
            dict.fromkeys(p for value in _each(prefecture) for p in read_prefectures(str(value)))
        ),
        population=population if isinstance(population, tuple) else read_population(population),
        schemes=tuple(dict.fromkeys(read_scheme(str(value), cases) for value in _each(scheme))),
        years=year if isinstance(year, tuple) else read_years(year),
        kinds=tuple(_read_kind(str(value)) for value in _each(kind)),
    )


def _each(value: Words) -> Iterable[str | int]:
    if value is None or value == "":
        return ()
    return (value,) if isinstance(value, str | int) else value


def read_pillar(value: str | int) -> int:
    """1–5, also as 「柱3」 or 「３」."""
    digits = re.sub(r"[^0-9]", "", str(value).translate(_FULL_WIDTH)).lstrip("0")
    if digits not in map(str, PILLARS):
        raise InputError(
            f"柱「{value}」はありません。",
            remedy="1〜5の番号で指定してください: " + "、".join(f"{n} {name}" for n, name in PILLARS.items()),
        )
    return int(digits)


def _read_kind(value: str) -> str:
    bare = {"政令指定都市": "指定都市", "政令市": "指定都市", "県": PREFECTURE, "区": "特別区"}.get(
        value, value
    )
    if bare not in KINDS:
        raise UnknownName(
            f"自治体の区分「{value}」はありません。", remedy="次の中から選んでください: " + "、".join(KINDS)
        )
    return bare


def read_population(text: str | None) -> tuple[int, int] | None:
    """「1000-5000」「5千〜1万」「-3000」「10万-」 → inclusive range; None for nothing."""
    if text is None or not text.strip():
        return None
    plain = re.sub(r"[\s,人]", "", text.translate(_FULL_WIDTH))
    plain = re.sub("(?<=.)から", "-", plain)
    if match := re.fullmatch(r"(.+?)(以下|未満|まで)", plain):
        number = _count(match[1], text)
        return 0, number - 1 if match[2] == "未満" else number
    if match := re.fullmatch(r"(.+?)(以上|超)", plain):
        return _count(match[1], text) + (match[2] == "超"), _MOST
    first, dash, last = plain.partition("-")
    if not dash or not (first or last):
        raise _bad_population(text, "「最小-最大」の形ではありません。")
    low = _count(first, text) if first else 0
    high = _count(last, text) if last else _MOST
    if low > high:
        raise _bad_population(text, "最小が最大より大きくなっています。")
    return low, high


def _count(text: str, whole: str) -> int:
    match = _COUNT.fullmatch(text)
    if not match or len(text) > _LONGEST_COUNT:
        raise _bad_population(whole, f"「{text}」を人数として読めません。")
    value = float(match[1]) * _UNIT[match[2] or ""]
    if match[3]:
        value += int(match[3]) * (1_000 if text.endswith("千") else 1)
    return round(value)


def _bad_population(text: str, why: str) -> InputError:
    return InputError(
        f"人口の範囲「{text}」を読めません。",
        why=why,
        remedy="例: 1000-5000、-3000（3,000人以下）、10万-（10万人以上）",
    )


def read_years(value: str | int | None) -> tuple[int, int] | None:
    """「2020」「2018-2022」「2020-」 → inclusive range of starting years; None for nothing."""
    if value is None or not str(value).strip():
        return None
    plain = re.sub(r"[\s年度]", "", str(value).translate(_FULL_WIDTH))
    match = re.fullmatch(r"(\d{4})?(-)?(\d{4})?", plain)
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise InputError(
            f"開始年「{value}」を読めません。",
            remedy="西暦で、2020、2018-2022、2020- のように指定してください。",
        )
    low = int(match[1]) if match[1] else 0
    high = int(match[3]) if match[3] else (_MOST if match[2] else low)
    if low > high:
        raise InputError(
            f"開始年「{value}」を読めません。", why="始めが終わりより後です。", remedy="例: 2018-2022"
        )
    return low, high
