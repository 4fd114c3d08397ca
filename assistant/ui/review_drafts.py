"""下書き: a suggested paragraph for each gap, with its sources, to look at and to take along."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

from assistant.domain import Outcome
from assistant.export.drafts import WEAK, drafts_docx, paragraphs
from assistant.review.draft_nouns import Basis, Drafts, DraftSentence, GapDraft
from assistant.service import Assistant
from assistant.ui.case_cards import link
from assistant.ui.evidence_view import draw_level
from assistant.ui.frame import told_in_japanese
from assistant.ui.review_place import draw_place
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import plain

_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DRAFTS: Final = "drafts"  # place → drafts, made once
_FILE: Final = "drafts-file"  # (place, gaps left out) → the Word file
_LEFT_OUT: Final = "drafts-left-out"  # requirements that the person does not want in the file
_EVERY: Final = "すべての章"
_SLOT = re.compile(r"【要記入：[^【】]+】")


def draw_drafts(assistant: Assistant, held: Held) -> None:
    """The drafts of one chapter, and the file with all that are chosen."""
    if all(item.outcome is Outcome.MET for item in held.review.items):
        st.caption("見当たらない項目はありません。下書きの必要な項目がないためです。")
        return
    place = draw_place(assistant, held)
    code = place.code if place else ""
    if held.kept.get(_DRAFTS, ("", None))[0] != code or _DRAFTS not in held.kept:
        with st.spinner("下書きを作っています。"):
            held.kept[_DRAFTS] = (code, assistant.reviews.draft(held.review, place=place))
    drafts: Drafts = held.kept[_DRAFTS][1]
    left_out: set[str] = held.kept.setdefault(_LEFT_OUT, set())
    st.caption(f":material/info: {plain(''.join(drafts.cautions))}")
    _draw_file(assistant, held, drafts, left_out)
    chapters = list(dict.fromkeys(gap.chapter for gap in drafts.gaps))
    chapter = st.selectbox("章", [_EVERY, *chapters], index=1, format_func=plain, key="draft-chapter")
    for gap in drafts.gaps:
        if chapter in (_EVERY, gap.chapter):
            _draw_gap(held, gap, left_out)


def _draw_file(assistant: Assistant, held: Held, drafts: Drafts, left_out: set[str]) -> None:
    chosen = tuple(gap for gap in drafts.gaps if gap.requirement_id not in left_out)
    if not chosen:
        st.caption("Wordに入れる項目を選んでください。")
        return
    key = (drafts.place, tuple(sorted(left_out)))
    if held.kept.get(_FILE, (None, b""))[0] != key:
        with told_in_japanese():
            made = drafts_docx(drafts.model_copy(update={"gaps": chosen}), today=assistant.settings.today)
            held.kept[_FILE] = (key, made)
    if held.kept.get(_FILE, (None, b""))[0] == key:
        st.download_button(
            f"下書きをWordで保存（{len(chosen)}項目）",
            held.kept[_FILE][1],
            file_name="下書き.docx",
            mime=_WORD_TYPE,
            key="draft-docx",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
        st.caption("どの文にも出典の脚注か【要記入】の欄があることを、書き出すたびに確かめています。")


def _draw_gap(held: Held, gap: GapDraft, left_out: set[str]) -> None:
    bases = list(dict.fromkeys(basis for sentence in gap.sentences for basis in sentence.bases))
    with st.container(border=True, key=f"draft-{gap.requirement_id}"):
        st.markdown(f"**{plain(gap.requirement)}**")
        for sentence in gap.of("present"):
            st.caption("現在の記載")
            st.markdown(f":yellow-background[{plain(sentence.text)}]{_marks(sentence, bases)}")
        st.caption("下書き")
        for paragraph in paragraphs(gap):
            st.markdown("".join(_said(sentence, bases) for sentence in paragraph))
        for role, label in (("case", "参考となる事例"), ("grant", "関係する交付金・制度")):
            told = gap.of(role)  # type: ignore[arg-type]
            if told:
                st.caption(label)
            for sentence in told:
                st.markdown(f"- {_said(sentence, bases)}")
        for caution in gap.cautions:
            st.caption(f":material/info: {plain(caution)}")
        if gap.advice:
            st.markdown(f":material/lightbulb: {plain(gap.advice)}")
        with st.expander(f"出典（{len(bases)}）", icon=":material/menu_book:"):
            for number, basis in enumerate(bases, 1):
                _draw_basis(held, gap, basis, number)
        st.checkbox(
            "Wordに入れる",
            value=gap.requirement_id not in left_out,
            key=f"draft-take-{gap.requirement_id}",
            on_change=left_out.symmetric_difference_update,
            args=({gap.requirement_id},),
        )


def _marks(sentence: DraftSentence, bases: list[Basis]) -> str:
    return "".join(f" :small[\\[{bases.index(basis) + 1}\\]]" for basis in sentence.bases) + " "


def _said(sentence: DraftSentence, bases: list[Basis]) -> str:
    """A sentence with its slots and doubts marked and the numbers of its sources."""
    text = _SLOT.sub(lambda match: f":orange-background[{match[0]}]", plain(sentence.text))
    weak = f":orange-badge[{WEAK.strip('【】')}]" if sentence.is_weak and sentence.kind == "sourced" else ""
    return f"{text}{weak}{_marks(sentence, bases)}"


def _draw_basis(held: Held, gap: GapDraft, basis: Basis, number: int) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.markdown(f"\\[{number}\\]", width="content")
        if basis.level is not None:
            draw_level(basis.level)
        told = "、".join(
            f"{link(source)} {plain(f'{source.publisher}（確認日 {source.checked:%Y年%m月%d日}）')}"
            for source in basis.sources
        )
        before = "この項目の根拠: " if basis.clause else ""
        st.caption("　".join(part for part in (before + told, plain(basis.where)) if part), width="stretch")
    if basis.clause is not None and basis.clause.predecessor:
        st.caption("以前の手引きや制度によるものです。最新の手引きをご確認ください。")
    if basis.page is not None and basis.quote is not None:
        draw_page_button(held, basis.quote, f"draft-page-{gap.requirement_id}-{number}")
