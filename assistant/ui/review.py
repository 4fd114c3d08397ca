"""計画を点検する: upload, coverage, findings with their pages, indicators, cases for a gap, export."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from assistant.domain import Kind, Outcome, PageQuote
from assistant.errors import FileUnreadable
from assistant.export.reviews import (
    KPI_HEAD,
    OUTCOME_WORDS,
    PRACTICE,
    kpi_row,
    review_docx,
    review_html,
    review_markdown,
    review_xlsx,
)
from assistant.review.nouns import Review, ReviewedItem
from assistant.service import Assistant
from assistant.ui import uploads
from assistant.ui.case_cards import draw_case_cards
from assistant.ui.evidence_view import draw_level
from assistant.ui.frame import open_assistant, session, told_in_japanese
from assistant.ui.review_chart import coverage_map
from assistant.ui.safe import lines, plain

_KINDS = ["pdf", "docx", "xlsx", "pptx", "html", "htm", "md", "txt"]
_STRATEGY = "strategy"
_HELD = "review-held"
_LOOK = {
    Outcome.NOT_MET: ("orange", ":material/error:"),
    Outcome.UNKNOWN: ("gray", ":material/help:"),
    Outcome.MET: ("green", ":material/check_circle:"),
}
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class _Held:
    """The review on the screen, and the file it is about."""

    review: Review
    path: Path
    files: dict[str, bytes] = field(default_factory=dict)  # ending → export, made once


def draw() -> None:
    """The page."""
    st.title("計画を点検する", anchor=False)
    st.caption(
        "地方版総合戦略や交付金の計画を読み、要件ごとに、記載のあるページと見当たらない項目を示します。"
        "文書はこの機械の中だけで扱います。"
    )
    assistant: Assistant | None = None
    with told_in_japanese():
        assistant = open_assistant()
    if assistant is None:
        st.stop()
    _draw_form(assistant)
    held = st.session_state.get(_HELD)
    if isinstance(held, _Held):
        _draw_review(assistant, held)


def _draw_form(assistant: Assistant) -> None:
    names = {_STRATEGY: "地方版総合戦略", **{grant.id: grant.name for grant in assistant.grants}}
    with st.form("review-form"):
        file = st.file_uploader(
            "点検する文書（PDF、Word、Excel、PowerPointなど）", type=_KINDS, key="review-file"
        )
        target = st.selectbox(
            "点検の相手", list(names), format_func=lambda i: plain(names[i]), key="review-target"
        )
        lenient = st.toggle(
            "検討中・目次だけ・見出しだけの項目を「判断できない」とする", key="review-lenient"
        )
        if st.form_submit_button("点検する", type="primary", icon=":material/fact_check:"):
            if file is None:
                st.warning("文書を選んでください。", icon=":material/upload_file:")
            else:
                _run(assistant, file.name, file.getvalue(), target or _STRATEGY, lenient)


def _run(assistant: Assistant, name: str, content: bytes, target: str, lenient: bool) -> None:
    _forget()
    bar = st.progress(0.0, text="文書を読んでいます。")

    def show(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(1, total)), text=f"文書を読んでいます（{done}／{total}ページ）。")

    with told_in_japanese():
        path = uploads.keep(assistant.settings, session().id, name, content)
        try:
            found = assistant.review(
                path, name, target, strictness="lenient" if lenient else "standard", progress=show
            )
        except Exception:
            if path not in session().files.values():
                uploads.remove(path)
            raise
        st.session_state[_HELD] = _Held(found, path)
    bar.empty()


def _forget() -> None:
    """Drop the review and delete its file, unless the conversation holds the same one."""
    held = st.session_state.pop(_HELD, None)
    if isinstance(held, _Held) and held.path not in session().files.values():
        uploads.remove(held.path)


def _draw_review(assistant: Assistant, held: _Held) -> None:
    review = held.review
    st.subheader(plain(review.file), anchor=False)
    st.caption(plain(f"点検の相手: {review.target_name}"))
    st.markdown(plain(review.summary.text))
    for caution in review.summary.cautions[:-1]:
        st.warning(plain(caution), icon=":material/warning:")
    st.caption(plain(review.summary.cautions[-1]))
    findings, picture, indicators, take = st.tabs(["点検結果", "全体の図", "指標の表", "書き出し"])
    with findings:
        _draw_findings(assistant, held)
    with picture:
        st.caption("要件のうち記載を確認できたものの数です（記載あり／要件の数）。")
        st.altair_chart(coverage_map(review), width="stretch")
    with indicators:
        _draw_indicators(review)
    with take:
        _draw_exports(assistant, held)


# ── findings ─────────────────────────────────────────────────────────────────


def _draw_findings(assistant: Assistant, held: _Held) -> None:
    counts = {o: sum(i.outcome is o for i in held.review.items) for o in OUTCOME_WORDS}
    outcome = st.segmented_control(
        "結果",
        list(OUTCOME_WORDS),
        format_func=lambda o: f"{OUTCOME_WORDS[o]}（{counts[o]}）",
        default=next((o for o in OUTCOME_WORDS if counts[o]), Outcome.MET),
        key="review-outcome",
        label_visibility="collapsed",
    )
    items = [item for item in held.review.items if item.outcome is outcome]
    if not items:
        st.caption("当てはまる項目はありません。")
    for chapter in dict.fromkeys(item.chapter for item in items):
        st.markdown(f"##### {plain(chapter)}")
        for item in items:
            if item.chapter == chapter:
                _draw_item(assistant, held, item)


def _draw_item(assistant: Assistant, held: _Held, item: ReviewedItem) -> None:
    colour, icon = _LOOK[item.outcome]
    with st.container(border=True, key=f"item-{item.requirement_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(OUTCOME_WORDS[item.outcome], color=colour, icon=icon)  # type: ignore[arg-type]
            if item.pillar:
                st.badge(f"柱{item.pillar}", color="blue")
        st.caption("点検項目")
        st.markdown(f"**{plain(item.requirement)}**")
        st.markdown(f"結果: {plain(item.because)}")
        for number, quote in enumerate(item.evidence):
            _draw_quote(held, item, quote, number)
        if item.advice:
            st.markdown(f":material/lightbulb: {plain(item.advice)}")
        if item.draft:
            with st.expander("書き方の例", icon=":material/edit_note:"):
                st.markdown(plain(item.draft))
                st.caption("【要記入】の欄は、貴団体の確かな情報で埋めてください。")
        with st.container(horizontal=True):
            if st.button("根拠", key=f"clause-{item.requirement_id}", icon=":material/gavel:"):
                _open_clause(assistant, item)
            if item.outcome is not Outcome.MET and st.button(
                "事例と交付金" if item.pillar else "参考資料",
                key=f"help-{item.requirement_id}",
                icon=":material/travel_explore:",
            ):
                _open_help(assistant, item)


def _draw_quote(held: _Held, item: ReviewedItem, quote: PageQuote, number: int) -> None:
    st.caption(f"{quote.page}ページ")
    st.markdown(f":yellow-background[{lines(quote.quote)}]")
    if held.path.suffix.lower() == ".pdf" and st.button(
        f"{quote.page}ページを見る",
        key=f"page-{item.requirement_id}-{number}",
        icon=":material/find_in_page:",
        type="tertiary",
    ):
        _open_page(held, quote)


@st.dialog("文書のページ", width="large", icon=":material/find_in_page:")
def _open_page(held: _Held, quote: PageQuote) -> None:
    try:
        image, found = open_assistant().page_image(held.path, quote.page, quote.quote)
    except FileUnreadable:
        st.caption("ページの画像を表示できませんでした。")
        return
    st.image(image, width="stretch", alt=f"{quote.page}ページの画像。引用した文を枠で囲んでいます。")
    if not found:
        st.caption("ページ上の位置を特定できなかったため、枠は付けていません。")


@st.dialog("根拠", width="medium", position="right", icon=":material/gavel:")
def _open_clause(assistant: Assistant, item: ReviewedItem) -> None:
    st.markdown(f"**{plain(item.requirement)}**")
    clause = item.clause
    if clause is None:
        st.markdown(PRACTICE)
        return
    draw_level(clause.level)
    source = assistant.sources.get(clause.source_id)
    if source is not None:
        st.markdown(f"{plain(source.publisher)}「{plain(source.title)}」")
        st.caption(plain(f"{clause.locator}　確認日 {source.checked:%Y年%m月%d日}"))
    if clause.predecessor:
        st.caption("以前の手引きや制度によるものです。最新の手引きをご確認ください。")
    if clause.url.startswith(("https://", "http://")):
        st.link_button("公開元のページを開く", clause.url, icon=":material/open_in_new:")


@st.dialog("似た取組の事例と参考資料", width="medium", position="right", icon=":material/travel_explore:")
def _open_help(assistant: Assistant, item: ReviewedItem) -> None:
    st.markdown(f"**{plain(item.requirement)}**")
    kinds = (Kind.GRANT,) if item.pillar else (Kind.POLICY, Kind.GRANT)
    if item.pillar:
        hits = assistant.find_cases(item.requirement, k=3, pillar=[str(item.pillar)]).hits
        st.markdown("##### 事例")
        if hits:
            draw_case_cards(hits, key=f"case-{item.requirement_id}", folded=True)
        else:
            st.caption("近い事例は見つかりませんでした。")
    st.markdown("##### 関係する制度などの資料")
    for hit in assistant.search(item.requirement, k=3, kinds=kinds):
        with st.container(border=True):
            st.markdown(f"**{plain(hit.passage.title)}**")
            st.caption(lines(hit.passage.text[:240]))
    st.caption("対象になるかは「交付金の判定」の画面で確かめられます。")


# ── indicators and export ────────────────────────────────────────────────────


def _draw_indicators(review: Review) -> None:
    kpis = review.summary.kpis
    if not kpis:
        st.caption("基準値と目標値のある指標の表は読み取れませんでした。")
        return
    off = sum(1 for kpi in kpis if kpi.problems)
    st.markdown(f"{len(kpis)}件の指標を読み取りました。確かめたい点のある指標は{off}件です。")
    rows = [dict(zip(KPI_HEAD, kpi_row(kpi), strict=True)) for kpi in kpis]
    st.dataframe(rows, width="stretch", hide_index=True)


def _draw_exports(assistant: Assistant, held: _Held) -> None:
    if not held.files:
        sources, today = assistant.sources, assistant.settings.today
        held.files = {
            "docx": review_docx(held.review, sources, today=today),
            "html": review_html(held.review, sources, today=today).encode(),
            "xlsx": review_xlsx(held.review, sources),
            "md": review_markdown(held.review, sources, today=today).encode(),
        }
    labels = {
        "docx": ("Word", _WORD_TYPE),
        "html": ("HTML", "text/html"),
        "xlsx": ("Excel", _SHEET_TYPE),
        "md": ("Markdown", "text/markdown"),
    }
    with st.container(horizontal=True):
        for ending, (label, kind) in labels.items():
            st.download_button(
                label,
                held.files[ending],
                file_name=f"点検結果.{ending}",
                mime=kind,
                key=f"review-{ending}",
                icon=":material/download:",
                on_click="ignore",
            )
    if st.button("この文書と点検結果を消す", key="review-forget", icon=":material/delete:"):
        _forget()
        st.rerun()
