"""How many questions until the verdict is settled: ours, random order, a form from top to bottom, the optimum.

    python benchmarks/interview.py [--projects 8] [--seed 1]

Projects: for every grant, whole-project examples of its file with nothing left open, completed
and then changed in none, one or two facts (weights 35 : 40 : 25), so that most of what a town
would really ask about is there: fitting projects and projects with one thing wrong.

Promises are broken as often as anything else is wrong, which no town does; the row "no promise
refused" has the projects without such a no.

Orders, all starting from no facts and stopping when no answer can change the verdict any more:
  ours      next_questions: what the project is, then the fact that settles most, promises after that
  random    any fact that an open finding lacks (mean of 5 shuffles)
  form      every fact of the grant's rules in the order of the file, asked whether needed or not
  optimum   the fewest facts that settle this very project, for one who knows all answers beforehand:
            all sets of up to 2 facts are tried, then the best of 60 random eliminations. No
            interview can beat it, and none can reach it on average.

For grants with few facts the best interview there is (not knowing the answers) is worked out
exactly by dynamic programming over all partial answers, every answer group equally likely, and
compared with ours and with random order under the same odds.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
from functools import cache
from pathlib import Path
from typing import Any

from assistant.errors import FactRejected
from assistant.grants.conditions import tests_of
from assistant.grants.facts import check_agreement, read_facts
from assistant.grants.interview import answers_to_try, next_questions
from assistant.grants.loader import load_grants
from assistant.grants.outcomes import evaluate_all, is_settled
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import complete_facts
from assistant.knowledge.sources import load_sources

CORPUS = Path(__file__).parents[1] / "corpus"
SMALL = 20_000  # partial answers up to which the exact optimum is worked out

Facts = dict[str, Any]


def answers_of(grant: Grant) -> dict[str, list[tuple[Any, float]]]:
    """Facts of the grant's rules in order of writing, each with (answer, share)."""
    tests: dict[str, list[Any]] = {}
    conditions = [c for rule in grant.rules for c in (rule.when, rule.needs)]
    for condition in [*conditions, *(point.when for point in grant.open_points)]:
        for test in tests_of(condition) if condition is not None else ():
            tests.setdefault(test.fact, []).append(test)
    return {name: list(answers_to_try(grant.vocabulary[name], found)) for name, found in tests.items()}


def settled(grant: Grant, facts: Facts) -> bool:
    return is_settled(evaluate_all(grant, complete_facts(facts, grant.vocabulary)).values())


def lacking(grant: Grant, facts: Facts) -> list[str]:
    """Facts that open findings lack; one that makes sense only under another waits for that other."""
    results = evaluate_all(grant, complete_facts(facts, grant.vocabulary))
    names = dict.fromkeys(name for result in results.values() for name in result.missing)
    return [name for name in names if not any(other in names for other in grant.vocabulary[name].only_if)]


def agrees(grant: Grant, facts: Facts) -> bool:
    try:
        check_agreement(facts, grant.vocabulary)
    except FactRejected:
        return False
    return True


def simulate(grant: Grant, rng: random.Random) -> Facts | None:
    """A whole project: an example, completed, with none, one or two facts changed."""
    answers = answers_of(grant)
    facts = read_facts(rng.choice(grant.examples).facts, grant.vocabulary)
    changes = rng.choices([0, 1, 2], weights=[35, 40, 25])[0]
    for name in rng.sample(sorted(answers), len(answers)):
        if name in facts and not changes:
            continue
        changes -= name in facts
        options = [value for value, _ in answers[name]]
        rng.shuffle(options)
        for value in options:
            if agrees(grant, {**facts, name: value}):
                facts = {**facts, name: value}
                break
    for name, options in answers.items():  # what a change has given a meaning to
        fitting = (v for v, _ in options if agrees(grant, {**facts, name: v}))
        if name not in facts and (value := next(fitting, None)) is not None:
            facts[name] = value
    return facts if settled(grant, facts) else None


def keeps_promises(grant: Grant, project: Facts) -> bool:
    """Whether no promise or formality (turn 4) is answered with no, as most towns would have it."""
    return not any(value is False and grant.vocabulary[name].turn == 4 for name, value in project.items())


def ask_ours(grant: Grant, project: Facts) -> int:
    facts: Facts = {}
    for asked in itertools.count():
        questions = [q.name for q in next_questions(grant, facts) if q.settles]
        if not questions:
            return asked
        facts[questions[0]] = project[questions[0]]
    raise AssertionError


