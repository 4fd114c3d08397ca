"""How alike two municipalities are, from figures of the register, with reasons a person can check.

For each factor a distance d is taken and turned into a likeness 2^−d: 1 where the two are the same, ½ at
the factor's ``half`` (the difference at which they are half as alike), towards 0 beyond.  Population and
density are compared as ratios (base-2 logarithms), so that 1,000 against 2,000 people counts as
100,000 against 200,000.  Kind is a ladder 村–町–市–施行時特例市–中核市–指定都市; the place is the great-circle
distance of the offices; islands, 過疎 and metropolitan areas are shares of the municipality (0, ½, 1).

    score = Σ weight·likeness / Σ weight        over all factors, a missing one counting 0
    confidence = Σ weight of known factors / Σ weight

so a missing figure lowers both and never counts as alike, and the score never rises when a factor moves
apart (monotone in each factor).  Weights and halves were set by hand so that the groups in
tests/knowledge/test_likeness.py (island towns, capitals, wards) come out as groups; they are not learnt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.domain import Municipality

_ALIKE = 0.75  # a factor at least this alike is given as a reason
_APART = 0.5  # a factor at most this alike is given as a difference
_SHOWN = 4  # reasons and differences at most
_EARTH_KM = 6371.0
_LADDER = {"村": 0.0, "町": 1.0, "市": 2.0, "施行時特例市": 3.0, "中核市": 3.5, "指定都市": 5.0}
_WARD_STEP = 2.0  # a 特別区 is this many steps from any other kind
_PREFECTURE_STEP = 8.0

Reading = Callable[[Municipality], float | None]


@dataclass(frozen=True)
class Factor:
    """One thing compared: its weight, how the distance is taken and how it is told."""

    name: str
    label: str
    weight: float
    half: float
    read: Reading
    as_of: str = ""
    unit: str = ""
    ratio: bool = False
    decimals: int = 0


@dataclass(frozen=True)
class Compared:
    """A factor of two municipalities; ``likeness`` is None where a figure is missing."""

    factor: str
    likeness: float | None
    weight: float
    told: str
    telling: bool = True  # False for what most places share, such as being no island


@dataclass(frozen=True)
class Likeness:
    """How alike a municipality is. ``score`` and ``confidence`` lie in 0–1; higher is more alike, surer."""

    municipality: Municipality
    score: float
    confidence: float
    why: tuple[str, ...]
    differences: tuple[str, ...]
    factors: tuple[Compared, ...] = ()


def _figure(column: str) -> Reading:
    return lambda municipality: municipality.figures.get(column)


def _share_of(whole: tuple[str, ...], part: str) -> Reading:
    """1 where the flag holds for all of the municipality, ½ for a part, 0 for none; prefectures unknown."""

    def read(municipality: Municipality) -> float | None:
        if municipality.kind == "都道府県":
            return None
        if any(flag in municipality.flags for flag in whole):
            return 1.0
        return 0.5 if part in municipality.flags else 0.0

    return read


_YEAR_OF_CENSUS = "2020年国勢調査"
NUMBERS = (
    Factor("population", "人口", 3.0, 1.0, _figure("population"), "2025年1月1日", "人", ratio=True),
    Factor("share_65", "65歳以上の割合", 2.0, 5.0, _figure("share_65"), _YEAR_OF_CENSUS, "%", decimals=1),
    Factor("change_rate", "人口増減率（人口千人当たり）", 1.5, 8.0, _figure("change_rate"), "2023–2024年", "人", decimals=1),
    Factor("density", "人口密度", 1.5, 1.5, _figure("density"), "2025年1月1日", "人/km²", ratio=True),
    Factor("share_primary", "第1次産業で働く人の割合", 0.8, 7.0, _figure("share_primary"),
           _YEAR_OF_CENSUS, "%", decimals=1),
    Factor("share_manufacturing", "従業者に占める製造業の割合", 0.6, 12.0,
           _figure("share_manufacturing"), "2021年", "%", decimals=1),
    Factor("share_lodging", "従業者に占める宿泊業・飲食サービス業の割合", 0.5, 8.0,
           _figure("share_lodging"), "2021年", "%", decimals=1),
    Factor("fiscal_index", "財政力指数", 0.8, 0.2, _figure("fiscal_index"), "2021年度", "", decimals=2),
)  # fmt: skip
_ISLAND = Factor("island", "離島", 1.5, 0.5, _share_of(("離島",), "離島（一部）"))
_DEPOPULATED = Factor(
    "depopulated", "過疎地域", 1.0, 0.5, _share_of(("過疎", "過疎（みなし）"), "過疎（一部）")
)
_METRO = Factor("metro", "三大都市圏", 0.7, 0.5, _share_of(("三大都市圏",), ""))
_FLAGS = (
    (_ISLAND, ("離島ではない", "区域の一部が離島", "全域が離島"), "2026年4月1日"),
    (_DEPOPULATED, ("過疎地域ではない", "一部が過疎地域", "過疎地域"), "2022年4月1日"),
    (_METRO, ("三大都市圏の外", "一部が三大都市圏", "三大都市圏の中"), "地域おこし協力隊の地域要件"),
)
_KIND_WEIGHT, _KIND_HALF = 1.0, 1.5
_PLACE_WEIGHT, _PLACE_HALF_KM = 0.8, 200.0
TOTAL_WEIGHT = (
    sum(factor.weight for factor in NUMBERS)
    + sum(factor.weight for factor, _, _ in _FLAGS)
    + _KIND_WEIGHT
    + _PLACE_WEIGHT
)


def compare(ours: Municipality, theirs: Municipality) -> Likeness:
    """How alike ``theirs`` is to ``ours``; symmetric in score and confidence."""
    factors = [_number(factor, ours, theirs) for factor in NUMBERS]
    factors += [_flag(factor, words, as_of, ours, theirs) for factor, words, as_of in _FLAGS]
    factors += [_kind(ours, theirs), _place(ours, theirs)]
    known = [f for f in factors if f.likeness is not None]
    score = sum(f.weight * (f.likeness or 0.0) for f in known) / TOTAL_WEIGHT
    confidence = sum(f.weight for f in known) / TOTAL_WEIGHT
    alike = [f for f in known if f.likeness is not None and f.likeness >= _ALIKE and f.telling]
    apart = [f for f in known if f.likeness is not None and f.likeness <= _APART]
    alike.sort(key=lambda f: -f.weight * (f.likeness or 0.0))
    apart.sort(key=lambda f: -f.weight * (1 - (f.likeness or 0.0)))
    missing = [f.told for f in factors if f.likeness is None]
    return Likeness(
        municipality=theirs,
        score=min(1.0, score),
        confidence=min(1.0, confidence),
        why=tuple(f.told for f in alike[:_SHOWN]),
        differences=(*(f.told for f in apart[:_SHOWN]), *missing),
        factors=tuple(factors),
    )


def like(municipality: Municipality, candidates: Iterable[Municipality], k: int) -> list[Likeness]:
    """The ``k`` candidates most alike, best first (ties by code); the municipality itself is left out."""
    found = [compare(municipality, other) for other in candidates if other.code != municipality.code]
    return sorted(found, key=lambda hit: (-hit.score, hit.municipality.code))[: max(0, k)]


# ── factors ──────────────────────────────────────────────────────────────────


def _number(factor: Factor, ours: Municipality, theirs: Municipality) -> Compared:
    first, second = factor.read(ours), factor.read(theirs)
    if first is None or second is None or (factor.ratio and min(first, second) <= 0):
        bad = [m.name for m, v in ((ours, first), (theirs, second)) if v is None or (factor.ratio and v <= 0)]
        return _unknown(factor.name, factor.label, factor.weight, bad)
    apart = abs(math.log2(first / second)) if factor.ratio else abs(first - second)
    likeness = 2.0 ** -(apart / factor.half)

    def figure(value: float) -> str:
        return f"{value:,.{factor.decimals}f}{factor.unit}"

    said = _said(likeness, "が近い", "が異なる")
    told = (
        f"{factor.label}{said}（{ours.name}{figure(first)}、{theirs.name}{figure(second)}、{factor.as_of}）"
    )
    return Compared(factor.name, likeness, factor.weight, told)


def _flag(
    factor: Factor, words: tuple[str, str, str], as_of: str, ours: Municipality, theirs: Municipality
) -> Compared:
    first, second = factor.read(ours), factor.read(theirs)
    if first is None or second is None:
        bad = [m.name for m, v in ((ours, first), (theirs, second)) if v is None]
        return _unknown(factor.name, factor.label, factor.weight, bad)
    likeness = 1.0 - abs(first - second)
    ours_said, theirs_said = words[round(first * 2)], words[round(second * 2)]
    if first == second:
        told = f"どちらも{ours_said}（{as_of}）"
    else:
        told = f"{ours.name}は{ours_said}、{theirs.name}は{theirs_said}（{as_of}）"
    return Compared(factor.name, likeness, factor.weight, told, telling=max(first, second) > 0)


def _kind(ours: Municipality, theirs: Municipality) -> Compared:
    if ours.kind == theirs.kind:
        return Compared("kind", 1.0, _KIND_WEIGHT, f"どちらも{ours.kind}")
    kinds = (ours.kind, theirs.kind)
    if "都道府県" in kinds:
        steps = _PREFECTURE_STEP
    elif "特別区" in kinds:
        steps = _WARD_STEP
    else:
        steps = abs(_LADDER[ours.kind] - _LADDER[theirs.kind])
    told = f"{ours.name}は{ours.kind}、{theirs.name}は{theirs.kind}"
    return Compared("kind", 2.0 ** -(steps / _KIND_HALF), _KIND_WEIGHT, told)


def _place(ours: Municipality, theirs: Municipality) -> Compared:
    kilometres = distance_km(ours, theirs)
    if kilometres is None:
        bad = [m.name for m in (ours, theirs) if not {"latitude", "longitude"} <= m.figures.keys()]
        return _unknown("place", "位置", _PLACE_WEIGHT, bad)
    likeness = 2.0 ** -(kilometres / _PLACE_HALF_KM)
    said = _said(likeness, "が近い", "が遠い")
    told = f"位置{said}（役所間の直線距離で約{kilometres:,.0f}km）"
    if ours.prefecture == theirs.prefecture:
        told = f"同じ{ours.prefecture}にある（役所間の直線距離で約{kilometres:,.0f}km）"
    return Compared("place", likeness, _PLACE_WEIGHT, told)


def distance_km(first: Municipality, second: Municipality) -> float | None:
    """Great-circle distance of the offices (haversine); None where a position is unknown."""
    here = first.figures.get("latitude"), first.figures.get("longitude")
    there = second.figures.get("latitude"), second.figures.get("longitude")
    if None in here or None in there:
        return None
    phi1, lambda1, phi2, lambda2 = (math.radians(value or 0.0) for value in (*here, *there))
    chord = (
        math.sin((phi2 - phi1) / 2) ** 2
        + math.cos(phi1) * math.cos(phi2) * math.sin((lambda2 - lambda1) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def _said(likeness: float, near: str, far: str) -> str:
    return near if likeness >= _ALIKE else far if likeness <= _APART else "がやや異なる"


def _unknown(name: str, label: str, weight: float, lacking: list[str]) -> Compared:
    names = "・".join(dict.fromkeys(lacking))
    return Compared(name, None, weight, f"{label}は{names}の数値がないため比べられません")
