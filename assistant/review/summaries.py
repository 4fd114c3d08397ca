"""A summary by chapter: sentences of the document itself, each with its page, chosen for what a reader needs.

A sentence scores by how central its words are in its chapter (cosine to the chapter's centroid over content
lemmas weighed by inverse frequency; Radev et al. 2004) and by what it tells: goals, measures, figures, period,
partners, money, checks. Sentences are taken one by one, each new one as unlike the chosen ones as possible
(maximal marginal relevance; Carbonell & Goldstein 1998), first from sections not heard yet.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assistant.domain import Noun, PageQuote, SupportLabel
from assistant.evidence.check import check_support
from assistant.japanese.tokens import content_set
from assistant.review.chapters import Chapter, Form
from assistant.review.indicator_words import IndicatorLine, say_indicator
from assistant.review.reading import DocumentReading, Statement

Length = Literal["short", "usual", "long"]
LENGTHS: Final[dict[Length, str]] = {"short": "短い", "usual": "ふつう", "long": "長い"}

_MOST: Final[dict[Length, int]] = {"short": 2, "usual": 4, "long": 8}
_MOST_INDICATORS: Final[dict[Length, int]] = {"short": 2, "usual": 4, "long": 10}
_LONG_CHAPTER = 10  # pages; a chapter of more is given half as many sentences again
_LIKENESS = 0.7  # weight of being unlike the sentences chosen before
_NEW_SECTION, _NEW_SUBJECT = 0.35, 0.25
_SAME = 0.8  # cosine from which a sentence says what a chosen one says
_DOES = (
    r"(?:実施|整備|支援|導入|推進|設置|開設|運営|育成|誘致|創設|配置|派遣|助成|補助|運行|提供|強化|普及|開催|確保|拡充|促進|充実|改修|構築|形成|開発|配備|活用|無償化|発信)"
    r"(?:し|を|に|する|します|していき|$|[)）]$)|取り組(?:む|み|ん)|進め(?:る|ます)|図(?:る|り|ります)|つくり|広げ|増や|減ら|設け|置(?:く|き)|行(?:う|い)ます"
)
_SUBJECTS: Final[tuple[tuple[str, float, re.Pattern[str]], ...]] = (
    ("期間", 1.0, re.compile(r"計画期間|戦略の期間|年度から.{0,12}年度まで|初年度とする")),
    ("目標", 0.9, re.compile(r"目指(?:す|し)|めざ|将来像|基本目標|目標とし|実現(?:し|する|を)|基本理念|目標値")),
    ("財源", 0.8, re.compile(r"億円|万円|千円|交付金|財源|予算|基金|ふるさと納税|地方債|過疎債|事業費|クラウドファンディング")),
    ("連携", 0.6, re.compile(r"連携|協定|協働|共同|参画|産官学|産学官|広域|圏域|委員")),
    ("進め方", 0.7, re.compile(r"検証|評価|見直|pdca|改訂|進捗|進み具合|点検|公表|公開|推進体制|推進本部|本部長|工程表|スケジュール")),
    ("位置付け", 0.7, re.compile(r"創生法|に基づ[きく]|総合計画|総合戦略.{0,12}(?:勘案|踏まえ|整合)|位置(?:付|づ)け")),
    ("取組", 0.8, re.compile(_DOES)),
    ("現状", 0.55, re.compile(r"(?:人口|出生|転入|転出|高齢化率|世帯|率|額|数).{0,24}[0-9]|課題|要因|背景")),
)  # fmt: skip
_FIGURES = re.compile(r"[0-9][0-9,.]*(?:万|億)?(?:人|%|件|円|社|団体|箇所|か所|世帯|回|戸|ha|km|kw|倍|名)")
_META = re.compile(
    r"^(?:次|以下|下|上|右|左)の(?:図|表|グラフ|とおり)|図表の|本章では|この章では|本節では|^※|^\(?注|出典|資料[:：]|次のとおり(?:です|とする|とします)?。?$|四捨五入|単位[:：]"
    r"|(?:図|表)[0-9]+|^[0-9]+$"
)
_LEANS = re.compile(
    r"^(?:また|このため|そのため|これ(?:ら|に|を|は|まで)|それ|その|この|こうした|さらに|なお|しかし|一方|加えて|具体的には|同)"
)
_TENTATIVE = re.compile(
    r"検討(?:し(?:ます|ていきます|ております)|する)|研究します|期待され|求められてい|考えられ"
)
_BEST_LENGTH, _LONGEST = 25, 150


class SummarySentence(Noun):
    """A sentence of the document. ``text`` is ``where.quote`` on one line, without the mark of a list."""

    text: str
    where: PageQuote
    subject: str = ""  # 期間 目標 財源 連携 進め方 位置付け 取組 現状, or empty
    section: str = ""


class ChapterSummary(Noun):
    """What a chapter says. ``note`` says why there is nothing, or which pages could not be read."""

    title: str
    number: int | None = None
    form: Form
    first_page: int
    last_page: int
    sentences: tuple[SummarySentence, ...] = ()
    indicators: tuple[IndicatorLine, ...] = ()
    more_indicators: int = 0  # indicators of the chapter that are not listed
    unreadable_pages: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Weighed:
    statement: Statement
    words: dict[str, float]
    score: float
    subject: str


def summarise(reading: DocumentReading, length: Length = "usual") -> tuple[ChapterSummary, ...]:
    """The document's chapters in order, each with the sentences that say most."""
    words_by_key = {s.folded: content_set(s.shown) for s in reading.statements}
    frequency = Counter(word for words in words_by_key.values() for word in words)
    total = max(1, len(words_by_key))
    weights = {word: math.log(1 + total / count) for word, count in frequency.items()}
    made = []
    for number, chapter in enumerate(reading.chapters):
        own = [s for s in reading.statements if s.chapter == number]
        made.append(_summarise_chapter(reading, chapter, own, words_by_key, weights, length))
    return tuple(made)


