"""A verdict as people read it: outcome, findings with their clauses, amounts, what is missing, cautions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import streamlit as st

from assistant.domain import Amounts, Clause, Finding, MissingFact, Outcome, Source, Verdict, VerdictOutcome
from assistant.export.verdicts import COST_HEADING, COST_WORD, bearer_of, costs_left_out, is_about_cost
from assistant.grants.propose import FactProposal
from assistant.grants.vocabulary import FactKind, Facts, Vocabulary
from assistant.japanese.calendar import fiscal_year_label
from assistant.japanese.numbers import format_yen
from assistant.ui.evidence_view import draw_level
from assistant.ui.grants_state import Interview
from assistant.ui.safe import lines, plain

Sources = Mapping[str, Source]

BADGE_BY_OUTCOME = {
    VerdictOutcome.POSSIBLE: ("対象になり得る", "green", ":material/check_circle:"),
    VerdictOutcome.INELIGIBLE: ("対象外", "red", ":material/cancel:"),
    VerdictOutcome.TO_CONFIRM: ("要確認", "orange", ":material/help:"),
}
COST = "cost"  # a finding against a cost alone: the project goes on without it
FOLDS: tuple[tuple[str, str, str], ...] = (
    (Outcome.NOT_MET, "満たさない条件・当たる対象外の定め", ":material/cancel:"),
    (COST, COST_HEADING, ":material/remove_circle:"),
    (Outcome.UNKNOWN, "まだ判断できない条件", ":material/help:"),
    (Outcome.MET, "満たしている条件・当たらない対象外の定め", ":material/check_circle:"),
    (Outcome.NOT_APPLICABLE, "関係しない条件", ":material/do_not_disturb_on:"),
)
WORD_BY_FOLD: dict[str, str] = {
    COST: COST_WORD,
    Outcome.MET: "満たす",
    Outcome.NOT_MET: "満たさない",
    Outcome.UNKNOWN: "未確認",
    Outcome.NOT_APPLICABLE: "関係しない",
}
SHUT_OUT = (
    "対象外に当たる条件があるため、質問を終えました。直せる条件かどうかは「もし変わったら」で確かめられます。"
)
NO_PROMISE = "資料の条件との照らし合わせです。採択を約束するものではありません。"
_EXCLUSION_WORDS = {Outcome.MET: "当たらない", Outcome.NOT_MET: "当たる"}
OUTSIDE = "自己負担（対象経費の外）"
_MOST_BUTTONS = 7


def draw_outcome(verdict: Verdict, title: str) -> None:
    """The name of the grant, the outcome in words, icon and colour, and what it does not promise."""
    label, colour, icon = BADGE_BY_OUTCOME[verdict.outcome]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(title)}**", width="content")
        st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
    counts = Counter(map(fold_of, verdict.findings))
    told = "・".join(f"{WORD_BY_FOLD[fold]} {counts[fold]}件" for fold, _, _ in FOLDS if counts[fold])
    st.caption(f"{told}。{NO_PROMISE}")
    if costs := costs_left_out(verdict):
        st.markdown(f":material/remove_circle: 除いて申請する経費: **{plain('、'.join(costs))}**")


def say_outcome(outcome: Outcome, group: str, affects: str = "project") -> str:
    """「満たす」 of a requirement is 「当たらない」 of what shuts a project out."""
    if affects == "cost" and outcome is Outcome.NOT_MET:
        return WORD_BY_FOLD[COST]
    if group == "exclusion" and outcome in _EXCLUSION_WORDS:
        return _EXCLUSION_WORDS[outcome]
    return WORD_BY_FOLD[outcome]


def fold_of(finding: Finding) -> str:
    """Under which of ``FOLDS`` a finding stands."""
    return COST if is_about_cost(finding) else finding.outcome


# ── findings ─────────────────────────────────────────────────────────────────


def draw_findings(verdict: Verdict, sources: Sources, key: str, *, unfold: bool = False) -> None:
    """The findings folded by outcome; those not met and the costs to leave out are open."""
    for fold, title, icon in FOLDS:
        found = [f for f in verdict.findings if fold_of(f) == fold]
        if not found:
            continue
        opened = fold in (Outcome.NOT_MET, COST) or (unfold and fold == Outcome.UNKNOWN)
        with st.expander(f"{title}（{len(found)}件）", expanded=opened, icon=icon):
            for finding in found:
                _draw_finding(finding, sources, f"{key}-{finding.rule_id}")


def _draw_finding(finding: Finding, sources: Sources, key: str) -> None:
    with st.container(border=True):
        text, place = st.columns([4, 1], gap="small")  # the clause goes beneath on a phone
        with text, st.container(gap="xsmall"):
            st.markdown(lines(finding.says))
            st.caption(lines(finding.because))
        with place:
            draw_clause(finding.clause, sources, key, label=f"根拠（{finding.clause.level}）")


def draw_clause(clause: Clause, sources: Sources, key: str, *, label: str = "根拠") -> None:
    """A popover with where a rule is written: source, publisher, level, fiscal year, place, quote, address."""
    with st.popover(label, icon=":material/menu_book:", key=f"clause-{key}", type="tertiary"):
        source = sources.get(clause.source_id)
        with st.container(horizontal=True, vertical_alignment="center"):
            draw_level(clause.level)
            st.caption(plain(fiscal_year_label(clause.fiscal_year)))
        if source:
            st.markdown(f"{plain(source.publisher)}「{plain(source.title)}」")
        else:
            st.markdown(plain(clause.source_id))
        if clause.locator:
            st.markdown(f"該当箇所: {plain(clause.locator)}")
        if clause.quote:
            st.markdown(f":yellow-background[{lines(clause.quote)}]")
        if clause.predecessor:
            st.caption(
                ":material/history: 前身の制度又は過年度の規則です。これだけで対象外とはしていません。"
            )
        if source:
            st.caption(plain(f"出典 {source.id}　確認日 {source.checked:%Y年%m月%d日}"))
        if clause.url.startswith(("https://", "http://")):
            st.link_button("公開元のページを開く", clause.url, icon=":material/open_in_new:")


# ── amounts ──────────────────────────────────────────────────────────────────


def amount_rows(amounts: Amounts, facts: Facts) -> list[tuple[str, int]]:
    """(part, yen): national share, what it leaves, and what of the cost is outside the grant's scope."""
    rows = []
    if amounts.national_yen is not None:
        rows.append(("国費", amounts.national_yen))
    if amounts.local_yen is not None:
        rows.append((bearer_of(facts), amounts.local_yen))
    total = facts.get("total_yen")
    if isinstance(total, int) and amounts.eligible_yen is not None and total > amounts.eligible_yen:
        rows.append((OUTSIDE, total - amounts.eligible_yen))
    return rows


