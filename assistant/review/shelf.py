"""What the corpus says about a gap: statements, each with its sources, held against the gap's own words.

A statement counts by the weight of the words it shares with the requirement (full) and its advice (half);
a word weighs more the fewer statements hold it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from assistant.domain import Kind, Passage, Source, SupportLabel
from assistant.evidence.check import check_support
from assistant.japanese.tokens import content_lemmas
from assistant.review.nouns import GrantHint, ReviewedItem

Expand = Callable[[str], Iterable[tuple[str, str]]]  # (word of the text, what else it is called)
GrantNames = Callable[[], Iterable[tuple[Mapping[str, Any], bool]]]  # naming keys, of one year only

_OTHERWISE = 0.8  # weight of another name of a word
_ADVICE = 0.5  # weight of a word that only the advice holds
_AS_PAST = 0.6  # what a statement of the past counts
_LONG = 110  # characters from which a statement loses: a draft wants short sentences
_ENOUGH_POLICY = 0.34  # share of the weight from which a statement of the clause's own source is told
_ENOUGH_GRANT = 0.15  # and a grant is named; one shared word alone needs more
_ENOUGH_ONE_WORD = 0.22
_NAME = 1.3  # weight of a word that the grant's name holds
_STATEMENT = 0.6  # weight of a word that a grant's statements hold, but not its name or themes
_TELLING: Final = {
    "概要": 3.0,
    "対象となる事業・経費": 2.0,
    "要件": 0.0,
}  # sections that say what a grant is for
_OPEN = re.compile(
    r"確認できて|確認が必要|確認してください|ご確認|未確認|不明|原文での|分かっていません|見つかっていません|と国会で|答弁"
)
_ROW = re.compile(r"／.+[:：]|\|")
_PURPOSE = re.compile(r"(?:制度|事業|取組|交付金|類型)(?:で|と)(?!は)|支援し|支援する|対象")
_PAST = re.compile(r"(?:でした|ました)。$")
# Words that nearly every requirement or advice holds.
_COMMON: Final = frozenset(
    re.findall(
        r"\S+",
        "取り組む 取り組み 取組 施策 支援 事業 指標 書く 示す 内容 作り 地域 地方 する ある なる "
        "こと ため 定める 使う 良い 繋げる 増やす 保つ 守る 連携 創生 戦略 基本 構想 国 方 又 "
        "など 上げる 挙げる 促進 推進 対応 数値 目標 令和 年度 市町村 都道府県 市 町 村 道 府 "
        "県 都 自治 自治体 団体 公共 制度 必要 対象 強化 維持 向上 確保 活用 活かす 生かす "
        "求める 行う 主 主体 名称 できる 場合 関係 大切 とる 高める 実施 設ける 場 年 月 進める "
        "促す 力 化 新 新しい 性 的 中 小 所 外 第 条 下さる 受け入れる 手段 解決 課題 人口 "
        "流れ 体 人 者 数 率 交付 補助 整備 環境 社会 基準 値 置く 決める 層 一 毎 易い 全て "
        "KPI ",
    )
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the corpus, verbatim, and what bears it."""

    passage: Passage
    text: str
    source_ids: tuple[str, ...]
    words: frozenset[str]


@lru_cache(maxsize=16_384)
def words_of(text: str) -> frozenset[str]:
    """Content words that say what a sentence is about."""
    return frozenset(w for w in content_lemmas(text) if w not in _COMMON and not w.isdigit())


