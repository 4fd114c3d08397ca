"""Sentences of a grant's own document, as claims that quote themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from assistant.domain import Citation, Claim, Passage, Source, SupportLabel
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set

_UNKNOWN = re.compile(
    r"確認できて(?:いません|いない|おりません|おらず)|未確認|不明|分かってい(?:ません|ない)|確認が必要です|示されてい(?:ません|ない)"
)
_ROW = re.compile(r"[|｜]|／.*／|: [^。]*／")


@dataclass(frozen=True)
class Quote:
    """One statement of a passage: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The statement, word for word."""
        return self.passage.text[self.start : self.end]

    @property
    def heading(self) -> str:
        """The last heading that it stands under."""
        return self.passage.trail[-1] if self.passage.trail else ""

    @cached_property
    def folded(self) -> str:
        """The statement in the form that patterns are matched on."""
        return normalise(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its content lemmas."""
        return content_set(self.text)

    @property
    def tells_unknown(self) -> bool:
        """Whether it says that something is not known."""
        return bool(_UNKNOWN.search(self.text))

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table rather than a sentence."""
        return bool(_ROW.search(self.text))

    def claim(self, sources: Mapping[str, Source]) -> Claim:
        """The statement as a claim that cites itself."""
        source_ids = self.passage.sources_at(self.start, self.end)
        cited = Citation.of(self.passage, self.start, self.end, sources, source_ids)
        return Claim(
            text=self.text,
            support=SupportLabel.SUPPORTED,
            citations=(cited,),
            reason="資料の文そのものです。",
        )


def quotes_of(passages: Iterable[Passage]) -> Iterator[Quote]:
    """The marked statements of ``passages``, in order."""
    for passage in passages:
        for statement in passage.statements:
            text = passage.text[statement.start : statement.end]
            start = statement.start + len(text) - len(text.lstrip())
            end = statement.start + len(text.rstrip())
            if start < end:
                yield Quote(passage, start, end)
