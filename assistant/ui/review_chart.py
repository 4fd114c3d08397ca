"""The picture of a review: how much of what is asked was found, by chapter and pillar."""

from __future__ import annotations

from typing import Any

import altair as alt

from assistant.domain import Outcome
from assistant.review.nouns import Review

PILLARS = {
    None: "共通",
    1: "柱1 生活環境",
    2: "柱2 稼ぐ力",
    3: "柱3 分散・交流",
    4: "柱4 デジタル",
    5: "柱5 広域連携",
}


def coverage_rows(review: Review) -> list[dict[str, Any]]:
    """One row for each pair of pillar and chapter that holds requirements."""
    rows = []
    for chapter in dict.fromkeys(item.chapter for item in review.items):
        for pillar, label in PILLARS.items():
            items = [i for i in review.items if i.chapter == chapter and i.pillar == pillar]
            if items:
                met = sum(i.outcome is Outcome.MET for i in items)
                unknown = sum(i.outcome is Outcome.UNKNOWN for i in items)
                rows.append(
                    {
                        "章": chapter,
                        "柱": label,
                        "割合": met / len(items),
                        "件数": f"{met}/{len(items)}",
                        "判断できない": unknown,
                    }
                )
    return rows


def coverage_map(review: Review) -> Any:
    """A heat map of pillars and chapters; each cell says how many requirements were found."""
    rows = coverage_rows(review)
    base = alt.Chart(alt.Data(values=rows)).encode(  # type: ignore[no-untyped-call]
        x=alt.X(
            "柱:N",
            sort=list(PILLARS.values()),
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
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "割合:Q",
            scale=alt.Scale(domain=[0, 0.5, 1], range=["#D55E00", "#F0E442", "#009E73"]),
            legend=alt.Legend(title="記載ありの割合", format="%", orient="bottom"),
        )
    )
    words = base.mark_text(fontSize=14, fontWeight="bold", color="#111111").encode(text="件数:N")
    return (cells + words).properties(height=alt.Step(46))
