"""The charts of a review: what was found by chapter of the requirements, where the document has it, the five pillars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import altair as alt

from assistant.domain import Outcome
from assistant.export.picture import (
    COLUMNS,
    PILLAR_NAMES,
    PLAN_LOOKS,
    SHADES,
    cell_words,
    shade_of,
    share_words,
    spot,
    weight_of,
)
from assistant.review.nouns import Coverage, PillarShare, Review

CELL: Final = "cell"  # name of the selection in the map of chapters
POINT: Final = "point"  # name of the selection in the radar
_DARK_SHADES: Final = 4  # from this shade on the words in a cell are white
_REACH: Final = 1.42  # how far the radar's names stand from its middle
_NARROW: Final = 480  # pixels; on a narrower map the cells hold the number of places alone
_SIDE: Final = 340  # pixels
_UNDECIDED: Final = "#c4ccd4"  # where nothing could be decided
_INK: Final = "#6f7b88"  # is read on light and on dark ground
_LEGEND_STEP: Final = 0.17  # what a line of the legend takes, as the radar's radius is 1
_LEGEND_START, _LEGEND_END = -2, -1  # order of the ends of a line in the legend
_SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")


def _chart(rows: Sequence[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


# ── what was found, by chapter of the requirements ───────────────────────────


def coverage_rows(review: Review) -> list[dict[str, Any]]:
    """One row for each pair of pillar and chapter that holds requirements; what is not known lowers no share."""
    rows = []
    for chapter in dict.fromkeys(item.chapter for item in review.items):
        for pillar, label in PILLAR_NAMES.items():
            items = [i for i in review.items if i.chapter == chapter and i.pillar == pillar]
            if items:
                met = sum(i.outcome is Outcome.MET for i in items)
                unknown = sum(i.outcome is Outcome.UNKNOWN for i in items)
                rows.append(
                    {
                        "章": chapter,
                        "柱": label,
                        "割合": met / max(1, len(items) - unknown),
                        "濃さ": (len(items) - unknown) / len(items),
                        "件数": f"{met}/{len(items)}",
                        "不明": f"不明{unknown}" if unknown else "",
                        "判断できない": unknown,
                    }
                )
    return rows


def coverage_map(review: Review) -> Any:
    """A heat map of pillars and chapters of the requirements; each cell says how many were found.

    The colour tells the share among what could be decided; the less could be, the more the grey below shows.
    """
    rows = coverage_rows(review)
    base = _chart(rows).encode(
        x=alt.X(
            "柱:N",
            sort=list(PILLAR_NAMES.values()),
            title=None,
            axis=alt.Axis(labelAngle=-40, orient="top", labelOverlap=False),
        ),
        y=alt.Y(
            "章:N",
            sort=list(dict.fromkeys(row["章"] for row in rows)),
            title=None,
            axis=alt.Axis(labelLimit=130),
        ),
        tooltip=["章:N", "柱:N", alt.Tooltip("件数:N", title="記載あり"), "判断できない:Q"],
    )
    ground = base.mark_rect(cornerRadius=3, color=_UNDECIDED)
    cells = base.mark_rect(cornerRadius=3).encode(
        opacity=alt.Opacity("濃さ:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None),
        color=alt.Color(
            "割合:Q",
            scale=alt.Scale(domain=[0, 0.5, 1], range=["#D55E00", "#F0E442", "#009E73"]),
            legend=alt.Legend(
                title="判断できたもののうち記載ありの割合", titleLimit=260, format="%", orient="bottom"
            ),
        ),
    )
    words = base.mark_text(fontSize=14, fontWeight="bold", color="#111111", dy=-4).encode(text="件数:N")
    unknown = base.mark_text(fontSize=11, color="#111111", dy=12).encode(text="不明:N")
    return (ground + cells + words + unknown).properties(height=alt.Step(46))


# ── where the document deals with which pillar ───────────────────────────────


def chapter_rows(coverage: Coverage) -> list[dict[str, Any]]:
    """One row for each pair of chapter and pillar, empty ones too."""
    cells = {(cell.chapter, cell.pillar): cell for cell in coverage.cells}
    rows = []
    for number, chapter in enumerate(coverage.chapters):
        for pillar in COLUMNS:
            cell = cells.get((number, pillar))
            places = weight_of(cell) if cell else 0
            rows.append(
                {
                    "章": f"{number + 1:03d} {chapter.title}",
                    "名": chapter.title,
                    "柱": PILLAR_NAMES[pillar],
                    "濃さ": SHADES[shade_of(places)] if places else _INK,
                    "地": 1.0 if places else 0.1,
                    "字": "#ffffff" if shade_of(places) >= _DARK_SHADES else "#111111",
                    "言葉": cell_words(cell) if cell else "",
                    "数": str(places) if places else "",
                    "ページ": f"{chapter.first_page}～{chapter.last_page}",
                    "chapter": number,
                    "pillar": pillar or 0,
                }
            )
    return rows


def chapter_map(coverage: Coverage) -> Any:
    """A heat map of the document's chapters and the pillars; a click on a cell selects it."""
    rows = chapter_rows(coverage)
    picked = alt.selection_point(name=CELL, fields=["chapter", "pillar"], on="click", clear="dblclick")
    base = _chart(rows).encode(
        x=alt.X(
            "柱:N",
            sort=[PILLAR_NAMES[pillar] for pillar in COLUMNS],
            title=None,
            axis=alt.Axis(labelAngle=-40, orient="top", labelOverlap=False),
        ),
        y=alt.Y(
            "章:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=170, labelExpr="substring(datum.label, 4)", labelOverlap=False),
        ),
        tooltip=[
            alt.Tooltip("名:N", title="章"),
            "柱:N",
            alt.Tooltip("言葉:N", title="記載"),
            "ページ:N",
        ],
    )
    cells = (
        base.mark_rect(cornerRadius=3, cursor="pointer", strokeWidth=2)
        .encode(
            color=alt.Color("濃さ:N", scale=None),
            opacity=alt.Opacity("地:Q", scale=None),
            stroke=alt.condition(picked, alt.value("#D55E00"), alt.value("transparent"), empty=False),
        )
        .add_params(picked)
    )
    words = base.mark_text(
        fontSize=12,
        cursor="pointer",
        text=alt.ExprRef(f"width < {_NARROW} ? datum['数'] : datum['言葉']"),
    ).encode(color=alt.Color("字:N", scale=None))
    return (cells + words).properties(height=alt.Step(32))


