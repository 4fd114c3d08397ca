"""Which grant? All grants held against one project, and what changes if a fact changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from assistant.domain import Amounts, Finding, Noun, Outcome, Verdict, VerdictOutcome
from assistant.grants.conditions import tests_of
from assistant.grants.facts import find_fact, read_value
from assistant.grants.judge import judge
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import OF_THE_PLACE, FactKind, Facts, FactSpec, FactValue
from assistant.japanese.calendar import fiscal_year_of
from assistant.japanese.tokens import content_lemmas

_ORDER: Final = {VerdictOutcome.POSSIBLE: 0, VerdictOutcome.TO_CONFIRM: 1, VerdictOutcome.INELIGIBLE: 2}


class RankedGrant(Noun):
    """One grant as it looks for a project.

    ``against`` are the reasons that speak against it; ``why`` the words and facts of the
    project that the grant is about, ``relevance`` their weight.
    """

    grant_id: str
    name: str
    short: str
    fiscal_year: int
    status: str
    outcome: VerdictOutcome
    amounts: Amounts | None
    missing: tuple[str, ...]
    against: tuple[str, ...]
    met: int
    undecided: int
    relevance: float
    why: tuple[str, ...]
    verdict: Verdict


class Flip(Noun):
    """A finding that comes out differently."""

    rule_id: str
    says: str
    before: Outcome
    after: Outcome
    because: str


class WhatIf(Noun):
    """What one changed fact does to a verdict."""

    grant_id: str
    changed: str  # 「用地取得費を含む: はい → いいえ」
    before: VerdictOutcome
    after: VerdictOutcome
    flips: tuple[Flip, ...]
    amounts_before: Amounts | None
    amounts_after: Amounts | None


def rank_grants(grants: Iterable[Grant], facts: Facts, today: date) -> list[RankedGrant]:
    """All grants, most promising first.

    By verdict; then those of this or the coming fiscal year, those that no weak rule speaks
    against, how much of what is known the grant is about (``relevance``), those still open, what
    is met, and the larger national share. Facts that a grant does not know do not count.
    """
    chosen = list(grants)
    relevance = _Relevance(chosen, facts)
    ranked = [_rank(grant, facts, relevance, today) for grant in chosen]
    this_year = fiscal_year_of(today)
    past = {grant.id for grant in chosen if grant.is_of_one_year}

    def key(item: RankedGrant) -> tuple[Any, ...]:
        stale = item.grant_id in past and item.fiscal_year < this_year
        weak = sum(f.outcome is Outcome.NOT_MET and f.affects != "cost" for f in item.verdict.findings)
        share = item.met / max(1, item.met + item.undecided)
        national = (item.amounts.national_yen or 0) if item.amounts else 0
        closed = item.status == "closed"
        about = -round(item.relevance, 6)
        return (
            _ORDER[item.outcome],
            stale,
            weak,
            about,
            closed,
            -share,
            item.undecided,
            -national,
            item.grant_id,
        )

    return sorted(ranked, key=key)


def _rank(grant: Grant, facts: Facts, relevance: _Relevance, today: date) -> RankedGrant:
    known = {name: value for name, value in facts.items() if name in grant.vocabulary}
    verdict = judge(grant, known, today=today)
    outcomes = [finding.outcome for finding in verdict.findings]
    score, why = relevance.of(grant)
    return RankedGrant(
        grant_id=grant.id,
        name=grant.name,
        short=grant.short,
        fiscal_year=grant.fiscal_year,
        status=grant.status.value,
        outcome=verdict.outcome,
        amounts=verdict.amounts,
        missing=tuple(fact.name for fact in verdict.missing),
        against=tuple(f.because for f in verdict.findings if f.outcome is Outcome.NOT_MET),
        met=outcomes.count(Outcome.MET),
        undecided=outcomes.count(Outcome.UNKNOWN),
        relevance=score,
        why=why,
        verdict=verdict,
    )


class _Relevance:
    """How much of what is known each grant is about: rarer facts and theme words count more.

    A fact counts 1 / (number of grants whose rules ask it), a word 1 / (number of grants
    whose themes bear it). Facts of the place alone say nothing of the project.
    """

    def __init__(self, grants: Sequence[Grant], facts: Facts) -> None:
        self.facts = [name for name in facts if name not in OF_THE_PLACE]
        self.askers = Counter(name for grant in grants for name in asked_by(grant))
        text = " ".join(self._labels(grants, facts))
        self.said = set(content_lemmas(text)) if text else set()
        self.bearers = (
            Counter(word for grant in grants for word in _theme_words(grant)) if self.said else Counter()
        )

    def _labels(self, grants: Sequence[Grant], facts: Facts) -> list[str]:
        """The words of texts and choices: 「買物支援」「防災の資機材・車両の整備」."""
        labels = []
        for name in self.facts:
            spec = next((g.vocabulary[name] for g in grants if name in g.vocabulary), None)
            if spec is not None and spec.kind in (FactKind.TEXT, FactKind.CHOICE) and name != "project_kind":
                labels.append(spec.say(facts[name]))
        return labels

    def of(self, grant: Grant) -> tuple[float, tuple[str, ...]]:
        """The score, and the words and facts it rests on."""
        words = [word for word in self.said if word in _theme_words(grant)] if self.said else []
        asked = [name for name in self.facts if name in asked_by(grant)]
        score = sum(1 / self.bearers[word] for word in words) + sum(1 / self.askers[name] for name in asked)
        labels = (grant.vocabulary[name].name_in_text for name in asked)
        return score, (*sorted(words), *labels)


def asked_by(grant: Grant) -> frozenset[str]:
    """Names of the facts that a grant's rules and open points rest on."""

    def find() -> frozenset[str]:
        conditions = [condition for rule in grant.rules for condition in (rule.when, rule.needs)]
        conditions += [point.when for point in grant.open_points]
        return frozenset(test.fact for c in conditions if c is not None for test in tests_of(c))

    return grant.once("facts asked", find)


