"""The verbs: what each takes, what it does, what it gives.

The routes, the OpenAPI document and the page at ``/docs`` are all made from ``VERBS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from assistant.api.problems import Refused
from assistant.domain import Answer, CaseHit, Claim, Kind, Noun, Understanding, Verdict
from assistant.errors import UnknownName
from assistant.export.values import answer_value, grant_summary, grant_value, hit_value
from assistant.review.nouns import Review
from assistant.service import Assistant

FactGiven = str | int | float | bool | None
_YEAR = "会計年度（西暦4桁。令和8年度は2026）"
_FACTS = "判定に使う事実（名前と値の組）。名前と選択肢は /grants/{id} の facts にあります"


# ── what is asked ────────────────────────────────────────────────────────────


class Nothing(Noun):
    """A verb that takes no words."""


class QuestionAsked(Noun):
    """A question."""

    question: str = Field(description="質問")
    fiscal_year: int | None = Field(None, description=_YEAR)
    municipality: str | None = Field(None, description="自治体名またはコード")
    facts: dict[str, FactGiven] = Field({}, description=_FACTS)
    history: tuple[str, ...] = Field(
        (), max_length=10, description="この質問の前に尋ねた質問（古い順、10件まで）"
    )


class WordsSearched(Noun):
    """Words to find passages by."""

    query: str = Field(min_length=1, max_length=2000, description="探す言葉（2,000文字まで）")
    k: int = Field(10, ge=1, le=1000, description="件数")
    kind: Kind | None = Field(None, description="資料の種類")


class GrantNamed(Noun):
    """One grant."""

    id: str = Field(description="制度のidまたは名前")


class ProjectJudged(Noun):
    """A project held against a grant's rules."""

    grant: str = Field(description="制度のidまたは名前")
    facts: dict[str, FactGiven] = Field({}, description=_FACTS)
    fiscal_year: int | None = Field(None, description=_YEAR)


class CasesWanted(Noun):
    """Words and filters for cases."""

    words: str = Field("", max_length=2000, description="探したい内容（2,000文字まで）")
    like: str | None = Field(None, description="この自治体と似た自治体の事例を探します")
    pillar: tuple[str, ...] = Field((), description="5本柱の番号（1〜5。繰り返し可）")
    theme: tuple[str, ...] = Field((), description="テーマ（繰り返し可）")
    prefecture: tuple[str, ...] = Field((), description="都道府県または地方（繰り返し可）")
    population: str | None = Field(None, description="人口の範囲（最小-最大。例: 1000-5000）")
    scheme: tuple[str, ...] = Field((), description="財源・制度（繰り返し可）")
    year: str | None = Field(None, description="開始年（例: 2020、2018-2022、2020-）")
    kind: tuple[str, ...] = Field((), description="自治体の区分（繰り返し可）")
    k: int = Field(10, ge=1, le=1000, description="件数")


class Upload(Noun):
    """A file as it lies on this machine while its request runs; ``name`` is what its owner calls it."""

    name: str
    path: Path


class DocumentReviewed(Noun):
    """A document held against requirements."""

    file: Upload = Field(description="点検する文書（PDF、Word、Excelなど）。点検が終わると削除します")
    against: str = Field("strategy", description="点検の相手（strategy または交付金のid）")
    lenient: bool = Field(False, description="検討中や目次・見出しだけの項目を「判断できない」とします")


# ── what is given ────────────────────────────────────────────────────────────


class SearchHit(Noun):
    """A passage found."""

    rank: int
    score: float
    passage_id: str
    document_id: str
    kind: Kind
    title: str
    trail: tuple[str, ...]
    page: int | None
    text: str
    parts: dict[str, float]
    why: tuple[str, ...]


class GrantSummary(Noun):
    """A grant in a list."""

    id: str
    name: str
    short: str
    family: str
    fiscal_year: int
    status: str
    predecessor: str | None
    successor: str | None
    rules: int
    unknowns: int


class GrantDetail(GrantSummary):
    """A grant with all that its rule file says, under the rule file's own keys."""

    grant: dict[str, Any]


class Health(Noun):
    """The service and what it answers from."""

    status: Literal["ok"]
    version: str
    index: str
    model: str | None
    grants: int


# ── what is done ─────────────────────────────────────────────────────────────


def answer_question(
    assistant: Assistant, asked: QuestionAsked, *, on_claim: Callable[[Claim], None] | None = None
) -> Any:
    """The answer to a question after those before it; ``on_claim`` is told each checked sentence."""
    options: dict[str, Any] = {"fiscal_year": asked.fiscal_year, "municipality": asked.municipality}
    history: list[Understanding] = []
    for earlier in asked.history:
        reading = assistant.step(earlier, "understand", history=history, **options)
        history.append(reading[0] if isinstance(reading, tuple) else reading)
    answer = assistant.ask(asked.question, history=history, facts=asked.facts, on_claim=on_claim, **options)
    return answer_value(answer)


