"""What a reader of a verdict has to bear in mind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assistant.domain import Outcome, VerdictOutcome
from assistant.grants.outcomes import Result, settle
from assistant.grants.rules import Grant, Rule
from assistant.grants.wording import say_weakness
from assistant.japanese.calendar import fiscal_year_of, wareki


def cautions_for(grant: Grant, results: Mapping[str, Result], today: date) -> tuple[str, ...]:
    """The standard caution first, then what holds the verdict back, then what no source settles."""
    return (
        "この判定は、登録された資料の条件との照らし合わせであり、採択や交付を約束するものではありません。"
        f"申請の前に、{grant.office.name}に確認してください。",
        *_cost_cautions(grant, results),
        *_weak_cautions(grant, results),
        *_unsettled_cautions(grant, results),
        *_time_cautions(grant, today),
        *(
            f"{unknown.says}{unknown.ask}に確認してください。"
            for unknown in grant.unknowns
            if unknown.when is None
        ),
        *(
            f"{conflict.about}は資料によって違いがあります（"
            + "、".join(f"「{value.says}」[{value.source}]" for value in conflict.values)
            + "）。"
            for conflict in grant.conflicts
        ),
    )


def _cost_cautions(grant: Grant, results: Mapping[str, Result]) -> list[str]:
    """The costs to leave out, each with the source of its clause."""
    rules = [r for r in grant.rules if r.spares_project and results[r.id].outcome is Outcome.NOT_MET]
    if not rules:
        return []
    said = "、".join(f"{rule.cost}（出典 {rule.clause.source}）" for rule in rules)
    may = "する必要があります" if settle(results.values()) is VerdictOutcome.INELIGIBLE else "できます"
    return [f"次の経費は対象になりません。除いて申請{may}: {said}。"]


def _weak_cautions(grant: Grant, results: Mapping[str, Result]) -> list[str]:
    cautions = []
    met: list[Rule] = []
    for rule in grant.rules:
        if rule.affects == "part" and results[rule.id].outcome is Outcome.NOT_MET:
            cautions.append(
                f"「{rule.says.rstrip('。')}」に照らして、事業の一部は対象になりません。残りの部分は対象になり得ます。"
            )
        if not rule.clause.is_weak:
            continue
        if results[rule.id].outcome is Outcome.NOT_MET and rule.cost:
            cautions.append(
                f"{rule.cost}が対象になるかは、根拠が{say_weakness(rule.clause, brief=True)}だけのため、"
                f"要確認としています（出典 {rule.clause.source}）。除いて申請すれば、この点は関係しません。"
            )
        elif results[rule.id].outcome is Outcome.NOT_MET:
            fault = "に当たりますが" if rule.group == "exclusion" else "を満たしていませんが"
            cautions.append(
                f"「{rule.says.rstrip('。')}」{fault}、根拠は{say_weakness(rule.clause, brief=True)}"
                f"だけです（出典 {rule.clause.source}）。対象外とは断定せず、要確認としています。"
            )
        elif results[rule.id].outcome is Outcome.MET:
            met.append(rule)
    if met:
        bases = "又は".join(dict.fromkeys(say_weakness(rule.clause, brief=True) for rule in met))
        cautions.append(
            f"満たしている条件のうち{len(met)}件は、根拠が{bases}だけです。現行の要綱と照らし合わせてください。"
        )
    return cautions


def _unsettled_cautions(grant: Grant, results: Mapping[str, Result]) -> list[str]:
    return [
        f"{point.unknown.says}このため要確認としています。{point.unknown.ask}に確認してください。"
        for point in grant.open_points
        if results[point.id].outcome is Outcome.UNKNOWN and not results[point.id].missing
    ]


def _time_cautions(grant: Grant, today: date) -> list[str]:
    cautions = []
    this_year = fiscal_year_of(today)
    if grant.is_of_one_year and grant.fiscal_year != this_year:
        later = f"後継の制度（{grant.successor}）の規則も確かめてください。" if grant.successor else ""
        cautions.append(
            f"{wareki(grant.fiscal_year)}の規則による判定です。今は{wareki(this_year)}で、規則が変わっていることがあります。{later}"
        )
    if grant.status.value == "closed":
        cautions.append(grant.status.because)
    elif grant.status.value == "unknown":
        cautions.append(f"募集の状況は確認できていません。{grant.status.because}")
    ends = [event.end for event in grant.schedule if event.end is not None]
    if ends and max(ends) < today and grant.status.value == "open":
        cautions.append("登録されている期限は、すべて過ぎています。次の募集の日程を確かめてください。")
    return cautions
