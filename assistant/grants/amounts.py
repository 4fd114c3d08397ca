"""How much: rate, cap, local share. Integer yen, rounded down; what no source gives stays None and is said."""

from __future__ import annotations

from collections.abc import Set
from fractions import Fraction
from typing import Final

from assistant.domain import Amounts
from assistant.grants.conditions import missing_of, truth_of
from assistant.grants.outcomes import costs_left_out, senseless_facts
from assistant.grants.rules import AmountRule, Grant, Per
from assistant.grants.vocabulary import Facts
from assistant.grants.wording import say_names, say_weakness
from assistant.japanese.numbers import format_yen

_PER_WORDS: Final = {
    Per.FISCAL_YEAR: "1年度当たり",
    Per.PROJECT: "1事業当たり",
    Per.PLAN_PERIOD: "計画期間の合計で",
    Per.PERSON: "1人当たり",
    Per.PERSON_YEAR: "1人1年度当たり",
    Per.HOUSEHOLD: "1世帯当たり",
    Per.UNIT: "1台（1施設）当たり",
    Per.ORGANISATION: "1団体当たり",
}


def work_out_amounts(grant: Grant, facts: Facts) -> Amounts | None:
    """The money for ``facts`` (complete); None where the grant pays none.

    ``national + local = eligible`` wherever all three are known, and ``national``
    never exceeds the cap times what it is counted by.
    """
    if not grant.amounts:
        return None
    candidates = possible_amounts(grant, facts)
    if not candidates:
        return Amounts(
            because="事業の種類や申請する主体に当てはまる金額の定めが、登録された資料にはありません。"
        )
    if len(candidates) > 1 or not _applies(candidates[0], facts, senseless_facts(grant, facts)):
        return _open_amounts(grant, candidates, facts)
    rule = candidates[0]
    costs = "・".join(dict.fromkeys(r.cost or "" for r in costs_left_out(grant, facts)))
    figures = _Figures(rule, facts, costs)
    return Amounts(
        rate=rule.rate,
        national_yen=figures.national,
        local_yen=figures.local,
        cap_yen=rule.cap_yen,
        per=rule.per.value,
        because=figures.because,
        eligible_yen=figures.eligible,
        clause=grant.clause_of(f"amounts/{rule.id}", rule.clause),
        notes=(*figures.notes, *_standing_notes(rule, facts)),
    )


def possible_amounts(grant: Grant, facts: Facts) -> tuple[AmountRule, ...]:
    """Entries that may apply, in order of writing, up to the first that surely does."""
    senseless = senseless_facts(grant, facts)
    found = []
    for rule in grant.amounts:
        truth = True if rule.when is None else truth_of(rule.when, facts, senseless)
        if truth is not False:
            found.append(rule)
        if truth:
            break
    return tuple(found)


def missing_for_amounts(grant: Grant, facts: Facts) -> tuple[str, ...]:
    """Facts that would let the amounts be worked out."""
    candidates = possible_amounts(grant, facts)
    lacking: dict[str, None] = {}
    for rule in candidates:
        if rule.when is not None:
            lacking.update(dict.fromkeys(missing_of(rule.when, facts, senseless_facts(grant, facts))))
    if any(rule.rate is not None for rule in candidates):
        if not any(
            name in facts for name in ("total_yen", "eligible_yen", "national_yen", "national_total_yen")
        ):
            lacking["total_yen"] = None
        is_split = "eligible_yen" in facts or "excluded_cost_yen" in facts
        if "total_yen" in facts and not is_split and costs_left_out(grant, facts):
            lacking["excluded_cost_yen"] = None
        if "years" not in facts and any(rule.per.is_yearly for rule in candidates):
            lacking["years"] = None
        counted = (rule.counted_by for rule in candidates)
        lacking.update((name, None) for name in counted if name and name not in facts)
    return tuple(name for name in lacking if name in grant.vocabulary)


def _applies(rule: AmountRule, facts: Facts, senseless: Set[str]) -> bool:
    return rule.when is None or truth_of(rule.when, facts, senseless) is True


