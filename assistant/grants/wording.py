"""Why a finding came out as it did, in natural Japanese naming the fact's value and the bound."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from assistant.domain import Level, Outcome
from assistant.grants.conditions import Test
from assistant.grants.rules import ClauseRef, Rule
from assistant.grants.vocabulary import FactKind, Facts, FactSpec, FactValue, Vocabulary
from assistant.japanese.calendar import wareki

# What is said of the bound when the test holds, and when it does not.
_RELATIONS: Final = {
    "<=": ("{}以下", "{}を超える"),
    ">=": ("{}以上", "{}を下回る"),
    "<": ("{}未満", "{}以上"),
    ">": ("{}を超える", "{}以下"),
}
_DATE_RELATIONS: Final = {
    "<=": ("{}まで", "{}より後"),
    ">=": ("{}以降", "{}より前"),
    "<": ("{}より前", "{}以降"),
    ">": ("{}より後", "{}まで"),
}

_MOST_OPTIONS_SAID: Final = 3


def say_fact(name: str, value: FactValue, spec: FactSpec | None) -> str:
    """「国費の年度額が5,000万円」「「用地取得費を含む」が「いいえ」」."""
    if spec is None:
        return f"{name}が{value}"
    if spec.kind is FactKind.BOOL:
        return f"「{spec.name_in_text}」が「{spec.say(value)}」"
    quoted = f"「{spec.say(value)}」" if spec.kind in (FactKind.CHOICE, FactKind.TEXT) else spec.say(value)
    return f"{spec.name_in_text}が{quoted}"


def _say_relation(test: Test, holds: bool, spec: FactSpec) -> str:
    if spec.kind is FactKind.BOOL or test.op == "known":
        return ""
    if test.op in _RELATIONS and not isinstance(test.value, tuple) and test.value is not None:
        table = _DATE_RELATIONS if isinstance(test.value, date) else _RELATIONS
        return table[test.op][0 if holds else 1].format(spec.say(test.value))
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if spec.kind is FactKind.CHOICE and len(values) > _MOST_OPTIONS_SAID:
        return ""
    said = "".join(f"「{spec.say(v)}」" for v in values if v is not None)
    inside = holds is (test.op in ("=", "in"))
    if inside:
        obvious = spec.kind in (FactKind.CHOICE, FactKind.TEXT) or len(values) == 1
        return "" if obvious else f"{said}のいずれか"
    return f"{said}のいずれでもない" if len(values) > 1 else f"{said}ではない"


def say_tests(tests: Iterable[Test], facts: Facts, vocabulary: Vocabulary) -> str:
    """The decisive facts with what the bound is: 「国費の年度額が12億円（10億円を超える）」, joined.

    A fact is said once. Where a list of options would be long, or several lists speak of
    one fact, its value alone is said.
    """
    by_fact: dict[str, list[Test]] = {}
    for test in tests:
        if facts.get(test.fact) is not None:
            by_fact.setdefault(test.fact, []).append(test)
    parts = []
    for name, about in by_fact.items():
        spec, value = vocabulary.get(name), facts[name]
        relations: dict[str, None] = {}
        if spec is not None and (spec.kind.is_ordered or len(about) == 1):
            relations = dict.fromkeys(_say_relation(test, test.holds(value), spec) for test in about)
        said = "、".join(relation for relation in relations if relation)
        parts.append(say_fact(name, value, spec) + (f"（{said}）" if said else ""))
    return "、".join(parts)


def say_names(names: Iterable[str], vocabulary: Vocabulary) -> str:
    """「申請する主体」「KPIを設定しているかどうか」."""
    return "".join(f"「{_say_name(n, vocabulary.get(n))}」" for n in names)


def _say_name(name: str, spec: FactSpec | None) -> str:
    if spec is None:
        return name
    is_statement = spec.kind is FactKind.BOOL and spec.label
    return f"{spec.name_in_text}かどうか" if is_statement else spec.name_in_text


def say_weakness(clause: ClauseRef, *, brief: bool = False) -> str:
    """What makes a clause too weak to shut a project out; empty for a firm one."""
    if clause.predecessor and clause.level is Level.THIRD_PARTY:
        base = "前身の制度についての第三者の資料"
    elif clause.predecessor:
        base = f"前身の制度又は過年度（{wareki(clause.fiscal_year)}）の規則"
    elif clause.level is Level.THIRD_PARTY:
        base = "第三者の資料"
    else:
        return ""
    if brief:
        return base
    return f"ただし、根拠は{base}だけですので、対象外とは断定せず、窓口での確認が必要です。"


def because(
    rule: Rule,
    outcome: Outcome,
    tests: tuple[Test, ...],
    missing: tuple[str, ...],
    facts: Facts,
    vocabulary: Vocabulary,
    *,
    shut_out: bool = False,
) -> str:
    """The reason of one finding. ``tests`` decided it; ``missing`` names what is not known.

    ``shut_out``: another rule shuts the project out, so nobody is told that they can apply.
    """
    if outcome is Outcome.UNKNOWN:
        text = f"{say_names(missing, vocabulary)}が分からないため、まだ判断できません。"
        return text + (f"当たる場合は、{rule.cost}を除いて申請{_may(shut_out)}" if rule.cost else "")
    said = say_tests(tests, facts, vocabulary)
    if outcome is Outcome.NOT_APPLICABLE:
        return f"{said}のため、この規則は当てはまりません。" if said else "この規則は当てはまりません。"
    if rule.cost and outcome is Outcome.NOT_MET:
        return f"{said}のため、{_say_cost(rule, shut_out)}{rule.remedy or ''}"
    if rule.group == "exclusion":
        end = (
            "この対象外の定めには当たりません。"
            if outcome is Outcome.MET
            else "この対象外の定めに当たります。"
        )
    else:
        end = "この条件を満たしています。" if outcome is Outcome.MET else "この条件を満たしていません。"
    text = f"{said}のため、{end}"
    if outcome is Outcome.NOT_MET:
        if rule.affects == "part":
            text += "当たる部分は対象になりませんが、残りの部分は対象になり得ますので、要確認としています。"
        text += say_weakness(rule.clause) + (rule.remedy or "")
    return text


def _may(shut_out: bool) -> str:
    return "する必要があります。" if shut_out else "できます。"


def _say_cost(rule: Rule, shut_out: bool) -> str:
    """What becomes of a cost that a rule leaves out; a weak clause does not settle it."""
    if not rule.clause.is_weak:
        return f"{rule.cost}は対象になりません。除いて申請{_may(shut_out)}"
    base = say_weakness(rule.clause, brief=True)
    return (
        f"{rule.cost}は対象にならないおそれがあります。根拠は{base}だけですので、"
        "断定はせず、窓口での確認が必要です。除いて申請すれば、この点は関係しません。"
    )