# ── the five pillars ─────────────────────────────────────────────────────────


def radar(plans: Sequence[tuple[str, Sequence[PillarShare]]]) -> Any:
    """The share of requirements found for each pillar, one outline a plan; a click on a point selects it."""
    names = [name for name, _ in plans]
    looks = PLAN_LOOKS[: len(plans)]
    picked = alt.selection_point(name=POINT, fields=["plan", "pillar"], on="click", clear="dblclick")
    height = 2 * _REACH + _LEGEND_STEP * len(plans)
    x = alt.X("x:Q", scale=alt.Scale(domain=[-_REACH, _REACH], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[_REACH - height, _REACH], nice=False), axis=None)
    frame = (
        _chart(_frame_rows())
        .mark_line(color=_INK, strokeWidth=1)
        .encode(x=x, y=y, detail="line:N", order="order:Q", opacity=alt.Opacity("strength:Q", scale=None))
    )
    labels = _chart(_label_rows()).encode(x=x, y=y, text="text:N")
    rows = [*_plan_rows(plans), *_legend_rows(names)]
    colour = alt.Color(
        "計画:N",
        sort=names,
        scale=alt.Scale(domain=names, range=[look[0] for look in looks]),
        legend=None,
    )
    dash = alt.StrokeDash(
        "計画:N",
        sort=names,
        scale=alt.Scale(
            domain=names, range=[[int(n) for n in look[1].split()] if look[1] else [1, 0] for look in looks]
        ),
        legend=None,
    )
    outlines = (
        _chart(rows)
        .mark_line(strokeWidth=2.5)
        .encode(x=x, y=y, color=colour, strokeDash=dash, order="order:Q", detail="line:N")
    )
    points = (
        _chart([row for row in rows if row["order"] in range(5)])
        .mark_point(size=110, filled=True, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=alt.Shape(
                "計画:N", sort=names, scale=alt.Scale(domain=names, range=_SHAPES[: len(plans)]), legend=None
            ),
            stroke=alt.condition(picked, alt.value("#D55E00"), alt.value("transparent"), empty=False),
            strokeWidth=alt.value(3),
            tooltip=["計画:N", "柱:N", alt.Tooltip("記載:N", title="記載あり")],
        )
        .add_params(picked)
    )
    named = [
        labels.transform_filter(f"datum.align == '{align}'").mark_text(
            align=align, fontSize=12, baseline="middle", color=_INK
        )
        for align in ("left", "center", "right")
    ]
    legend = (
        _chart([row for row in rows if row["order"] == _LEGEND_END])
        .mark_text(align="left", dx=10, fontSize=12, baseline="middle", color=_INK)
        .encode(x=x, y=y, text="計画:N")
    )
    return (
        alt.layer(frame, *named, outlines, points, legend)
        .properties(width=_SIDE, height=round(_SIDE * height / (2 * _REACH)))
        .configure_view(strokeWidth=0)
    )


