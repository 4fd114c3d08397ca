"""A grant as data: what a file in ``corpus/grants/`` holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self, TypeAlias, TypeVar

from pydantic import BeforeValidator, Field, PrivateAttr, StrictBool, StrictInt, StrictStr

from assistant.domain import Clause, Level, Noun, Outcome, Source, VerdictOutcome
from assistant.errors import FactRejected
from assistant.grants.conditions import Condition, can_be, tests_of
from assistant.grants.names import is_yearly
from assistant.grants.vocabulary import FactKind, FactSpec
from assistant.japanese.numbers import parse_yen

Text: TypeAlias = Annotated[StrictStr, Field(min_length=1)]
RuleId: TypeAlias = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
FiscalYear: TypeAlias = Annotated[StrictInt, Field(ge=1989, le=2100)]
SourceIds: TypeAlias = Annotated[tuple[StrictStr, ...], Field(min_length=1)]

FIXED = "定額"
_T = TypeVar("_T")


def _read_yen(value: Any) -> Any:
    """「10億円」 may be written in place of 1000000000."""
    if isinstance(value, str):
        try:
            return parse_yen(value)
        except FactRejected as error:
            raise ValueError(error.what) from error
    return value


def _read_rate(value: Any) -> Any:
    if isinstance(value, str) and value != FIXED:
        try:
            ratio = Fraction(value)
        except (ValueError, ZeroDivisionError) as error:
            raise ValueError('補助率は "1/2" のような分数、"定額"、又は null で書きます') from error
        if not 0 < ratio <= 1:
            raise ValueError("補助率は 0 より大きく 1 以下です")
    return value


Yen: TypeAlias = Annotated[StrictInt, Field(ge=0), BeforeValidator(_read_yen)]
Rate: TypeAlias = Annotated[StrictStr, BeforeValidator(_read_rate)]
RawFacts: TypeAlias = dict[StrictStr, StrictBool | StrictInt | date | StrictStr]


class ClauseRef(Noun):
    """Where a rule is written. ``standing``: a law or standing scheme that holds over the years."""

    source: Text
    locator: StrictStr = ""
    quote: StrictStr = ""
    level: Level
    fiscal_year: FiscalYear
    predecessor: StrictBool = False
    standing: StrictBool = False

    @property
    def is_weak(self) -> bool:
        """Too weak to shut a project out: a third party's words, or a predecessor's rule."""
        return self.predecessor or self.level is Level.THIRD_PARTY


class RuleExample(Noun):
    """Facts and what the rule says of them; each is a test."""

    facts: RawFacts
    outcome: Outcome
    missing: tuple[StrictStr, ...] = ()
    note: StrictStr | None = None


class Rule(Noun):
    """One requirement, or one thing that shuts a project out.

    ``needs`` always states what must hold for the project to pass, for exclusions too
    (``includes_land_purchase = false``).
    """

    id: RuleId
    group: Literal["requirement", "exclusion"] = "requirement"
    says: Text
    when: Condition | None = None
    needs: Condition
    clause: ClauseRef
    # Not met: "project" shuts it out, "part" leaves out what goes beyond, "cost" only the named cost.
    affects: Literal["project", "part", "cost"] = "project"
    cost: Text | None = None  # the cost that is left out, as a noun
    remedy: StrictStr | None = None  # what to change when it is not met
    examples: tuple[RuleExample, ...] = ()

    @property
    def is_weak(self) -> bool:
        """Whether the project is not shut out even where this rule is not met."""
        return self.clause.is_weak or self.affects != "project"

    @property
    def spares_project(self) -> bool:
        """Whether the verdict stands whatever comes out: a firm clause leaves a cost out, and the rest goes on."""
        return self.affects == "cost" and not self.clause.is_weak

    @property
    def possible_outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes that facts can bring about, besides unknown."""
        found = []
        if can_be(self.needs, True):
            found.append(Outcome.MET)
        if can_be(self.needs, False):
            found.append(Outcome.NOT_MET)
        if self.when is not None and can_be(self.when, False):
            found.append(Outcome.NOT_APPLICABLE)
        return tuple(found)


