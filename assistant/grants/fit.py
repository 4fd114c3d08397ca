"""Which grants suit a described project: rule facts, purpose words, kinds of help and retrieval, weighed together.

The weights were chosen by hand on the development half of ``benchmarks/data/grant_fit.jsonl``
(``benchmarks/grant_fit.py`` measures them). Each part is a number of which more speaks for the grant.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from assistant.domain import Hit, Passage
from assistant.grants.conditions import tests_of
from assistant.grants.propose import FactProposal
from assistant.grants.purposes import (
    BAD_HEADINGS,
    GOOD_HEADINGS,
    TELLING_HEADINGS,
    offered_kinds,
    offers,
    speaks_for,
    wanted_kinds,
)
from assistant.grants.quotes import Quote, quotes_of
from assistant.grants.rank import asked_by
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import OF_THE_PLACE, Facts
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set
from assistant.search.vectors import Encoder, Matrix

WEIGHTS: Final[Mapping[str, float]] = {
    "passage": 0.5,  # score of its best passage, behind the best of all
    "names": 0.5,  # weight of the words that its names, themes and summary hold
    "others": 0.8,  # … that its document holds under another name of them
    "meaning": 3.0,  # nearness of the best of its sentences (cosine of the static encoder)
    "kinds": 2.0,  # share of the kinds of help wanted that it offers
    "facts": 3.0,  # facts that it and few others ask about
    "rules": 5.0,  # its rules hold (1) or refuse (-1) the kind of project
    "money": 3.0,  # -1: a cost is to be paid, and whether the scheme pays any is an open point of its rules
}
_NO_PASSAGE: Final = -6.0  # ranker's units: no passage of the grant was found
_SPEAKS: Final = 0.34  # nearness from which a sentence speaks of the project without sharing a word
_LEAST_WEIGHT: Final = 2.0  # weight of shared words from which a sentence speaks of the project
_NEAR: Final = 0.25  # nearness from which a description is one for grants
_NEAR_DESCRIBED: Final = 0.16  # … where it tells the kind of help that is wanted
_COSTS: Final = frozenset(("facility", "equipment"))
_MOST_OTHERS: Final = 4.0  # other names of words never outweigh the words themselves
_PAST: Final = re.compile(r"始まり|創設され|新設され|設けられ|再編され|活用されました")
_OF_ANY_PROJECT: Final = frozenset(("project_kind", "theme", "items", "total_yen", "years", "units"))
_OWN_WORDS: Final = frozenset(
    ("対象となる団体", "要件")
)  # headings whose sentences must share the words themselves
_SAME_RULE: Final = 0.6  # from which a sentence says what a rule says (cosine of their words)
_GENERIC: Final = frozenset(
    [
        "事業",
        "支援",
        "取り組み",
        "取組",
        "地域",
        "制度",
        "町",
        "市",
        "村",
        "費用",
        "補助",
        "金",
        "対象",
        "使う",
        "使える",
        "整備",
        "利用",
        "交付",
        "交付金",
        "補助金",
        "財源",
        "有る",
        "ある",
        "出る",
    ]
)


@dataclass(frozen=True)
class Scored:
    """A grant with its parts (see ``WEIGHTS``)."""

    grant: Grant
    parts: Mapping[str, float]

    @property
    def score(self) -> float:
        """Higher is better; comparable within one question only."""
        return sum(WEIGHTS[name] * value for name, value in self.parts.items())


class Profiles:
    """What each of some grants says it is for; made once and asked many times."""

    def __init__(
        self, grants: Iterable[Grant], read: Callable[[str], Sequence[Passage]], encoder: Encoder | None
    ) -> None:
        self.grants = tuple(grants)
        self.read = read
        self.quotes = {grant.id: list(quotes_of(read(grant.id))) for grant in self.grants}
        self.encoder = encoder
        self.names = {
            g.id: content_set(" ".join((g.name, g.short, *g.aliases, *g.themes, g.summary or "")))
            for g in self.grants
        }
        self.told = {
            g.id: self.names[g.id].union(*(q.words for q in self.quotes[g.id] if speaks_for(q)))
            for g in self.grants
        }
        every = {
            g.id: self.told[g.id].union(*(q.words for q in self.quotes[g.id] if not q.tells_unknown))
            for g in self.grants
        }
        self.askers = Counter(name for grant in self.grants for name in asked_by(grant))
        self.bearers = Counter(word for words in every.values() for word in words)

    @cached_property
    def vectors(self) -> dict[str, tuple[list[Quote | None], Matrix]]:
        """For each grant: its sentences (None for what is no quote: summary and themes) and their vectors."""
        if self.encoder is None:
            return {}
        made = {}
        for grant in self.grants:
            quotes = [quote for quote in self.quotes[grant.id] if speaks_for(quote)]
            texts = [grant.summary or grant.name, "、".join(grant.themes) or grant.short]
            texts += [quote.text for quote in quotes]
            made[grant.id] = ([None, None, *quotes], self.encoder.encode_passages(texts))
        return made

    def weigh(self, word: str) -> float:
        """How telling a word is among the grants; 0 for one that none of them holds."""
        count = self.bearers[word]
        return math.log(1 + (len(self.grants) - count + 0.5) / (count + 0.5)) if count else 0.0


@dataclass(frozen=True)
class Project:
    """A described project as the ranking sees it."""

    text: str
    hits: Sequence[Hit]
    proposals: Sequence[FactProposal]
    expansions: Sequence[tuple[str, str]] = ()

    @cached_property
    def folded(self) -> str:
        """Its text in the form that words are looked for in."""
        return normalise(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its content lemmas, without those that any project is described with."""
        return content_set(self.text) - _GENERIC

    @cached_property
    def others(self) -> frozenset[str]:
        """Lemmas of what its words are also called."""
        others = frozenset().union(*(content_set(other) for _, other in self.expansions))
        return others - self.words - _GENERIC

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of help it wants."""
        return wanted_kinds(self.text)

    @cached_property
    def facts(self) -> Facts:
        """What its words seem to state, by name."""
        return {p.name: p.value for p in self.proposals}


def score_grants(project: Project, profiles: Profiles, among: Iterable[Grant]) -> list[Scored]:
    """The grants of ``among`` (all in ``profiles``), the best suited first."""
    nearness = _nearness(project, profiles)
    best = max((hit.score for hit in project.hits), default=0.0)
    scored = []
    for grant in among:
        held = [
            hit.score - best
            for hit in project.hits
            if hit.passage.grant_id == grant.id
            and (not hit.passage.trail or hit.passage.trail[-1] in GOOD_HEADINGS)
        ]
        names, told = profiles.names[grant.id], profiles.told[grant.id]
        offered = offered_kinds(grant, profiles.quotes[grant.id])
        parts = {
            "passage": max(held, default=_NO_PASSAGE),
            "names": sum(profiles.weigh(word) for word in project.words & names)
            + _themes_said(project, profiles, grant),
            "others": min(_MOST_OTHERS, sum(profiles.weigh(word) for word in project.others & told)),
            "meaning": nearness.get(grant.id, 0.0),
            "kinds": len(project.kinds & offered) / max(1, len(project.kinds)),
            "facts": sum(1 / profiles.askers[name] for name in _told_facts(project) & asked_by(grant)),
            "rules": _ruled(grant, project.facts),
            "money": -float(bool(project.kinds & _COSTS) and _pays_no_costs(grant)),
        }
        scored.append(Scored(grant, parts))
    return sorted(scored, key=lambda item: (-item.score, item.grant.id))


def _told_facts(project: Project) -> frozenset[str]:
    """Facts that the words state, without those of the place and those that any project has."""
    return frozenset(project.facts) - OF_THE_PLACE - _OF_ANY_PROJECT


def _themes_said(project: Project, profiles: Profiles, grant: Grant) -> float:
    """Weight of the grant's themes that stand inside longer words of the project (バス in デマンドバス)."""
    said = (theme for theme in map(normalise, grant.themes) if len(theme) > 1 and theme in project.folded)
    return sum(profiles.weigh(theme) for theme in said if theme not in project.words)


