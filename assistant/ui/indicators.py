"""指標を比べる: a municipality beside its peers, its prefecture and the country; and files people bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from assistant.cases.indicators import (
    DEFAULT,
    PEERS,
    Indicator,
    IndicatorRow,
    brought_indicators,
    compare_indicators,
    peers_of,
    register_indicators,
    tell_figure,
)
from assistant.cases.tables import read_table
from assistant.domain import Municipality, Source
from assistant.errors import AssistantError
from assistant.export.indicators import indicators_csv, indicators_xlsx
from assistant.knowledge.municipalities import Municipalities
from assistant.knowledge.targets import Target, load_targets
from assistant.service import Assistant
from assistant.ui.case_cards import draw_sources
from assistant.ui.frame import open_assistant, told_in_japanese
from assistant.ui.safe import lines, plain

_MOST_SHOWN = 30
# Indicators of the register that a target of the national policies speaks to: words of the target → columns.
_COLUMNS_OF_WORD = {
    "転入": ("social_rate", "moved_in", "moved_out"), "社会増減": ("social_rate", "change_rate"),
    "買物": ("retail_shops",), "医療": ("doctors", "clinics", "hospitals"), "子育て": ("births", "share_0_14", "natural_rate"),
    "移住": ("social_rate", "moved_in"), "労働生産性": ("workers", "local_tax_thousand_yen"),
}  # fmt: skip


def draw() -> None:
    """The page."""
    st.title("指標を比べる", anchor=False)
    st.caption(
        "自治体の数値を、似た自治体・同じ都道府県・全国と並べます。どの数値にも時点と出典を示し、ない数値は「数値なし」とします。"
    )
    assistant: Assistant | None = None
    with told_in_japanese():
        assistant = open_assistant()
    if assistant is None:
        st.stop()
    register = assistant.municipalities
    if register is None:
        st.info("この資料データには自治体の一覧がありません。", icon=":material/info:")
        return
    known = _register_indicators(assistant, register)
    brought = _draw_upload(register)
    place = _draw_place(register)
    if place is None:
        st.info("自治体を選ぶと、似た自治体との比較を表示します。", icon=":material/location_city:")
        return
    peers = _draw_peers(place, register)
    chosen = _draw_choice(known, brought)
    if not chosen:
        st.info("指標を1つ以上選んでください。", icon=":material/checklist:")
        return
    rows = compare_indicators(place, peers, chosen, register)
    _draw_table(place, peers, rows)
    _draw_chart(place, peers, rows)
    _draw_sources(rows)
    _draw_targets(assistant, rows)


@st.cache_resource(max_entries=1, show_spinner=False)
def _held_indicators(_assistant: Assistant, corpus: str) -> dict[str, Indicator]:
    register = _assistant.municipalities
    return register_indicators(register, _assistant.cases.columns) if register else {}


def _register_indicators(assistant: Assistant, register: Municipalities) -> dict[str, Indicator]:
    return _held_indicators(assistant, f"{assistant.settings.corpus}:{len(register)}")


def _draw_place(register: Municipalities) -> Municipality | None:
    names = ["", *(m.full_name for m in register)]
    asked = st.query_params.get("place", "")
    if asked and "indicators-place" not in st.session_state:
        try:
            st.session_state["indicators-place"] = register.find(asked).full_name
        except AssistantError as error:
            st.warning(lines(str(error)), icon=":material/link_off:")
    name = st.selectbox("自治体", names, key="indicators-place", format_func=lambda n: n or "自治体を選ぶ")
    if not name:
        st.query_params.pop("place", None)
        return None
    st.query_params["place"] = name
    return register.find(name)


def _draw_peers(place: Municipality, register: Municipalities) -> tuple[Municipality, ...]:
    found = peers_of(place, register)
    with st.expander(f"比べる相手（{len(found)}団体）を見る・選び直す", icon=":material/groups:"):
        st.caption(
            f"人口・年齢構成・増減・産業・財政・離島や過疎などの区分・位置が似た{PEERS}団体を自動で選んでいます。"
            "似ている度合いの計算は、指標ごとの差を重みつきで平均したものです。"
        )
        names = [m.full_name for m in register if m.code != place.code]
        chosen = st.multiselect(
            "比べる相手",
            names,
            default=[m.full_name for m in found],
            key=f"indicators-peers-{place.code}",
            max_selections=60,
        )
    return tuple(register.find(name) for name in chosen)


def _draw_upload(register: Municipalities) -> dict[str, Indicator]:
    held: dict[str, Indicator] = {}
    with st.expander("自分のCSVを加える（e-Stat・RESASの形式など）", icon=":material/upload_file:"):
        st.caption(
            "市区町村のコードか名前の列があるCSVを読み取ります。この画面だけで使い、保存も送信もしません。"
        )
        files = st.file_uploader(
            "CSVファイル", type=["csv", "tsv", "txt"], accept_multiple_files=True, key="indicators-files"
        )
        for file in files or ():
            try:
                table = read_table(file.getvalue(), file.name, register)
            except AssistantError as error:
                st.error(lines(str(error)), icon=":material/error:")
                continue
            held |= brought_indicators(table)
            st.success(
                plain(
                    f"「{table.name}」から{len(table.series)}系列・{table.municipalities}団体の数値を読み取りました。"
                ),
                icon=":material/check:",
            )
            st.caption(plain(f"出典の記載: {table.source or 'ファイルの中に見つかりません'}"))
            for note in table.notes:
                st.caption(f":material/info: {plain(note)}")
    return held


def _draw_choice(known: dict[str, Indicator], brought: dict[str, Indicator]) -> list[Indicator]:
    every = {**brought, **known}
    default = [*list(brought)[:6], *(key for key in DEFAULT if key in known)]
    chosen = st.multiselect(
        "指標",
        list(every),
        default=default,
        key=f"indicators-chosen-{hash(tuple(brought))}",
        format_func=lambda key: f"{every[key].label}（{every[key].when}）",
        max_selections=40,
    )
    return [every[key] for key in chosen]


def _draw_table(place: Municipality, peers: Sequence[Municipality], rows: Sequence[IndicatorRow]) -> None:
    st.subheader(plain(f"{place.full_name}と似た自治体"), anchor=False)
    table = pd.DataFrame(
        [
            {
                "指標": plain(r.indicator.label + (f"（{r.indicator.unit}）" if r.indicator.unit else "")),
                "時点": plain(r.indicator.when),
                plain(place.name): plain(tell_figure(r.ours, r.indicator.unit)),
                "似た自治体の中央値": plain(tell_figure(r.peers.value, r.indicator.unit)),
                "県内の中央値": plain(tell_figure(r.prefecture.value, r.indicator.unit)),
                "全国の中央値": plain(tell_figure(r.country.value, r.indicator.unit)),
                "似た自治体の中の順位": f"{r.rank}位／{r.peers.known + 1}" if r.rank is not None else "－",
            }
            for r in rows
        ]
    ).set_index("指標")
    st.table(table)
    st.caption(
        "中央値は、数値のある市区町村から計算しています（都道府県を選んだときは都道府県の間の中央値）。"
        "順位は数値の大きい順で、良し悪しではありません。"
    )
    lacking = [
        f"{r.indicator.label} {r.peers.known}／{r.peers.members}"
        for r in rows
        if r.peers.known < r.peers.members
    ]
    if lacking:
        st.caption(plain("似た自治体のうち数値のある団体の数: " + "、".join(lacking)))
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Excel", lambda: indicators_xlsx(place, peers, rows), file_name=f"指標_{place.name}.xlsx",
            icon=":material/table:", key="indicators-xlsx", on_click="ignore",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )  # fmt: skip
        st.download_button(
            "CSV", lambda: indicators_csv(place, rows), file_name=f"指標_{place.name}.csv", mime="text/csv",
            icon=":material/csv:", key="indicators-csv", on_click="ignore",
        )  # fmt: skip


def _draw_chart(place: Municipality, peers: Sequence[Municipality], rows: Sequence[IndicatorRow]) -> None:
    labels = [f"{r.indicator.label}（{r.indicator.when}）" for r in rows]
    picked = st.selectbox(
        "図にする指標", range(len(rows)), format_func=lambda n: labels[n], key=f"indicators-chart-{len(rows)}"
    )
    row = rows[picked if picked is not None else 0]
    values: list[dict[str, Any]] = [
        {
            "自治体": m.full_name,
            "値": row.indicator.values[m.code],
            "区分": place.name if m.code == place.code else "似た自治体",
        }
        for m in (place, *peers)
        if m.code in row.indicator.values
    ][: _MOST_SHOWN + 1]
    if not values:
        st.caption("図にできる数値がありません。")
        return
    unit = f"（{row.indicator.unit}）" if row.indicator.unit else ""
    data: Any = alt.Data(values=values)  # type: ignore[no-untyped-call]
    bars = (
        alt.Chart(data)
        .mark_bar()
        .encode(
            y=alt.Y("自治体:N", sort="-x", title=None, axis=alt.Axis(labelLimit=200, labelOverlap=False)),
            x=alt.X("値:Q", title=row.indicator.label + unit),
            color=alt.Color(
                "区分:N", title=None, legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=[place.name, "似た自治体"], range=["#D55E00", "#7A9BB5"]),
            ),
            tooltip=["自治体:N", "値:Q"],
        )
    )  # fmt: skip
    st.altair_chart(
        bars.properties(height=max(120, 24 * len(values))), width="stretch",
        alt=f"{row.indicator.label}を{place.name}と似た自治体で比べた棒グラフ",
    )  # fmt: skip
    missing = [m.name for m in (place, *peers) if m.code not in row.indicator.values]
    if missing:
        st.caption(plain(f"数値がないため図にない自治体: {'、'.join(missing)}"))


def _draw_sources(rows: Sequence[IndicatorRow]) -> None:
    with st.expander("数値の出典", icon=":material/menu_book:"):
        by_source: dict[str, tuple[Source, list[str]]] = {}
        for row in rows:
            for source in row.indicator.sources:
                by_source.setdefault(source.id, (source, []))[1].append(
                    f"{row.indicator.label}（{row.indicator.when}）"
                )
        for source, labels in by_source.values():
            draw_sources((source,))
            st.caption(plain("、".join(labels)))
        for told in dict.fromkeys(row.indicator.told_source for row in rows if row.indicator.told_source):
            st.markdown(plain(told))
        for row in rows:
            if row.indicator.note:
                st.caption(plain(f"{row.indicator.label}: {row.indicator.note}"))


def _draw_targets(assistant: Assistant, rows: Sequence[IndicatorRow]) -> None:
    path = assistant.settings.corpus / "targets.yaml"
    if not path.is_file():
        return
    shown = {row.indicator.key for row in rows}
    targets = load_targets(path, assistant.sources.keys())
    related = [target for target in targets if shown & set(_columns_of(target))]
    with st.expander(f"関係する国の目標（{len(related)}件）", icon=":material/flag:"):
        st.caption(
            "国の目標の多くは国全体や東京圏との比較で定められ、1つの自治体の数値とそのまま比べられるものではありません。"
        )
        for target in related:
            st.markdown(plain(target.statement))
            draw_sources([assistant.sources[i] for i in target.sources])
        if not related:
            st.caption("選んだ指標に関係する目標は見つかりませんでした。")


def _columns_of(target: Target) -> tuple[str, ...]:
    return tuple(
        c for word, columns in _COLUMNS_OF_WORD.items() if word in "".join(target.words) for c in columns
    )
