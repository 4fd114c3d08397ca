"""The facts a project is described by: what may be asked, and how a value is said in Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self, TypeAlias

from pydantic import Field, StrictInt, StrictStr, model_validator

from assistant.domain import Noun
from assistant.japanese.numbers import format_yen

FactValue: TypeAlias = bool | int | str | date
Facts: TypeAlias = Mapping[str, FactValue]

YES, NO = "はい", "いいえ"

# Facts of the applicant alone: they neither describe a project nor tell which grant it is for.
OF_THE_PLACE: Final = frozenset(
    {
        "applicant",
        "disadvantaged_area",
        "is_depopulated",
        "is_three_metro",
        "is_tokyo_area",
        "municipality",
        "municipality_class",
        "population",
        "prefecture",
    }
)


class FactKind(StrEnum):
    """What kind of value a fact holds."""

    CHOICE = "choice"
    BOOL = "bool"
    YEN = "yen"
    INT = "int"
    DATE = "date"
    TEXT = "text"

    @property
    def is_ordered(self) -> bool:
        """Whether < and > make sense."""
        return self in (FactKind.YEN, FactKind.INT, FactKind.DATE)


class FactSpec(Noun):
    """One entry of the vocabulary.

    ``turn`` is its place in an interview: 1 what is done and by whom, 2 its features, money and
    time, 3 the rest, 4 promises and formalities.  ``only_if`` names facts without which this one
    makes no sense (a city's class when a prefecture applies); ``at_most`` names a fact that this
    one may not exceed.
    """

    kind: FactKind
    question: Annotated[StrictStr, Field(min_length=1)]
    label: StrictStr | None = None
    options: dict[StrictStr, StrictStr] = {}
    cost: Annotated[StrictInt, Field(ge=1, le=3)] = 1
    turn: Annotated[StrictInt, Field(ge=1, le=4)] = 3
    hint: StrictStr | None = None
    unit: StrictStr | None = None
    aliases: tuple[StrictStr, ...] = ()
    only_if: dict[StrictStr, tuple[StrictStr | bool, ...]] = {}
    at_most: StrictStr | None = None
    min: StrictInt | None = None
    max: StrictInt | None = None

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if (self.kind is FactKind.CHOICE) != bool(self.options):
            raise ValueError("options は kind: choice のときに必ず書き、それ以外では書きません")
        return self

    @property
    def name_in_text(self) -> str:
        """The short wording used inside sentences; the question where no label is given."""
        return self.label or self.question.rstrip("。？?")

    def say(self, value: FactValue) -> str:
        """A value as a person reads it: 「1億2,000万円」「指定都市」「はい」「令和9年3月31日」."""
        if isinstance(value, bool):
            return YES if value else NO
        if isinstance(value, date):
            return say_date(value)
        if isinstance(value, int):
            if self.kind is FactKind.YEN:
                return format_yen(value)
            return f"{value}年度" if self.unit == "年度" else f"{value:,}{self.unit or ''}"
        return self.options.get(value, value)

    @property
    def answers(self) -> tuple[str, ...]:
        """What may be answered, as a person reads it; empty for numbers, dates and text."""
        if self.kind is FactKind.BOOL:
            return (YES, NO)
        return tuple(self.options.values())


Vocabulary: TypeAlias = Mapping[str, FactSpec]


def say_date(day: date) -> str:
    """「令和9年3月31日」 (Gregorian before 令和)."""
    year = f"令和{'元' if day.year == 2019 else day.year - 2018}年" if day.year >= 2019 else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def is_inapplicable(name: str, facts: Facts, vocabulary: Vocabulary) -> bool:
    """Whether what is known already makes this fact meaningless."""
    spec = vocabulary.get(name)
    if spec is None:
        return False
    return any(
        (other in facts and facts[other] not in allowed) or is_inapplicable(other, facts, vocabulary)
        for other, allowed in spec.only_if.items()
    )


def complete_facts(facts: Facts, vocabulary: Vocabulary) -> dict[str, FactValue]:
    """Add what the given facts imply: a city's class implies that a municipality applies."""
    full = dict(facts)
    waiting = list(facts)
    while waiting:
        spec = vocabulary.get(waiting.pop())
        for other, allowed in (spec.only_if if spec else {}).items():
            if len(allowed) == 1 and other not in full:
                full[other] = allowed[0]
                waiting.append(other)
    return full