def _nearness(project: Project, profiles: Profiles) -> dict[str, float]:
    if profiles.encoder is None:
        return {}
    asked = profiles.encoder.encode_queries([project.text])[0]
    return {i: float(np.max(rows @ asked)) for i, (_, rows) in profiles.vectors.items()}


def _ruled(grant: Grant, facts: Facts) -> float:
    """Whether the grant's rules (else its amounts) are for this kind of project: 1, -1, or 0 where none tells."""
    kind = facts.get("project_kind")
    if kind is None:
        return 0.0
    needed = [t.holds(kind) for r in grant.rules for t in tests_of(r.needs) if t.fact == "project_kind"]
    if needed:
        return 1.0 if all(needed) else -1.0
    paid = [
        t.holds(kind)
        for rule in grant.amounts
        if rule.when is not None
        for t in tests_of(rule.when)
        if t.fact == "project_kind"
    ]
    return 0.0 if not paid else 1.0 if any(paid) else -1.0


def _pays_no_costs(grant: Grant) -> bool:
    """Whether its rules make a wish for money towards costs a point against it, or an open one."""

    def find() -> bool:
        conditions = [rule.needs for rule in grant.rules] + [point.when for point in grant.open_points]
        return any(test.fact == "wants_subsidy" for c in conditions for test in tests_of(c))

    return grant.once("pays no costs", find)


