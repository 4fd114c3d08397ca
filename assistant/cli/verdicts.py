"""A verdict as lines for a person."""

from __future__ import annotations

from assistant.cli.frame import say
from assistant.domain import Outcome, Verdict
from assistant.japanese.calendar import fiscal_year_label

_MARKS = {Outcome.MET: "○", Outcome.NOT_MET: "×", Outcome.UNKNOWN: "？", Outcome.NOT_APPLICABLE: "－"}


def say_verdict(verdict: Verdict) -> None:
    """Outcome, findings with their clauses, amounts, what is missing, cautions."""
    say(
        f"{verdict.grant_name or verdict.grant_id}（{fiscal_year_label(verdict.fiscal_year)}）: {verdict.outcome}"
    )
    for finding in verdict.findings:
        if finding.outcome is Outcome.NOT_APPLICABLE:
            continue
        clause = finding.clause
        say(f" {_MARKS[finding.outcome]} {finding.says}")
        say(
            f"    {finding.because}〔{clause.level} {clause.source_id} {clause.locator} {fiscal_year_label(clause.fiscal_year)}〕"
        )
    if verdict.amounts and verdict.amounts.because:
        say(f"金額: {verdict.amounts.because}")
    for fact in verdict.missing[:5]:
        say(f"未確認: {fact.question}（{fact.name}、{fact.settles}件の判定に関わります）")
    for caution in verdict.cautions:
        say(f"※ {caution}")
