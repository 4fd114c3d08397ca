"""What the words of a search say about the place: 「小さな町」「離島」「東北の」. Wishes rank, they exclude nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.cases.casebook import Entry
from assistant.cases.criteria import tell_range
from assistant.cases.regions import named_regions
from assistant.domain import Municipality
from assistant.japanese.text import normalise
from assistant.knowledge.municipalities import PREFECTURE, Municipalities, unify

_MOST = 10**9
_SIZES: tuple[tuple[str, str, tuple[int, int]], ...] = (
    ("小さな自治体", r"小さ[いな](?:町|村|まち|自治体|市町村|離島)|小規模(?:な)?(?:自治体|市町村|町|村)|町村|山村|漁村", (0, 20_000)),
    ("中規模の市", r"中規模の?(?:市|自治体|都市)|地方都市", (30_000, 400_000)),
    ("大きな都市", r"大都市|政令(?:指定都)?市|指定都市|規模の大きな(?:市|自治体)", (300_000, _MOST)),
)  # fmt: skip
_POPULATION = re.compile(
    r"人口(?:が|は)?(\d+(?:[,.]\d+)?)(千|万)?人?(以下|未満|以上|超|くらい|程度|前後|規模|の)"
)
_ISLAND = re.compile("離島|島の|島で|島しょ|島嶼")
_DEPOPULATED = re.compile("過疎|限界集落|中山間|山あい|山間|山奥|山村")
_CAPITAL = re.compile("県庁所在地|県都")


@dataclass(frozen=True)
class Wish:
    """Something the words ask of the place."""

    words: str
    meets: Callable[[Municipality], bool]
    told: Callable[[Municipality], str]
    is_place: bool = False  # the words name this very municipality


def read_wishes(text: str, register: Municipalities | None = None) -> tuple[Wish, ...]:
    """Wishes in the order in which they are checked; ``register`` knows the places named, by old names too."""
    plain = normalise(text)
    wishes: list[Wish] = []
    if match := _POPULATION.search(plain):
        wishes.append(_size(match[0], _range(match)))
    else:
        for name, pattern, span in _SIZES:
            if re.search(pattern, plain):
                wishes.append(_size(name, span))
    named = register.mentions(text) if register is not None else []
    wishes += [_named(m, text[start:end]) for m, start, end in named if m.kind != PREFECTURE]
    wishes += [_region(name, members) for name, members in named_regions(text)]
    for name, asked, flags, told in (
        ("離島", _ISLAND, ("離島", "離島（一部）"), "離島の地域です（2026年4月1日）"),
        (
            "過疎・中山間",
            _DEPOPULATED,
            ("過疎", "過疎（みなし）", "過疎（一部）"),
            "過疎地域を含みます（2022年4月1日）",
        ),
        ("県庁所在地", _CAPITAL, ("都道府県庁所在地",), "都道府県庁の所在地です"),
    ):
        if asked.search(plain):
            wishes.append(_flagged(name, flags, told))
    return tuple(wishes)


def _named(municipality: Municipality, words: str) -> Wish:
    same = unify(words) in unify(municipality.full_name)
    told = f"{municipality.full_name}の事例です" + (
        "" if same else f"（「{words}」は現在の{municipality.name}です）"
    )
    return Wish(words, lambda place: place.code == municipality.code, lambda place: told, is_place=True)


def _region(name: str, prefectures: tuple[str, ...]) -> Wish:
    return Wish(
        name, lambda place: place.prefecture in prefectures, lambda place: f"{place.prefecture}の事例です"
    )


def _flagged(name: str, flags: tuple[str, ...], told: str) -> Wish:
    return Wish(
        name,
        lambda place: bool(set(flags) & set(place.flags)),
        lambda place: f"{place.name}は{told}",
    )


def met(wishes: tuple[Wish, ...], entry: Entry) -> list[tuple[Wish, Municipality]]:
    """Wishes that a place of the case meets, each with the place."""
    found = []
    for wish in wishes:
        place = next((place for place in entry.places if wish.meets(place)), None)
        if place is not None:
            found.append((wish, place))
    return found


def _size(words: str, span: tuple[int, int]) -> Wish:
    low, high = span

    def meets(place: Municipality) -> bool:
        return place.population is not None and place.kind != PREFECTURE and low <= place.population <= high

    def told(place: Municipality) -> str:
        return (
            f"{place.name}の人口は{place.population or 0:,}人です（2025年1月1日。"
            f"「{words}」を{tell_range(span, '人')}と読みました）"
        )

    return Wish(words, meets, told)


def _range(match: re.Match[str]) -> tuple[int, int]:
    number = round(float(match[1].replace(",", "")) * {"千": 1_000, "万": 10_000}.get(match[2] or "", 1))
    if match[3] in ("以下", "未満"):
        return 0, number
    if match[3] in ("以上", "超"):
        return number, _MOST
    return number // 2, number * 2