def _legend_rows(names: Sequence[str]) -> list[dict[str, Any]]:
    """A short line for each plan below the radar, its name beside it."""
    rows = []
    for number, name in enumerate(names):
        y = -_REACH - _LEGEND_STEP * (number + 0.3)
        for order, x in ((_LEGEND_START, -_REACH + 0.1), (_LEGEND_END, -_REACH + 0.4)):
            rows.append({"計画": name, "line": f"legend{number}", "order": order, "x": x, "y": y})
    return rows


def _frame_rows() -> list[dict[str, Any]]:
    rows = []
    for ring in (0.25, 0.5, 0.75, 1.0):
        for order in range(6):
            x, y = spot(order % 5, ring)
            rows.append(
                {"line": f"ring{ring}", "order": order, "x": x, "y": y, "strength": 0.9 if ring == 1 else 0.4}
            )
    for axis in range(5):
        x, y = spot(axis, 1.0)
        rows += [
            {"line": f"axis{axis}", "order": 0, "x": 0.0, "y": 0.0, "strength": 0.4},
            {"line": f"axis{axis}", "order": 1, "x": x, "y": y, "strength": 0.4},
        ]
    return rows


def _label_rows() -> list[dict[str, Any]]:
    rows = []
    for axis in range(5):
        x, y = spot(axis, 1.08)
        align = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
        if abs(x) > 0.9:  # beside the widest corners there is no room: the name stands above them
            x, y, align = x * 0.98, y + 0.13, "center"
        rows.append({"x": x, "y": y, "text": PILLAR_NAMES[axis + 1], "align": align})
    return rows


def _plan_rows(plans: Sequence[tuple[str, Sequence[PillarShare]]]) -> list[dict[str, Any]]:
    rows = []
    for number, (name, shares) in enumerate(plans):
        for order in range(6):  # the last point closes the outline
            share = shares[order % 5]
            x, y = spot(order % 5, share.share)
            rows.append(
                {
                    "計画": name,
                    "line": f"plan{number}",
                    "柱": PILLAR_NAMES[share.pillar],
                    "記載": share_words(share),
                    "order": order,
                    "x": x,
                    "y": y,
                    "plan": number,
                    "pillar": share.pillar,
                }
            )
    return rows
