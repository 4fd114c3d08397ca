"""Grants that may suit a described project, as an answer: ranked, each with quotes for and against it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from assistant.domain import (
    Answer,
    AnswerStatus,
    Claim,
    GrantFit,
    Intent,
    MissingFact,
    VerdictOutcome,
)
from assistant.errors import InputError
from assistant.grants.fit import Scored, quotes_against, quotes_for, score_grants, weigh_doubt
from assistant.grants.judge import judge
from assistant.grants.scene import BLOCK, MOST_MISSING, Scene, place_of, rests_on_third_parties, say_finding
from assistant.grants.table import STANDING, year_of
from assistant.grants.touched import facts_touched, judge_as_read, touched_findings, with_touched_first
from assistant.grants.vocabulary import OF_THE_PLACE
from assistant.japanese.calendar import fiscal_year_label, fiscal_year_of, wareki
from assistant.japanese.text import normalise

_MOST_OFFERED: Final = 5
_MONEY: Final = re.compile(r"費用|補助|助成|交付金|財源|対象|使え|支援|お金|制度|予算|出る")
_BEHIND: Final = 4.5  # grants whose score is so much less than the best one's are left out …
_FIRST, _BEHIND_FIRST = 3, 6.0  # … the first three where it is so much less
# Scores from which a grant, and the first, is offered: below, a word or two fit by chance.
_LEAST, _LEAST_FIRST = 1.5, 0.0
WISH: Final = re.compile(r"たい|ほしい|欲しい")
_SCHEME: Final = re.compile(
    r"[一-龥ァ-ヴーa-z0-9]{2,}(?:補助金|交付金|給付金|助成金|奨励金|譲与税|手当|保険|年金|減税|控除)"
)


def is_umbrella(scene: Scene, meant: Sequence[str]) -> bool:
    """Whether the grants meant are types of one scheme."""
    return len({scene.grants.by_id[i].name.partition("（")[0] for i in meant}) == 1


def is_a_project(answer: Answer, scene: Scene) -> bool:
    """Whether the question describes a project that grants are about, and names no scheme of its own."""
    understanding, project = answer.trace.understanding, scene.project
    if understanding is None or understanding.grant_ids or _SCHEME.search(normalise(project.text)):
        return False
    folded = normalise(understanding.question)  # the project's text lacks the words of asking
    if not (WISH.search(folded) or _MONEY.search(folded)):
        return False
    read = any(p.name not in OF_THE_PLACE for p in project.proposals)
    wished = understanding.intent is Intent.CAN_WE and bool(WISH.search(normalise(project.text)))
    if not (project.kinds or read or (wished if answer.claims else understanding.intent is Intent.CAN_WE)):
        return False
    ranked = score_grants(project, scene.profiles(), scene.current)
    return bool(ranked) and weigh_doubt(project, ranked[:_FIRST], read).is_about_grants


def find_fits(scene: Scene, among: Sequence[str]) -> list[GrantFit]:
    """The grants that fit, best first; of ``among`` (types of one scheme) all, else those that are near the best."""
    project, profiles = scene.project, scene.profiles()
    if among:
        types = [scene.grants.by_id[i] for i in among]
        made = [_fit(scene, scored) for scored in score_grants(project, profiles, types)]
    else:
        ranked = score_grants(project, profiles, scene.current)
        quoted = [fit for fit in (_fit(scene, scored) for scored in ranked[: 2 * _MOST_OFFERED]) if fit.why]
        made = [
            fit
            for place, fit in enumerate(quoted)
            if fit.score >= quoted[0].score - (_BEHIND_FIRST if place < _FIRST else _BEHIND)
            and fit.score >= (_LEAST if place else _LEAST_FIRST)
        ]
    made.sort(key=lambda fit: fit.outcome is VerdictOutcome.INELIGIBLE)
    return made[:_MOST_OFFERED]


def _fit(scene: Scene, scored: Scored) -> GrantFit:
    grant, project, profiles = scored.grant, scene.project, scene.profiles()
    names = facts_touched(project.text, project.proposals, grant)
    try:
        verdict, facts = judge_as_read(grant, project.proposals, scene.facts, scene.today)
    except InputError:  # the words contradict each other: the person will sort them out
        verdict, facts = judge(grant, {}, today=scene.today), {}
    touched = touched_findings(grant, verdict, facts, names)
    _, missing = with_touched_first(verdict, touched, names)
    year = year_of(grant)
    return GrantFit(
        grant_id=grant.id,
        name=grant.short,
        fiscal_year=year,
        year=fiscal_year_label(year) if year else STANDING,
        score=round(scored.score, 3),
        outcome=verdict.outcome,
        why=tuple(q.claim(scene.grants.sources) for q in quotes_for(project, profiles, grant)),
        against=tuple(q.claim(scene.grants.sources) for q in quotes_against(project, profiles, grant)),
        touched=touched,
        read=tuple(
            f"{grant.vocabulary[name].name_in_text}: {grant.vocabulary[name].say(value)}"
            for name, value in facts.items()
            if name in names
        ),
        unknown=tuple(fact.question for fact in missing[:MOST_MISSING]),
        office=grant.office.name,
    )


def with_fits(answer: Answer, scene: Scene, fits: Sequence[GrantFit], among: Sequence[str]) -> Answer:
    """``answer`` with ``fits`` and the question which of them is meant. ``among``: types of one scheme, if any."""
    say = scene.say
    which = MissingFact(
        name="grant",
        question=say("which_grant"),
        options=tuple(dict.fromkeys(fit.name for fit in fits)),
        settles=len(fits),
        why=say("which_grant_why"),
    )
    own = {place_of(claim) for claim in answer.claims}
    quoted = {place_of(c): c for fit in fits for c in (*fit.why, *fit.against)}
    claims = (*answer.claims, *(claim for place, claim in quoted.items() if place not in own))
    if among and not any(fit.why or fit.against or fit.touched for fit in fits):
        return _ask_which(answer, scene, fits, which)
    lines = [answer.text] if answer.claims else []
    umbrella = scene.grants.by_id[fits[0].grant_id].name.partition("（")[0]
    year = wareki(fiscal_year_of(scene.today))
    lines.append(say("fits_types", name=umbrella) if among else say("fits", year=year))
    for number, fit in enumerate(fits, start=1):
        lines += _fit_lines(number, fit, lambda claim: scene.mark(claims, claim))
    cautions = [*answer.cautions]
    if any(rests_on_third_parties(claim) for claim in claims):
        cautions.append(say("caution_third_party"))
    return answer.model_copy(
        update={
            "fits": tuple(fits),
            "claims": claims,
            "status": AnswerStatus.PARTLY_ANSWERED if claims else AnswerStatus.NEEDS_CLARIFICATION,
            "missing": (which, *answer.missing),
            "text": "\n".join(lines),
            "cautions": tuple(dict.fromkeys(cautions)),
            "suggestions": _suggestions(fits),
        }
    )


def _ask_which(answer: Answer, scene: Scene, fits: Sequence[GrantFit], which: MissingFact) -> Answer:
    """No type of the scheme speaks of what was asked: that is told, and the types are offered."""
    update: dict[str, Any] = {"missing": (which, *answer.missing)}
    if not answer.claims:
        umbrella = scene.grants.by_id[fits[0].grant_id].name.partition("（")[0]
        unsaid = scene.say("cost_unsaid", name=umbrella, office=fits[0].office)
        update["text"] = "\n".join((unsaid, which.question, *(f"・{name}" for name in which.options)))
        update["status"] = AnswerStatus.NEEDS_CLARIFICATION
    return answer.model_copy(update=update)


def _suggestions(fits: Sequence[GrantFit]) -> tuple[str, ...]:
    """What to ask next of the first of the list."""
    names = [fit.name.partition("（令和")[0] for fit in fits]
    asked = [f"{names[0]}の補助率と上限額は？", f"{names[0]}の対象外になる経費は？"]
    return (*asked, f"{names[0]}と{names[1]}の違いは？") if len(names) > 1 else tuple(asked)


def _fit_lines(number: int, fit: GrantFit, mark: Callable[[Claim], str]) -> list[str]:
    year = fit.year.partition("（")[0]
    lines = [f"{BLOCK}{number}. {fit.name}" + (f"（{year}）" if year not in fit.name else "")]
    lines += [f"  合う点: {claim.text}{mark(claim)}" for claim in fit.why]
    lines += [f"  注意する点: {claim.text}{mark(claim)}" for claim in fit.against]
    lines += [f"  {say_finding(finding)}" for finding in fit.touched[:2]]
    if fit.unknown:
        lines.append(f"  まだ分からないこと: {' '.join(fit.unknown)}")
    if fit.office:
        lines.append(f"  確認先: {fit.office}")
    return lines
