"""どの制度が使えそうか: all grants held against one project, as cards and as a table to take along."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import streamlit as st

from assistant.domain import VerdictOutcome
from assistant.export.verdicts import is_about_cost
from assistant.grants.in_answers import is_current
from assistant.grants.rank import RankedGrant, rank_grants
from assistant.japanese.calendar import fiscal_year_label
from assistant.japanese.numbers import format_yen
from assistant.service import Assistant
from assistant.ui.grants_state import Interview
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import BADGE_BY_OUTCOME, NO_PROMISE, draw_known, draw_question

STATUS_WORDS = {"open": "受付・実施中", "closed": "終了", "unknown": "募集は未確認"}
HEAD = ("制度", "年度", "判定", "国費の試算", "足りない事実", "引っ掛かる点", "募集")
_CARDS = 6


def draw_rank(assistant: Assistant, project: Interview, on_choose: Callable[[str], None]) -> None:
    """The question that helps most, the first grants as cards, the whole as a table."""
    grants = assistant.grants
    older = st.toggle(
        "過年度の制度も含める",
        key="rank-older",
        help="比べるための表示です。過年度の制度には申請できません。",
    )
    today = assistant.settings.today
    chosen = [g for g in grants if older or is_current(g, today)]
    draw_known(project, grants.vocabulary, "rank")
    question = project.next_question(chosen)
    if question is not None:
        draw_question(project, question, grants.vocabulary, "rank", left=0)
    ranked = rank_grants(chosen, project.facts, today)
    counts = {outcome: sum(item.outcome is outcome for item in ranked) for outcome in VerdictOutcome}
    st.markdown("　".join(f"{outcome.value} **{count}件**" for outcome, count in counts.items()))
    st.caption(
        f"分かっている事実だけで判定し、同じ判定の中では事業の内容に近い順に並べています。{NO_PROMISE}"
    )
    if project.facts:
        for item in ranked[:_CARDS]:
            _draw_card(item, assistant, on_choose)
    else:
        st.info("事業の内容を入力して確かめると、使えそうな順に並びます。", icon=":material/sort:")
    st.subheader(f"比較表（{len(ranked)}件）", anchor=False)
    rows = [row_of(item, assistant) for item in ranked]
    st.dataframe(
        {label: [row[place] for row in rows] for place, label in enumerate(HEAD)},
        hide_index=True,
        height=420,
        alt="制度の比較表。CSV でも保存できます。",
        key="rank-table",
    )
    st.download_button(
        "比較表を CSV で保存",
        lambda: rank_csv(rows),
        file_name="制度の比較.csv",
        mime="text/csv",
        icon=":material/table_view:",
        key="rank-csv",
        on_click="ignore",
    )


def _draw_card(item: RankedGrant, assistant: Assistant, on_choose: Callable[[str], None]) -> None:
    label, colour, icon = BADGE_BY_OUTCOME[item.outcome]
    grant = assistant.grants.by_id[item.grant_id]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(item.name)}**", width="content")
            st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
        if grant.summary:
            st.markdown(lines(grant.summary))
        told = [f"満たす条件 {item.met}件", f"未確認 {item.undecided}件", STATUS_WORDS[item.status]]
        if item.amounts and item.amounts.national_yen is not None:
            told.insert(0, f"国費の試算 {format_yen(item.amounts.national_yen)}")
        st.caption(plain("　".join(told)))
        if item.why:
            st.caption(f":material/target: 関係する内容: {plain('、'.join(item.why[:6]))}")
        costs = {f.because for f in item.verdict.findings if is_about_cost(f)}
        for reason in sorted(item.against, key=costs.__contains__)[:3]:
            icon = ":material/remove_circle:" if reason in costs else ":material/cancel:"
            st.caption(f"{icon} {plain(reason)}")
        st.button(
            "この制度で判定する",
            key=f"choose-{item.grant_id}",
            on_click=on_choose,
            args=(item.grant_id,),
            type="tertiary",
            icon=":material/arrow_forward:",
        )


def row_of(item: RankedGrant, assistant: Assistant) -> tuple[str, ...]:
    """One row of the comparison table, under ``HEAD``."""
    grant = assistant.grants.by_id[item.grant_id]
    names = [grant.vocabulary[name].name_in_text for name in item.missing]
    lacking = "、".join(names[:3]) + (f" ほか{len(names) - 3}件" if len(names) > 3 else "")
    national = item.amounts.national_yen if item.amounts else None
    return (
        item.short,
        fiscal_year_label(item.fiscal_year) if grant.is_yearly else "―",
        item.outcome.value,
        "―" if item.amounts is None else "未確認" if national is None else format_yen(national),
        lacking or "なし",
        " ".join(item.against) or "なし",
        STATUS_WORDS[item.status],
    )


def rank_csv(rows: list[tuple[str, ...]]) -> bytes:
    """The table as CSV that Excel opens in Japanese (UTF-8 with BOM); no cell can act as a formula."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
