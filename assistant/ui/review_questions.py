"""Questions about the reviewed document: a conversation that the document alone answers."""

from __future__ import annotations

import streamlit as st

from assistant.about import AboutDocument
from assistant.domain import Answer, AnswerStatus, Citation, Kind, PageQuote
from assistant.service import Assistant
from assistant.ui.evidence_view import open_citation
from assistant.ui.frame import told_in_japanese
from assistant.ui.review_state import Held, draw_page_button
from assistant.ui.safe import lines, plain

_ABOUT, _ANSWERS = "about", "answers"
_EXAMPLES = (
    "計画期間は？",
    "数値目標は？",
    "財源はどう確保しますか",
    "目標が達成できなかったときは？",
    "高齢者の移動については何ページ？",
)
_LOOK = {
    AnswerStatus.ANSWERED: ("文書に記載あり", "green", ":material/check_circle:"),
    AnswerStatus.PARTLY_ANSWERED: ("一部のみ", "orange", ":material/rule:"),
}
_MISSING = ("見当たりません", "gray", ":material/search_off:")
_UNKNOWN = ("判断できません", "gray", ":material/help:")


def about_document(assistant: Assistant, held: Held) -> AboutDocument:
    """What can be asked about the document on the screen; made once."""
    if _ABOUT not in held.kept:
        held.kept[_ABOUT] = AboutDocument(assistant, held.document, held.review)
    found = held.kept[_ABOUT]
    assert isinstance(found, AboutDocument)
    return found


def draw_questions(assistant: Assistant, held: Held) -> None:
    """The conversation so far, and where the next question is asked."""
    answers: list[Answer] = held.kept.setdefault(_ANSWERS, [])
    st.caption(
        "この文書に書かれていることだけで答え、ページを示します。書かれていないことは、そのとおりお伝えします。"
    )
    if not answers:
        with st.container(horizontal=True, gap="small"):
            for number, example in enumerate(_EXAMPLES):
                st.button(
                    example, key=f"review-example-{number}", on_click=_ask, args=(assistant, held, example),
                    icon=":material/subdirectory_arrow_right:",
                )  # fmt: skip
    for number, answer in enumerate(answers):
        with st.chat_message("user"):
            st.markdown(lines(answer.question))
        with st.chat_message("assistant"):
            _draw_answer(held, answer, number)
    with st.form("review-question-form", clear_on_submit=True):
        question = st.text_input(
            "文書についての質問", key="review-question", max_chars=2000, placeholder="例: 移住者数の目標は？"
        )
        wide = st.toggle(
            "手元の資料も使う", key="review-with-corpus", value=bool(held.kept.get("with-corpus"))
        )
        if st.form_submit_button("質問する", type="primary", icon=":material/send:") and question.strip():
            held.kept["with-corpus"] = wide
            _ask(assistant, held, question)
            st.rerun()
    if answers and st.button("会話を消す", key="review-forget-answers", icon=":material/delete:"):
        answers.clear()
        st.rerun()


def _ask(assistant: Assistant, held: Held, question: str) -> None:
    answers: list[Answer] = held.kept.setdefault(_ANSWERS, [])
    with told_in_japanese():
        wide = bool(held.kept.get("with-corpus"))
        answers.append(about_document(assistant, held).ask(question, answers, with_corpus=wide))


def _draw_answer(held: Held, answer: Answer, number: int) -> None:
    missing = _UNKNOWN if held.review.fidelity.holes else _MISSING  # unknown is never no
    label, colour, icon = _LOOK.get(answer.status, missing)
    st.badge(label, color=colour, icon=icon)  # type: ignore[arg-type]
    first = answer.claims[0].text if answer.claims else None
    lead = answer.text.split("\n")[0] if first is None or not answer.text.startswith(first) else ""
    if lead:
        st.markdown(lines(lead))
    for place, claim in enumerate(answer.claims):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"said-{number}-{place}"
        ):
            st.markdown(lines(claim.text), width="stretch")
            _draw_place(held, claim.citations[0], f"{number}-{place}")
    for caution in answer.cautions:
        st.caption(f":material/info: {plain(caution)}")


def _draw_place(held: Held, citation: Citation, key: str) -> None:
    """Where a sentence stands: a page of the document, or a source of the corpus."""
    if citation.kind is not Kind.UPLOAD:
        st.caption(plain(f"手元の資料: {citation.title}　{citation.locator}"), width="content")
        if st.button("根拠を開く", key=f"source-{key}", icon=":material/format_quote:", type="tertiary"):
            open_citation(citation, 1)
        return
    is_pdf = held.path.suffix.lower() == ".pdf"  # then the button names the page
    where = "　".join((*citation.trail, *(() if is_pdf else (citation.locator,))))
    if where:
        st.caption(plain(where), width="content")
    if citation.page is not None:
        quote = PageQuote(
            page=citation.page, quote=citation.quote, start=citation.page_start,
            end=citation.page_start + len(citation.quote),
        )  # fmt: skip
        draw_page_button(held, quote, f"answer-page-{key}")
