"""The picture of a document for the HTML file: drawn as SVG from the numbers, without a script."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from assistant.review.nouns import ChapterCell, Coverage, PillarShare, Review

PILLAR_NAMES: Final[dict[int | None, str]] = {
    None: "共通",
    1: "柱1 生活環境",
    2: "柱2 稼ぐ力",
    3: "柱3 分散・交流",
    4: "柱4 デジタル",
    5: "柱5 広域連携",
}
COLUMNS: Final[tuple[int | None, ...]] = (1, 2, 3, 4, 5, None)
# Colours that stay apart for colour-blind eyes (Okabe & Ito 2008); the dashes tell them apart without colour.
PLAN_LOOKS: Final = (
    ("#0072B2", ""),
    ("#D55E00", "6 3"),
    ("#009E73", "2 2"),
    ("#CC79A7", "8 3 2 3"),
    ("#7A5C00", "1 3"),
    ("#444444", "10 4"),
)
SHADES: Final = ("#eef3f7", "#cfe1f0", "#9cc4e2", "#5b9fd0", "#1f73b0")  # nothing, 1, 2–3, 4–6, 7 and more
_DARKEST_WITH_BLACK: Final = 3
PEERS_NOTE: Final = "ほかの計画も同じ点検項目で読み取った結果です。記載の有無と数であり、内容の良し悪しや優劣を示すものではありません。"
MOST_PEERS: Final = len(PLAN_LOOKS) - 1
_WIDTH_LABEL, _WIDTH_CELL, _HEIGHT_CELL, _TOP = 270, 96, 34, 40
_LONGEST_TITLE: Final = 20  # characters of a chapter's title in the drawing
_RADIUS: Final = 130


def shade_of(count: int) -> int:
    """Which of ``SHADES`` a cell with so many places has."""
    return (count > 0) + (count > 1) + (count > 3) + (count > 6)


def cell_words(cell: ChapterCell) -> str:
    """「要件2・文5」."""
    parts = [f"要件{cell.met}"] if cell.met else []
    return "・".join([*parts, f"文{len(cell.commitments)}"] if cell.commitments else parts)


def weight_of(cell: ChapterCell) -> int:
    """How many places of the document the cell holds."""
    spots = {(b.where.page, b.where.start) for b in cell.evidence}
    return len(spots | {(q.page, q.start) for q in cell.commitments})


def spot(axis: int, share: float, axes: int = 5) -> tuple[float, float]:
    """Where a share of 0 to 1 lies on an axis of the radar, the first axis pointing up; y grows upwards."""
    angle = math.pi / 2 - 2 * math.pi * axis / axes
    return share * math.cos(angle), share * math.sin(angle)


def share_words(share: PillarShare) -> str:
    """「3／6」, with those that could not be decided."""
    unknown = f"（不明{share.unknown}）" if share.unknown else ""
    return f"{share.met}／{share.requirements}{unknown}"


def picture_html(review: Review) -> list[str]:
    """The section of the HTML file; empty for a review without a picture."""
    coverage = review.coverage
    if coverage is None:
        return []
    out = ["<h2>全体の図</h2><h3>どの章が、どの柱を扱っているか</h3>"]
    out.append(
        "<p class='note'>「要件」は記載を確認できた点検項目の数、「文」は取り組むことを述べた文の数です。"
        "枠を選ぶと、その引用へ移ります。</p>"
    )
    out.append(_heat_map(coverage))
    out.append("<h3>5本柱ごとの記載</h3>")
    out.append(_radar(review, coverage))
    out += _shares(review, coverage)
    return out


def _heat_map(coverage: Coverage) -> str:
    width = _WIDTH_LABEL + _WIDTH_CELL * len(COLUMNS)
    height = _TOP + _HEIGHT_CELL * len(coverage.chapters) + 4
    out = [
        f"<div style='overflow-x:auto'><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='100%' "
        f"style='min-width:40rem' role='img' "
        f"aria-label='章と5本柱の表。{len(coverage.chapters)}の章について、記載のある場所の数を色の濃さで示します。' font-size='13'>"
    ]
    for number, pillar in enumerate(COLUMNS):
        x = _WIDTH_LABEL + _WIDTH_CELL * number + _WIDTH_CELL / 2
        out.append(f"<text x='{x}' y='24' text-anchor='middle' fill='#1a1a1a'>{PILLAR_NAMES[pillar]}</text>")
    cells = {(cell.chapter, cell.pillar): cell for cell in coverage.cells}
    for row, chapter in enumerate(coverage.chapters):
        y = _TOP + _HEIGHT_CELL * row
        short = (
            chapter.title
            if len(chapter.title) <= _LONGEST_TITLE
            else chapter.title[: _LONGEST_TITLE - 1] + "…"
        )
        indent = 14 if chapter.within else 0
        out.append(
            f"<text x='{indent}' y='{y + 22}' fill='#1a1a1a'>{escape(short)}<title>{escape(chapter.title)}（{chapter.first_page}ページから）</title></text>"
        )
        for number, pillar in enumerate(COLUMNS):
            x = _WIDTH_LABEL + _WIDTH_CELL * number
            cell = cells.get((row, pillar))
            shade = shade_of(weight_of(cell)) if cell else 0
            box = f"<rect x='{x + 1}' y='{y + 1}' width='{_WIDTH_CELL - 2}' height='{_HEIGHT_CELL - 2}' rx='3' fill='{SHADES[shade]}'/>"
            if cell is None:
                out.append(box)
                continue
            ink = "#111111" if shade <= _DARKEST_WITH_BLACK else "#ffffff"
            out.append(
                f"<a href='#{_anchor(cell)}'>{box}<text x='{x + _WIDTH_CELL / 2}' y='{y + 22}' text-anchor='middle' fill='{ink}'>{cell_words(cell)}</text></a>"
            )
    return "".join([*out, "</svg></div>"])


def _anchor(cell: ChapterCell) -> str:
    return f"place-{cell.chapter}-{cell.pillar or 0}"


def places_html(review: Review) -> list[str]:
    """The quotes behind each cell of the picture, to which the cells lead."""
    coverage = review.coverage
    if coverage is None:
        return []
    names = {item.requirement_id: item.requirement for item in review.items}
    out = ["<h2>章と柱ごとの引用</h2>"]
    for cell in coverage.cells:
        title = f"{coverage.chapters[cell.chapter].title} × {PILLAR_NAMES[cell.pillar]}"
        out.append(f"<h3 id='{_anchor(cell)}'>{escape(title)}</h3><ul>")
        out += [
            f"<li>{b.where.page}ページ: {escape(b.where.quote)}<br><span class='note'>{escape(names.get(b.requirement_id, ''))}</span></li>"
            for b in cell.evidence
        ]
        known = {(b.where.page, b.where.start) for b in cell.evidence}
        out += [
            f"<li>{q.page}ページ: {escape(q.quote)}</li>"
            for q in cell.commitments
            if (q.page, q.start) not in known
        ]
        out.append("</ul>")
    return out


# ── the five pillars ─────────────────────────────────────────────────────────


def _radar(review: Review, coverage: Coverage) -> str:
    plans = plans_of(review, coverage)
    size = 2 * _RADIUS + 230
    middle = size / 2
    out = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size} {size - 40}' width='{size}' style='max-width:100%;height:auto' role='img' "
        f"aria-label='5本柱ごとに、記載を確認できた要件の割合を示すレーダーチャート。' font-size='13'>"
    ]

    def at(axis: int, share: float) -> str:
        x, y = spot(axis, share)
        return f"{middle + _RADIUS * x:.1f},{middle - 20 - _RADIUS * y:.1f}"

    for ring in (0.25, 0.5, 0.75, 1.0):
        points = " ".join(at(axis, ring) for axis in range(5))
        out.append(
            f"<polygon points='{points}' fill='none' stroke='#bbbbbb' stroke-width='{1 if ring < 1 else 1.5}'/>"
        )
    for axis, share in enumerate(coverage.pillars):
        x, y = at(axis, 1.0).split(",")
        lx, ly = at(axis, 1.14).split(",")
        side = spot(axis, 1.0)[0]
        anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
        zx, zy = at(axis, 0).split(",")
        out.append(f"<line x1='{zx}' y1='{zy}' x2='{x}' y2='{y}' stroke='#bbbbbb'/>")
        out.append(
            f"<text x='{lx}' y='{ly}' text-anchor='{anchor}' fill='#1a1a1a'>{PILLAR_NAMES[share.pillar]}</text>"
        )
    for (name, shares), (colour, dash) in zip(plans, PLAN_LOOKS, strict=False):
        points = " ".join(at(axis, share.share) for axis, share in enumerate(shares))
        out.append(
            f"<polygon points='{points}' fill='{colour}' fill-opacity='{0.15 if not dash else 0}' stroke='{colour}' stroke-width='2.5' stroke-dasharray='{dash}'><title>{escape(name)}</title></polygon>"
        )
    return "".join([*out, "</svg>"])


def plans_of(review: Review, coverage: Coverage) -> list[tuple[str, Sequence[PillarShare]]]:
    """The reviewed plan and its peers, by name."""
    return [(review.file, coverage.pillars), *((peer.name, peer.pillars) for peer in review.peers)]


def _shares(review: Review, coverage: Coverage) -> list[str]:
    """The same figures as a table, which does not mislead by its area."""
    out = ["<table><tr><th>計画</th>"]
    out += [f"<th>{PILLAR_NAMES[share.pillar]}</th>" for share in coverage.pillars]
    out.append("</tr>")
    for (name, shares), (colour, dash) in zip(plans_of(review, coverage), PLAN_LOOKS, strict=False):
        line = f"<svg width='34' height='10' aria-hidden='true'><line x1='0' y1='5' x2='34' y2='5' stroke='{colour}' stroke-width='3' stroke-dasharray='{dash}'/></svg>"
        out.append(f"<tr><td>{line} {escape(name)}</td>")
        out += [f"<td>{share_words(share)}、取組の文{share.commitments}</td>" for share in shares]
        out.append("</tr>")
    out.append("</table>")
    if review.peers:
        out.append(f"<p class='note'>{PEERS_NOTE}</p>")
    return out
