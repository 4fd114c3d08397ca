"""What a question takes for granted (「…ですよね」), held against what the answer cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain import Claim, SupportLabel
from assistant.evidence.check import check_support
from assistant.japanese.tokens import content_set

_LEADING = re.compile(
    r"^(.{6,}?)(?:なん|ん)?(?:だ|です|ます|でした)?"
    r"(?:よね|でしたっけ|っけ|(?:(?<=[だたるいんす])そう|らしい)(?:です|なの)?(?:が|けど|で|ので)|(?:と|って)(?:聞|伺|うかが)[いっき](?:た|て|まし)"
    r"|って本当|はず(?:です|な(?:の|ん))?(?:が|けど|で|に)|とのこと)"
)
_ENDED = re.compile(
    r"^(.{4,}?(?:廃止|終了|中止|減額|打ち切|縮小|失敗)[^、。]{0,6}(?:た|だ))(?:理由|わけ|原因|経緯|背景|のはなぜ)"
)
_UNSAID = 0.25  # share of the premise's words
_NEAR_END = 12  # characters
_ASKS = re.compile("何|誰|だれ|いつ|いくら|いくつ|どこ(?![^、]*も)|どの|どう|どれ|なぜ")


def find_premise(question: str) -> str | None:
    """The statement that a leading question makes, as a sentence; None where it makes none."""
    match = _LEADING.match(question.strip()) or _ENDED.match(question.strip())
    if match is None or _ASKS.search(
        match[1][-_NEAR_END:]
    ):  # 「何団体にする目標でしたっけ」 takes nothing for granted
        return None
    return f"{match[1].rstrip('、。')}です。"


def is_borne_out(premise: str, claims: Sequence[Claim]) -> bool:
    """Whether the evidence of one of the claims bears the premise out and speaks of nearly all that it says."""
    said = content_set(premise)
    for claim in claims:
        for citation in claim.citations:
            around = " ".join((citation.title, *citation.trail))
            if len(said - content_set(f"{citation.quote} {around}")) > _UNSAID * len(said):
                continue
            support = check_support(
                premise,
                (citation.quote,),
                context=around,
                fiscal_years=citation.fiscal_years,
            )
            if support.label is SupportLabel.SUPPORTED:
                return True
    return False
