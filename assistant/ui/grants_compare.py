"""年度の違い: two fiscal years (or two types) of a grant, clause by clause."""

from __future__ import annotations

import streamlit as st

from assistant.grants.compare import Difference, compare_years
from assistant.grants.rules import Grant
from assistant.service import Assistant
from assistant.ui.grants_form import member_label
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import Sources, draw_clause

_CHANGES = {
    "changed": ("変わった", "orange", ":material/sync_alt:"),
    "added": ("加わった", "green", ":material/add:"),
    "removed": ("なくなった", "red", ":material/remove:"),
    "evidence": ("根拠だけが変わった", "blue", ":material/menu_book:"),
    "same": ("同じ", "gray", ":material/drag_handle:"),
}
_KINDS = {"rule": "条件", "amount": "金額", "name": "名称", "office": "窓口", "schedule": "日程"}


def related(assistant: Assistant, grant: Grant) -> list[Grant]:
    """Grants that can be set beside this one: its family, predecessor and successor, earliest first."""
    ids = [g.id for g in assistant.grants.family(grant.family)]
    ids += [i for i in (grant.predecessor, grant.successor) if i in assistant.grants.by_id]
    found = [assistant.grants.by_id[i] for i in dict.fromkeys(ids) if i]
    return sorted(found, key=lambda g: (g.fiscal_year, g.id))


def draw_years(assistant: Assistant, grant: Grant) -> None:
    """Pick another year of the grant and read what differs."""
    others = [g for g in related(assistant, grant) if g.id != grant.id]
    if not others:
        st.info("比べられる年度は登録されていません。", icon=":material/info:")
        return
    ids = [g.id for g in others]
    default = grant.predecessor if grant.predecessor in ids else ids[-1]
    other = st.selectbox(
        "比べる年度・類型",
        ids,
        index=ids.index(default or ids[-1]),
        format_func=lambda i: member_label(assistant.grants.by_id[i]),
        key=f"years-{grant.id}",
    )
    before, after = sorted(
        (assistant.grants.by_id[other], grant), key=lambda g: (g.fiscal_year, g.id == grant.id)
    )
    found = compare_years(before, after)
    counts = {change: sum(d.change == change for d in found) for change in _CHANGES}
    st.markdown("　".join(f"{_CHANGES[c][0]} **{n}件**" for c, n in counts.items() if n))
    st.caption("登録されている規則どうしの違いです。資料で確認できていない点は、違いとしては表れません。")
    differing = [d for d in found if d.change != "same"]
    same = [d for d in found if d.change == "same"]
    for number, difference in enumerate(differing):
        _draw(difference, before, after, assistant.sources, number)
    if same:
        with st.expander(f"同じもの（{len(same)}件）", icon=":material/drag_handle:"):
            for difference in same:
                if difference.after:
                    st.markdown(f"- {plain(difference.after)}")


def _draw(difference: Difference, before: Grant, after: Grant, sources: Sources, number: int) -> None:
    label, colour, icon = _CHANGES[difference.change]
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
            changed = "・".join(difference.what)
            st.caption(
                plain(_KINDS[difference.kind] + (f"（{changed}）" if changed else "")), width="content"
            )
        columns = st.columns(2)
        sides = (
            (before, difference.before, difference.clause_before),
            (after, difference.after, difference.clause_after),
        )
        for side, (column, (grant, says, clause)) in enumerate(zip(columns, sides, strict=True)):
            with column:
                st.caption(plain(member_label(grant)))
                st.markdown(lines(says) if says else "―")
                if clause:
                    draw_clause(clause, sources, f"years-{number}-{side}")