def _search(assistant: Assistant, asked: WordsSearched) -> Any:
    kinds = (asked.kind,) if asked.kind else ()
    return [hit_value(hit) for hit in assistant.search(asked.query, k=asked.k, kinds=kinds)]


def _list_grants(assistant: Assistant, asked: Nothing) -> Any:
    return [grant_summary(grant) for grant in assistant.grants]


def _show_grant(assistant: Assistant, asked: GrantNamed) -> Any:
    try:
        return grant_value(assistant.grants.find(asked.id))
    except UnknownName as error:  # here the name is the place that was asked for
        raise Refused(404, error.what, why=error.why, remedy=error.remedy) from error


def _judge(assistant: Assistant, asked: ProjectJudged) -> Any:
    return assistant.judge(asked.grant, asked.facts, fiscal_year=asked.fiscal_year)


def _find_cases(assistant: Assistant, asked: CasesWanted) -> Any:
    filters = {name: value or None for name, value in asked if name not in ("words", "like", "k")}
    return assistant.find_cases(asked.words, like=asked.like, k=asked.k, **filters).hits


def _review(assistant: Assistant, asked: DocumentReviewed) -> Any:
    return assistant.review(
        asked.file.path,
        asked.file.name,
        asked.against,
        strictness="lenient" if asked.lenient else "standard",
    )


def _say_health(assistant: Assistant, asked: Nothing) -> Any:
    return Health(
        status="ok",
        version=version("chihou-assistant"),
        index=assistant.index.digest,
        model=assistant.settings.model,
        grants=len(assistant.grants.by_id),
    )


@dataclass(frozen=True)
class Verb:
    """One thing that can be asked over HTTP; ``gives`` types the JSON value of a good answer."""

    name: str
    method: Literal["GET", "POST"]
    path: str
    says: str
    asks: type[Noun]
    where: Literal["query", "json", "form"]
    gives: Any
    do: Callable[[Assistant, Any], Any] = field(repr=False)
    example: dict[str, Any] = field(default_factory=dict)
    statuses: tuple[int, ...] = (422,)  # beside those that the guard gives before any verb


VERBS: tuple[Verb, ...] = (
    Verb(
        "ask",
        "POST",
        "/ask",
        "質問に、出典つきで答えます。答えられないときも200で、status に理由が入ります。"
        "Accept: text/event-stream を付けると、照合済みの文（claim）を順に、最後に回答の全体（answer）を送ります。",
        QuestionAsked,
        "json",
        Answer,
        answer_question,
        {"question": "第2世代交付金の市町村の国費上限と補助率は？", "fiscal_year": 2025},
        (413, 422),
    ),
    Verb(
        "search",
        "GET",
        "/search",
        "資料の断片を探します。",
        WordsSearched,
        "query",
        list[SearchHit],
        _search,
        {"query": "移動販売", "k": 3},
    ),
    Verb(
        "grants",
        "GET",
        "/grants",
        "登録されている交付金・支援制度の一覧です。",
        Nothing,
        "query",
        list[GrantSummary],
        _list_grants,
    ),
    Verb(
        "grant",
        "GET",
        "/grants/{id}",
        "1つの制度の規則・金額・日程・未確認事項です。",
        GrantNamed,
        "query",
        GrantDetail,
        _show_grant,
        {"id": "dai2sedai-r7"},
        (404, 422),
    ),
    Verb(
        "judge",
        "POST",
        "/judge",
        "交付金の対象になり得るかを、規則ごとの根拠つきで判定します。採択を約束するものではありません。",
        ProjectJudged,
        "json",
        Verdict,
        _judge,
        {"grant": "dai2sedai-r7", "facts": {"applicant": "municipality", "national_yen": "8億円"}},
        (413, 422),
    ),
    Verb(
        "cases",
        "GET",
        "/cases",
        "取組事例を、見つかった理由・異なる点・出典つきで探します。",
        CasesWanted,
        "query",
        list[CaseHit],
        _find_cases,
        {"words": "買物支援", "like": "海士町"},
    ),
    Verb(
        "review",
        "POST",
        "/review",
        "地方版総合戦略や交付金の計画を、要件ごとにページを示して点検します。文書は点検が終わると削除します。",
        DocumentReviewed,
        "form",
        Review,
        _review,
        {"file": "@計画書.pdf", "against": "strategy"},
        (413, 422),
    ),
    Verb(
        "health",
        "GET",
        "/health",
        "動いているか、どの索引で答えるかを示します。",
        Nothing,
        "query",
        Health,
        _say_health,
        statuses=(),
    ),
)