class Period(Noun):
    """Length of a plan in fiscal years: as a rule, and at most."""

    default: StrictInt | None = None
    max: StrictInt | None = None


class Per(StrEnum):
    """What a cap is counted by."""

    FISCAL_YEAR = "fiscal_year"
    PROJECT = "project"
    PLAN_PERIOD = "plan_period"
    PERSON = "person"
    PERSON_YEAR = "person_year"
    HOUSEHOLD = "household"
    UNIT = "unit"
    ORGANISATION = "organisation"

    @property
    def count_fact(self) -> str | None:
        """The fact whose number multiplies the cap."""
        counts = {
            Per.PERSON: "people",
            Per.PERSON_YEAR: "people",
            Per.HOUSEHOLD: "households",
            Per.UNIT: "units",
        }
        return counts.get(self)

    @property
    def is_yearly(self) -> bool:
        """Whether the cap comes anew with each fiscal year."""
        return self in (Per.FISCAL_YEAR, Per.PERSON_YEAR)


class AmountRule(Noun):
    """Rate and cap for one kind of project. None where no source gives the figure."""

    id: RuleId
    label: Text
    when: Condition | None = None
    rate: Rate | None
    cap_yen: Yen | None
    per: Per
    count_fact: StrictStr | None = None  # overrides the fact that multiplies the cap
    yearly_guide_yen: Yen | None = None
    years: Period = Period()
    min_total_yen: Yen | None = None
    max_applications: StrictInt | None = None
    notes: tuple[StrictStr, ...] = ()
    clause: ClauseRef

    @property
    def ratio(self) -> Fraction | None:
        """The rate as a number; 1 for 定額, None where unknown."""
        if self.rate is None:
            return None
        return Fraction(1) if self.rate == FIXED else Fraction(self.rate)

    @property
    def counted_by(self) -> str | None:
        """The fact whose number multiplies the cap, if any."""
        return self.count_fact or self.per.count_fact


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Event(Noun):
    """A call or another date. A date known to the month is written as its last day."""

    id: RuleId
    what: Text
    start: date | None = None
    end: date | None = None
    precision: Precision = Precision.DAY
    sources: SourceIds
    note: StrictStr | None = None


class Office(Noun):
    """Who answers questions about the grant."""

    name: Text
    contact: StrictStr | None = None
    sources: SourceIds


class Status(Noun):
    """Whether applications are open, as far as the sources tell."""

    value: Literal["open", "closed", "unknown"]
    because: Text
    sources: tuple[StrictStr, ...] = ()


class Unknown(Noun):
    """What no source settles, and whom to ask.

    With ``when`` it concerns a project only if that holds; the verdict is then 要確認.
    """

    id: RuleId | None = None
    about: Text
    ask: Text
    when: Condition | None = None
    sources: tuple[StrictStr, ...] = ()

    @property
    def says(self) -> str:
        """As a sentence: ``about`` may be one already, or only name the matter."""
        if self.about.endswith("。"):
            return self.about
        return f"{self.about}は、確認できた資料に定めが見当たりません。"


class Saying(Noun):
    """What one source says of a disputed matter."""

    says: Text
    source: Text


class Conflict(Noun):
    """Sources that disagree; all are shown."""

    about: Text
    values: Annotated[tuple[Saying, ...], Field(min_length=2)]


class ProjectExample(Noun):
    """A whole project and its verdict; each is a test."""

    name: Text
    facts: RawFacts
    outcome: VerdictOutcome
    findings: dict[StrictStr, Outcome] = {}
    missing: tuple[StrictStr, ...] = ()
    note: StrictStr | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """An unknown that concerns a project only when ``when`` holds."""

    id: str
    unknown: Unknown
    when: Condition
    clause: ClauseRef


@dataclass(slots=True)
class Context:
    """What a grant file does not hold itself: the words it speaks, its sources, and what is derived from it."""

    vocabulary: dict[str, FactSpec] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)


