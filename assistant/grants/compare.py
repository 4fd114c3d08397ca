"""What differs between two fiscal years of a grant, clause by clause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

from assistant.domain import Clause, Noun
from assistant.grants.amounts import say_rate_and_cap
from assistant.grants.conditions import tests_of
from assistant.grants.rules import AmountRule, Grant, Rule
from assistant.japanese.calendar import wareki
from assistant.japanese.numbers import format_yen

Change: TypeAlias = Literal["changed", "added", "removed", "evidence", "same"]
_EVIDENCE = ("根拠の確かさ", "信頼度")


class Difference(Noun):
    """One rule, amount or other matter in both files. ``what`` names the parts that changed.

    ``evidence``: the rule itself is the same, only what bears it out is firmer or weaker.
    """

    kind: Literal["rule", "amount", "name", "office", "schedule"]
    id: str
    change: Change
    before: str | None
    after: str | None
    what: tuple[str, ...] = ()
    clause_before: Clause | None = None
    clause_after: Clause | None = None


def compare_years(before: Grant, after: Grant) -> tuple[Difference, ...]:
    """Clause-by-clause differences of two grants; those that changed first, then what stayed the same.

    Rules are paired by id, the rest by the facts they ask about.
    """
    found = [
        *_plain("name", "名称", before.name, after.name),
        *_plain("office", "窓口", before.office.name, after.office.name),
        *_rules(before, after),
        *_amounts(before, after),
        *_plain("schedule", "日程", _say_schedule(before), _say_schedule(after)),
    ]
    order = get_args(Change)
    return tuple(sorted(found, key=lambda d: order.index(d.change)))


def _plain(
    kind: Literal["name", "office", "schedule"], label: str, before: str, after: str
) -> Iterator[Difference]:
    same = before == after
    yield Difference(
        kind=kind,
        id=kind,
        change="same" if same else "changed",
        before=before or None,
        after=after or None,
        what=() if same else (label,),
    )


def _rules(before: Grant, after: Grant) -> Iterator[Difference]:
    for old, new in _pairs(before.rules, after.rules):
        what = _changes(old, new) if old and new else ()
        rule = new or old
        assert rule is not None
        yield Difference(
            kind="rule",
            id=rule.id,
            change=_change(old, new, what),
            before=old.says if old else None,
            after=new.says if new else None,
            what=what,
            clause_before=before.clause_of(old.id, old.clause) if old else None,
            clause_after=after.clause_of(new.id, new.clause) if new else None,
        )


def _change(old: object, new: object, what: tuple[str, ...]) -> Change:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    if not what:
        return "same"
    return "evidence" if set(what) <= set(_EVIDENCE) else "changed"


def _pairs(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> list[tuple[Rule | None, Rule | None]]:
    new_by_id = {rule.id: rule for rule in new}
    old_ids = {rule.id for rule in old}
    spare = [rule for rule in new if rule.id not in old_ids]
    pairs: list[tuple[Rule | None, Rule | None]] = []
    for rule in old:
        match = new_by_id.get(rule.id)
        if match is None:
            match = next(
                (r for r in spare if r.group == rule.group and _facts_of(r) == _facts_of(rule)), None
            )
            if match is not None:
                spare.remove(match)
        pairs.append((rule, match))
    return pairs + [(None, rule) for rule in spare]


def _facts_of(rule: Rule) -> set[str]:
    conditions = [rule.needs] if rule.when is None else [rule.needs, rule.when]
    return {test.fact for condition in conditions for test in tests_of(condition)}


def _changes(old: Rule, new: Rule) -> tuple[str, ...]:
    parts = {
        "関係する場合": (old.when, new.when),
        "満たすべき条件": (old.needs, new.needs),
        _EVIDENCE[0]: (old.clause.is_weak, new.clause.is_weak),
        _EVIDENCE[1]: (old.clause.level, new.clause.level),
        "要件か対象外の定めか": (old.group, new.group),
        "満たさないときの扱い": (old.affects, new.affects),
    }
    return tuple(label for label, (a, b) in parts.items() if a != b)


def _amounts(before: Grant, after: Grant) -> Iterator[Difference]:
    olds = {rule.id: rule for rule in before.amounts}
    news = {rule.id: rule for rule in after.amounts}
    for key in dict.fromkeys((*olds, *news)):
        old, new = olds.get(key), news.get(key)
        what = _amount_changes(old, new) if old and new else ()
        yield Difference(
            kind="amount",
            id=key,
            change=_change(old, new, what),
            before=_say_amount(old) if old else None,
            after=_say_amount(new) if new else None,
            what=what,
            clause_before=before.clause_of(f"amounts/{key}", old.clause) if old else None,
            clause_after=after.clause_of(f"amounts/{key}", new.clause) if new else None,
        )


def _amount_changes(old: AmountRule, new: AmountRule) -> tuple[str, ...]:
    parts = {
        "補助率": (old.rate, new.rate),
        "上限": ((old.cap_yen, old.per), (new.cap_yen, new.per)),
        "単年度の目安": (old.yearly_guide_yen, new.yearly_guide_yen),
        "計画期間": (old.years, new.years),
        "事業費の下限": (old.min_total_yen, new.min_total_yen),
        "申請件数": (old.max_applications, new.max_applications),
        "対象": (old.when, new.when),
    }
    return tuple(label for label, (a, b) in parts.items() if a != b)


def _say_amount(rule: AmountRule) -> str:
    text = f"{rule.label}: {say_rate_and_cap(rule)}"
    if rule.yearly_guide_yen is not None:
        text += f"、単年度の目安{format_yen(rule.yearly_guide_yen)}"
    if rule.years.default or rule.years.max:
        text += f"、計画期間は原則{rule.years.default or '―'}か年度・最長{rule.years.max or '―'}か年度"
    if rule.max_applications is not None:
        text += f"、申請は{rule.max_applications}件まで"
    return text


def _say_schedule(grant: Grant) -> str:
    said = [f"{event.what} {event.end or event.start or '日付は未確認'}" for event in grant.schedule]
    return "、".join(said) or f"{wareki(grant.fiscal_year)}の日程は未確認"
