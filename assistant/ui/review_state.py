"""The review on the screen: what it holds, how it begins, how it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import streamlit as st

from assistant.domain import Document, PageQuote, Passage
from assistant.errors import FileUnreadable
from assistant.review.nouns import Review
from assistant.service import Assistant
from assistant.ui import uploads
from assistant.ui.frame import open_assistant, session, told_in_japanese

_HELD = "review-held"
_EMPTIED: Final = "review-emptied"  # how many times the uploader was emptied
EXPORTS = "files"  # under this name the export part keeps what it made: ending → file


class Filed(Protocol):
    """A document whose file lies on this machine."""

    path: Path


@dataclass
class Beside:
    """Another document brought to the review: its earlier version, or a plan to hold it against."""

    name: str
    document: Document
    path: Path
    review: Review | None = None


@dataclass
class Held:
    """The review on the screen, the document it is about and the file that was brought."""

    review: Review
    document: Document
    passages: list[Passage]
    path: Path
    kept: dict[str, Any] = field(default_factory=dict)  # what a part of the page made once, by its name
    beside: dict[str, Beside] = field(default_factory=dict)

    def show(self, review: Review) -> None:
        """Another state of the review; files made of the one before are dropped."""
        self.review = review
        self.kept.pop(EXPORTS, None)


def held_review() -> Held | None:
    """The review on the screen, if there is one."""
    held = st.session_state.get(_HELD)
    return held if isinstance(held, Held) else None


def begin(assistant: Assistant, name: str, content: bytes, target: str, lenient: bool) -> None:
    """Read the file and hold it against ``target``; an error is shown and nothing is kept."""
    forget()
    bar = st.progress(0.0, text="文書を読んでいます。")

    def show(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(1, total)), text=f"文書を読んでいます（{done}／{total}ページ）。")

    with told_in_japanese():
        path = uploads.keep(assistant.settings, session().id, name, content)
        try:
            document, passages = assistant.read_upload(path, name, progress=show)
            bar.progress(1.0, text="要件と照らし合わせています。")
            found = assistant.reviews.hold(document, target, strictness="lenient" if lenient else "standard")
        except Exception:
            _remove(path, None)
            raise
        st.session_state[_HELD] = Held(found, document, passages, path)
    bar.empty()


def bring_beside(assistant: Assistant, held: Held, key: str, name: str, content: bytes) -> Beside | None:
    """Read another document and keep it under ``key``; None where it could not be read, which is shown."""
    bar = st.progress(0.0, text="文書を読んでいます。")

    def show(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(1, total)), text=f"文書を読んでいます（{done}／{total}ページ）。")

    found: Beside | None = None
    with told_in_japanese():
        drop_beside(held, key)
        path = uploads.keep(assistant.settings, session().id, name, content)
        try:
            document, _ = assistant.read_upload(path, name, progress=show)
        except Exception:
            _remove(path, held)
            raise
        found = held.beside[key] = Beside(name, document, path)
    bar.empty()
    return found


def drop_beside(held: Held, key: str) -> None:
    """Forget another document and delete its file."""
    dropped = held.beside.pop(key, None)
    if dropped is not None:
        _remove(dropped.path, held)


def forget() -> None:
    """Drop the review and delete its files, unless the conversation holds the same ones."""
    held = st.session_state.pop(_HELD, None)
    if isinstance(held, Held):
        for path in {held.path, *(other.path for other in held.beside.values())}:
            _remove(path, None)


def uploader_key() -> str:
    """The key of the uploader of the document; another one after each deletion, so that it is empty again."""
    number = st.session_state.get(_EMPTIED, 0)
    return f"review-file-{number}" if number else "review-file"


def empty_uploader() -> None:
    """Let the uploader no longer hold the chosen file."""
    st.session_state[_EMPTIED] = st.session_state.get(_EMPTIED, 0) + 1


def _remove(path: Path, held: Held | None) -> None:
    """Delete a file that nothing on the screen uses any more; the same content is one file."""
    used = set(session().files.values())
    if held is not None:
        used |= {held.path, *(other.path for other in held.beside.values())}
    if path not in used:
        uploads.remove(path)


def draw_page_button(held: Filed, quote: PageQuote, key: str) -> None:
    """A button that opens the page with the quote boxed; nothing for a file without page images."""
    if held.path.suffix.lower() == ".pdf" and st.button(
        f"{quote.page}ページを見る", key=key, icon=":material/find_in_page:", type="tertiary"
    ):
        open_page(held, quote)


@st.dialog("文書のページ", width="large", icon=":material/find_in_page:")
def open_page(held: Filed, quote: PageQuote) -> None:
    """The page's image with the quote boxed."""
    try:
        image, found = open_assistant().page_image(held.path, quote.page, quote.quote)
    except FileUnreadable:
        st.caption("ページの画像を表示できませんでした。")
        return
    st.image(image, width="stretch", alt=f"{quote.page}ページの画像。引用した文を枠で囲んでいます。")
    if not found:
        st.caption("ページ上の位置を特定できなかったため、枠は付けていません。")
