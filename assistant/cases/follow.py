"""Questions about cases in a conversation: 「うちと似た」, 「もっと小さい町で」, 「補助金なしで」.

What narrows is carried in the words themselves: the question that narrows is put before the one it narrows
(「もっと小さい町で、買物支援の事例は？」), so that a reader of the trace sees the whole question and the next
one can narrow it further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.cases.casebook import Casebook
from assistant.cases.find import NO_CRITERIA, CaseResults, find, median_population
from assistant.cases.regions import named_regions
from assistant.cases.schemes import NO_SUBSIDY
from assistant.domain import Municipality
from assistant.japanese.text import normalise
from assistant.knowledge.municipalities import PREFECTURE

_MOST = 10**9
_TAIL = 0.15  # beside an answer, cases that fit so much less than the best are left out
SHOWN = 5  # cases beside an answer
_TOWN = r"(?:(?:な|の)?(?:市町村|自治体|市|町|村|まち|ところ|所|団体|地域|規模))"
_OURS = r"(?:うち|私たち|わたしたち|我々|本|当|わが|我が|自分たち|こちら)"
_LIKE = re.compile(
    rf"(?:{_OURS}(?:の)?(?:市町村|自治体|市|町|村|まち)?)?(?:と|に)?(?:同じ(?:よう|くらい|ぐらい|程度)?(?:な|の)?(?:人口)?規模|規模(?:が|の)(?:同じ|近い|似た)|似(?:た|ている|てる|通った)|近い規模|同規模|同じような){_TOWN}?(?:で|の|に|が|では)?"
)
_SMALLER = re.compile(
    rf"(?:もっと|より|さらに|もう少し)?(?:人口(?:の|が))?(?:もっと|さらに|もう少し)?(?:小さ[いな]|小規模(?:な)?|少ない){_TOWN}?(?:で|だと|では|の|なら|に限ると)?(?:は)?"
)
_BIGGER = re.compile(
    rf"(?:もっと|より|さらに|もう少し)(?:人口(?:の|が))?(?:大き[いな]|大規模(?:な)?|多い){_TOWN}?(?:で|だと|では|の|なら|に限ると)?(?:は)?"
)
_COMPARATIVE = re.compile("もっと|より|さらに|もう少し")
_NO_SUBSIDY = re.compile(
    r"(?:補助金|補助|公費|交付金)(?:を)?(?:なし|無し|ゼロ|使わず|使わない|に頼らず|に頼らない|に頼らなかった|抜き)(?:に|で|の|だと|では|なら)?(?:は|も)?"
)
_RECENT = re.compile(
    r"(?:もっと|なるべく)?(?:最近|新しい|近年)(?:の)?(?:もの|事例|取組)?(?:で|は|だと|では)?"
)
_ASKING = re.compile(
    r"(?:(?:の)?(?:好|先進|成功|参考)?事例|取り?組(?:み|んでいる|んだ)?(?:の例)?)(?:は|を|が|には|って)?(?:ありますか|ある|教えて(?:ください)?|知りたい|探して(?:ください|いる)?|どんな(?:もの)?|見せて|紹介して)?|ありますか|教えて(?:ください)?|はある|[?？。]"
)  # fmt: skip
_REST = re.compile(r"^(?:では|じゃあ?|それなら|あと|ほかに|他に|もう少し|そのうち|その中で)?[、,]?")


@dataclass(frozen=True)
class CaseQuestion:
    """A question about cases as read: what to search, and what narrows it."""

    words: str
    wants_like: bool = False
    smaller: int = 0  # how many times smaller was asked for
    bigger: int = 0
    no_subsidy: bool = False
    recent: bool = False


def read_case_question(text: str) -> CaseQuestion:
    """Take the narrowing words out of a question; what is left is searched."""
    rest = normalise(text)
    smaller = sum(bool(_COMPARATIVE.search(match[0])) for match in _SMALLER.finditer(rest))
    bigger = sum(1 for _ in _BIGGER.finditer(rest))
    wants_like = bool(_LIKE.search(rest))
    no_subsidy = bool(_NO_SUBSIDY.search(rest))
    recent = bool(_RECENT.search(rest))
    rest = re.sub(_BIGGER, " ", rest)
    rest = _SMALLER.sub(lambda m: " " if _COMPARATIVE.search(m[0]) else m[0], rest)
    for pattern in (_LIKE, _NO_SUBSIDY, _RECENT):
        rest = pattern.sub(" ", rest)
    rest = _ASKING.sub(" ", rest)
    rest = re.sub(r"[\s、,]+", " ", rest).strip()
    return CaseQuestion(rest, wants_like, smaller, bigger, no_subsidy, recent)


def narrows(text: str) -> bool:
    """Whether a question only narrows the cases before it: 「もっと小さい町で」「補助金なしだと？」「東北では？」."""
    asked = read_case_question(_REST.sub("", normalise(text)))
    told = asked.wants_like or asked.smaller or asked.bigger or asked.no_subsidy or asked.recent
    rest = asked.words
    for name, _ in named_regions(rest):
        rest = rest.replace(name.removesuffix("地方"), "")
        told = True
    rest = re.sub(
        r"地方|(?:の)?(?:もの|場合|方)|限定|だと|なら|では|は|で|の|に|も|か|です|でしょう|限ると|絞ると|絞って",
        "",
        rest,
    )
    return bool(told) and len(rest.strip()) <= 1


def joined(narrowing: str, before: str) -> str:
    """The question that narrows and the one it narrows, as one question."""
    lead = _REST.sub("", narrowing.strip().rstrip("？?。"))
    return f"{lead.removesuffix('は')}、{before.strip()}"


@dataclass(frozen=True)
class ChatCases:
    """Cases beside an answer, and what a person must know of how they were chosen."""

    results: CaseResults
    cautions: tuple[str, ...] = ()
    narrowed: bool = False  # a place, a size or a scheme decided, not the words alone
    needs_place: bool = False


def find_for_question(book: Casebook, text: str, place: Municipality | None) -> ChatCases:
    """The best cases for a question; ``place``: the municipality that 「うち」 means, where it is known."""
    asked = read_case_question(text)
    like = place if asked.wants_like or asked.smaller or asked.bigger else None
    said: list[str] = []
    needs_place = asked.wants_like and place is None
    criteria = NO_CRITERIA
    if asked.no_subsidy:
        criteria = replace(criteria, schemes=(("group", NO_SUBSIDY),))
    if asked.recent:
        criteria = replace(criteria, years=(2021, 2100))
        said.append("2021年以降に始まった事例に絞りました。開始年を確認できない事例は除いています。")
    # 「島根県海士町と似た町」 asks for no case in 島根県.
    regions = named_regions(text.replace(like.full_name, "") if like is not None else text)
    if like is not None:  # the place to be like is no subject of the search
        for name in (like.full_name, like.name):
            asked = replace(
                asked,
                words=re.sub(
                    rf"{re.escape(normalise(name))}(?:と|に|のように|より|、)?", " ", asked.words
                ).strip(),
            )
    for name, _ in regions:
        asked = replace(asked, words=_without(asked.words, name))
    if regions:
        criteria = replace(criteria, prefectures=tuple(p for _, members in regions for p in members))
    population, told = _size(book, asked, like)
    criteria = replace(criteria, population=population)
    said += told
    results = find(book, asked.words, criteria=criteria, like=like, k=SHOWN)
    if asked.words:
        best = max((hit.score for hit in results.hits), default=0.0)
        good = tuple(hit for hit in results.hits if hit.score >= _TAIL * best)
        results = replace(results, hits=good)
    if asked.no_subsidy:
        unknown = len(results.hits)
        said.append(
            "補助金に頼らないことを出典で確認できた事例だけを示しています。財源を確認できない事例は含めていません。"
            if unknown
            else "補助金に頼らないことを出典で確認できた事例は、この内容では見つかりませんでした。財源を確認できていない事例は、補助金なしとはみなしていません。"
        )
    narrowed = bool(like) or not criteria.is_empty
    return ChatCases(results, (*said, *results.notes), narrowed, needs_place)


def _without(words: str, name: str) -> str:
    """Words without a region that has become a filter."""
    return re.sub(
        rf"{re.escape(name.removesuffix('地方'))}(?:地方|県内|内)?(?:での|では|で|の|に|は)?", " ", words
    ).strip()


def _size(
    book: Casebook, asked: CaseQuestion, like: Municipality | None
) -> tuple[tuple[int, int] | None, list[str]]:
    """「もっと小さい」 is smaller than the place that asks, else than the median of the cases before."""
    said: list[str] = []
    span: tuple[int, int] | None = None
    for smaller in (*(True,) * asked.smaller, *(False,) * asked.bigger):
        bound = like.population if like and like.kind != PREFECTURE else None
        whose = like.name if like else ""
        if bound is None or span is not None:
            before = find(
                book, asked.words, criteria=replace(NO_CRITERIA, population=span), like=like, k=SHOWN
            )
            bound = median_population(before.hits)
            whose = "直前に示した事例の中央値"
        low, high = span or (0, _MOST)
        if bound is None or (bound <= low if smaller else bound >= high):
            continue
        span = (low, min(high, bound - 1)) if smaller else (max(low, bound + 1), high)
        than = "少ない" if smaller else "多い"
        said.append(f"人口が{bound:,}人（{whose}、2025年1月1日）より{than}自治体の事例に絞りました。")
    return span, said
