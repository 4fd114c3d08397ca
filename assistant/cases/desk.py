"""The case room's desk: one casebook kept open, read anew when somebody adds or removes a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.cases.answering import Render, with_cases
from assistant.cases.casebook import Casebook
from assistant.cases.columns import Column, load_columns
from assistant.cases.criteria import read_criteria
from assistant.cases.find import CaseResults, find
from assistant.cases.follow import joined, narrows
from assistant.cases.opening import open_casebook
from assistant.cases.own import delete_own_case, save_own_case, signature
from assistant.domain import Answer, Case, Intent, Municipality, Source, Understanding
from assistant.errors import UnknownName
from assistant.knowledge.municipalities import Municipalities
from assistant.search.index import Index


class CaseDesk:
    """Finds, answers about and adds cases; safe to share between threads."""

    def __init__(
        self,
        corpus: Path,
        own: Path,
        *,
        index: Index,
        sources: Mapping[str, Source],
        municipalities: Municipalities | None,
        today: date,
    ) -> None:
        self.corpus, self.own = corpus, own
        self.municipalities = municipalities
        self._index, self._sources, self._today = index, sources, today
        self._held: tuple[tuple[tuple[str, int, int], ...], Casebook] | None = None

    @property
    def book(self) -> Casebook:
        """All cases, those that people added included."""
        stamp = signature(self.own)
        held = self._held
        if held is None or held[0] != stamp:
            book = open_casebook(
                self.corpus,
                self.own,
                index=self._index,
                sources=self._sources,
                municipalities=self.municipalities,
                today=self._today,
            )
            held = self._held = (stamp, book)
        return held[1]

    @property
    def columns(self) -> dict[str, Column]:
        """What the register's columns mean."""
        return load_columns(self.corpus / "municipalities.yaml", self._sources)

    def find(self, words: str = "", *, like: str | None = None, k: int = 10, **filters: Any) -> CaseResults:
        """The ``k`` best cases; ``filters`` (pillar, theme, prefecture, population, scheme, year, kind) as typed.

        Raises ``InputError`` and ``UnknownName`` saying what may be typed.
        """
        book = self.book
        return find(book, words, criteria=read_criteria(book, **filters), like=self._place(like), k=k)

    def _place(self, name: str | None) -> Municipality | None:
        if not name or not name.strip():
            return None
        if self.municipalities is None:
            raise UnknownName(f"「{name}」を調べられません。", why="資料データに自治体の一覧がありません。")
        return self.municipalities.find(name)

    def whole_question(self, question: str, history: tuple[Understanding, ...]) -> str:
        """``question`` with the one before it, where it only narrows the cases of that one."""
        if history and history[-1].intent is Intent.CASES and narrows(question):
            return joined(question, history[-1].question)
        return question

    def answer(self, answer: Answer, render: Render) -> Answer:
        """``answer`` with the best cases, where it answers a question about cases."""
        understanding = answer.trace.understanding
        if understanding is None or understanding.intent is not Intent.CASES:
            return answer
        if not (self.corpus / "cases").is_dir() or not (self.corpus / "themes.yaml").is_file():
            return answer
        code = understanding.municipality_code
        place = self.municipalities.by_code(code) if code and self.municipalities else None
        return with_cases(answer, self.book, understanding.question, place, render)

    def save(self, text: str) -> Case:
        """Check and keep a case that a person wrote (YAML); it is found from then on."""
        book = self.book
        return save_own_case(self.own, text, themes=book.themes, known=self._sources, today=self._today)

    def delete(self, case_id: str) -> None:
        """Remove an added case."""
        delete_own_case(self.own, case_id)