def _open_amounts(grant: Grant, candidates: tuple[AmountRule, ...], facts: Facts) -> Amounts:
    """Which entry applies is open: only what all of them share is said."""
    rates = {rule.rate for rule in candidates}
    pers = {rule.per for rule in candidates}
    caps = {rule.cap_yen for rule in candidates} if len(pers) == 1 else set()
    senseless = senseless_facts(grant, facts)
    lacking = dict.fromkeys(
        name
        for rule in candidates
        if rule.when is not None
        for name in missing_of(rule.when, facts, senseless)
    )
    return Amounts(
        rate=rates.pop() if len(rates) == 1 else None,
        cap_yen=caps.pop() if len(caps) == 1 else None,
        per=pers.pop().value if len(pers) == 1 else None,
        because=f"{say_names(lacking, grant.vocabulary)}が分かると、補助率と上限が決まります。",
        notes=tuple(f"{rule.label}: {say_rate_and_cap(rule)}" for rule in candidates),
    )


def say_rate_and_cap(rule: AmountRule) -> str:
    """「補助率1/2、上限は1年度当たり10億円」; figures no source gives are said to be unconfirmed."""
    rate = "定額" if rule.rate == "定額" else f"補助率{rule.rate}" if rule.rate else "補助率は未確認"
    cap = (
        f"上限は{_PER_WORDS[rule.per]}{format_yen(rule.cap_yen)}"
        if rule.cap_yen is not None
        else "上限額は未確認"
    )
    return f"{rate}、{cap}"


