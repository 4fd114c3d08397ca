"""What every page shares: the list of pages, the opened assistant, the session, errors."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.domain import Answer, Understanding
from assistant.errors import AssistantError
from assistant.records import Records
from assistant.service import Assistant, Uploads
from assistant.settings import ROOT, Settings
from assistant.ui.grants_state import Interview
from assistant.ui.safe import plain
from assistant.ui.uploads import Stay

TITLE = "地方創生アシスタント"
ICON = Path(__file__).parent / "icon.png"
_PAGES = ROOT / "assistant" / "ui" / "app_pages"


def pages() -> list[Any]:
    """The pages, in the order of the menu."""
    return [
        st.Page(
            _PAGES / "ask.py",
            title="相談する",
            icon=":material/forum:",
            default=True,
            help="交付金・制度・事例について質問し、根拠つきの回答を読みます。",
        ),
        st.Page(
            _PAGES / "cases.py",
            title="事例を探す",
            icon=":material/travel_explore:",
            help="全国の取組事例を、言葉・条件・似た自治体から探し、見比べます。",
        ),
        st.Page(
            _PAGES / "indicators.py",
            title="指標を比べる",
            icon=":material/bar_chart:",
            help="自治体の数値を、似た自治体・同じ都道府県・全国と、時点と出典つきで並べます。",
        ),
        st.Page(
            _PAGES / "grants.py",
            title="交付金の判定",
            icon=":material/rule:",
            url_path="grants",
            help="事業の内容を条件と照らし合わせ、対象になり得るか、いくらか、何が足りないかを確かめます。",
        ),
        st.Page(
            _PAGES / "review.py",
            title="計画を点検する",
            icon=":material/plagiarism:",
            help="地方版総合戦略や交付金の計画を、要件ごとに、ページを示して点検します。",
        ),
        st.Page(
            _PAGES / "quality.py",
            title="回答の品質",
            icon=":material/fact_check:",
            help="評価の結果を指標で確かめ、表示された文の裏付けを人の目で評価します。",
        ),
    ]


@dataclass
class Turn:
    """One question and its answer in the conversation."""

    question: str
    answer: Answer
    record: int | None = None
    files: tuple[str, ...] = ()
    interview: Interview | None = None  # where the question was "can we?"


@dataclass
class Session:
    """What one browser session holds. Nothing of it is shared with other sessions."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    turns: list[Turn] = field(default_factory=list)
    uploads: Uploads = field(default_factory=Uploads)
    files: dict[str, Path] = field(default_factory=dict)  # document id → where the upload lies

    @property
    def history(self) -> list[Understanding]:
        """How earlier questions were understood, oldest first."""
        return [t.answer.trace.understanding for t in self.turns if t.answer.trace.understanding is not None]


@st.cache_resource(max_entries=1, show_spinner=False)
def open_assistant() -> Assistant:
    """The assistant, opened once for the whole process."""
    return Assistant.open(Settings())


@st.cache_resource(max_entries=1, show_spinner=False)
def open_records() -> Records:
    """The records, opened once for the whole process."""
    return Records(Settings().home / "records.sqlite")


def warm_up() -> None:
    """Load what the first question needs before anyone asks it."""
    open_assistant().ask("地域未来交付金の補助率は？", fiscal_year=2026)


@st.cache_resource(scope="session", show_spinner=False, on_release=Stay.end)
def _stay(session_id: str) -> Stay:
    """Held while the browser is connected, so that nothing of its session is deleted."""
    return Stay(Settings(), session_id)


def session() -> Session:
    """This browser session's state."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    held = st.session_state["session"]
    assert isinstance(held, Session)
    _stay(held.id)
    return held


@contextmanager
def told_in_japanese() -> Iterator[None]:
    """Show an error of ours as a message instead of a traceback."""
    try:
        yield
    except AssistantError as error:
        st.error(plain(str(error)).replace("\n", "  \n"), icon=":material/error:")
