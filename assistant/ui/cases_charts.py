"""Charts of cases: map without tiles, timeline, distribution. Everything is drawn from data on this machine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt

from assistant.cases.casebook import Casebook, Entry
from assistant.domain import Municipality

# Colours that stay apart for colour-blind eyes on light and dark ground (Okabe & Ito 2008).
_COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00"]
_SHORT = {1: "1 生活環境", 2: "2 稼ぐ力", 3: "3 分散・関係人口", 4: "4 デジタル", 5: "5 広域連携"}
_LAND = "#9aa5b1"
_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross"]
_MOST_THEMES = 25


def _data(values: list[dict[str, Any]]) -> Any:
    return alt.Data(values=values)  # type: ignore[no-untyped-call]


def _pillar_colour(*, legend: bool = True) -> Any:
    return alt.Color(
        "柱:N",
        scale=alt.Scale(domain=list(_SHORT.values()), range=_COLOURS),
        legend=alt.Legend(orient="top", columns=3, title=None) if legend else None,
    )


def _pillar_shape() -> Any:
    return alt.Shape("柱:N", scale=alt.Scale(domain=list(_SHORT.values()), range=_SHAPES), legend=None)


@lru_cache(maxsize=4)
def _outline(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def case_map(entries: Sequence[Entry], outline: Path, like: Municipality | None = None) -> tuple[Any, int]:
    """A map of the cases' places, and how many cases have no position.

    A case of several municipalities is drawn at each of them.
    """
    rows: list[dict[str, Any]] = []
    lost = 0
    for entry in entries:
        spots = [place for place in entry.places if {"latitude", "longitude"} <= place.figures.keys()]
        lost += not spots
        rows += [
            {
                "緯度": place.figures["latitude"],
                "経度": place.figures["longitude"],
                "事例": entry.case.title,
                "場所": place.full_name,
                "柱": _SHORT[entry.case.pillar],
                "テーマ": "、".join(entry.case.themes),
            }
            for place in spots
        ]
    layers = []
    shape = _outline(outline)
    if shape is not None:
        layers.append(
            alt.Chart(_data([shape])).mark_geoshape(
                fill=_LAND, fillOpacity=0.25, stroke=_LAND, strokeWidth=0.6, tooltip=None
            )
        )
    if like is not None and {"latitude", "longitude"} <= like.figures.keys():
        here = [{"緯度": like.figures["latitude"], "経度": like.figures["longitude"], "場所": like.full_name}]
        layers.append(
            alt.Chart(_data(here))
            .mark_point(shape="circle", filled=False, size=420, strokeWidth=3, color="#D62728", opacity=1)
            .encode(longitude="経度:Q", latitude="緯度:Q", tooltip=["場所:N"])
        )
    layers.append(
        alt.Chart(_data(rows))
        .mark_point(filled=True, opacity=0.85, size=55, stroke="white", strokeWidth=0.4)
        .encode(
            longitude="経度:Q",
            latitude="緯度:Q",
            color=_pillar_colour(legend=False),
            shape=_pillar_shape(),
            tooltip=["事例:N", "場所:N", "柱:N", "テーマ:N"],
        )
    )
    chart = alt.layer(*layers).project(type="mercator").properties(height=620)
    return chart, lost


def map_legend() -> Any:
    """Colours and shapes of the map as a small chart: Vega's own legend shrinks shapes beyond recognition."""
    rows = [{"柱": name, "列": number % 3, "行": number // 3} for number, name in enumerate(_SHORT.values())]
    base = alt.Chart(_data(rows)).encode(
        x=alt.X("列:Q", axis=None, scale=alt.Scale(domain=[-0.1, 2.9])),
        y=alt.Y("行:Q", axis=None, scale=alt.Scale(domain=[1.5, -0.5])),
    )
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=_pillar_colour(legend=False), shape=_pillar_shape()
    )
    # A grey that is read on light and on dark ground.
    names = base.mark_text(align="left", dx=9, fontSize=12, color="#808a94").encode(text="柱:N")
    return alt.layer(points, names).properties(height=46).configure_view(strokeWidth=0)


def timeline(entries: Sequence[Entry]) -> tuple[Any, int]:
    """Cases by the year they began, stacked by pillar; and how many have no known year."""
    counts = Counter((e.case.start_year, e.case.pillar) for e in entries if e.case.start_year is not None)
    rows = [{"開始年": year, "柱": _SHORT[pillar], "件数": count} for (year, pillar), count in counts.items()]
    chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X("開始年:O", title="開始年（西暦）", axis=alt.Axis(labelAngle=-90)),
            y=alt.Y("sum(件数):Q", title="事例の数", axis=alt.Axis(tickMinStep=1)),
            color=_pillar_colour(),
            tooltip=["開始年:O", "柱:N", "件数:Q"],
        )
        .properties(height=280)
    )
    return chart, sum(e.case.start_year is None for e in entries)


def distribution(entries: Sequence[Entry]) -> Any:
    """Cases by theme (the most frequent ones) and pillar."""
    totals = Counter(theme for e in entries for theme in e.case.themes)
    shown = [theme for theme, _ in totals.most_common(_MOST_THEMES)]
    counts = Counter((theme, e.case.pillar) for e in entries for theme in e.case.themes if theme in shown)
    rows = [
        {"テーマ": theme, "柱": _SHORT[pillar], "件数": count} for (theme, pillar), count in counts.items()
    ]
    return (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            y=alt.Y("テーマ:N", sort=shown, title=None, axis=alt.Axis(labelLimit=220, labelOverlap=False)),
            x=alt.X(
                "sum(件数):Q", title="事例の数（1件が複数のテーマに入ります）", axis=alt.Axis(tickMinStep=1)
            ),
            color=_pillar_colour(),
            tooltip=["テーマ:N", "柱:N", "件数:Q"],
        )
        .properties(height=max(120, 24 * len(shown)))
    )


def entries_of(book: Casebook, ids: Sequence[str]) -> list[Entry]:
    """Entries of ids, in their order."""
    return [book.by_id[i] for i in ids if i in book.by_id]
