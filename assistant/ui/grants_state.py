"""What is known of one project while a person is interviewed about it. No widgets here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.domain import MissingFact, Verdict
from assistant.errors import AssistantError, FactRejected
from assistant.grants.conditions import Condition, tests_of
from assistant.grants.facts import check_agreement, read_value
from assistant.grants.interview import next_questions
from assistant.grants.judge import judge
from assistant.grants.propose import FactProposal
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactKind, Facts, FactValue, Vocabulary, is_inapplicable

SENT_PROPOSALS = (
    "grants_proposals"  # readings that the conversation hands to the page, in the session's state
)
_MONEY = ("total_yen", "eligible_yen", "excluded_cost_yen", "national_yen", "years")
_RESERVED = frozenset({"grant", "view"})  # names in an address that are not facts


@dataclass
class Interview:
    """Facts that count, readings that wait to be confirmed, and the grant they are held against."""

    grant_id: str | None = None
    candidates: tuple[str, ...] = ()
    facts: dict[str, FactValue] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)  # fact → the words it was read from
    proposals: dict[str, FactProposal] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)  # answered 「分からない」: asked again only at the end
    problem: str = ""

    def propose(self, proposals: Iterable[FactProposal]) -> int:
        """Readings to confirm; those that say what is already known are left out. Returns how many wait anew."""
        before = dict(self.proposals)
        for proposal in proposals:
            if self.facts.get(proposal.name) != proposal.value:
                self.proposals[proposal.name] = proposal
        return sum(before.get(name) != proposal for name, proposal in self.proposals.items())

    def confirm(self, names: Iterable[str], vocabulary: Vocabulary) -> None:
        """Readings of ``names`` become facts; the others that ``vocabulary`` holds are dropped."""
        chosen = [self.proposals[name] for name in names if name in self.proposals]
        self.proposals = {n: p for n, p in self.proposals.items() if n not in vocabulary}
        self.problem = ""
        for proposal in chosen:
            if self._take(proposal.name, proposal.value, vocabulary):
                self.origins[proposal.name] = proposal.words

    def answer(self, name: str, raw: Any, vocabulary: Vocabulary) -> bool:
        """Take a person's own answer (None or "" forgets); on a value that cannot be, ``problem`` says why."""
        self.problem = ""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            self.facts.pop(name, None)
            self.origins.pop(name, None)
            return True
        try:
            value = read_value(name, raw, vocabulary[name])
        except AssistantError as error:
            self.problem = str(error)
            return False
        self.proposals.pop(name, None)
        self.origins.pop(name, None)
        return self._take(name, value, vocabulary)

    def _take(self, name: str, value: FactValue, vocabulary: Vocabulary) -> bool:
        changed = with_fact(self.facts, name, value, vocabulary)
        try:
            check_agreement(changed, vocabulary)
        except FactRejected as error:
            self.problem = str(error)
            return False
        self.facts = changed
        self.origins = {known: words for known, words in self.origins.items() if known in changed}
        if name in self.skipped:
            self.skipped.remove(name)
        return True

    def skip(self, name: str) -> None:
        """The person does not know."""
        self.problem = ""
        if name not in self.skipped:
            self.skipped.append(name)

    def facts_for(self, grant: Grant) -> dict[str, FactValue]:
        """The facts that this grant's rules may use."""
        return {name: value for name, value in self.facts.items() if name in grant.vocabulary}

    def verdict(self, grant: Grant, today: date) -> Verdict:
        """What the rules say of the facts that count."""
        return judge(grant, self.facts_for(grant), today=today)

    def questions(self, grant: Grant | Iterable[Grant]) -> tuple[MissingFact, ...]:
        """Facts to ask, best first; those that the person could not answer come last."""
        facts = self.facts_for(grant) if isinstance(grant, Grant) else self.facts
        asked = next_questions(grant, facts)
        return (
            *(q for q in asked if q.name not in self.skipped),
            *(q for q in asked if q.name in self.skipped),
        )

    def next_question(self, grant: Grant | Iterable[Grant]) -> MissingFact | None:
        """The best question that has not been put yet."""
        return next((q for q in self.questions(grant) if q.name not in self.skipped), None)


def with_fact(facts: Facts, name: str, value: FactValue, vocabulary: Vocabulary) -> dict[str, FactValue]:
    """``facts`` with one more; what makes no sense beside it goes."""
    changed = {**facts, name: value}
    spec = vocabulary.get(name)
    for other, allowed in (spec.only_if if spec else {}).items():
        if other in changed and changed[other] not in allowed:
            del changed[other]
    return {
        known: v
        for known, v in changed.items()
        if known == name or not is_inapplicable(known, changed, vocabulary)
    }


def facts_asked(grant: Grant) -> tuple[str, ...]:
    """Names of the facts that the grant's rules, open points and amounts speak of, in the vocabulary's order."""

    def speak() -> tuple[str, ...]:
        names = {test.fact for condition in _conditions(grant) for test in tests_of(condition)}
        if grant.amounts:
            names.update(_MONEY)
            names.update(rule.counted_by for rule in grant.amounts if rule.counted_by)
        return tuple(name for name in grant.vocabulary if name in names)

    return grant.once("facts of the form", speak)


def _conditions(grant: Grant) -> Iterator[Condition]:
    for rule in grant.rules:
        yield rule.needs
        if rule.when is not None:
            yield rule.when
    for point in grant.open_points:
        yield point.when
    for amount in grant.amounts:
        if amount.when is not None:
            yield amount.when


def to_params(facts: Facts, *, grant_id: str | None = None, view: str = "") -> dict[str, str]:
    """An address's parameters that bring the same screen back."""
    params = {"grant": grant_id} if grant_id else {}
    if view:
        params["view"] = view
    for name, value in facts.items():
        if isinstance(value, bool):
            params[name] = "true" if value else "false"
        else:
            params[name] = value.isoformat() if isinstance(value, date) else str(value)
    return params


def from_params(
    params: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[dict[str, FactValue], tuple[str, ...]]:
    """Facts of an address, and a message for each that cannot be read (the others still count)."""
    facts: dict[str, FactValue] = {}
    problems: list[str] = []
    for name, raw in params.items():
        spec = vocabulary.get(name)
        if name in _RESERVED:
            continue
        if spec is None:
            problems.append(f"アドレスにある「{name}」という項目は使えないため、読み飛ばしました。")
            continue
        try:
            value = read_value(name, raw, spec)
            check_agreement({**facts, name: value}, vocabulary)
        except AssistantError as error:
            problems.append(str(error))
            continue
        facts[name] = value
    return facts, tuple(problems)


def is_short_reply(text: str) -> bool:
    """Whether a message reads as an answer to a question rather than as a question of its own."""
    said = text.strip()
    return 0 < len(said) <= 40 and not said.endswith(
        ("?", "？", "か", "か。", "教えて", "ください", "ください。", "は")
    )


def reads_as(text: str, name: str, vocabulary: Vocabulary) -> bool:
    """Whether ``text`` alone is a value of the fact (「はい」「3年」「1億2千万」)."""
    spec = vocabulary[name]
    if spec.kind is FactKind.TEXT:
        return False
    said = text.strip().rstrip("。").removesuffix("です")
    try:
        read_value(name, said, spec)
    except AssistantError:
        return False
    return True
