"""Small gold questions, answers and citations for tests."""

from assistant.domain import AnswerStatus, Level
from assistant.evaluation.entailment import EvidenceCheck
from assistant.evaluation.given import Given, GivenCitation, GivenClaim
from assistant.evaluation.gold import GoldQuestion, Nugget
from assistant.evaluation.scene import inspect

PAGE = "移住支援金の額は、世帯での移住が最大100万円、単身での移住が最大60万円です。RESASは、2015年4月21日に提供が始まりました。"


def gold(**changes):
    made = {
        "id": "fact-001",
        "question": "移住支援金はいくらですか",
        "kind": "fact",
        "answerable": True,
        "expected_status": (AnswerStatus.ANSWERED,),
        "nuggets": (
            Nugget(text="世帯は100万円", patterns=("世帯", "100万円")),
            Nugget(text="単身は60万円", vital=False, patterns=("単身", "60万円")),
        ),
        "gold_documents": ("ijuu",),
        "provenance": "test",
        "date": "2026-11-23",
    }
    return GoldQuestion.model_validate(made | changes)


def citation(
    quote, *, page=1, document="ijuu", levels=(Level.OFFICIAL,), years=(), context=PAGE, kind="grant"
):
    start = max(0, context.find(quote))
    return GivenCitation(
        passage_id=f"{document}#001",
        document_id=document,
        title="移住支援金",
        kind=kind,
        page=page,
        quote=quote,
        start=start,
        end=start + len(quote),
        context=context,
        levels=levels,
        fiscal_years=years,
    )


def claim(text, *quotes, **options):
    return GivenClaim(text=text, citations=tuple(citation(q, **options) for q in quotes))


def given(*claims, status=AnswerStatus.ANSWERED, **changes):
    text = changes.pop("text", "".join(c.text for c in claims))
    return Given(id=changes.pop("id", "fact-001"), status=status, text=text, claims=claims, **changes)


def stored(passage_id):
    return (PAGE, 1) if passage_id == "ijuu#001" else None


def scene(question, answer):
    return inspect(question, answer, EvidenceCheck(), stored)