def _summarise_chapter(
    reading: DocumentReading,
    chapter: Chapter,
    own: Sequence[Statement],
    words_by_key: dict[str, frozenset[str]],
    weights: dict[str, float],
    length: Length,
) -> ChapterSummary:
    in_indicators = {
        (k.where.page, offset) for k in reading.kpis for offset in (k.where.start,) if k.form == "table"
    }
    weighed = _weigh(
        chapter, [s for s in own if (s.page, s.start) not in in_indicators], words_by_key, weights
    )
    most = _MOST[length]
    if chapter.last_page - chapter.first_page + 1 > _LONG_CHAPTER:
        most += most // 2
    chosen = _choose(weighed, most)
    chosen.sort(key=lambda w: (w.statement.page, w.statement.start))
    sentences = tuple(
        SummarySentence(
            text=w.statement.shown, where=w.statement.where, subject=w.subject, section=w.statement.section
        )
        for w in chosen
        if check_support(w.statement.shown, w.statement.quote).label is SupportLabel.SUPPORTED
    )
    kpis = [k for k in reading.kpis if k.form == "table" and chapter.holds(k.where.page, k.where.start)]
    listed = kpis[: _MOST_INDICATORS[length]]
    unreadable = tuple(
        page for page in reading.report.holes if chapter.first_page <= page <= chapter.last_page
    )
    return ChapterSummary(
        title=chapter.title,
        number=chapter.number,
        form=chapter.form,
        first_page=chapter.first_page,
        last_page=chapter.last_page,
        sentences=sentences,
        indicators=tuple(say_indicator(reading.document, kpi) for kpi in listed),
        more_indicators=len(kpis) - len(listed),
        unreadable_pages=unreadable,
        note=_note(sentences, kpis, unreadable),
    )


