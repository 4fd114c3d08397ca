"""Indicators that a question asks for, by name or all of them, from the rows of the document's tables."""

from __future__ import annotations

import re

from assistant.domain import Claim, Rejected
from assistant.japanese.text import fold
from assistant.review.asked import Asked
from assistant.review.chapters import chapter_at
from assistant.review.indicator_words import Said, Side, say_value
from assistant.review.nouns import Kpi
from assistant.review.reading import DocumentReading
from assistant.review.replies import MOST_CLAIMS, Citer, Reply

_MOST_OF_NAME = 0.75
_INDICATOR_WORDS = frozenset(
    [
        "目標",
        "目標値",
        "数値目標",
        "基準値",
        "現状値",
        "基準",
        "現状",
        "現在",
        "今",
        "指標",
        "kpi",
        "kgi",
        "値",
        "数値",
        "重要業績評価指標",
        "実績",
        "いま",
        "成果目標",
        "全体",
        "主",
    ]
)
_ENDINGS = ("率", "額", "割合", "量", "数")


class IndicatorAnswers:
    """Tells of the indicators of one document."""

    def __init__(self, reading: DocumentReading, citer: Citer) -> None:
        self.reading, self._citer = reading, citer

    def tell(self, asked: Asked) -> Reply:
        """The values that the question asks for; no claim where it names no indicator of the document."""
        kpis = [
            k
            for k in self.reading.kpis
            if _names(asked, k) and (asked.wants == "indicator" or _is_name_of(asked, k))
        ]
        if not kpis:
            return Reply(())
        bare = names_none(asked)
        if bare and asked.goal is not None:
            kpis = [k for k in kpis if self._under_goal(k, asked.goal)]
        sides: tuple[Side, ...] = ("target", "baseline") if asked.side == "both" and not bare else ("target",)
        sides = ("baseline",) if asked.side == "baseline" else sides
        said = [s for kpi in kpis for side in sides if (s := say_value(self.reading.document, kpi, side))]
        unique = {s.text: s for s in said}
        claims = tuple(self._said(s) for s in list(unique.values())[: MOST_CLAIMS + 2])
        cautions = []
        if len(unique) > len(claims):
            cautions.append(
                f"ほかに{len(unique) - len(claims)}件あります。全部は「指標の表」をご覧ください。"
            )
        for kpi in kpis[:1] if not bare else ():
            missing = [
                w
                for side, w in (("target", "目標値"), ("baseline", "基準値"))
                if side in sides and not getattr(kpi, side)
            ]
            if missing:
                cautions.append(f"「{kpi.indicator}」の{'・'.join(missing)}は、表に示されていません。")
        return Reply(claims, cautions=tuple(cautions), partly=bool(claims) and len(claims) < len(sides))

    def _under_goal(self, kpi: Kpi, goal: tuple[str, int]) -> bool:
        chapter = chapter_at(self.reading.chapters, kpi.where.page, kpi.where.start)
        if chapter is None:
            return False
        titles = [s.title for s in chapter.sections if (s.page, s.start) <= (kpi.where.page, kpi.where.start)]
        key = fold(titles[-1], drop_spaces=True).text if titles else ""
        return goal[0] in key and key.split(goal[0], 1)[1].startswith(str(goal[1]))

    def _said(self, said: Said) -> Claim | Rejected:
        return self._citer.claim(said.text, said.quotes, checked=len(said.quotes) > 1)


def names_none(asked: Asked) -> bool:
    """Whether a question names no indicator: 「数値目標は？」."""
    return all(t.surface in _INDICATOR_WORDS or t.surface in ("基本目標", "重点目標") for t in asked.focus)


def _names(asked: Asked, kpi: Kpi) -> bool:
    """Whether the question names the indicator: all its terms stand in the indicator's name."""
    goal = asked.goal[0] if asked.goal else ""
    terms = [t for t in asked.focus if t.surface not in _INDICATOR_WORDS and t.surface != goal]
    if not terms:
        return True
    name = fold(kpi.indicator, drop_spaces=True).text
    question = fold(asked.text, drop_spaces=True).text
    for term in terms:
        surface = fold(term.surface, drop_spaces=True).text
        if surface not in name:
            return False
        asked_for = re.search(
            rf"{re.escape(surface)}([^のはをがに、。?？]*?)({'|'.join(_ENDINGS)})", question
        )
        if asked_for and (f"{surface}{asked_for[1]}" not in name or asked_for[2] not in name):
            return False  # 「出生数」 is not 「出生率」, 「移住者数」 is not 「移住相談会の回数」
    return True


def _is_name_of(asked: Asked, kpi: Kpi) -> bool:
    """Whether the terms of a question make up most of an indicator's name."""
    name = fold(kpi.indicator.split("（")[0], drop_spaces=True).text
    surfaces = [fold(t.surface, drop_spaces=True).text for t in asked.focus]
    said = sum(len(surface) for surface in surfaces if surface in name)
    return said >= _MOST_OF_NAME * len(name)
