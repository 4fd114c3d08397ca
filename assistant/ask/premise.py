"""What a question takes for granted (「…ですよね」), held against what the answer cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Claim, SupportLabel
from assistant.evidence.check import check_support

_LEADING = re.compile(
    r"^(.{6,}?)(?:なん|ん)?(?:です|ます|でした)?(?:よね|でしたっけ|っけ|そうです(?:が|けど)|と聞きました(?:が|けど)?)[?？。、]?"
)


def find_premise(question: str) -> str | None:
    """The statement that a leading question makes, as a sentence; None where it makes none."""
    match = _LEADING.match(question.strip())
    return f"{match[1].rstrip('、。')}です。" if match else None


def is_borne_out(premise: str, claims: Sequence[Claim]) -> bool:
    """Whether the evidence of one of the claims bears the premise out."""
    for claim in claims:
        for citation in claim.citations:
            support = check_support(
                premise,
                (citation.quote,),
                context=" ".join((citation.title, *citation.trail)),
                fiscal_years=citation.fiscal_years,
            )
            if support.label is SupportLabel.SUPPORTED:
                return True
    return False
