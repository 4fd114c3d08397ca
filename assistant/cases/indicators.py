"""A municipality's figures beside those of its peers, its prefecture and the country.

Medians are of the municipalities whose figure is known and are computed here; how many that are is told
with each.  A prefecture's own published figure is not used in place of its municipalities' median.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.cases.columns import Column
from assistant.cases.tables import BroughtTable, Series
from assistant.domain import Municipality, Source
from assistant.knowledge.likeness import like
from assistant.knowledge.municipalities import PREFECTURE, Municipalities

DEFAULT = (
    "population", "change_rate", "social_rate", "natural_rate", "share_65", "share_0_14", "share_primary",
    "fiscal_index", "retail_shops", "doctors",
)  # fmt: skip
PEERS = 20
_NOT_FIGURES = frozenset(
    ("code", "code5", "name", "kana", "prefecture", "kind", "latitude", "longitude", "flags")
)


@dataclass(frozen=True)
class Indicator:
    """One figure of every municipality, with its year and where it is from."""

    key: str
    label: str
    unit: str
    when: str
    values: Mapping[str, float]  # by code
    sources: tuple[Source, ...] = ()
    told_source: str = ""  # for a file that a person brought
    note: str = ""


@dataclass(frozen=True)
class Middle:
    """A median and of how many figures it is."""

    value: float | None
    known: int
    members: int


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator of one municipality beside three groups. ``rank``: 1 is the highest figure of the peers."""

    indicator: Indicator
    ours: float | None
    peers: Middle
    prefecture: Middle
    country: Middle
    rank: int | None


def register_indicators(register: Municipalities, columns: Mapping[str, Column]) -> dict[str, Indicator]:
    """The register's columns of figures, by name."""
    return {
        name: Indicator(
            key=name,
            label=column.label,
            unit=column.unit,
            when=column.when,
            values={m.code: m.figures[name] for m in register if name in m.figures},
            sources=column.sources,
            note=("この一覧のために計算した数値です。" if column.derived else "") + column.note,
        )
        for name, column in columns.items()
        if name not in _NOT_FIGURES
    }


def brought_indicators(table: BroughtTable) -> dict[str, Indicator]:
    """The series of a file that a person brought."""
    source = f"利用者の資料「{table.name}」" + (f"（{table.source}）" if table.source else "")

    def one(number: int, series: Series) -> Indicator:
        return Indicator(
            key=f"file:{table.name}:{number}",
            label=series.label,
            unit=series.unit,
            when=series.year or "時点の記載なし",
            values=series.values,
            told_source=source,
        )

    return {found.key: found for found in (one(n, s) for n, s in enumerate(table.series))}


def peers_of(place: Municipality, register: Municipalities, k: int = PEERS) -> tuple[Municipality, ...]:
    """The ``k`` municipalities most alike; for a prefecture the other prefectures."""
    if place.kind == PREFECTURE:
        return tuple(m for m in register if m.kind == PREFECTURE and m.code != place.code)
    return tuple(hit.municipality for hit in like(place, register.municipalities, k))


def compare_indicators(
    place: Municipality,
    peers: Sequence[Municipality],
    indicators: Sequence[Indicator],
    register: Municipalities,
) -> list[IndicatorRow]:
    """Rows in the order of ``indicators``; groups leave the municipality itself out of no median but the peers'."""
    whole = [m for m in register if (m.kind == PREFECTURE) == (place.kind == PREFECTURE)]
    near = [m for m in whole if m.prefecture == place.prefecture]
    rows = []
    for indicator in indicators:
        ours = indicator.values.get(place.code)
        others = [indicator.values[m.code] for m in peers if m.code in indicator.values]
        rows.append(
            IndicatorRow(
                indicator=indicator,
                ours=ours,
                peers=_middle(indicator, peers),
                prefecture=_middle(indicator, near),
                country=_middle(indicator, whole),
                rank=None if ours is None else 1 + sum(value > ours for value in others),
            )
        )
    return rows


def _middle(indicator: Indicator, members: Sequence[Municipality]) -> Middle:
    known = [indicator.values[m.code] for m in members if m.code in indicator.values]
    return Middle(statistics.median(known) if known else None, len(known), len(members))


def tell_figure(value: float | None, unit: str = "") -> str:
    """A figure as people read it; 「数値なし」 where there is none."""
    if value is None:
        return "数値なし"
    digits = f"{value:,.0f}" if value == int(value) or abs(value) >= 1_000 else f"{value:,.2f}".rstrip("0")
    if unit == "千円" and abs(value) >= 100_000:
        return f"{value / 100_000:,.1f}億円"
    return digits + (unit if unit not in ("人口千人当たり",) else "")