class Grant(Noun):
    """One grant in one fiscal year."""

    id: RuleId
    name: Text
    short: Text
    aliases: tuple[StrictStr, ...] = ()
    family: RuleId
    family_aliases: tuple[StrictStr, ...] = ()
    fiscal_year: FiscalYear
    office: Office
    status: Status
    predecessor: RuleId | None = None
    successor: RuleId | None = None
    themes: tuple[StrictStr, ...] = ()
    summary: StrictStr | None = None
    facts: dict[Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$")], FactSpec] = {}
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]
    amounts: tuple[AmountRule, ...] = ()
    schedule: tuple[Event, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    examples: tuple[ProjectExample, ...] = ()

    _context: Context = PrivateAttr(default_factory=lambda: Context())

    def in_context(self, common: Mapping[str, FactSpec], sources: Mapping[str, Source]) -> Self:
        """This grant with the vocabulary its rules speak and the sources its clauses point to."""
        copy = self.model_copy()
        copy._context = Context({**common, **self.facts}, dict(sources))
        for kept in ("vocabulary", "dependent_facts", "open_points"):
            copy.__dict__.pop(kept, None)  # worked out from the old context
        return copy

    def once(self, key: str, make: Callable[[], _T]) -> _T:
        """What ``make`` gives, made once for this grant (it never changes)."""
        derived = self._context.derived
        if key not in derived:
            derived[key] = make()
        made: _T = derived[key]
        return made

    @cached_property
    def vocabulary(self) -> Mapping[str, FactSpec]:
        """All facts that this grant's rules may use."""
        return self._context.vocabulary or self.facts

    @property
    def dependent_facts(self) -> tuple[str, ...]:
        """Facts that make sense only under a condition."""
        vocabulary = self.vocabulary
        return self.once(
            "dependent", lambda: tuple(name for name, spec in vocabulary.items() if spec.only_if)
        )

    def source(self, source_id: str) -> Source | None:
        """The source of that id, if registered."""
        return self._context.sources.get(source_id)

    def facts_asked(self, rule_id: str) -> tuple[tuple[str, bool], ...]:
        """The facts that a rule needs: their names in text, and whether each is asked as yes or no."""
        rule = next((rule for rule in self.rules if rule.id == rule_id), None)
        names = dict.fromkeys(test.fact for test in tests_of(rule.needs)) if rule else {}
        specs = [self.vocabulary[name] for name in names if name in self.vocabulary]
        return tuple((spec.name_in_text, spec.kind is FactKind.BOOL) for spec in specs)

    def clause_of(self, owner: str, ref: ClauseRef) -> Clause:
        """The outward clause of a rule or an amount, with the address of its source."""
        return self.once(f"clause {owner}", lambda: self._clause(ref))

    def _clause(self, ref: ClauseRef) -> Clause:
        source = self.source(ref.source)
        return Clause(
            source_id=ref.source,
            locator=ref.locator,
            quote=ref.quote,
            level=ref.level,
            fiscal_year=ref.fiscal_year,
            predecessor=ref.predecessor,
            url=source.url if source else "",
        )

    @cached_property
    def open_points(self) -> tuple[OpenPoint, ...]:
        """What no source settles and concerns a project only under a condition, as rules without an answer."""
        points = []
        for number, unknown in enumerate(self.unknowns, start=1):
            if unknown.when is not None and unknown.sources:
                source = self.source(unknown.sources[0])
                ref = ClauseRef(
                    source=unknown.sources[0],
                    locator="この資料には定めが見当たりません",
                    level=source.level if source else Level.THIRD_PARTY,
                    fiscal_year=self.fiscal_year,
                )
                points.append(OpenPoint(unknown.id or f"unsettled-{number}", unknown, unknown.when, ref))
        return tuple(points)

    @property
    def is_yearly(self) -> bool:
        """Whether the file is tied to its fiscal year by its name (its id ends in -rN)."""
        return is_yearly(self.id, self.fiscal_year)

    @property
    def is_of_one_year(self) -> bool:
        """Whether its rules speak of its own fiscal year only: tied to it by name, over, or followed by another."""
        return self.is_yearly or self.successor is not None or self.status.value == "closed"