def ask_random(grant: Grant, project: Facts, rng: random.Random) -> int:
    facts: Facts = {}
    while not settled(grant, facts):
        name = rng.choice(lacking(grant, facts))
        facts[name] = project[name]
    return len(facts)


def ask_form(grant: Grant, project: Facts) -> int:
    facts: Facts = {}
    for asked, name in enumerate(answers_of(grant)):
        if settled(grant, facts):
            return asked
        if name in project:
            facts[name] = project[name]
    return len(answers_of(grant))


def fewest(grant: Grant, project: Facts, rng: random.Random) -> tuple[int, bool]:
    """The fewest facts that settle the project, and whether that is exact (else best of many)."""
    names = [name for name in answers_of(grant) if name in project]
    for size in range(3):
        for chosen in itertools.combinations(names, size):
            if settled(grant, {name: project[name] for name in chosen}):
                return size, True
    best = len(names)
    for _ in range(60):
        kept = {name: project[name] for name in names}
        for name in rng.sample(names, len(names)):
            rest = {other: value for other, value in kept.items() if other != name}
            if settled(grant, rest):
                kept = rest
        best = min(best, len(kept))
    return best, best <= 3


def exact(grant: Grant) -> tuple[float, float, float] | None:
    """Expected questions of (best interview, ours, random order) with every answer group equally likely."""
    answers = answers_of(grant)
    size = 1
    for options in answers.values():
        size *= len(options) + 1
    if size > SMALL:
        return None
    key = tuple[tuple[str, Any], ...]

    @cache
    def expected(known: key, order: str) -> float:
        facts = dict(known)
        if settled(grant, facts):
            return 0.0
        names = lacking(grant, facts)
        if order == "ours":
            names = [next_questions(grant, facts)[0].name]
        costs = [
            1 + sum(share * after(known, name, value, order) for value, share in possible(facts, name))
            for name in names
        ]
        return min(costs) if order == "best" else statistics.fmean(costs)

    def possible(facts: Facts, name: str) -> list[tuple[Any, float]]:
        fitting = [(value, share) for value, share in answers[name] if agrees(grant, {**facts, name: value})]
        total = sum(share for _, share in fitting)
        return [(value, share / total) for value, share in fitting]

    def after(known: key, name: str, value: Any, order: str) -> float:
        return expected(tuple(sorted([*known, (name, value)], key=lambda item: item[0])), order)

    return expected((), "best"), expected((), "ours"), expected((), "random")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, default=8, help="projects for each grant")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    grants = load_grants(CORPUS / "grants", load_sources(CORPUS / "sources.yaml"))
    rows: list[tuple[str, bool, float, float, float, float, bool]] = []
    exactly = 0
    for grant in grants:
        drawn = [p for p in (simulate(grant, rng) for _ in range(options.projects)) if p]
        for project in drawn:
            best, is_exact = fewest(grant, project, rng)
            exactly += is_exact
            shuffled = statistics.fmean(ask_random(grant, project, rng) for _ in range(5))
            shut = settled(grant, project) and best <= 2
            kept = keeps_promises(grant, project)
            asked, form = ask_ours(grant, project), ask_form(grant, project)
            rows.append((grant.id, shut, asked, shuffled, form, best, kept))
    print(
        f"{len(rows)} simulated projects over {len(grants)} grants; optimum exact for {exactly}, best of 60 for the rest"
    )
    print("projects\tn\tours\trandom\tform\toptimum")
    for label, chosen in (
        ("all", rows),
        ("settled by 1–2 facts", [r for r in rows if r[1]]),
        ("others", [r for r in rows if not r[1]]),
        ("no promise refused", [r for r in rows if r[6]]),
    ):
        if chosen:
            means = [statistics.fmean(row[column] for row in chosen) for column in (2, 3, 4, 5)]
            print(f"{label}\t{len(chosen)}\t" + "\t".join(f"{mean:.2f}" for mean in means))
    print("\nexpected questions, answers equally likely\tbest interview\tours\trandom")
    totals = []
    for grant in grants:
        if (found := exact(grant)) is not None:
            totals.append(found)
            print(f"{grant.id}\t" + "\t".join(f"{value:.2f}" for value in found))
    if totals:
        means = [statistics.fmean(column) for column in zip(*totals, strict=True)]
        print(f"mean of {len(totals)} grants\t" + "\t".join(f"{value:.2f}" for value in means))


if __name__ == "__main__":
    main()