@dataclass(frozen=True)
class Doubt:
    """Measures of whether a description is one of a project that these grants are about at all."""

    meaning: float
    ruled: bool
    described: bool

    @property
    def is_about_grants(self) -> bool:
        """Whether the best grant is near enough to be named."""
        if self.described and self.ruled:
            return True
        return self.meaning >= (_NEAR_DESCRIBED if self.described else _NEAR)


def weigh_doubt(project: Project, best: Sequence[Scored], kinds_read: bool) -> Doubt:
    """How sure it is that ``project`` is one for grants, by the ``best`` of them; ``kinds_read``: facts of a
    project were read from its words.
    """
    return Doubt(
        max(scored.parts["meaning"] for scored in best),
        any(scored.parts["rules"] > 0 for scored in best),
        bool(project.kinds) or kinds_read,
    )


def quotes_for(project: Project, profiles: Profiles, grant: Grant, most: int = 2) -> tuple[Quote, ...]:
    """The sentences of a grant's document that the project fits best; empty where none speaks of it."""
    known = {}
    if profiles.encoder is not None:
        asked = profiles.encoder.encode_queries([project.text])[0]
        quotes, rows = profiles.vectors[grant.id]
        known = {id(q): float(near) for q, near in zip(quotes, rows @ asked, strict=True) if q is not None}
    ranked = []
    for at, quote in enumerate(profiles.quotes[grant.id]):
        if not speaks_for(quote) or quote.heading not in TELLING_HEADINGS:
            continue
        shared = _shared(project, profiles, quote, own=quote.heading in _OWN_WORDS)
        near = known.get(id(quote), 0.0)
        of_kind = sum(offers(kind, quote.folded) for kind in project.kinds)
        speaks = near >= _SPEAKS and quote.heading in TELLING_HEADINGS[:2]
        past = bool(_PAST.search(quote.text))
        if shared < _LEAST_WEIGHT and (past or not (speaks or of_kind)):
            continue
        home = 0.5 * (len(TELLING_HEADINGS) - TELLING_HEADINGS.index(quote.heading))
        own = shared >= _LEAST_WEIGHT or speaks
        ranked.append((shared + 3.0 * near + of_kind + home - 2.0 * past, -at, own, quote))
    ranked.sort(key=lambda item: item[:2], reverse=True)
    first = [quote for _, _, _, quote in ranked[:1]]  # a kind of help alone is told once
    return (*first, *(quote for _, _, own, quote in ranked[1:] if own))[:most]


def quotes_on(project: Project, profiles: Profiles, grant: Grant, rules: Sequence[str]) -> tuple[Quote, ...]:
    """The sentences of a grant's document that say what ``rules`` (their words) say, then those that say
    what the project may not do; each once.
    """
    quotes = [quote for quote in profiles.quotes[grant.id] if not quote.is_row]
    found: dict[int, Quote] = {}
    for rule in rules:
        words = content_set(rule)
        best = max(quotes, key=lambda quote: _alike(words, quote.words), default=None)
        if best is not None and _alike(words, best.words) >= _SAME_RULE:
            found[id(best)] = best
    found |= {id(quote): quote for quote in quotes_against(project, profiles, grant)}
    return tuple(found.values())


def _alike(words: frozenset[str], others: frozenset[str]) -> float:
    """Share of the words of the shorter that both hold, held against the longer a little."""
    if not words or not others:
        return 0.0
    return len(words & others) / math.sqrt(len(words) * len(others))


def quotes_against(project: Project, profiles: Profiles, grant: Grant, most: int = 1) -> tuple[Quote, ...]:
    """Sentences on what the grant is not for that share the project's own words."""
    ranked = []
    for at, quote in enumerate(profiles.quotes[grant.id]):
        if quote.heading in BAD_HEADINGS and not quote.is_row:
            shared = _shared(project, profiles, quote)
            refused = any(offers(kind, quote.folded) for kind in project.kinds & _COSTS)
            own = sum(map(profiles.weigh, project.words & quote.words))
            if (shared >= 2 * _LEAST_WEIGHT and own >= _LEAST_WEIGHT) or (refused and shared > 0):
                ranked.append((shared, -at, quote))
    ranked.sort(key=lambda item: item[:2], reverse=True)
    return tuple(quote for _, _, quote in ranked[:most])


def _shared(project: Project, profiles: Profiles, quote: Quote, *, own: bool = False) -> float:
    """Weight of the project's words (and, but for ``own``, other names of them) in a sentence."""
    words, others = project.words & quote.words, frozenset() if own else project.others & quote.words
    return sum(map(profiles.weigh, words)) + 0.7 * sum(map(profiles.weigh, others))