def _theme_words(grant: Grant) -> frozenset[str]:
    return grant.once(
        "theme words",
        lambda: frozenset(
            word for text in (*grant.themes, grant.short, *grant.aliases) for word in content_lemmas(text)
        ),
    )


def what_if(grant: Grant, facts: Facts, name: str, value: Any, *, today: date) -> WhatIf:
    """The findings that flip when a fact becomes ``value`` (None: becomes unknown).

    Facts that the change makes meaningless are dropped. Raises UnknownName and FactRejected.
    """
    name = find_fact(name, grant.vocabulary)
    spec = grant.vocabulary[name]
    new = None if value is None else read_value(name, value, spec)
    changed = _with(grant, facts, name, new)
    before, after = judge(grant, facts, today=today), judge(grant, changed, today=today)
    old = {finding.rule_id: finding for finding in before.findings}
    return WhatIf(
        grant_id=grant.id,
        changed=f"{spec.name_in_text}: {_say(facts.get(name), spec)} → {_say(new, spec)}",
        before=before.outcome,
        after=after.outcome,
        flips=tuple(
            _flip(old[f.rule_id], f) for f in after.findings if f.outcome is not old[f.rule_id].outcome
        ),
        amounts_before=before.amounts,
        amounts_after=after.amounts,
    )


def _with(grant: Grant, facts: Facts, name: str, value: FactValue | None) -> dict[str, FactValue]:
    changed = {known: v for known, v in facts.items() if known != name}
    if value is None:
        return changed
    changed[name] = value
    pending = True
    while pending:  # a fact that made sense only under the old value goes with it
        senseless = [
            known
            for known in changed
            if known != name
            and any(
                other in changed and changed[other] not in allowed
                for other, allowed in _only_if(grant, known).items()
            )
        ]
        pending = bool(senseless)
        for known in senseless:
            del changed[known]
    for other, allowed in _only_if(grant, name).items():
        if changed.get(other) not in (None, *allowed):
            del changed[other]
    return changed


def _only_if(grant: Grant, name: str) -> dict[str, tuple[str | bool, ...]]:
    spec = grant.vocabulary.get(name)
    return spec.only_if if spec else {}


def _flip(before: Finding, after: Finding) -> Flip:
    return Flip(
        rule_id=after.rule_id,
        says=after.says,
        before=before.outcome,
        after=after.outcome,
        because=after.because,
    )


def _say(value: FactValue | None, spec: FactSpec) -> str:
    return "（未回答）" if value is None else spec.say(value)


def decisive_toggles(grant: Grant, facts: Facts, *, today: date) -> tuple[WhatIf, ...]:
    """Yes/no facts and choices whose change would alter the verdict itself, for 「もし…なら」."""
    before = judge(grant, facts, today=today)
    found = []
    for name, value in facts.items():
        spec = grant.vocabulary.get(name)
        if spec is None or spec.kind not in (FactKind.BOOL, FactKind.CHOICE):
            continue
        others = [not value] if spec.kind is FactKind.BOOL else [o for o in spec.options if o != value]
        for other in others:
            result = what_if(grant, facts, name, other, today=today)
            if result.after is not before.outcome:
                found.append(result)
    return tuple(found)
