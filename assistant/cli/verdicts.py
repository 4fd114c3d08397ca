"""A verdict as lines for a person."""

from __future__ import annotations

from assistant.cli.frame import say
from assistant.domain import Outcome, Verdict
from assistant.export.verdicts import costs_left_out, is_about_cost
from assistant.japanese.calendar import fiscal_year_label

_MARKS = {Outcome.MET: "○", Outcome.NOT_MET: "×", Outcome.UNKNOWN: "？", Outcome.NOT_APPLICABLE: "－"}
_COST_MARK = "除"  # this cost is left out; the project goes on


def say_verdict(verdict: Verdict) -> None:
    """Outcome, findings with their clauses, amounts, what is missing, cautions."""
    say(
        f"{verdict.grant_name or verdict.grant_id}（{fiscal_year_label(verdict.fiscal_year)}）: {verdict.outcome}"
    )
    if costs := costs_left_out(verdict):
        say(f"除いて申請する経費: {'、'.join(costs)}")
    for finding in verdict.findings:
        if finding.outcome is Outcome.NOT_APPLICABLE:
            continue
        clause = finding.clause
        mark = _COST_MARK if is_about_cost(finding) else _MARKS[finding.outcome]
        say(f" {mark} {finding.says}")
        say(
            f"    {finding.because}〔{clause.level} {clause.source_id} {clause.locator} {fiscal_year_label(clause.fiscal_year)}〕"
        )
    if verdict.amounts and verdict.amounts.because:
        say(f"金額: {verdict.amounts.because}")
    for fact in verdict.missing[:5]:
        use = f"{fact.settles}件の判定に関わります" if fact.settles else "除く経費の確認に使います"
        say(f"未確認: {fact.question}（{fact.name}、{use}）")
    for caution in verdict.cautions:
        say(f"※ {caution}")
