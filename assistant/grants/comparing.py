"""A comparison as an answer: the table, its sentences as claims, and what has to be said of its sides."""

from __future__ import annotations

from assistant.domain import Answer, AnswerStatus, CellState
from assistant.grants.loader import Grants
from assistant.grants.scene import Mark, Say, place_of, rests_on_third_parties
from assistant.grants.sides import Sides
from assistant.grants.table import ReadPassages, compare_grants, render_rows


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
    claims = tuple({place_of(c): c for row in table.rows for cell in row.cells for c in cell.claims}.values())
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
    if any(rests_on_third_parties(claim) for claim in claims):
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