def _note(sentences: Sequence[SummarySentence], kpis: Sequence[object], unreadable: Sequence[int]) -> str:
    pages = "、".join(str(page) for page in unreadable)
    if not sentences and not kpis:
        if unreadable:
            return f"この章には読み取れる文がありません（{pages}ページに読み取れない部分があります）。"
        return "この章には、要約に使える文がありません。見出しや図だけの可能性があります。"
    if unreadable:
        return f"{pages}ページには読み取れない部分があり、その内容は要約に含まれていません。"
    return ""


def _weigh(
    chapter: Chapter,
    own: Sequence[Statement],
    words_by_key: dict[str, frozenset[str]],
    weights: dict[str, float],
) -> list[_Weighed]:
    vectors = [{word: weights[word] for word in words_by_key[s.folded]} for s in own]
    centroid: dict[str, float] = {}
    for statement, vector in zip(own, vectors, strict=True):
        norm = _norm(vector)
        for word, value in vector.items():
            centroid[word] = centroid.get(word, 0.0) + value / norm / statement.repeats
    nearness = [_cosine(vector, centroid) for vector in vectors]
    highest = max(nearness, default=0.0) or 1.0
    made = []
    seen: set[str] = set()
    for statement, vector, near in zip(own, vectors, nearness, strict=True):
        if not statement.whole or not vector or statement.folded in seen or _META.search(statement.folded):
            continue
        seen.add(statement.folded)
        titles = content_set(f"{chapter.title} {statement.section}")
        told, subject = _tells(statement)
        heading = 0.4 * len(titles & vector.keys()) / max(1, len(titles))
        score = near / highest + told + heading - _flaws(statement)
        made.append(_Weighed(statement, vector, score, subject))
    return made


def _tells(statement: Statement) -> tuple[float, str]:
    """How much a statement tells by its cues, and its subject."""
    found = [(weight, name) for name, weight, cue in _SUBJECTS if cue.search(statement.folded)]
    told = max((weight for weight, _ in found), default=0.0) + 0.15 * max(0, min(len(found), 3) - 1)
    if _FIGURES.search(statement.folded):
        told += 0.4
    subject = max(found, default=(0.0, ""), key=lambda pair: pair[0])[1]
    return told, subject


def _flaws(statement: Statement) -> float:
    flaws = 0.9 * (statement.repeats - 1) if statement.repeats > 1 else 0.0
    flaws += 0.35 if _LEANS.match(statement.folded) else 0.0
    flaws += 0.9 if _TENTATIVE.search(statement.folded) else 0.0
    flaws += 0.01 * max(0, _BEST_LENGTH - len(statement.folded))
    return flaws + 0.006 * max(0, len(statement.folded) - _LONGEST)


def _choose(weighed: Sequence[_Weighed], most: int) -> list[_Weighed]:
    chosen: list[_Weighed] = []
    rest = [w for w in weighed if w.statement.repeats < 3] or list(weighed)
    telling = [w for w in rest if w.subject]
    rest = telling or rest[: max(1, most // 2)]
    while rest and len(chosen) < most:
        sections = {w.statement.section for w in chosen}
        subjects = {w.subject for w in chosen}

        def gain(w: _Weighed, sections: set[str] = sections, subjects: set[str] = subjects) -> float:
            like = max((_cosine(w.words, c.words) for c in chosen), default=0.0)
            new = _NEW_SECTION * (w.statement.section not in sections) + _NEW_SUBJECT * (
                w.subject not in subjects
            )
            return w.score + new - _LIKENESS * like

        best = max(rest, key=gain)
        rest = [w for w in rest if w is not best and _cosine(w.words, best.words) < _SAME]
        chosen.append(best)
    return chosen


def _norm(vector: dict[str, float]) -> float:
    return math.sqrt(sum(value * value for value in vector.values())) or 1.0


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    if len(a) > len(b):
        a, b = b, a
    return sum(value * b.get(word, 0.0) for word, value in a.items()) / (_norm(a) * _norm(b))