def draw_amounts_briefly(amounts: Amounts | None, facts: Facts, sources: Sources, key: str) -> None:
    """One line of money with its clause."""
    if amounts is None:
        return
    parts = [f"{label} {format_yen(yen)}" for label, yen in amount_rows(amounts, facts)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if parts:
            st.markdown(f":material/payments: **{plain('・'.join(parts))}**（試算）", width="content")
        if amounts.clause:
            draw_clause(amounts.clause, sources, f"{key}-amounts", label="金額の根拠")
    st.caption(lines(amounts.because))


def draw_cautions(verdict: Verdict) -> None:
    """The first caution in the open, the rest folded."""
    if not verdict.cautions:
        return
    with st.expander(f"留意点（{len(verdict.cautions)}件）", icon=":material/info:"):
        for caution in verdict.cautions:
            st.markdown(f"- {plain(caution)}")


# ── the interview ────────────────────────────────────────────────────────────


def chip(proposal: FactProposal) -> str:
    """「総事業費: 1,200万円（「1,200万円」から）」; the words are left out where they are the value itself."""
    told = f"{proposal.label}: {proposal.says}"
    return told if proposal.words == proposal.says else f"{told}（「{proposal.words}」から）"


def draw_proposals(interview: Interview, vocabulary: Vocabulary, key: str) -> None:
    """What was read from words, as chips; none counts before the person says so."""
    waiting = {n: p for n, p in interview.proposals.items() if n in vocabulary}
    if not waiting:
        return
    with st.container(border=True):
        chosen = st.pills(
            "こう読み取りました。違うものを外してから、確かめてください。",
            list(waiting),
            selection_mode="multi",
            default=list(waiting),
            format_func=lambda name: plain(chip(waiting[name])),
            key=f"chips-{key}-{'-'.join(waiting)}",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "この内容で判定する",
                key=f"confirm-{key}",
                type="primary",
                icon=":material/check:",
                on_click=interview.confirm,
                args=(tuple(chosen or ()), vocabulary),
            )
            st.caption("確かめるまでは、判定に使いません。", width="content")


def draw_question(
    interview: Interview, question: MissingFact, vocabulary: Vocabulary, key: str, *, left: int
) -> None:
    """The next question with its answers as buttons, and why it is asked."""
    spec = vocabulary[question.name]
    key = f"{key}-{question.name}"
    with st.container(border=True):
        st.markdown(f":material/quiz: **{plain(question.question)}**")
        if question.why:
            st.caption(lines(question.why))

        def take(raw: object) -> None:
            interview.answer(question.name, raw, vocabulary)

        def take_from(widget: str) -> None:
            interview.answer(question.name, st.session_state.get(widget), vocabulary)

        if spec.kind is FactKind.BOOL or 0 < len(spec.options) <= _MOST_BUTTONS:
            values: list[tuple[object, str]] = [(True, "はい"), (False, "いいえ")]
            if spec.options:
                values = list(spec.options.items())
            with st.container(horizontal=True, gap="small"):
                for number, (value, told) in enumerate(values):
                    st.button(plain(told), key=f"answer-{key}-{number}", on_click=take, args=(value,))
                _dont_know(interview, question.name, key)
        elif spec.options:
            st.selectbox(
                "選んでください",
                list(spec.options),
                index=None,
                format_func=lambda value: spec.options[value],
                placeholder="選んでください",
                key=f"answer-{key}",
                on_change=take_from,
                args=(f"answer-{key}",),
                label_visibility="collapsed",
            )
            _dont_know(interview, question.name, key)
        else:
            with st.form(f"form-{key}", border=False):
                st.text_input("答え", key=f"answer-{key}", placeholder=hint_of(spec.kind), max_chars=200)
                st.form_submit_button("答える", on_click=take_from, args=(f"answer-{key}",))
            _dont_know(interview, question.name, key)
        if interview.problem:
            st.error(lines(interview.problem), icon=":material/error:")
        if left:
            st.caption(f"判定が決まるまで、多くてもあと{left}項目です。")


def hint_of(kind: FactKind) -> str:
    """How an answer of this kind may be written."""
    return {
        FactKind.YEN: "例: 1億2千万円、120,000千円",
        FactKind.INT: "例: 3",
        FactKind.DATE: "例: 令和9年3月31日、2027-03-31",
    }.get(kind, "")


def _dont_know(interview: Interview, name: str, key: str) -> None:
    st.button(
        "分からない",
        key=f"skip-{key}",
        on_click=interview.skip,
        args=(name,),
        type="tertiary",
        help="未確認のまま、次の質問に進みます。",
    )


def draw_known(
    interview: Interview, vocabulary: Vocabulary, key: str, *, on_forget: Callable[[str], None] | None = None
) -> None:
    """The facts that count, with the words each came from; each can be taken back."""
    known = {n: v for n, v in interview.facts.items() if n in vocabulary}
    skipped = [n for n in interview.skipped if n in vocabulary and n not in known]
    if not known and not skipped:
        return
    with st.expander(f"判定に使った事実（{len(known)}件）", icon=":material/fact_check:"):
        for name, value in known.items():
            spec = vocabulary[name]
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                words = interview.origins.get(name)
                st.markdown(
                    f"{plain(spec.name_in_text)}: **{plain(spec.say(value))}**"
                    + (f"（「{plain(words)}」から）" if words else ""),
                    width="content",
                )
                st.button(
                    "取り消す",
                    key=f"forget-{key}-{name}",
                    icon=":material/undo:",
                    type="tertiary",
                    on_click=on_forget or _forget,
                    args=(name,) if on_forget else (interview, name, vocabulary),
                )
        for name in skipped:
            st.caption(f"{plain(vocabulary[name].name_in_text)}: 分からない")


def _forget(interview: Interview, name: str, vocabulary: Vocabulary) -> None:
    interview.answer(name, None, vocabulary)
