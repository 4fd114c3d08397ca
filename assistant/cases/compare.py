"""Two to five cases side by side: the same questions asked of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.cases.casebook import Casebook, Entry
from assistant.cases.criteria import PILLARS
from assistant.domain import Municipality, Source
from assistant.errors import InputError, UnknownName
from assistant.japanese.numbers import format_yen
from assistant.knowledge.likeness import compare
from assistant.knowledge.municipalities import PREFECTURE

UNKNOWN = "出典で未確認"
FEWEST, MOST = 2, 5


@dataclass(frozen=True)
class Comparison:
    """``rows``: a question and one answer per case, in the order of ``titles``."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    sources: tuple[tuple[Source, ...], ...]


def compare_cases(book: Casebook, ids: Sequence[str], like: Municipality | None = None) -> Comparison:
    """Hold two to five cases side by side; with ``like`` also what is alike and what differs.

    Raises ``InputError`` for fewer or more cases and ``UnknownName`` for an id that no case bears.
    """
    wanted = tuple(dict.fromkeys(ids))
    if not FEWEST <= len(wanted) <= MOST:
        raise InputError(
            f"並べて比べられるのは{FEWEST}〜{MOST}件です。",
            why=f"{len(wanted)}件が選ばれています。",
            remedy="事例の「比べる」を押して選び直してください。",
        )
    for case_id in wanted:
        if case_id not in book.by_id:
            raise UnknownName(f"事例「{case_id}」は見つかりません。", remedy="一覧から選び直してください。")
    entries = [book.by_id[case_id] for case_id in wanted]
    rows = [
        ("場所", [f"{e.case.prefecture} {e.case.place}".strip() for e in entries]),
        ("人口（2025年1月1日）", [_population(e) for e in entries]),
        ("柱", [f"{e.case.pillar} {PILLARS[e.case.pillar]}" for e in entries]),
        ("テーマ", ["、".join(e.case.themes) for e in entries]),
        ("課題", [e.case.issue for e in entries]),
        ("取組", [e.case.approach for e in entries]),
        ("関係者", [e.case.partners or UNKNOWN for e in entries]),
        ("費用", [_budget(e) for e in entries]),
        ("財源・制度など", [e.case.scheme or UNKNOWN for e in entries]),
        (
            "開始時期",
            [e.case.started or (f"{e.case.start_year}年" if e.case.start_year else UNKNOWN) for e in entries],
        ),
        ("成果", [_results(e) for e in entries]),
        ("留意点", [e.case.lessons or UNKNOWN for e in entries]),
        ("資料の確かさ", [_certainty(e) for e in entries]),
    ]
    if like is not None:
        alike = [_likeness(e, like) for e in entries]
        rows += [
            (f"{like.name}と似ている点", [found[0] for found in alike]),
            (f"{like.name}と異なる点", [found[1] for found in alike]),
        ]
    return Comparison(
        ids=wanted,
        titles=tuple(e.case.title for e in entries),
        rows=tuple((label, tuple(values)) for label, values in rows),
        sources=tuple(
            tuple(book.sources[i] for i in e.case.source_ids if i in book.sources) for e in entries
        ),
    )


def _population(entry: Entry) -> str:
    places = [p for p in entry.places if p.kind != PREFECTURE] or list(entry.places)
    told = [f"{p.name} {p.population:,}人" if p.population is not None else f"{p.name} 不明" for p in places]
    if len(told) > 6:
        return "、".join(told[:6]) + f" ほか{len(told) - 6}団体"
    return "、".join(told) or UNKNOWN


def _budget(entry: Entry) -> str:
    return format_yen(entry.case.budget_yen) if entry.case.budget_yen is not None else UNKNOWN


def _results(entry: Entry) -> str:
    case = entry.case
    if case.results is None:
        return UNKNOWN
    return f"{case.results}（時点: {case.results_date}）" if case.results_date else case.results


def _certainty(entry: Entry) -> str:
    if entry.is_own:
        return "利用者が追加（未確認）"
    return {"high": "高い", "medium": "中くらい", "low": "低い（断片的な情報）"}[entry.case.confidence]


def _likeness(entry: Entry, like: Municipality) -> tuple[str, str]:
    """What is alike and what differs, told of the most alike place of the case."""
    if like.code in entry.case.municipality_codes:
        return f"{like.name}自身の事例です", f"{like.name}自身の事例です"
    best = max((compare(like, place) for place in entry.places), key=lambda hit: hit.score, default=None)
    if best is None:
        return UNKNOWN, UNKNOWN
    return "\n".join(best.why) or "特にありません", "\n".join(best.differences) or "特にありません"
