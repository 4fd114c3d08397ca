"""Which of the hits a question is answered from, and whether it is one about cases after all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.ask.compose import named_own_system
from assistant.ask.vocabulary import Vocabulary
from assistant.ask.words import CASE_WORDS
from assistant.domain import Hit, Intent, Kind, Understanding
from assistant.japanese.text import normalise

# Asked for a place, an example or a thing itself; not whether, when or how (「図書館は何時まで開いていますか」).
_MAY_BE_A_CASE = re.compile(
    r"どこ(?!に(?!ある)|で(?:買|もら|でき|受け|申|取|手)|へ)|例|(?<!こ)とは|って(?:何|なに)(?![時年月日人件回歳円か割%])"
    r"|(?:市|町|村|島|県|地域|自治体|ところ|所|会社|話|取り?組み?)(?:は|って|を|が|ある|どこ|教|おしえ|知|[?？。]|$)"
    r"|[一-龥ァ-ヴー](?<!時間)(?<!料金)(?<!手数料)(?<!日程)(?<!方法)(?<!番号)(?<!場所)(?<!金額)(?<!費用)(?<!書類)(?<!窓口)(?<!手続)$"
)


def places_meant(part: Understanding, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Places whose own scheme is asked for (「札幌市の補助制度」): a statement must name them to answer."""
    return tuple(
        part.question[start:end]
        for _, start, end in vocabulary.mentions(part.question)
        if part.intent is not Intent.CASES
        and named_own_system(part.question, part.question[start:end], grant_named=bool(part.grant_ids))
    )


def as_cases(part: Understanding, hits: Sequence[Hit]) -> tuple[Understanding, list[Hit]] | None:
    """The question read as one about cases, with the hits of cases; None where that is no way to read it.

    「給食を全部有機米にしたのはどこ」: the answer is a case, though the question does not say so.
    """
    of_cases = [h for h in hits if h.passage.kind is Kind.CASE]
    other = part.slots or part.grant_ids or part.intent in (Intent.CASES, Intent.CAN_WE)
    if other or len(of_cases) * 2 < len(hits) or not _MAY_BE_A_CASE.search(normalise(part.question)):
        return None
    terms = tuple(term for term in part.terms if term not in CASE_WORDS)
    return part.model_copy(update={"intent": Intent.CASES, "terms": terms}), of_cases


def about_grants(part: Understanding, hits: Sequence[Hit], vocabulary: Vocabulary) -> list[Hit]:
    """Of a question that names grants, the hits of their own documents and those that speak of them."""
    if not part.grant_ids or part.intent is Intent.CASES:
        return list(hits)
    return [
        h
        for h in hits
        if h.passage.grant_id in part.grant_ids
        or (h.passage.grant_id is None and _speaks_of(h, part, vocabulary))
    ]


def _speaks_of(hit: Hit, part: Understanding, vocabulary: Vocabulary) -> bool:
    """Whether a passage outside the grants' own documents names one of the grants asked about."""
    passage = hit.passage
    text = normalise(" ".join((passage.title, *passage.trail, passage.text))).replace(" ", "")
    grants = [vocabulary.by_id[g] for g in part.grant_ids if g in vocabulary.by_id]
    return passage.kind is Kind.UPLOAD or any(
        normalise(name).replace(" ", "") in text for g in grants for name in (g.short, *g.aliases)
    )
