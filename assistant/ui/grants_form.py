"""What a person tells of a project: the grant, the municipality, words to read facts from, the form of facts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactKind, FactSpec, FactValue, Vocabulary, is_inapplicable
from assistant.japanese.calendar import fiscal_year_label
from assistant.service import Assistant
from assistant.ui.grants_state import Interview, facts_asked
from assistant.ui.safe import lines, plain
from assistant.ui.verdict_card import hint_of

_TRI = ("はい", "いいえ", "未確認")
_MOST_CHARACTERS = 2000
FAMILY, MEMBER = "grants-family", "grants-member"


# ── which grant ──────────────────────────────────────────────────────────────


def families(assistant: Assistant) -> dict[str, tuple[Grant, ...]]:
    """Families, latest member first; those renewed each year before standing schemes, the fuller ones first."""
    found: dict[str, tuple[Grant, ...]] = {}
    for grant in assistant.grants:
        if grant.family not in found:
            found[grant.family] = tuple(reversed(assistant.grants.family(grant.family)))

    def order(item: tuple[str, tuple[Grant, ...]]) -> tuple[int, bool, int, str]:
        latest = item[1][0]
        return -latest.fiscal_year, not latest.is_yearly, -len(latest.rules), latest.name

    return dict(sorted(found.items(), key=order))


def member_label(grant: Grant) -> str:
    """「令和8年度（2026年度） 地域未来推進型」; the year is left out for a standing scheme."""
    return f"{fiscal_year_label(grant.fiscal_year)} {grant.short}" if grant.is_yearly else grant.short


def choose_grant(assistant: Assistant, project: Interview) -> Grant:
    """Two pickers: the family, then its year or type."""
    known = families(assistant)
    start = assistant.grants.by_id.get(project.grant_id or "") or next(iter(known.values()))[0]
    if st.session_state.get(FAMILY) != start.family:
        st.session_state[FAMILY] = start.family

    def take_family() -> None:
        project.grant_id = known[st.session_state[FAMILY]][0].id

    def take_member() -> None:
        project.grant_id = st.session_state[MEMBER]

    left, right = st.columns(2)
    with left:
        st.selectbox(
            "制度",
            list(known),
            format_func=lambda family: _family_label(known[family]),
            key=FAMILY,
            on_change=take_family,
        )
    members = known[start.family]
    st.session_state[MEMBER] = start.id
    with right:
        st.selectbox(
            "年度・類型",
            [g.id for g in members],
            format_func=lambda i: member_label(assistant.grants.by_id[i]),
            key=MEMBER,
            on_change=take_member,
            disabled=len(members) == 1,
        )
    project.grant_id = start.id
    return start


def _family_label(members: tuple[Grant, ...]) -> str:
    more = f"　ほか{len(members) - 1}件" if len(members) > 1 else ""
    return f"{members[0].name}{more}"


# ── words and the municipality ───────────────────────────────────────────────


def draw_reading(assistant: Assistant, project: Interview) -> None:
    """Facts from a municipality picked and from a description; both wait to be confirmed."""

    def read_words() -> None:
        read = assistant.propose(st.session_state["grants-words"][:_MOST_CHARACTERS])
        project.problem = "" if read else "文章から事実を読み取れませんでした。下の欄に直接入力してください。"
        project.propose(read)

    def read_place() -> None:
        name = st.session_state["grants-place"]
        if name:
            project.propose(assistant.propose("", assistant.find_municipality(name).code))

    with st.expander(
        "文章や自治体名から読み取る", icon=":material/auto_awesome:", expanded=not project.facts
    ):
        with st.form("grants-reading", border=False):
            st.text_area(
                "どんな事業ですか",
                key="grants-words",
                placeholder="例: 人口8千人の町で、移動販売車2台(1,200万円)を買い、3年で自走させたい。",
                max_chars=_MOST_CHARACTERS,
                height=90,
            )
            st.form_submit_button("読み取る", on_click=read_words, icon=":material/search:")
        if assistant.municipalities is not None:
            st.selectbox(
                "自治体",
                ["", *(m.full_name for m in assistant.municipalities)],
                format_func=lambda name: name or "選んでください",
                key="grants-place",
                on_change=read_place,
                help="区分・人口・過疎地域などを、登録されている一覧から読み取ります。",
            )


# ── the form ─────────────────────────────────────────────────────────────────


def draw_form(grant: Grant, project: Interview) -> None:
    """Every fact the grant asks, as fields that take what people write."""
    vocabulary = grant.vocabulary
    names = [n for n in facts_asked(grant) if not is_inapplicable(n, project.facts, vocabulary)]
    filled = sum(name in project.facts for name in names)
    with st.expander(
        f"事実の入力（{filled}／{len(names)}項目）", icon=":material/edit_note:", expanded=False
    ):
        st.caption("分かるものだけで構いません。空欄と「未確認」は、「いいえ」とは扱いません。")
        yes_no = [n for n in names if vocabulary[n].kind is FactKind.BOOL]
        columns = st.columns(2)
        for place, name in enumerate(n for n in names if n not in yes_no):
            with columns[place % 2]:
                _draw_field(name, vocabulary, project)
        columns = st.columns(2)
        half = (len(yes_no) + 1) // 2
        for place, name in enumerate(yes_no):
            with columns[place // half]:
                _draw_field(name, vocabulary, project)


def _draw_field(name: str, vocabulary: Vocabulary, project: Interview) -> None:
    spec = vocabulary[name]
    key = f"fact-{name}"
    errors = st.session_state.setdefault("grants-field-errors", {})

    def take() -> None:
        raw = st.session_state[key]
        project.answer(name, None if raw == "未確認" else raw, vocabulary)
        if project.problem:
            errors[name] = (project.problem, raw)
            project.problem = ""
        else:
            errors.pop(name, None)

    shown: Any = errors[name][1] if name in errors else _shown(spec, project.facts.get(name))
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    label = plain(spec.question)
    if spec.kind is FactKind.BOOL:
        st.segmented_control(label, _TRI, key=key, on_change=take, required=True, help=_help(spec))
    elif spec.kind is FactKind.CHOICE:
        st.selectbox(
            label,
            list(spec.options),
            format_func=lambda value: spec.options[value],
            index=None,
            placeholder="未確認",
            key=key,
            on_change=take,
            help=_help(spec),
        )
    else:
        st.text_input(
            label, key=key, on_change=take, placeholder=hint_of(spec.kind), max_chars=200, help=_help(spec)
        )
    if name in errors:
        st.error(lines(errors[name][0]), icon=":material/error:")


def _help(spec: FactSpec) -> str | None:
    return plain(spec.hint) if spec.hint else None


def _shown(spec: FactSpec, value: FactValue | None) -> Any:
    if spec.kind is FactKind.BOOL:
        return "未確認" if value is None else spec.say(value)
    if spec.kind is FactKind.CHOICE:
        return value
    return "" if value is None else spec.say(value)
