"""The aspects in which grants are compared, and the sentences of a grant's own document that tell each.

What is chosen is quoted as it stands; where the document only says that a matter is not confirmed, that
sentence is the cell, and where it says nothing the cell says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.domain import Cell, CellState, Level, Source
from assistant.grants.quotes import Quote
from assistant.japanese.calendar import find_fiscal_years
from assistant.japanese.text import normalise

ABSENT: Final = "資料に記載なし"

_UNKNOWNS = "まだ確認できていないこと"
_YEN = r"[0-9,.]+(?:億|千万|百万|万|千)*(?:[0-9,.]+(?:万|千)*)?円"
_RATE = r"[0-9]+(?:\.[0-9]+)?/[0-9]+(?:など|等)?|[0-9]+(?:\.[0-9]+)?[%％]|定額"
_SPAN = r"[0-9]+(?:か年度|か年|年間|か月|年(?!度|[0-9]|に|の時|時点|月))(?:以内|以上)?"
_EARLIER = re.compile(r"前身|旧制度|旧法|当時")
_MADE = re.compile(
    r"創設され|新設され|始まり、|延長|再編され|名称が変わ"
)  # how it came about, not what it is
_TOWN = re.compile(r"市区町村|市町村|一般の市")
_DEFINES = re.compile(
    r"(?:制度|交付金|類型|事業|仕組み|地方債|取組|支援金|人|組合|税制|もの)(?:です|であり|で、)|支援(?:する|します|した|しました)|(?:紹介|解説)されて"
)
_NEAR = 1.2  # a second sentence is shown where it tells the aspect nearly as well


@dataclass(frozen=True)
class Aspect:
    """One row: headings that it stands under, words that it needs, and the figures that are held together."""

    name: str
    headings: tuple[str, ...]
    needs: re.Pattern[str] | None = None  # a sentence that tells it matches this (on normalised text)
    topic: re.Pattern[str] = re.compile(r"(?!)")  # words that name it: in the list of what is not known
    figure: re.Pattern[str] | None = None
    own: re.Pattern[str] = re.compile(r"")  # what a figure must be called to be held against another
    most: int = 1  # sentences in a cell
    slots: tuple[str, ...] = ()  # slots of a question that ask for it

    @property
    def is_definition(self) -> bool:
        """Whether the sentence should say what the grant is."""
        return self.headings == ("概要",)


def _aspect(
    name: str,
    headings: Sequence[str],
    needs: str | None = None,
    topic: str = "(?!)",
    figure: str | None = None,
    most: int = 1,
    slots: Sequence[str] = (),
    own: str = "",
) -> Aspect:
    return Aspect(
        name,
        tuple(headings),
        re.compile(needs) if needs else None,
        re.compile(topic),
        re.compile(figure) if figure else None,
        re.compile(own),
        most,
        tuple(slots),
    )


ASPECTS: Final[tuple[Aspect, ...]] = (
    _aspect("目的・内容", ("概要",)),
    _aspect(
        "補助率", ("補助率と上限",),
        rf"(?:補助率|交付率|充当率|割合|負担|措置|国庫補助|半額|半分).*(?:{_RATE}|半額|半分)|(?:{_RATE}).*(?:補助|負担|措置|国費)|定額",
        r"補助率|交付率|措置率|充当率|国庫補助", _RATE, slots=("補助率",), own=r"補助率|交付率",
    ),
    _aspect(
        "上限額", ("補助率と上限",), rf"(?:上限|限度|最大|以内|まで|額).*{_YEN}|{_YEN}.*(?:上限|限度|以内|まで)",
        r"上限|限度|額", _YEN, 2, ("上限額",), own=r"上限|限度|最大|以内",
    ),
    _aspect("対象者", ("対象となる団体",), topic=r"申請できる|対象となる(?:団体|者)", slots=("対象団体",)),
    _aspect("対象経費・事業", ("対象となる事業・経費",), most=2, slots=("対象事業",)),
    _aspect("対象外", ("対象外",), slots=("対象外",)),
    _aspect("主な要件", ("要件",), slots=("要件",)),
    _aspect(
        "期間", ("事業の計画期間", "要件", "対象となる事業・経費", "概要", "補助率と上限"),
        rf"(?:期間|任期|単年度|年度内).*(?:{_SPAN}|単年度|年度)|(?:{_SPAN}).*(?:期間|任期)", r"期間|任期", _SPAN, slots=("期間",),
    ),
    _aspect(
        "締切・日程", ("スケジュール",), r"[0-9]+月|締切|期限|募集|公募|受付|日程|時期", r"日程|募集|締切",
        slots=("期限", "時点"),
    ),
    _aspect("窓口", ("窓口",), slots=("窓口",)),
)  # fmt: skip
YEAR_ROW: Final = "年度"


def cell_of(
    aspect: Aspect,
    quotes: Iterable[Quote],
    *,
    names: Sequence[str],
    year: int | None,
    sources: Mapping[str, Source],
) -> Cell:
    """What one grant's document tells of an aspect.

    ``names``: what the grant is called; ``year``: the fiscal year that the side is of, if any.
    """
    own = re.compile("|".join(map(re.escape, map(normalise, names))))
    told = [
        (score, -at, quote)
        for at, quote in enumerate(quotes)
        if (score := _score(aspect, quote, own, year)) is not None
    ]
    told.sort(key=lambda item: item[:2], reverse=True)
    best = told[0][0] if told else 0.0
    known = [quote for score, _, quote in told if not quote.tells_unknown and score >= best - _NEAR]
    chosen = known[: aspect.most] or [quote for _, _, quote in told[:1]]
    if not chosen:
        return Cell(state=CellState.ABSENT, text=ABSENT)
    chosen.sort(key=lambda quote: (quote.passage.id, quote.start))
    value = "" if chosen[0].tells_unknown else "・".join(figures(aspect, chosen))
    return Cell(
        state=CellState.UNCONFIRMED if chosen[0].tells_unknown else CellState.GIVEN,
        text="".join(quote.text for quote in chosen),
        value=value,
        claims=tuple(quote.claim(sources) for quote in chosen),
    )


def figures(aspect: Aspect, quotes: Sequence[Quote]) -> tuple[str, ...]:
    """The figures of an aspect as they stand in the sentences, each once, in order."""
    if aspect.figure is None:
        return ()
    return tuple(dict.fromkeys(found for quote in quotes for found in aspect.figure.findall(quote.text)))


def _score(aspect: Aspect, quote: Quote, own: re.Pattern[str], year: int | None) -> float | None:
    """How well a sentence tells the aspect; None where it does not."""
    if quote.is_row:
        return None
    at_home = quote.heading in aspect.headings
    names_it = bool(aspect.topic.search(quote.folded))
    if quote.tells_unknown:
        return -5.0 if (names_it or (at_home and aspect.needs is None)) else None
    if aspect.needs is not None and not aspect.needs.search(quote.folded):
        return None
    if not at_home and not (names_it and aspect.figure is not None):
        return None
    score = 3.0 - aspect.headings.index(quote.heading) * 0.5 if at_home else 0.5
    score += 1.0 if own.search(quote.folded) else -1.5
    score += 1.0 if aspect.figure is not None and _TOWN.search(quote.text) else 0.0
    score += 1.0 if aspect.is_definition and _DEFINES.search(quote.text) else 0.0
    score -= 2.0 if _EARLIER.search(quote.text) else 0.0
    score -= 1.5 if aspect.is_definition and _MADE.search(quote.text) else 0.0
    years = {mention.year for mention in find_fiscal_years(quote.text) if mention.fiscal}
    if year is not None and years - {year}:
        score -= 1.5
    elif years:
        score += 0.5 if year in years else (max(years) - 2020) / 100  # of two years told the later one
    if quote.passage.level is Level.THIRD_PARTY:
        score -= 0.1
    return score
