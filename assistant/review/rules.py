"""A plan held against the rules of a grant: each rule of the grant becomes a requirement.

The rules decide over facts; the facts are those that the document's words seem to state, each
with the words it came from, so that a person can check them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain import Clause, Document, Outcome, PageQuote
from assistant.grants.conditions import tests_of, truth_of
from assistant.grants.outcomes import evaluate_rule, senseless_facts
from assistant.grants.propose import propose_facts
from assistant.grants.rules import Grant
from assistant.grants.vocabulary import FactValue
from assistant.japanese.tokens import content_lemmas
from assistant.review.kpi_checks import check_kpis
from assistant.review.kpi_facts import facts_of_kpis, told_problems
from assistant.review.kpi_sentences import kpis_in_sentences
from assistant.review.kpis import find_kpis
from assistant.review.nouns import Counts, Kpi, Review, ReviewedItem, ReviewSummary, Strictness
from assistant.review.review import reading_report
from assistant.review.units import Unit, units_of

_ENOUGH = 0.45  # share of a rule's word weight that a unit must hold to be called related
_MOST_QUOTES = 2
_COMMON = frozenset(
    [
        "事業",
        "年度",
        "交付",
        "補助",
        "対象",
        "場合",
        "必要",
        "申請",
        "令和",
        "する",
        "ある",
        "なる",
        "こと",
        "地方",
        "公共",
        "団体",
        "市町村",
        "都道府県",
    ]
)


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as the review sees it. ``outcome`` rests on facts read from the document, at ``quotes``."""

    id: str
    says: str
    clause: Clause
    outcome: Outcome
    quotes: tuple[PageQuote, ...] = ()
    facts: tuple[str, ...] = ()  # 「事業費 5,000万円」
    missing: tuple[str, ...] = ()  # labels of facts that the document does not tell
    advice: str = ""
    conditional: bool = False  # not known whether the rule concerns this plan at all


def _views(grant: Grant, document: Document, kpis: Sequence[Kpi]) -> list[RuleView]:
    """The requirements of a grant, decided as far as facts read from the document go.

    What a table of indicators shows goes before what a sentence says of them.
    """
    facts: dict[str, FactValue] = {}
    places: dict[str, tuple[tuple[PageQuote, ...], str]] = {}
    for read in facts_of_kpis(kpis):
        if read.name in grant.vocabulary:
            spec = grant.vocabulary[read.name]
            facts[read.name] = read.value
            places[read.name] = (read.quotes, f"{spec.name_in_text} {spec.say(read.value)}")
    for page in document.pages:
        for p in propose_facts(page.text, grant.vocabulary):
            if facts.setdefault(p.name, p.value) is p.value and p.name not in places:
                quote = PageQuote(page=page.number, quote=p.words, start=p.start, end=p.end)
                places[p.name] = ((quote,), f"{p.label} {p.says}")
    senseless = senseless_facts(grant, facts)
    views = []
    for rule in grant.rules:
        if rule.group != "requirement":
            continue
        result = evaluate_rule(rule, facts, senseless)
        tests = [*tests_of(rule.needs), *(tests_of(rule.when) if rule.when else ())]
        used = [places[n] for n in dict.fromkeys(test.fact for test in tests) if n in places]
        views.append(
            RuleView(
                id=rule.id,
                says=rule.says,
                clause=grant.clause_of(rule.id, rule.clause),
                outcome=result.outcome,
                quotes=tuple(dict.fromkeys(quote for quotes, _ in used for quote in quotes)),
                facts=tuple(label for _, label in used),
                missing=tuple(grant.vocabulary[n].name_in_text for n in result.missing),
                advice=rule.remedy or "",
                conditional=rule.when is not None and truth_of(rule.when, facts, senseless) is None,
            )
        )
    return views


