"""A second look by meaning, where no cue of a requirement stands in a document.

A stretch of the document earns points for a requirement: 2 for each of its own words (at most two), 1 for
each word that goes with it (at most three), and 8 times the cosine between the stretch and the nearest of
the requirement's examples (the bundled encoder). What is much alike is no evidence; it is shown to a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from assistant.domain import Document, PageQuote
from assistant.japanese.text import fold
from assistant.review.decoys import why_not
from assistant.review.nouns import Kpi
from assistant.review.requirements import Requirement
from assistant.review.units import Unit
from assistant.review.ways import NOTHING, Ways
from assistant.search.encoder import BUNDLED, Encoder, Vectors, open_encoder

# Set with the bundled encoder on plans whose omissions are known (benchmarks/review.md); another encoder needs another.
ENOUGH = 5.5
ENOUGH_LENIENT = 4.5
NEAR = 2.5  # enough to be shown as the nearest, where nothing is alike enough
_FOR_A_NAME = 1.5  # fewer points are enough for an indicator, whose name is short
_LONGEST = 90  # characters of a stretch before another unit is no longer added
_LONGEST_QUOTE = 240
_MOST_QUOTES = 3
_LEAST_COSINE = 0.12  # below it only many words could be enough
_AT_ONCE = 2048  # stretches encoded and compared at once
_HEADS = re.compile(r"(?:基準値?|現状値?|現況値?).{0,16}目標")  # the headings of a table of indicators
_BULLET = re.compile(r"^[・○●◎■◆◇□▶※\-*]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Units of one page that read on as one passage, and their text without line breaks."""

    units: tuple[Unit, ...]
    text: str
    folded: str
    indicator: bool = False