class _Figures:
    """National and local share under one entry."""

    def __init__(self, rule: AmountRule, facts: Facts, costs: str) -> None:
        """``costs``: names of the costs that are not eligible; empty where none is known to be included."""
        self.rule = rule
        self.facts = facts
        self.costs = costs
        self.notes: list[str] = []
        self.national: int | None = None
        self.eligible = self._eligible()
        if rule.rate is None:
            self.because = "補助率が資料で確認できていないため、国費の額は計算していません。"
            if rule.cap_yen is not None:
                self.because += f"上限は{_PER_WORDS[rule.per]}{format_yen(rule.cap_yen)}です。"
        elif self.eligible is not None:
            self.because = self._from_cost(self.eligible)
        elif self.costs and self._number("total_yen") is not None:
            self.because = (
                f"{say_rate_and_cap(rule)}です。{self.costs}を除いた対象経費が分かると、国費の額を試算できます。"
                + self._say_bound(self._number("total_yen") or 0)
            )
        else:
            self.because = self._from_request()

    def _eligible(self) -> int | None:
        """The eligible cost; None where it is open how much of the total has to be left out."""
        eligible, total = self._number("eligible_yen"), self._number("total_yen")
        left_out = self._number("excluded_cost_yen")
        if eligible is not None:
            if self.costs:
                self.notes.append(f"対象経費に{self.costs}が入っていないことを確かめてください。")
            return eligible
        if total is None:
            if self.costs:
                self.notes.append(f"申請する額に{self.costs}の分が入っていないことを確かめてください。")
            return None
        if left_out:
            self.notes.append(f"総事業費から、対象にならない経費{format_yen(left_out)}を除いた試算です。")
            return total - left_out
        if self.costs and left_out is None:
            return None
        self.notes.append("総事業費の全額を対象経費とみなした試算です。対象外の経費があれば国費は減ります。")
        return total

    @property
    def local(self) -> int | None:
        """What the national share leaves."""
        if self.eligible is None or self.national is None:
            return None
        return self.eligible - self.national

    def _number(self, name: str) -> int | None:
        value = self.facts.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def _say_bound(self, total: int) -> str:
        """What the national share stays below while it is open how much has to be left out of ``total``."""
        cap, _ = self._total_cap(self._number("years"))
        if cap is None or self.rule.ratio is None:
            return ""
        bound = min(int(total * self.rule.ratio), cap)
        return f"除く前の総事業費で計算しても、国費は最大{format_yen(bound)}です。"

    def _total_cap(self, years: int | None) -> tuple[int | None, str]:
        """The cap of the whole project and how it is made up; None while a multiplier is not known."""
        rule = self.rule
        if rule.cap_yen is None:
            return None, ""
        total, said = rule.cap_yen, format_yen(rule.cap_yen)
        if rule.per.is_yearly:
            if years is None:
                return None, said
            total, said = total * years, f"{said}×{years}か年度"
        if rule.counted_by:
            count = self._number(rule.counted_by)
            if count is None:
                return None, said
            total, said = total * count, f"{said}×{count:,}"
        return total, said

    def _from_cost(self, eligible: int) -> str:
        rule, ratio = self.rule, self.rule.ratio
        assert ratio is not None
        full = int(eligible * ratio)
        share = "全額" if ratio == 1 else f"{rule.rate}"
        said = f"対象経費{format_yen(eligible)}の{share}で{format_yen(full)}です。"
        if rule.cap_yen is None:
            return f"上限額が資料で確認できていないため、国費の額は確定できません。補助率だけで計算すると、{said}"
        years = self._number("years")
        cap, made_up = self._total_cap(years)
        per = _PER_WORDS[rule.per]
        if full <= rule.cap_yen or (cap is not None and full <= cap):
            self.national = full
            if rule.per.is_yearly and (years or 1) > 1:
                self.notes.append(
                    f"年度ごとの国費が上限（{per}{format_yen(rule.cap_yen)}）に収まる配分が前提です。"
                )
            return f"{said}上限（{per}{format_yen(rule.cap_yen)}）の範囲内です。"
        if cap is None:
            needed = "計画期間の年数" if rule.per.is_yearly and years is None else "対象の数"
            return f"{said}上限は{per}{format_yen(rule.cap_yen)}ですので、{needed}が分かると国費の額が決まります。"
        self.national = cap
        made = f"（{made_up}＝{format_yen(cap)}）" if made_up != format_yen(cap) else ""
        return f"{said}上限が{per}{format_yen(rule.cap_yen)}{made}のため、国費は最大{format_yen(cap)}です。"

    def _from_request(self) -> str:
        """No cost is known: start from the national share that is asked for."""
        rule, ratio = self.rule, self.rule.ratio
        assert ratio is not None
        yearly, whole = self._number("national_yen"), self._number("national_total_yen")
        asked = whole if whole is not None else yearly
        if asked is None:
            return f"{say_rate_and_cap(rule)}です。総事業費が分かると国費の額を試算できます。"
        if rule.cap_yen is None:
            return "上限額が資料で確認できていないため、国費の額は確定できません。"
        cap, _ = self._total_cap(self._number("years") if whole is not None else 1)
        limit = rule.cap_yen if cap is None else cap
        self.national = min(asked, limit)
        self.eligible = _ceil(self.national / ratio)
        unit = "計画期間の合計で" if whole is not None else "1年度当たり"
        said = f"{unit}国費{format_yen(self.national)}には、対象経費{format_yen(self.eligible)}が必要です（{rule.rate}）。"
        if asked > limit:
            said = f"申請する国費{format_yen(asked)}は上限{format_yen(limit)}を超えています。{said}"
        return said


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _standing_notes(rule: AmountRule, facts: Facts) -> list[str]:
    notes = []
    years, total = facts.get("years"), facts.get("total_yen")
    if rule.yearly_guide_yen is not None:
        notes.append(f"単年度の目安は{format_yen(rule.yearly_guide_yen)}です。")
    if rule.years.default or rule.years.max:
        default = f"原則{rule.years.default}か年度" if rule.years.default else ""
        longest = f"最長{rule.years.max}か年度" if rule.years.max else ""
        text = f"計画期間は{'、'.join(filter(None, (default, longest)))}です。"
        if isinstance(years, int) and rule.years.max and years > rule.years.max:
            text += f"計画の{years}か年度は最長を超えています。"
        notes.append(text)
    if rule.min_total_yen is not None:
        text = f"事業費の下限は{format_yen(rule.min_total_yen)}です。"
        if isinstance(total, int) and total < rule.min_total_yen:
            text += "この事業費は下限に届いていません。"
        notes.append(text)
    if rule.max_applications is not None:
        notes.append(f"申請できるのは{rule.max_applications}件までです。")
    notes += rule.notes
    weakness = say_weakness(rule.clause, brief=True)
    if weakness:
        notes.append(f"補助率と上限の根拠は{weakness}です。申請の前に要綱で確認してください。")
    return notes