def review_against_grant(
    document: Document,
    grant: Grant,
    *,
    strictness: Strictness = "standard",
) -> Review:
    """Hold a plan against the rules of ``grant`` that are requirements (not those that shut out)."""
    read = units_of(document)
    kpis = check_kpis([*find_kpis(document), *kpis_in_sentences(read)])
    target, name, rules = grant.id, grant.name, _views(grant, document, kpis)
    report = reading_report(document)
    units = [unit for unit in read if unit.kind in ("sentence", "row")]
    lemmas = [_lemmas(unit.text) for unit in units]
    counts = Counter(lemma for unit in lemmas for lemma in unit)
    items = []
    for rule in rules:
        if rule.outcome is not Outcome.NOT_APPLICABLE:
            items.append(_item(rule, units, lemmas, counts, report.holes))
    outcomes = Counter(item.outcome for item in items)
    tally = Counts(
        met=outcomes[Outcome.MET], not_met=outcomes[Outcome.NOT_MET], unknown=outcomes[Outcome.UNKNOWN]
    )
    apart = sum(1 for rule in rules if rule.outcome is Outcome.NOT_APPLICABLE)
    cautions = [
        "文書から読み取った事実による点検です。事実に誤りがないかをご確認ください。採択を約束するものではありません。"
    ]
    if apart:
        cautions.insert(0, f"この計画に関係しないと読み取れた{apart}件の要件は、点検から除いています。")
    if report.holes:
        pages = "、".join(str(page) for page in report.holes)
        cautions.append(f"{pages}ページは読み取れないか、一部しか読み取れていません。")
    off = told_problems(kpis)
    if off:
        cautions.append(off)
    orders = sorted({unit.page for unit in read if unit.kind == "order"})
    if orders:
        pages = "、".join(str(page) for page in orders)
        cautions.append(
            f"文書の{pages}ページに、読み手や点検の結果に指示を与える文があります。点検には使っていません。"
        )
    return Review(
        file=document.path or document.title,
        target=target,
        target_name=name,
        pages=len(document.pages),
        fidelity=report,
        items=tuple(items),
        summary=ReviewSummary(
            text=(
                f"「{name}」の要件{len(items)}件のうち、満たすと読み取れたものは{tally.met}件、"
                f"満たさないか記載のないものは{tally.not_met}件、判断できなかったものは{tally.unknown}件です。"
            ),
            counts=tally,
            by_chapter={"要件": tally},
            kpis=kpis,
            cautions=tuple(cautions),
            strictness=strictness,
        ),
    )


def _item(
    rule: RuleView,
    units: Sequence[Unit],
    lemmas: Sequence[frozenset[str]],
    counts: Counter[str],
    holes: Sequence[int],
) -> ReviewedItem:
    outcome, quotes = rule.outcome, rule.quotes
    if outcome in (Outcome.MET, Outcome.NOT_MET):
        held = "満たします" if outcome is Outcome.MET else "満たしません"
        because = f"文書から読み取った事実（{'、'.join(rule.facts)}）によると{held}。"
    else:
        quotes = _related(rule, units, lemmas, counts)
        lacks = "、".join(f"「{label}」" for label in rule.missing) or "必要な事実"
        if quotes:
            because = f"関係する記載がありますが、{lacks}を読み取れないため判断できません。"
        elif holes:
            pages = "、".join(str(page) for page in holes)
            because = f"{lacks}の記載が見当たりませんが、読み取れない部分のあるページ（{pages}ページ）があるため判断できません。"
        elif rule.conditional:
            because = f"{lacks}が分からないため、この要件が当てはまるかを判断できません。"
        elif rule.missing:
            outcome = Outcome.NOT_MET
            because = f"文書の全体を読みましたが、{lacks}に当たる記載が見当たりません。"
        else:
            because = "文書の言葉だけでは判断できません。"
    return ReviewedItem(
        requirement_id=rule.id,
        requirement=rule.says,
        outcome=outcome,
        evidence=quotes,
        clause=rule.clause,
        advice="" if outcome is Outcome.MET else rule.advice,
        because=because,
        chapter="要件",
    )


@lru_cache(maxsize=8192)
def _lemmas(text: str) -> frozenset[str]:
    return frozenset(lemma for lemma in content_lemmas(text) if lemma not in _COMMON and not lemma.isdigit())


def _related(
    rule: RuleView, units: Sequence[Unit], lemmas: Sequence[frozenset[str]], counts: Counter[str]
) -> tuple[PageQuote, ...]:
    """Units that share most of the rule's weight of words (inverse frequency in the document)."""
    wanted = _lemmas(rule.says)
    weight = {lemma: math.log(1 + len(units) / (1 + counts[lemma])) for lemma in wanted}
    total = sum(weight.values())
    scored = []
    for unit, own in zip(units, lemmas, strict=True):
        shared = wanted & own
        score = sum(weight[lemma] for lemma in shared)
        if len(shared) >= 2 and total and score >= _ENOUGH * total:
            scored.append((score, unit))
    best = sorted(scored, key=lambda pair: -pair[0])[:_MOST_QUOTES]
    return tuple(
        PageQuote(page=u.page, quote=u.text[:240], start=u.start, end=u.start + len(u.text[:240]))
        for _, u in best
    )
