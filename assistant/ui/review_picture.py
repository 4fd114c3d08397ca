"""The picture of a document: its chapters and the five pillars, beside plans that a person adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from assistant.domain import Outcome, PageQuote
from assistant.errors import InputError
from assistant.export.picture import (
    MOST_PEERS,
    PEERS_NOTE,
    PILLAR_NAMES,
    cell_words,
    plans_of,
    share_words,
)
from assistant.review.coverage import peer_of
from assistant.review.nouns import Coverage, Review
from assistant.service import Assistant
from assistant.ui.frame import told_in_japanese
from assistant.ui.review_chart import CELL, POINT, chapter_map, coverage_map, radar
from assistant.ui.review_state import Beside, Filed, Held, bring_beside, draw_page_button, drop_beside
from assistant.ui.safe import lines, plain

_KINDS: Final = ["pdf", "docx", "xlsx", "pptx", "html", "htm", "md", "txt"]
_PEER: Final = "peer-"  # what the keys of peers begin with among what lies beside the review
_MAP, _RADAR = "picture-map", "picture-radar"
_A_LIST: Final = 15  # quotes shown at once


def draw_picture(assistant: Assistant, held: Held) -> None:
    """Where the document deals with which pillar, the pillars beside peers, and what was found by requirement."""
    coverage = held.review.coverage
    if coverage is not None:
        _draw_chapters(held, coverage)
        _draw_pillars(assistant, held, coverage)
    st.markdown("##### 点検項目ごとの記載")
    st.caption(
        "要件のうち記載を確認できたものの数です（記載あり／要件の数）。灰色に近いほど、判断できないもの（不明）が多いことを示します。"
    )
    st.altair_chart(
        coverage_map(held.review), width="stretch", alt="点検項目の章と5本柱ごとの、記載を確認できた要件の数"
    )


# ── chapters ─────────────────────────────────────────────────────────────────


def _draw_chapters(held: Held, coverage: Coverage) -> None:
    st.markdown("##### どの章が、どの柱を扱っているか")
    st.caption(
        "「要件」は記載を確認できた点検項目の数、「文」は取り組むことを述べた文の数です。画面が狭いときは、場所の数だけを示します。枠を選ぶと、引用とページを示します。"
    )
    st.altair_chart(
        chapter_map(coverage),
        width="stretch",
        on_select="rerun",
        selection_mode=CELL,
        key=_MAP,
        alt=f"{len(coverage.chapters)}の章と5本柱の表。濃いほど、記載のある場所が多いことを示します。",
    )
    names = {
        (
            cell.chapter,
            cell.pillar or 0,
        ): f"{coverage.chapters[cell.chapter].title} × {PILLAR_NAMES[cell.pillar]}（{cell_words(cell)}）"
        for cell in coverage.cells
    }
    if not names:
        st.caption("記載を確認できた場所はありません。")
        return
    clicked = _clicked(held, _MAP, CELL, ("chapter", "pillar"))
    if clicked is not None:
        st.session_state["picture-cell"] = clicked if clicked in names else None
    chosen = st.selectbox(
        "引用を見る章と柱",
        list(names),
        index=None,
        format_func=lambda key: plain(names[key]).replace("\\", ""),
        placeholder="章と柱を選ぶ",
        key="picture-cell",
    )
    if chosen is None:
        return
    cell = next(c for c in coverage.cells if (c.chapter, c.pillar or 0) == chosen)
    told = {item.requirement_id: item.requirement for item in held.review.items}
    found = [(told.get(b.requirement_id, ""), b.where) for b in cell.evidence]
    known = {(where.page, where.start) for _, where in found}
    found += [("取り組むことを述べた文", q) for q in cell.commitments if (q.page, q.start) not in known]
    _draw_quotes(held, found, f"cell-{chosen[0]}-{chosen[1]}")


def _clicked(held: Held, chart: str, selection: str, fields: tuple[str, str]) -> tuple[int, int] | None:
    """What was clicked on since the last run; None where nothing new was."""
    event: Any = st.session_state.get(chart)
    points = event["selection"].get(selection, []) if event else []
    now = (int(points[0][fields[0]]), int(points[0][fields[1]])) if points else None
    if held.kept.get(chart) == now:
        return None
    held.kept[chart] = now
    return now


def _draw_quotes(filed: Filed, found: Sequence[tuple[str, PageQuote]], key: str) -> None:
    by_place: dict[tuple[int, int], tuple[list[str], PageQuote]] = {}
    for label, where in found:
        by_place.setdefault((where.page, where.start), ([], where))[0].append(label)
    rows = [by_place[place] for place in sorted(by_place)]
    for number, (labels, where) in enumerate(rows[:_A_LIST]):
        with st.container(border=True):
            st.caption(plain(f"{where.page}ページ　{'／'.join(dict.fromkeys(labels))}"))
            st.markdown(lines(where.quote))
            draw_page_button(filed, where, f"{key}-{number}")
    if len(rows) > _A_LIST:
        st.caption(
            f"ほかに{len(rows) - _A_LIST}か所あります。「書き出し」のHTMLで、すべての引用を見られます。"
        )


# ── the five pillars, beside peers ───────────────────────────────────────────


def _draw_pillars(assistant: Assistant, held: Held, coverage: Coverage) -> None:
    st.markdown("##### 5本柱ごとの記載")
    plans = plans_of(held.review, coverage)
    chart, table = st.columns([2, 3], gap="medium")  # the table holds six columns
    with chart:
        st.altair_chart(
            radar([(_short(name), shares) for name, shares in plans]),
            width="content",
            on_select="rerun",
            selection_mode=POINT,
            key=f"{_RADAR}-{len(plans)}",
            alt="5本柱ごとに、記載を確認できた要件の割合を示すレーダーチャート。同じ数を表でも示します。",
        )
    with table:
        st.dataframe(
            [
                {"計画": name, **{PILLAR_NAMES[s.pillar]: share_words(s) for s in shares}}
                for name, shares in plans
            ],
            hide_index=True,
            width="stretch",
        )
        st.caption("記載を確認できた要件／要件の数です。" + (PEERS_NOTE if held.review.peers else ""))
        _draw_pillar_quotes(held, plans)
    _draw_peers(assistant, held)


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _draw_pillar_quotes(held: Held, plans: Sequence[tuple[str, Any]]) -> None:
    names = {
        (number, share.pillar): f"{name}　{PILLAR_NAMES[share.pillar]}"
        for number, (name, shares) in enumerate(plans)
        for share in shares
    }
    clicked = _clicked(held, f"{_RADAR}-{len(plans)}", POINT, ("plan", "pillar"))
    if clicked is not None:
        st.session_state["picture-point"] = clicked if clicked in names else None
    chosen = st.selectbox(
        "引用を見る計画と柱",
        list(names),
        index=None,
        format_func=lambda key: names[key],
        placeholder="計画と柱を選ぶ",
        key="picture-point",
    )
    if chosen is None:
        return
    number, pillar = chosen
    filed: Held | Beside = held if number == 0 else _peers(held)[number - 1]
    review = filed.review
    items = [i for i in review.items if i.pillar == pillar] if review else []
    found = [(i.requirement, q) for i in items if i.outcome is Outcome.MET for q in i.evidence]
    missing = [i.requirement for i in items if i.outcome is not Outcome.MET]
    if missing:
        st.caption(plain(f"確認できなかった項目: {'／'.join(missing)}"))
    _draw_quotes(filed, found, f"point-{number}-{pillar}")


def _peers(held: Held) -> list[Beside]:
    return [other for key, other in held.beside.items() if key.startswith(_PEER)]


def _draw_peers(assistant: Assistant, held: Held) -> None:
    keys = [key for key in held.beside if key.startswith(_PEER)]
    for key in keys:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(held.beside[key].name))
            if st.button("外す", key=f"drop-{key}", icon=":material/close:", type="tertiary"):
                drop_beside(held, key)
                _show(held)
                st.rerun()
    if len(keys) >= MOST_PEERS:
        st.caption(f"比べられる計画は{MOST_PEERS}件までです。")
        return
    with st.form("peer-form", clear_on_submit=True):
        files = st.file_uploader(
            f"比べる計画（あと{MOST_PEERS - len(keys)}件まで）",
            type=_KINDS,
            accept_multiple_files=True,
            key="peer-files",
        )
        pressed = st.form_submit_button("図に加える", icon=":material/add_chart:")
    if pressed and not files:
        st.warning("比べる計画の文書を選んでください。", icon=":material/upload_file:")
    elif pressed:
        _add_peers(assistant, held, files, MOST_PEERS - len(keys))


def _add_peers(assistant: Assistant, held: Held, files: Sequence[Any], room: int) -> None:
    with told_in_japanese():
        if len(files) > room:
            raise InputError(
                f"{len(files)}件は加えられません。",
                why=f"比べられる計画は{MOST_PEERS}件までです。",
                remedy=f"{room}件までにするか、加えた計画を外してください。",
            )
        added = [_add_peer(assistant, held, file.name, file.getvalue()) for file in files]
        _show(held)
        if all(added):
            st.rerun()


def _add_peer(assistant: Assistant, held: Held, name: str, content: bytes) -> bool:
    number = next(n for n in range(1, MOST_PEERS + 2) if f"{_PEER}{n}" not in held.beside)
    peer = bring_beside(assistant, held, f"{_PEER}{number}", name, content)
    if peer is None:
        return False
    with st.spinner(f"「{plain(name)}」を点検しています。"):
        strictness = held.review.summary.strictness
        peer.review = assistant.reviews.hold(peer.document, held.review.target, strictness=strictness)
    return True


def _show(held: Held) -> None:
    reviews: list[Review] = [other.review for other in _peers(held) if other.review is not None]
    named = [
        peer_of(review).model_copy(update={"name": other.name})
        for other, review in zip(_peers(held), reviews, strict=True)
    ]
    held.show(held.review.model_copy(update={"peers": tuple(named)}))
