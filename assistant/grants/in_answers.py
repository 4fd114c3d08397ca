"""The verdict inside an answer to "can we?": which grant is meant, and what is still to be confirmed.

Only facts that a person has confirmed count in the verdict. What was read from the question is handed on in
the trace, so that the face can show it and ask, and says how the conditions that the words touch would come
out; a misread word can never shut a project out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from assistant.domain import (
    Answer,
    AnswerStatus,
    Finding,
    Intent,
    MissingFact,
    Understanding,
    Verdict,
    VerdictOutcome,
)
from assistant.errors import InputError
from assistant.grants.facts import read_facts
from assistant.grants.fit import quotes_for, quotes_on
from assistant.grants.judge import judge
from assistant.grants.offer import WISH, find_fits, is_a_project, is_umbrella, with_fits
from assistant.grants.rules import Grant
from assistant.grants.scene import BLOCK, MOST_MISSING, Scene, is_current, place_of, say_finding
from assistant.grants.touched import facts_touched, judge_as_read, touched_findings, with_touched_first
from assistant.japanese.text import normalise
from assistant.japanese.tokens import content_set, tokenise

__all__ = ["Scene", "add_verdict", "asks_verdict", "is_current", "may_describe"]

_MOST_QUOTED: Final = 3
_WHETHER: Final = re.compile(
    r"(?:使え|でき|もらえ|受けられ)ますか|対象(?:に(?:なり|でき)ますか|ですか)|使っていいですか"
)
_PROJECT: Final = re.compile(
    r"対象(?:[?？。]|$|に|です|となる|外)|出(?:る|ます|せ)|使え|補助|助成|交付金|財源|費用|制度|支援"
    r"|たい(?:です|んです|のです|と思|[。、?？]|$)|ほしい|欲しい|作れ|もらえ|増やし|減らし|ありますか|ある[?？]"
)
_OF_ASKING: Final = frozenset(
    (
        "申請",
        "対象",
        "利用",
        "活用",
        "経費",
        "費用",
        "購入",
        "整備",
        "設置",
        "事業",
        "制度",
        "場合",
        "導入",
        "予定",
        "計画",
        "改修",
    )
)
_MOVING: Final = frozenset(("動詞", "形容詞", "形状詞", "副詞"))
_ELIGIBLE: Final = re.compile(
    r"対象(?:[?？。]|$|に|です|となる|外)|出(?:る|ます)か?[?？]|使え|作れ|買え|もらえ|でき(?:る|ます)"
)
_FIGURES: Final = frozenset(("補助率", "上限額", "下限額", "期限", "件数", "窓口", "予算額", "時点", "期間"))


def asks_verdict(understanding: Understanding) -> bool:
    """Whether a verdict answers: "can we?", or a named grant with nothing but 「使えますか」 said of it."""
    if understanding.unclear:
        return False
    if understanding.intent is Intent.CAN_WE:
        return True
    if "後継" in understanding.slots and not understanding.fiscal_year_given:
        return False  # 「今年もまだ申請できますか」: what became of it answers
    return (
        understanding.intent in (Intent.OVERVIEW, Intent.FACT)
        and not set(understanding.slots) & _FIGURES
        and bool(understanding.grant_ids and _WHETHER.search(understanding.question))
    )


def may_describe(understanding: Understanding, answer: Answer) -> bool:
    """Whether a question that nothing answered may describe a project (「観光アプリの開発は対象？」)."""
    return (
        understanding.intent in (Intent.FACT, Intent.OVERVIEW)
        and not answer.claims
        and not understanding.unclear
        and not understanding.follows
        and not set(understanding.slots) & _FIGURES
        and not (understanding.place_named and not WISH.search(normalise(understanding.question)))
        and bool(
            (_ELIGIBLE if understanding.grant_ids else _PROJECT).search(normalise(understanding.question))
        )
    )


def add_verdict(answer: Answer, scene: Scene, *, named: Sequence[str]) -> Answer:
    """``answer`` with a verdict on the named grant, or with the grants that fit what its question describes.

    ``named``: grants that the question names (of the year it asks for). The answer is left as it is where
    the question neither names a grant nor describes a project.
    """
    understanding = answer.trace.understanding
    if understanding is None:
        return answer
    read = understanding.model_copy(update={"facts": dict(scene.project.facts)})
    with_facts = answer.model_copy(update={"trace": answer.trace.model_copy(update={"understanding": read})})
    meant = [i for i in named if i in scene.grants.by_id]
    if len(meant) > 1:
        cited = (citation.document_id for claim in answer.claims for citation in claim.citations)
        best = next((i for i in cited if i in meant), None)
        meant = [best] if best else meant
    if len(meant) == 1:
        return _judged(with_facts, scene, scene.grants.by_id[meant[0]])
    if is_umbrella(scene, meant) if meant else is_a_project(answer, scene):
        fits = find_fits(scene, meant)
        if fits:
            return with_fits(with_facts, scene, fits, meant)
    return with_facts if asks_verdict(understanding) else answer


def _judged(answer: Answer, scene: Scene, grant: Grant) -> Answer:
    project, say = scene.project, scene.say
    known = {name: value for name, value in scene.facts.items() if name in grant.vocabulary}
    names = facts_touched(project.text, project.proposals, grant)
    verdict = judge(grant, read_facts(known, grant.vocabulary), today=scene.today)
    try:
        as_read, facts = judge_as_read(grant, project.proposals, scene.facts, scene.today)
        touched = touched_findings(grant, as_read, facts, names)
    except InputError:
        touched = ()
    verdict, missing = with_touched_first(verdict, touched, names)
    answer = _with_quotes(answer, scene, grant, touched)
    update: dict[str, Any] = {
        "verdict": verdict,
        "touched": touched,
        "missing": answer.missing or missing[:MOST_MISSING],
    }
    unconfirmed = [p for p in project.proposals if p.name in grant.vocabulary and p.name not in known]
    if unconfirmed:
        read = "、".join(f"{p.label}: {p.says}" for p in unconfirmed)
        update["cautions"] = (*answer.cautions, say("caution_unconfirmed", facts=read))
    lines = [answer.text] if answer.claims else []
    if not answer.claims:
        lines.append(say("verdict_only", name=verdict.grant_name, outcome=verdict.outcome.value))
        if asks_of_a_cost(answer):
            lines.append(say("cost_unsaid", name=verdict.grant_name, office=grant.office.name))
        update["status"] = AnswerStatus.NEEDS_CLARIFICATION
    lines += _judged_lines(verdict, touched, missing, grant)
    unsaid = _unsaid(answer, touched) if answer.claims else ()
    if unsaid:
        update["cautions"] = (
            *update.get("cautions", answer.cautions),
            say("caution_unsaid", words="」「".join(unsaid[:3])),
        )
        update["status"] = AnswerStatus.PARTLY_ANSWERED
    update["text"] = "\n".join(lines)
    return answer.model_copy(update=update)


def _with_quotes(answer: Answer, scene: Scene, grant: Grant, touched: Sequence[Finding]) -> Answer:
    """``answer`` with the sentences of the sources on the very conditions that the words touch."""
    held = {place_of(claim) for claim in answer.claims}
    found = quotes_on(scene.project, scene.profiles(), grant, [f.says for f in touched])
    nearest = not found and not answer.claims
    if nearest:  # nothing on the very cost: what comes nearest, told to be no more than that
        found = quotes_for(scene.project, scene.profiles(), grant, most=1)
    claims = [quote.claim(scene.grants.sources) for quote in found]
    new = [claim for claim in claims if place_of(claim) not in held][:_MOST_QUOTED]
    if not new:
        return answer
    every = (*answer.claims, *new)
    lines = [answer.text] if answer.claims else []
    if nearest:
        lines.append(scene.say("cost_unsaid", name=grant.name, office=grant.office.name))
        lines.append(scene.say("nearest"))
    lines += [f"{claim.text}{scene.mark(every, claim)}" for claim in new]
    return answer.model_copy(
        update={
            "claims": every,
            "text": "\n".join(lines),
            "status": answer.status if answer.claims else AnswerStatus.PARTLY_ANSWERED,
        }
    )


def _unsaid(answer: Answer, touched: Sequence[Finding]) -> tuple[str, ...]:
    """The question's own nouns that neither a shown sentence nor a touched condition holds, by any name."""
    understanding = answer.trace.understanding
    if understanding is None:
        return ()
    shown = " ".join((*(claim.text for claim in answer.claims), *(f"{f.says} {f.because}" for f in touched)))
    folded, words = normalise(shown), content_set(shown)
    others: dict[str, list[str]] = {}
    for name, other in understanding.expansions:
        others.setdefault(name, []).append(other)
    moving = {t.lemma for t in tokenise(normalise(understanding.question)) if t.pos in _MOVING}
    return tuple(
        term
        for term in understanding.terms
        if term not in moving
        and len(term) > 1
        and term not in _OF_ASKING
        and term not in words
        and term not in folded
        and not any(other in folded for name, names in others.items() if term in name for other in names)
    )


def asks_of_a_cost(answer: Answer) -> bool:
    """Whether the question names a cost or an activity of its own, beside the grant."""
    understanding = answer.trace.understanding
    return bool(understanding and understanding.terms)


def _judged_lines(
    verdict: Verdict, touched: Sequence[Finding], missing: Sequence[MissingFact], grant: Grant
) -> list[str]:
    lines = []
    if touched:
        lines.append(f"{BLOCK}ご質問の言葉に関わる条件（読み取りが正しい場合）")
        lines += [f"  {say_finding(finding)}" for finding in touched]
    if verdict.outcome is not VerdictOutcome.INELIGIBLE and missing:
        lines.append(f"{BLOCK}まだ分からないこと")
        lines += [f"  ・{fact.question}" for fact in missing[:MOST_MISSING]]
    lines += [
        f"{BLOCK}次にすること",
        f"  {grant.office.name}に確認し、上の点が決まったら、もう一度照らし合わせてください。",
    ]
    return lines
