"""One answer: sentences with their marks, cautions, verdict, cases, feedback, export."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from assistant.ask.wording import number_citations
from assistant.domain import Answer, AnswerStatus
from assistant.errors import AssistantError
from assistant.export.answers import answer_docx, answer_markdown, own_claims, split_text
from assistant.ui.case_cards import draw_case_cards
from assistant.ui.claim_view import draw_claim
from assistant.ui.frame import Turn, open_assistant, open_records, session
from assistant.ui.grants_answers import draw_comparison, draw_fits, draw_office, draw_touched
from assistant.ui.grants_chat import draw_chat_verdict
from assistant.ui.safe import lines, plain

_STATUS = {
    AnswerStatus.ANSWERED: ("回答あり", "green", ":material/check_circle:"),
    AnswerStatus.PARTLY_ANSWERED: ("一部のみ回答", "orange", ":material/rule:"),
    AnswerStatus.NEEDS_CLARIFICATION: ("確認が必要", "blue", ":material/help:"),
    AnswerStatus.NO_PASSAGE: ("該当資料なし", "gray", ":material/search_off:"),
    AnswerStatus.NOT_SUPPORTED: ("根拠を確認できず", "gray", ":material/block:"),
    AnswerStatus.OUT_OF_SCOPE: ("対象外の質問", "gray", ":material/do_not_disturb_on:"),
    AnswerStatus.MODEL_ERROR: ("モデルの障害", "red", ":material/error:"),
}


_UNCONFIRMED = "ご質問から次のように読み取りました。"


def newest_interview() -> Turn | None:
    """The last turn that asked "can we?"; its card is the one that asks on."""
    return next((turn for turn in reversed(session().turns) if turn.interview is not None), None)


def draw_answer(turn: Turn, number: int, *, last: bool, on_ask: Callable[[str], None]) -> None:
    """Draw the ``number``-th turn's answer; buttons that ask on appear under the last one only."""
    answer = turn.answer
    label, colour, icon = _STATUS[answer.status]
    st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
    marks = number_citations(answer.claims)
    lead, bridge = split_text(answer)
    if turn.interview is not None and answer.verdict is not None and not answer.claims:
        lead = lead[1:]  # the card tells the outcome
    questions = {fact.question for fact in answer.missing} | {
        f"・{option}" for fact in answer.missing for option in fact.options
    }
    _draw_lines(line for line in lead if line not in questions)
    for position, claim in enumerate(own_claims(answer)):
        draw_claim(claim, marks, f"{number}-{position}")
    _draw_lines(line for line in bridge if line not in questions)
    if answer.comparison is not None:
        draw_comparison(answer.comparison, marks, f"{number}-compared")
    draw_fits(answer.fits, marks, open_assistant().sources, str(number))
    draw_touched(answer.touched, open_assistant().sources, str(number))
    grant = open_assistant().grants.by_id.get(answer.verdict.grant_id) if answer.verdict else None
    if grant is not None:
        draw_office(grant.office.name)
    if turn.interview is not None:
        draw_chat_verdict(turn.interview, open_assistant(), number, active=turn is newest_interview())
    elif answer.missing and answer.verdict is None:
        for fact in answer.missing:
            st.markdown(f"**{plain(fact.question)}**")
            if fact.why:
                st.caption(plain(fact.why))
    if answer.cases:
        st.markdown(f"**参考になる事例（{len(answer.cases)}件）**")
        draw_case_cards(answer.cases, key=str(number), folded=True)
    for caution in answer.cautions:
        if turn.interview is None or not caution.startswith(_UNCONFIRMED):  # the card shows them as chips
            st.caption(f":material/info: {plain(caution)}")
    _draw_rejected(answer)
    if last and answer.suggestions:
        with st.container(horizontal=True, gap="small"):
            for position, suggestion in enumerate(answer.suggestions[:5]):
                st.button(
                    plain(suggestion),
                    key=f"suggest-{number}-{position}",
                    on_click=on_ask,
                    args=(suggestion,),
                    type="secondary",
                    icon=":material/subdirectory_arrow_right:",
                )
    _draw_tools(turn, number)


def _draw_lines(told: Iterable[str]) -> None:
    text = "\n".join(told).strip()
    if text:
        st.markdown(lines(text))


def _draw_rejected(answer: Answer) -> None:
    if not answer.rejected:
        return
    with st.expander(f"表示しなかった文（{len(answer.rejected)}）", icon=":material/visibility_off:"):
        st.caption("根拠と照合できなかったため、回答に含めていない文と、その理由です。")
        for rejected in answer.rejected:
            st.markdown(f"~~{plain(rejected.text)}~~")
            st.caption(plain(rejected.reason))


def _draw_tools(turn: Turn, number: int) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        rating = st.feedback("thumbs", key=f"thumbs-{number}")
        with st.popover("持ち出す", icon=":material/download:"):
            st.download_button(
                "Word（脚注つき）",
                lambda: answer_docx(turn.question, turn.answer),
                file_name="回答.docx",
                key=f"docx-{number}",
                icon=":material/description:",
                on_click="ignore",
            )
            st.download_button(
                "Markdown（脚注つき）",
                lambda: answer_markdown(turn.question, turn.answer).encode(),
                file_name="回答.md",
                mime="text/markdown",
                key=f"md-{number}",
                icon=":material/markdown:",
                on_click="ignore",
            )
            st.caption("コピー用")
            st.code(answer_markdown(turn.question, turn.answer), language=None, wrap_lines=True, height=160)
    if rating is not None:
        about = st.pills(
            "どの点についての評価ですか", ["回答", "根拠"], key=f"about-{number}", selection_mode="multi"
        )
        comment = st.text_input("補足（任意）", key=f"comment-{number}", max_chars=500)
        if st.button("評価を送る", key=f"send-{number}", disabled=not about):
            _save_feedback(turn, rating, about, comment)


def _save_feedback(turn: Turn, rating: int, about: list[str], comment: str) -> None:
    try:
        open_records().append(
            "feedback",
            {
                "answer": turn.record,
                "question": turn.question,
                "good": rating == 1,
                "about": about,
                "comment": comment,
            },
            session=session().id,
        )
        st.toast("評価を保存しました。ありがとうございます。", icon=":material/check:")
    except AssistantError as error:
        st.toast(plain(error.what), icon=":material/warning:")