class Shelf:
    """Statements of policy and of grants; read when first needed, safe to share between threads."""

    def __init__(
        self,
        passages: Callable[[], Iterable[Passage]],
        grant_names: GrantNames,
        sources: Mapping[str, Source],
        fiscal_year: int,
        expand: Expand = lambda text: (),
    ) -> None:
        self._expand = expand
        self._passages, self._grant_names = passages, grant_names
        self._sources, self._fiscal_year = sources, fiscal_year

    @cached_property
    def _statements(self) -> tuple[Statement, ...]:
        made = []
        for passage in self._passages():
            if passage.kind not in (Kind.POLICY, Kind.GRANT):
                continue
            for mark in passage.statements:
                text = passage.text[mark.start : mark.end].strip()
                if text.endswith("。") and not _OPEN.search(text) and not _ROW.search(text):
                    made.append(Statement(passage, text, mark.source_ids, words_of(text)))
        return tuple(made)

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        counts = Counter(word for statement in self._statements for word in statement.words)
        total = len(self._statements)
        return {word: math.log(1 + total / (1 + n)) for word, n in counts.items()}

    def _wanted(self, item: ReviewedItem) -> _Wanted:
        asked, advised = words_of(item.requirement), words_of(item.advice)
        unseen = math.log(1 + len(self._statements))
        weights = {
            word: self._rarity.get(word, unseen) * (1.0 if word in asked else _ADVICE)
            for word in asked | advised
        }
        otherwise: dict[str, str] = {}
        for word, other in self._expand(item.requirement):
            own, called = words_of(word) & weights.keys(), words_of(other)
            if own and len(called) == 1:
                otherwise.setdefault(next(iter(called)), max(own, key=lambda w: (weights[w], w)))
        return _Wanted(weights, otherwise, sum(weights.values()) or 1.0)

    # ── policy ───────────────────────────────────────────────────────────────

    def background(self, item: ReviewedItem, k: int = 1, *, not_of: str = "") -> tuple[Statement, ...]:
        """What the source of the requirement's clause says of it, best first; empty where nothing fits.

        Statements that begin with ``not_of`` (「都道府県の」 for a town's plan) are left out.
        """
        if item.clause is None:
            return ()
        wanted = self._wanted(item)
        scored = []
        for statement in self._statements:
            if statement.passage.kind is not Kind.POLICY or item.clause.source_id not in statement.source_ids:
                continue
            if not_of and statement.text.startswith(not_of):
                continue
            share = wanted.share(statement.words)
            if not item.clause.predecessor and _PAST.search(statement.text):
                share *= _AS_PAST
            if share >= _ENOUGH_POLICY:
                scored.append((share / (1 + max(0, len(statement.text) - _LONG) / 200), statement))
        scored.sort(key=lambda pair: (-pair[0], pair[1].passage.id))
        return tuple(_varied((statement for _, statement in scored if bears(statement)), k))

    def said_by(self, source_id: str) -> tuple[Statement, ...]:
        """All policy statements that a source bears."""
        return tuple(
            s for s in self._statements if s.passage.kind is Kind.POLICY and source_id in s.source_ids
        )

    # ── grants ───────────────────────────────────────────────────────────────

    @cached_property
    def _grants(self) -> tuple[_Grant, ...]:
        by_id: dict[str, list[Statement]] = {}
        for statement in self._statements:
            if statement.passage.kind is Kind.GRANT and statement.passage.grant_id:
                by_id.setdefault(statement.passage.grant_id, []).append(statement)
        made = []
        for names, of_one_year in self._grant_names():
            telling = [s for s in by_id.get(names["id"], ()) if _TELLING.keys() & set(s.passage.trail)]
            called = (names["short"], names["name"], *(names.get("aliases") or ()))
            made.append(
                _Grant(
                    names,
                    of_one_year,
                    words_of("、".join(called)),
                    words_of("、".join(names.get("themes") or ())),
                    tuple(s for s in telling if any(_bare(name) in _subject(s.text) for name in called)),
                )
            )
        return tuple(made)

    def grants_for(self, item: ReviewedItem, k: int = 3) -> tuple[GrantHint, ...]:
        """Grants whose name, themes or purpose hold the gap's words: those of this fiscal year and standing ones.

        One of an earlier year stands only where nothing of this year does, and says so (``is_current``).
        """
        if item.pillar is None:
            return ()
        wanted = self._wanted(item)
        scored = []
        for grant in self._grants:
            best = max(grant.telling, key=lambda s: (self._fit(s, wanted), s.passage.id), default=None)
            if best is None:
                continue
            shared = wanted.met_by(grant.name_words | grant.themes | best.words)
            score = sum(wanted.weights[w] * by * grant.weight_of(told) for w, (told, by) in shared.items())
            score /= wanted.total
            if score >= (_ENOUGH_GRANT if len(shared) > 1 else _ENOUGH_ONE_WORD):
                scored.append((score, grant, best, shared))
        scored.sort(key=lambda row: (-row[0], row[1].names["id"]))
        hints = [self._hint(grant, best, shared, wanted) for _, grant, best, shared in scored if bears(best)]
        current = [hint for hint in hints if hint.is_current]
        return tuple((current or sorted(hints, key=lambda hint: -hint.fiscal_year)[:1])[:k])

    def _fit(self, statement: Statement, wanted: _Wanted) -> float:
        """How well a statement says what a grant is for."""
        fit = wanted.share(statement.words) * wanted.total
        fit += next((b for section, b in _TELLING.items() if section in statement.passage.trail), 0.0)
        fit += 1.0 if _PURPOSE.search(statement.text) else 0.0
        return fit * (_AS_PAST if _PAST.search(statement.text) else 1.0)

    def _hint(
        self, grant: _Grant, best: Statement, shared: Mapping[str, tuple[str, float]], wanted: _Wanted
    ) -> GrantHint:
        year = int(grant.names["fiscal_year"])
        levels = [self._sources[i].level for i in best.source_ids if i in self._sources]
        return GrantHint(
            id=grant.names["id"],
            name=grant.names["name"],
            fiscal_year=year,
            of_one_year=grant.of_one_year,
            is_current=not grant.of_one_year or year >= self._fiscal_year,
            why=best.text,
            words=tuple(
                dict.fromkeys(shared[w][0] for w in sorted(shared, key=lambda w: (-wanted.weights[w], w)))
            ),
            passage_id=best.passage.id,
            source_ids=best.source_ids,
            level=max(levels, key=lambda level: level.trust, default=None),
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words of a gap with their weights, their other names, and the sum of the weights."""

    weights: Mapping[str, float]
    otherwise: Mapping[str, str]  # another name → the gap's own word
    total: float

    def met_by(self, words: frozenset[str]) -> dict[str, tuple[str, float]]:
        """The gap's words that ``words`` hold: what they call it, and how much that counts."""
        met = {word: (word, 1.0) for word in words & self.weights.keys()}
        for other in sorted(words & self.otherwise.keys()):
            met.setdefault(self.otherwise[other], (other, _OTHERWISE))
        return met

    def share(self, words: frozenset[str]) -> float:
        """The share of the weight that ``words`` hold."""
        return sum(self.weights[word] * by for word, (_, by) in self.met_by(words).items()) / self.total


@dataclass(frozen=True, slots=True)
class _Grant:
    names: Mapping[str, Any]
    of_one_year: bool
    name_words: frozenset[str]
    themes: frozenset[str]
    telling: tuple[Statement, ...]  # what it is for, said of it by name

    def weight_of(self, word: str) -> float:
        """How much a shared word says of the grant."""
        return _NAME if word in self.name_words else 1.0 if word in self.themes else _STATEMENT


def _subject(text: str) -> str:
    """What a sentence is about: all before its first 「は、」."""
    return text.partition("は、")[0]


def _bare(name: str) -> str:
    """「地域未来推進型（令和8年度）」 as sentences call it."""
    return name.partition("（")[0]


def bears(statement: Statement) -> bool:
    """Whether the passage bears the statement out (it is verbatim, so this fails only for what is no sentence)."""
    passage = statement.passage
    support = check_support(
        statement.text,
        (statement.text,),
        context=" ".join((passage.title, *passage.trail)),
        fiscal_years=passage.fiscal_years,
    )
    return support.label is SupportLabel.SUPPORTED


def _varied(statements: Iterable[Statement], k: int) -> list[Statement]:
    """The first ``k`` that do not say (nearly) what one before them says."""
    chosen: list[Statement] = []
    for statement in statements:
        words = statement.words
        if all(len(words & c.words) < 0.7 * min(len(words), len(c.words) or 1) for c in chosen):
            chosen.append(statement)
        if len(chosen) == k:
            break
    return chosen