class SecondLook:
    """What in a document is like a requirement that no cue found. Opens the bundled encoder when first asked."""

    def __init__(self, document: Document, units: Sequence[Unit], kpis: Sequence[Kpi], ways: Ways) -> None:
        self._document, self._ways = document, ways
        self._units, self._kpis = units, kpis
        self._patterns: dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]] = {}

    def find(
        self, requirement: Requirement, *, enough: float = ENOUGH, apart_from: Sequence[PageQuote] = ()
    ) -> tuple[PageQuote, ...]:
        """The likest stretches, best first; none where nothing is alike enough.

        ``apart_from``: places already judged not to bear the requirement.
        """
        if requirement.id not in self._ways.examples:
            return ()
        likeness, nothing = self._likeness[:, self._columns[requirement.id]], self._likeness[:, -1]
        scored = []
        named = np.array([stretch.indicator for stretch in self._stretches], bool)
        for at in np.flatnonzero(named | ((likeness >= _LEAST_COSINE) & (likeness >= nothing))):
            stretch = self._stretches[at]
            points = 8 * float(likeness[at]) + self._words(requirement.id, stretch.folded)
            if (
                points >= enough - _FOR_A_NAME * stretch.indicator
                and _may_bear(requirement, stretch)
                and not _lies_in(stretch, apart_from)
            ):
                scored.append((points, stretch))
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1].units[0].page, pair[1].units[0].start))
        return tuple(self._quote(stretch) for _, stretch in best[:_MOST_QUOTES])

    def _words(self, requirement_id: str, folded: str) -> float:
        if requirement_id not in self._patterns:
            self._patterns[requirement_id] = (
                _any_of(self._ways.words.get(requirement_id, ())),
                _any_of(self._ways.hints.get(requirement_id, ())),
            )
        own, hints = (
            set(p.findall(folded)) if p is not None else set() for p in self._patterns[requirement_id]
        )
        going_with = {hint for hint in hints if not any(hint in word for word in own)}
        return 2.0 * min(len(own), 2) + 1.0 * min(len(going_with), 3)

    @cached_property
    def _stretches(self) -> list[Stretch]:
        return [*stretches_of(self._units), *_indicators_of(self._kpis)]

    @cached_property
    def _columns(self) -> dict[str, int]:
        names = [name for name in self._ways.examples if name != NOTHING]
        return {name: column for column, name in enumerate(names)}

    @cached_property
    def _likeness(self) -> Vectors:
        """Cosine of each stretch with the nearest example of each requirement; the last column is of ``NOTHING``."""
        encoder = _encoder()
        examples_by_name = {**self._ways.examples, NOTHING: self._ways.examples.get(NOTHING, ("",))}
        owned = [encoder.encode_passages(examples_by_name[name]) for name in (*self._columns, NOTHING)]
        texts = [stretch.text for stretch in self._stretches]
        found = np.full((len(texts), len(owned)), -1.0, np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            rows = encoder.encode_passages(texts[start : start + _AT_ONCE])
            for column, examples in enumerate(owned):
                found[start : start + _AT_ONCE, column] = (rows @ examples.T).max(axis=1)
        return found

    def _quote(self, stretch: Stretch) -> PageQuote:
        page = stretch.units[0].page
        start, end = stretch.units[0].start, stretch.units[-1].end
        if end - start > _LONGEST_QUOTE:
            longest = max(stretch.units, key=lambda unit: len(unit.text))
            start, end = longest.start, min(longest.end, longest.start + _LONGEST_QUOTE)
        text = self._document.pages[page - 1].text
        return PageQuote(page=page, quote=text[start:end], start=start, end=end)


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    return open_encoder(BUNDLED)


def stretches_of(units: Sequence[Unit]) -> list[Stretch]:
    """Passages of short neighbouring units: the cells of a row, a heading's rest, lines of one sentence."""
    found: list[Stretch] = []
    held: list[Unit] = []
    for unit in units:
        if unit.kind in ("contents", "order", "kpi"):
            _close(held, found)
            continue
        if unit.folded.isdigit():  # the number of a page, a figure of a table
            continue
        if held and (
            unit.page != held[-1].page
            or unit.start < held[-1].end
            or unit.kind in ("heading", "row")
            or _BULLET.match(unit.text)
            or sum(len(other.text) for other in held) > _LONGEST
        ):
            _close(held, found)
        held.append(unit)
        if unit.text.endswith("。") or unit.kind == "row":
            _close(held, found)
    _close(held, found)
    return found


def _close(held: list[Unit], found: list[Stretch]) -> None:
    if held:
        text = "".join(unit.text.replace("\n", "") for unit in held)
        folded = "".join(unit.folded for unit in held)
        if len(folded) >= 5 and not folded.isdigit():
            found.append(Stretch(tuple(held), text, folded))
    held.clear()


def _indicators_of(kpis: Sequence[Kpi]) -> list[Stretch]:
    """The names of indicators, each where its row stands."""
    made = []
    for kpi in kpis:
        if not kpi.target or "activity" in kpi.kinds:
            continue
        where = kpi.where
        folded = fold(kpi.indicator, drop_spaces=True).text
        unit = Unit(where.page, where.start, where.end, where.quote, folded, "", "kpi")
        made.append(Stretch((unit,), kpi.indicator, folded, indicator=True))
    return made


def _may_bear(requirement: Requirement, stretch: Stretch) -> bool:
    if requirement.check == "target":
        return stretch.indicator
    if stretch.indicator or (requirement.check == "words" and _HEADS.search(stretch.folded)):
        return False
    first = stretch.units[0]
    whole = Unit(
        first.page, first.start, first.end, stretch.text, stretch.folded, stretch.units[-1].trail, "sentence"
    )
    if all(unit.kind == "heading" for unit in stretch.units) and not requirement.headings:
        return False
    reason = why_not(
        whole,
        max(0, len(stretch.folded) - 30),
        headings=True,
        measure=requirement.measure,
        about_others=requirement.about_others,
        indicators=True,
    )
    # A bullet or a cell often names a measure by nouns alone.
    return reason is None or (reason[0] == "mention" and not stretch.folded.endswith("。"))


def _lies_in(stretch: Stretch, quotes: Sequence[PageQuote]) -> bool:
    first, last = stretch.units[0], stretch.units[-1]
    return any(
        quote.page == first.page and quote.start < last.end and first.start < quote.end for quote in quotes
    )


def _any_of(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
