"""相談する: the conversation."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.domain import Answer, Claim
from assistant.errors import AssistantError
from assistant.japanese.calendar import fiscal_year_label, fiscal_year_of
from assistant.settings import Settings
from assistant.ui import uploads as kept
from assistant.ui.answer_view import draw_answer
from assistant.ui.frame import Session, Turn, open_assistant, open_records, session, told_in_japanese
from assistant.ui.grants_chat import start_interview, take_reply
from assistant.ui.safe import lines, plain

EXAMPLES_BY_ROLE = {
    "自治体職員": (
        "第2世代交付金の市町村の国費上限と補助率は？",
        "地域未来交付金で申請書作成のコンサル費は使えますか？",
        "移住支援金の世帯加算はいくらですか？",
        "地域おこし協力隊の任期は何年までですか？",
    ),
    "コンサルタント": (
        "買物支援に取り組んでいる小さな町の事例は？",
        "デマンド交通を共同で運行している事例を教えて",
        "第2世代交付金と地域未来交付金の違いは？",
        "関係人口を増やした町の事例は？",
    ),
    "評価者": (
        "地方創生2.0基本構想の5本柱は？",
        "令和8年度の地域未来交付金の市町村の上限額は？",
        "企業版ふるさと納税で本社のある自治体に寄附できますか？",
    ),
}
_FILE_TYPES = ["pdf", "docx", "xlsx", "pptx", "html", "md", "txt", "csv"]
_SHOWN_TURNS = 20


def draw() -> None:
    """The page."""
    with told_in_japanese():
        assistant = open_assistant()
    if "assistant" not in locals():
        st.stop()
    held = session()
    year, place, model = _sidebar(assistant, held)
    if not held.turns:
        _welcome()
    _history(held)
    asked = st.chat_input(
        "交付金・制度・事例について質問してください",
        accept_file="multiple",
        file_type=_FILE_TYPES,
        max_chars=assistant.settings.max_question_characters,
        submit_mode="stop",
        key="question",
    )
    question, files = _read_input(asked)
    chosen = st.session_state.pop("next_question", None)
    if files:
        _take_uploads(held, files)
    if question and not files and _continues(held, question):
        st.rerun()
    if question or chosen:
        _answer(held, question or chosen, year, place, model, tuple(f.name for f in files))
        st.rerun()
    elif files:
        st.rerun()


def _continues(held: Session, text: str) -> bool:
    """Whether a message was taken as an answer in the interview of the last turn."""
    interview = held.turns[-1].interview if held.turns else None
    taken = take_reply(interview, text, open_assistant()) if interview else None
    if taken:
        st.toast(plain(taken), icon=":material/quiz:")
    return taken is not None


def _read_input(asked: Any) -> tuple[str, list[Any]]:
    if asked is None:
        return "", []
    if isinstance(asked, str):
        return asked.strip(), []
    return (asked.text or "").strip(), list(asked.files)


def ask_next(question: str) -> None:
    """Ask ``question`` on the coming run (for buttons)."""
    st.session_state["next_question"] = question


def _welcome() -> None:
    st.title("地方創生アシスタント", anchor=False)
    st.markdown(
        "地方創生の交付金・支援制度、国の政策、全国の取組事例について、**資料の原文を示しながら**お答えします。"
        "根拠を確かめられない文は表示しません。"
    )
    tabs = st.tabs(list(EXAMPLES_BY_ROLE))
    for tab, (role, questions) in zip(tabs, EXAMPLES_BY_ROLE.items(), strict=True):
        with tab:
            for number, question in enumerate(questions):
                st.button(
                    plain(question),
                    key=f"example-{role}-{number}",
                    on_click=ask_next,
                    args=(question,),
                    icon=":material/chat_bubble:",
                    type="tertiary",
                )


def _sidebar(assistant: Any, held: Session) -> tuple[int | None, str | None, str | None]:
    settings = assistant.settings
    with st.sidebar:
        this_year = fiscal_year_of(settings.today)
        years = [None, *range(this_year + 1, this_year - 5, -1)]
        year = st.selectbox(
            "対象の年度",
            years,
            format_func=lambda y: (
                "指定しない" if y is None else fiscal_year_label(y) + ("・今年度" if y == this_year else "")
            ),
            help="年度によって名称・上限額・要件が変わります。指定すると、その年度の内容でお答えします。",
            key="fiscal_year",
        )
        names = [""]
        if assistant.municipalities is not None:
            names += [m.full_name for m in assistant.municipalities]
        place = st.selectbox(
            "自治体",
            names,
            format_func=lambda name: name or "指定しない",
            help="人口や区分（指定都市・一般市町村など）を判定に使います。",
            key="municipality",
        )
        if settings.model:
            st.caption(plain(f"文章生成モデル: {settings.model}（すべての文を原文と照合します）"))
        _upload_list(assistant, held)
        if held.turns and st.button("新しい相談を始める", icon=":material/refresh:", width="stretch"):
            held.turns.clear()
            st.rerun()
        with st.expander("このアシスタントについて", icon=":material/info:"):
            st.markdown(
                "- 表示する文は、すべて資料の原文と照合しています。\n"
                "- 文末の番号を押すと、根拠の原文と出典が開きます。\n"
                "- 「採択されるか」はお答えしません。\n"
                "- 質問と添付資料は、このパソコンの外に送信されません。"
                if not settings.model
                else "- 表示する文は、すべて資料の原文と照合しています。\n"
                "- 文章生成モデルを使う設定のため、質問と関連する資料の断片がモデルに送られます。"
            )
    return year, place or None, settings.model


def _upload_list(assistant: Any, held: Session) -> None:
    if not held.uploads.documents:
        return
    st.subheader("添付した資料", anchor=False)
    st.caption("この画面だけで使います。ほかの利用者には見えません。")
    st.caption(plain(kept.how_long(assistant.settings)))
    for document in held.uploads.documents:
        with st.container(border=True):
            st.markdown(f"**{plain(document.path or document.title)}**")
            fidelity = document.fidelity
            unreadable = fidelity.unreadable_pages if fidelity else ()
            st.caption(f"{len(document.pages)}ページ（読み取れないページ {len(unreadable)}）")
            if unreadable:
                st.caption(f":material/warning: 読み取れないページ: {'、'.join(map(str, unreadable[:20]))}")
            for note in (fidelity.notes if fidelity else ())[:3]:
                st.caption(plain(note))
            st.button(
                "取り除く",
                key=f"remove-{document.id}",
                icon=":material/delete:",
                on_click=_remove_upload,
                args=(held, document.id),
            )


def _remove_upload(held: Session, document_id: str) -> None:
    held.uploads = open_assistant().without(held.uploads, document_id)
    path = held.files.pop(document_id, None)
    if path is not None:
        kept.remove(path)
    open_records().append("upload_removed", {"document": document_id}, session=held.id)


def _take_uploads(held: Session, files: list[Any]) -> None:
    assistant = open_assistant()
    for file in files:
        bar = st.progress(0.0, text=plain(f"「{file.name}」を読み取っています…"))
        try:
            path = kept.keep(assistant.settings, held.id, file.name, file.getvalue())

            def tell(done: int, total: int, bar: Any = bar, name: str = file.name) -> None:
                bar.progress(
                    done / max(1, total), text=plain(f"「{name}」を読み取っています… {done}/{total}ページ")
                )

            document, passages = assistant.read_upload(path, file.name, progress=tell)
            held.uploads = assistant.bring(held.uploads, document, passages)
            held.files[document.id] = path
            open_records().append(
                "upload",
                {"document": document.id, "name": file.name, "pages": len(document.pages)},
                session=held.id,
            )
            st.toast(plain(f"「{file.name}」を読み取りました。"), icon=":material/check:")
        except AssistantError as error:
            st.session_state.setdefault("upload_errors", []).append(str(error))
        finally:
            bar.empty()


def _history(held: Session) -> None:
    for message in st.session_state.pop("upload_errors", []):
        st.error(lines(message), icon=":material/error:")
    earlier = held.turns[:-_SHOWN_TURNS]
    if earlier:
        with st.expander(f"これより前の相談（{len(earlier)}件）"):
            for turn in earlier:
                st.markdown(f"**{plain(turn.question)}**")
                st.caption(lines(turn.answer.text))
    offset = len(earlier)
    for number, turn in enumerate(held.turns[-_SHOWN_TURNS:], offset):
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(lines(turn.question))
            for name in turn.files:
                st.caption(f":material/attach_file: {plain(name)}")
        with st.chat_message("assistant", avatar=":material/account_balance:"):
            draw_answer(turn, number, last=number == len(held.turns) - 1, on_ask=ask_next)


def _answer(
    held: Session,
    question: str,
    year: int | None,
    place: str | None,
    model: str | None,
    files: tuple[str, ...],
) -> None:
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(lines(question))
    with st.chat_message("assistant", avatar=":material/account_balance:"):
        status = st.status("資料を調べています…", type="compact")
        streamed = st.container()

        def show(claim: Claim) -> None:
            streamed.markdown(lines(claim.text))

        answer: Answer | None = None
        with told_in_japanese():
            for step, noun in open_assistant().steps(
                question,
                fiscal_year=year,
                municipality=place,
                history=held.history,
                uploads=held.uploads,
                on_claim=show if model else None,
            ):
                if step == "retrieve":
                    status.update(label=f"{len(noun)}か所の記述を原文と照合しています…")
                if isinstance(noun, Answer):
                    answer = noun
        if answer is None:
            status.update(label="回答できませんでした", state="error")
            st.stop()
        status.update(label="照合が終わりました", state="complete")
    record = None
    try:
        record = open_records().append(
            "answer",
            {
                "question": question,
                "status": answer.status,
                "text": answer.text,
                "passages": [c.passage_id for claim in answer.claims for c in claim.citations],
                "model": answer.trace.model,
                "index": answer.trace.index,
            },
            session=held.id,
        )
    except AssistantError as error:
        st.toast(plain(error.what), icon=":material/warning:")
    interview = start_interview(answer, open_assistant(), question)
    held.turns.append(Turn(question, answer, record, files, interview))


def settings() -> Settings:
    """The settings of the opened assistant."""
    return open_assistant().settings
