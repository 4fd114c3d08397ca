"""The conditions of a grant that the words of a question touch, as they come out if the words are read rightly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from assistant.domain import Finding, MissingFact, Outcome, Verdict
from assistant.grants.conditions import Condition, tests_of, truth_of
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.propose import FactProposal, agreeing
from assistant.grants.propose_patterns import TOUCHES
from assistant.grants.rules import Grant
from assistant.grants.table import names_of
from assistant.grants.vocabulary import FactKind, FactValue
from assistant.grants.wording import say_names
from assistant.japanese.text import normalise

MOST: Final = 4
_TOUCHES: Final = tuple((name, re.compile(pattern)) for name, pattern in TOUCHES)
_RANK: Final = {Outcome.NOT_MET: 0, Outcome.UNKNOWN: 1, Outcome.MET: 2}


def facts_touched(text: str, proposals: Sequence[FactProposal], grant: Grant) -> frozenset[str]:
    """Names of facts that words speak of, whether or not they say what holds of them.

    The grant's own names speak of none (「過疎債」 is not about being depopulated).
    """
    folded = normalise(text)
    for name in sorted(map(normalise, names_of(grant)), key=len, reverse=True):
        folded = folded.replace(name, " ")
    return frozenset(p.name for p in proposals) | frozenset(
        name for name, pattern in _TOUCHES if pattern.search(folded)
    )


def judge_as_read(
    grant: Grant, proposals: Sequence[FactProposal], facts: Mapping[str, Any], today: date
) -> tuple[Verdict, dict[str, FactValue]]:
    """The verdict that would come of it if the words were read rightly, and the facts it counts."""
    own = [p for p in proposals if p.name in grant.vocabulary]
    read = {p.name: p.value for p in agreeing(tuple(own), grant.vocabulary)}
    known = {**read, **{name: value for name, value in facts.items() if name in grant.vocabulary}}
    full = read_facts(known, grant.vocabulary)
    return judge(grant, full, today=today), full


def touched_findings(
    grant: Grant, verdict: Verdict, facts: Mapping[str, FactValue], names: frozenset[str]
) -> tuple[Finding, ...]:
    """Findings of ``verdict`` whose condition rests on ``names``: those not met first, then the open ones."""
    conditions: dict[str, tuple[Condition | None, Condition]] = {r.id: (r.when, r.needs) for r in grant.rules}
    conditions |= {point.id: (None, point.when) for point in grant.open_points}
    found: list[tuple[int, int, Finding]] = []
    for at, finding in enumerate(verdict.findings):
        if finding.outcome is Outcome.NOT_APPLICABLE or finding.rule_id not in conditions:
            continue
        when, needs = conditions[finding.rule_id]
        asks = names & {test.fact for test in tests_of(needs)}
        leads = (
            when is not None
            and truth_of(when, facts) is True
            and bool(names & {t.fact for t in tests_of(when)})
            and all(grant.vocabulary[t.fact].kind is FactKind.BOOL for t in tests_of(needs))
        )
        if asks and finding.outcome is Outcome.UNKNOWN and set(finding.missing) - asks:
            said = say_names([name for name in finding.missing if name in asks], grant.vocabulary)
            if said:
                finding = finding.model_copy(
                    update={"because": f"{said}が分からないため、まだ判断できません。"}
                )
        if asks or leads:
            rank = _RANK[finding.outcome] + (0 if asks else 3)
            found.append((rank, at, finding))
    return tuple(finding for _, _, finding in sorted(found, key=lambda item: item[:2])[:MOST])


def with_touched_first(
    verdict: Verdict, touched: Sequence[Finding], names: frozenset[str]
) -> tuple[Verdict, tuple[MissingFact, ...]]:
    """``verdict`` with the conditions that were touched first, and its missing facts in that order too."""
    ids = [finding.rule_id for finding in touched]
    findings = sorted(verdict.findings, key=lambda f: ids.index(f.rule_id) if f.rule_id in ids else len(ids))
    missing = sorted(verdict.missing, key=lambda fact: fact.name not in names)
    return verdict.model_copy(update={"findings": tuple(findings), "missing": tuple(missing)}), tuple(missing)
