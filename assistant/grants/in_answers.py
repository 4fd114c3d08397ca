"""The verdict inside an answer to "can we?": which grant is meant, and what is still to be confirmed.

Only facts that a person has confirmed count. What was read from the question is handed on in the
trace, so that the face can show it and ask; a misread word can never shut a project out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from assistant.domain import (
    Answer,
    AnswerStatus,
    CellState,
    Claim,
    Hit,
    Intent,
    Level,
    MissingFact,
    Understanding,
)
from assistant.errors import InputError
from assistant.grants.facts import read_facts
from assistant.grants.judge import judge
from assistant.grants.loader import Grants
from assistant.grants.propose import FactProposal
from assistant.grants.rank import rank_grants
from assistant.grants.rules import Grant
from assistant.grants.sides import Sides
from assistant.grants.table import ReadPassages, compare_grants, render_rows
from assistant.grants.vocabulary import OF_THE_PLACE
from assistant.japanese.calendar import fiscal_year_of

Say = Callable[..., str]
Find = Callable[[str], Sequence[Hit]]
Mark = Callable[[Sequence[Claim], Claim], str]

_MOST_OFFERED: Final = 6


_WHETHER: Final = re.compile(
    r"(?:使え|でき|もらえ|受けられ)ますか|対象(?:に(?:なり|でき)ますか|ですか)|使っていいですか"
)


def asks_verdict(understanding: Understanding) -> bool:
    """Whether a verdict answers: "can we?", or a named grant with nothing but 「使えますか」 said of it."""
    if understanding.unclear:
        return False
    if understanding.intent is Intent.CAN_WE:
        return True
    return understanding.intent is Intent.OVERVIEW and bool(
        understanding.grant_ids and _WHETHER.search(understanding.question)
    )


def add_verdict(
    answer: Answer,
    grants: Grants,
    *,
    named: Sequence[str],
    proposals: Sequence[FactProposal],
    facts: Mapping[str, Any],
    today: date,
    say: Say,
    find: Find,
) -> Answer:
    """``answer`` with a verdict, or with the question which grant is meant.

    ``named``: grants that the question names (of the year it asks for); ``facts``: confirmed ones
    by name; ``proposals``: what was read from the words; ``say``: a named sentence with its slots;
    ``find``: passages of grants that speak of a text. The answer is left as it is where the question
    neither names a grant nor describes a project.
    """
    understanding = answer.trace.understanding
    if understanding is None:
        return answer
    read: Understanding = understanding.model_copy(update={"facts": {p.name: p.value for p in proposals}})
    answer = answer.model_copy(update={"trace": answer.trace.model_copy(update={"understanding": read})})
    meant = [i for i in named if i in grants.by_id]
    if len(meant) > 1:
        cited = (citation.document_id for claim in answer.claims for citation in claim.citations)
        best = next((i for i in cited if i in meant), None)
        meant = [best] if best else _ranked(meant, grants, proposals, today)
    elif not meant and not understanding.grant_ids and any(p.name not in OF_THE_PLACE for p in proposals):
        meant = candidates(understanding.question, grants, proposals, today=today, find=find)
        return _ask_which(answer, grants, meant, say) if meant else answer
    if len(meant) == 1:
        return _judged(answer, grants, meant[0], proposals, facts, today, say)
    return _ask_which(answer, grants, meant, say) if meant else answer


def add_comparison(
    answer: Answer,
    grants: Grants,
    found: Sides,
    *,
    read: ReadPassages,
    say: Say,
    mark: Mark,
) -> Answer:
    """``answer`` as a table of the grants that its question sets side by side.

    ``read``: passages of a document; ``mark``: the reference marks of a citation among the claims given.
    """
    understanding = answer.trace.understanding
    slots = understanding.slots if understanding and understanding.slot_words else ()
    table = compare_grants(found.sides, read, grants.sources, slots=slots, notes=found.notes)
    claims = tuple({_place(c): c for row in table.rows for cell in row.cells for c in cell.claims}.values())
    known = [side for side in table.sides if side.grant_id is not None]
    names = "と".join(f"「{side.name}」（{side.year.partition('（')[0]}）" for side in known)
    lead = say("compared" if len(known) > 1 else "compared_one", names=names)
    if len(table.rows) > 1 and len(known) > 1:
        lead += say("compared_order")
    one_sided = len(known) < len(table.sides)
    gaps = any(cell.state is not CellState.GIVEN for row in table.rows for cell in row.cells)
    lines = [*(found.notes if one_sided else ()), lead, *(row.says for row in table.rows if row.says)]
    lines += render_rows(table, lambda cell: "".join(mark(claims, c) for c in cell.claims))
    cautions = [
        *(() if one_sided else found.notes),
        *(c for c in answer.cautions if c == say("caution_premise")),
    ]
    if any(_rests_on_third_parties(claim) for claim in claims):
        cautions.append(say("caution_third_party"))
    return answer.model_copy(
        update={
            "status": AnswerStatus.PARTLY_ANSWERED if gaps or one_sided else AnswerStatus.ANSWERED,
            "text": "\n".join(lines),
            "claims": claims,
            "comparison": table,
            "missing": (),
            "rejected": (),
            "cautions": tuple(dict.fromkeys(cautions)),
        }
    )


def _place(claim: Claim) -> tuple[str, int]:
    return claim.citations[0].passage_id, claim.citations[0].start


def _rests_on_third_parties(claim: Claim) -> bool:
    levels = {source.level for citation in claim.citations for source in citation.sources}
    return levels == {Level.THIRD_PARTY}


def candidates(
    text: str, grants: Grants, proposals: Sequence[FactProposal], *, today: date, find: Find
) -> list[str]:
    """Ids of current grants that may suit what ``text`` describes, best first.

    Those that the described project is about (``rank_grants``) or whose passages speak of it.
    """
    places: dict[str, int] = {}
    for hit in find(text):
        places.setdefault(hit.passage.grant_id or "", hit.rank)
    current = [g for g in grants if is_current(g, today)]
    try:
        ranked = rank_grants(current, {p.name: p.value for p in proposals}, today)
    except InputError:  # the words contradict each other: the person will sort them out
        return [i for i in places if any(g.id == i for g in current)][:_MOST_OFFERED]
    return [item.grant_id for item in ranked if item.relevance or item.grant_id in places][:_MOST_OFFERED]


def _ranked(ids: Sequence[str], grants: Grants, proposals: Sequence[FactProposal], today: date) -> list[str]:
    """``ids`` in the order in which the grants suit what was read."""
    try:
        ranked = rank_grants([grants.by_id[i] for i in ids], {p.name: p.value for p in proposals}, today)
    except InputError:
        return list(ids)
    return [item.grant_id for item in ranked]


def is_current(grant: Grant, today: date) -> bool:
    """Whether the grant is of this fiscal year or a later one, or of no year at all."""
    return not grant.is_of_one_year or grant.fiscal_year >= fiscal_year_of(today)


def _ask_which(answer: Answer, grants: Grants, ids: Sequence[str], say: Say) -> Answer:
    names = tuple(dict.fromkeys(grants.by_id[i].short for i in ids))
    which = MissingFact(
        name="grant",
        question=say("which_grant"),
        options=names,
        settles=len(names),
        why=say("which_grant_why"),
    )
    update: dict[str, Any] = {"missing": (which, *answer.missing)}
    if not answer.claims:
        text = "\n".join((which.question, *(f"・{name}" for name in names)))
        update |= {"status": AnswerStatus.NEEDS_CLARIFICATION, "text": text}
    return answer.model_copy(update=update)


def _judged(
    answer: Answer,
    grants: Grants,
    grant_id: str,
    proposals: Sequence[FactProposal],
    facts: Mapping[str, Any],
    today: date,
    say: Say,
) -> Answer:
    grant = grants.by_id[grant_id]
    known = {name: value for name, value in facts.items() if name in grant.vocabulary}
    verdict = judge(grant, read_facts(known, grant.vocabulary), today=today)
    update: dict[str, Any] = {"verdict": verdict, "missing": answer.missing or verdict.missing[:3]}
    unconfirmed = [p for p in proposals if p.name in grant.vocabulary and p.name not in known]
    if unconfirmed:
        read = "、".join(f"{p.label}: {p.says}" for p in unconfirmed)
        update["cautions"] = (*answer.cautions, say("caution_unconfirmed", facts=read))
    if not answer.claims:
        text = say("verdict_only", name=verdict.grant_name, outcome=verdict.outcome.value)
        update |= {"status": AnswerStatus.NEEDS_CLARIFICATION, "text": text}
    return answer.model_copy(update=update)
