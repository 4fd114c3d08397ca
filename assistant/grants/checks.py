"""What a grant file must hold beyond its shape: declared facts, known sources, fitting values, enough examples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TypeAlias

from assistant.domain import Source
from assistant.errors import FactRejected
from assistant.grants.conditions import Condition, Test, tests_of, with_tests
from assistant.grants.problems import did_you_mean
from assistant.grants.rules import ClauseRef, Grant, Rule
from assistant.grants.vocabulary import FactKind, FactSpec, Vocabulary
from assistant.japanese.numbers import parse_yen

Mistake: TypeAlias = tuple[str, str, str]  # key, what, fix

_ORDERED = ("<", "<=", ">", ">=")


def resolve(grant: Grant, vocabulary: Vocabulary) -> tuple[Grant, list[Mistake]]:
    """The grant with 「10億円」 in conditions read as yen, and the amounts that could not be read."""
    mistakes: list[Mistake] = []

    def read(test: Test, key: str) -> Test:
        spec = vocabulary.get(test.fact)
        if spec is None or spec.kind is not FactKind.YEN or not isinstance(test.value, str):
            return test
        try:
            return test.model_copy(update={"value": parse_yen(test.value)})
        except FactRejected as error:
            mistakes.append((key, error.what, "value: 1000000000 か 10億円 のように書いてください"))
            return test

    def change(condition: Condition | None, key: str) -> Condition | None:
        return None if condition is None else with_tests(condition, lambda test: read(test, key))

    rules = tuple(
        rule.model_copy(
            update={
                "when": change(rule.when, f"rules[{i}].when"),
                "needs": change(rule.needs, f"rules[{i}].needs"),
            }
        )
        for i, rule in enumerate(grant.rules)
    )
    amounts = tuple(
        amount.model_copy(update={"when": change(amount.when, f"amounts[{i}].when")})
        for i, amount in enumerate(grant.amounts)
    )
    return grant.model_copy(update={"rules": rules, "amounts": amounts}), mistakes


def check_grant(grant: Grant, common: Vocabulary, sources: Mapping[str, Source] | None) -> Iterator[Mistake]:
    """Mistakes of one file that its shape does not show."""
    vocabulary = {**common, **grant.facts}
    yield from _check_facts(grant, common)
    yield from _check_ids(grant)
    if "-r" in grant.id and grant.id.rsplit("-r", 1)[1].isdigit() and not grant.is_yearly:
        yield (
            "fiscal_year",
            f"id の末尾と年度 {grant.fiscal_year} が合いません",
            f"id の末尾を -r{grant.fiscal_year - 2018} にしてください",
        )
    for key, clause in _clauses(grant):
        yield from _check_clause(key, clause, grant, sources)
    if sources is not None:
        for key, source_id in _source_ids(grant):
            if source_id not in sources:
                fix = did_you_mean(source_id, sources) or "corpus/sources.yaml に出典を書いてください"
                yield key, f"出典「{source_id}」は登録されていません", fix
    for key, condition in _conditions(grant):
        for test in tests_of(condition):
            yield from _check_test(key, test, vocabulary)
    for i, rule in enumerate(grant.rules):
        yield from _check_rule_examples(f"rules[{i}]", rule, vocabulary)
    rule_ids = {rule.id for rule in grant.rules} | {point.id for point in grant.open_points}
    for i, example in enumerate(grant.examples):
        for name in (*example.facts, *example.missing):
            yield from _check_declared(f"examples[{i}]", name, vocabulary)
        for rule_id in example.findings:
            if rule_id not in rule_ids:
                fix = did_you_mean(rule_id, rule_ids) or "rules の id を書いてください"
                yield f"examples[{i}].findings", f"規則「{rule_id}」はありません", fix
    for i, unknown in enumerate(grant.unknowns):
        if unknown.when is not None and not unknown.sources:
            yield (
                f"unknowns[{i}].sources",
                "when を書いた不明点に出典がありません",
                "確認した資料の id を1つ以上書いてください",
            )
    for i, event in enumerate(grant.schedule):
        if event.start and event.end and event.start > event.end:
            yield f"schedule[{i}]", "始まりが終わりより後です", "start と end を確かめてください"


def _check_facts(grant: Grant, common: Vocabulary) -> Iterator[Mistake]:
    for name, spec in grant.facts.items():
        if name in common:
            yield (
                f"facts.{name}",
                "共通の事実（corpus/facts.yaml）と同じ名前です",
                "共通の事実を使うか、別の名前にしてください",
            )
        for other in (*spec.only_if, *([spec.at_most] if spec.at_most else [])):
            yield from _check_declared(f"facts.{name}", other, {**common, **grant.facts})
    for i, amount in enumerate(grant.amounts):
        if amount.counted_by:
            yield from _check_declared(
                f"amounts[{i}].count_fact", amount.counted_by, {**common, **grant.facts}
            )


def _check_ids(grant: Grant) -> Iterator[Mistake]:
    for place, ids in (
        ("rules", [rule.id for rule in grant.rules]),
        ("amounts", [amount.id for amount in grant.amounts]),
        ("schedule", [event.id for event in grant.schedule]),
    ):
        for i, name in enumerate(ids):
            if name in ids[:i]:
                yield f"{place}[{i}].id", f"「{name}」が2度使われています", "別の id にしてください"


def _clauses(grant: Grant) -> Iterator[tuple[str, ClauseRef]]:
    for i, rule in enumerate(grant.rules):
        yield f"rules[{i}].clause", rule.clause
    for i, amount in enumerate(grant.amounts):
        yield f"amounts[{i}].clause", amount.clause


def _check_clause(
    key: str, clause: ClauseRef, grant: Grant, sources: Mapping[str, Source] | None
) -> Iterator[Mistake]:
    if (
        grant.is_yearly
        and not clause.predecessor
        and not clause.standing
        and clause.fiscal_year != grant.fiscal_year
    ):
        yield (
            f"{key}.fiscal_year",
            f"制度の年度 {grant.fiscal_year} と違う年度 {clause.fiscal_year} の根拠です",
            "前の年度・前身の規則なら predecessor: true、法律など年度をまたぐ根拠なら standing: true を付けてください",
        )
    source = (sources or {}).get(clause.source)
    if source is not None and clause.level.trust > source.level.trust:
        yield (
            f"{key}.level",
            f"出典 {source.id} の信頼度は「{source.level}」です",
            f"level: {source.level} にしてください",
        )


def _source_ids(grant: Grant) -> Iterator[tuple[str, str]]:
    yield from ((f"{key}.source", clause.source) for key, clause in _clauses(grant))
    yield from (("office.sources", s) for s in grant.office.sources)
    yield from (("status.sources", s) for s in grant.status.sources)
    for i, event in enumerate(grant.schedule):
        yield from ((f"schedule[{i}].sources", s) for s in event.sources)
    for i, unknown in enumerate(grant.unknowns):
        yield from ((f"unknowns[{i}].sources", s) for s in unknown.sources)
    for i, conflict in enumerate(grant.conflicts):
        yield from ((f"conflicts[{i}].values[{j}].source", v.source) for j, v in enumerate(conflict.values))


def _conditions(grant: Grant) -> Iterator[tuple[str, Condition]]:
    for i, rule in enumerate(grant.rules):
        if rule.when is not None:
            yield f"rules[{i}].when", rule.when
        yield f"rules[{i}].needs", rule.needs
    for i, amount in enumerate(grant.amounts):
        if amount.when is not None:
            yield f"amounts[{i}].when", amount.when
    for i, unknown in enumerate(grant.unknowns):
        if unknown.when is not None:
            yield f"unknowns[{i}].when", unknown.when


def _check_declared(key: str, name: str, vocabulary: Vocabulary) -> Iterator[Mistake]:
    if name not in vocabulary:
        fix = did_you_mean(name, vocabulary) or "corpus/facts.yaml か、この制度の facts に書いてください"
        yield key, f"事実「{name}」は宣言されていません", fix


def _check_test(key: str, test: Test, vocabulary: Vocabulary) -> Iterator[Mistake]:
    spec = vocabulary.get(test.fact)
    if spec is None:
        yield from _check_declared(key, test.fact, vocabulary)
        return
    if test.op == "known":
        if test.value is not None:
            yield key, "op: known に value は要りません", "value を消してください"
        return
    if test.op in _ORDERED and not spec.kind.is_ordered:
        yield key, f"「{test.fact}」（{spec.kind}）に {test.op} は使えません", '"=" か in を使ってください'
    if test.value is None:
        yield key, f"{test.op} に value が書かれていません", "value: に比べる値を書いてください"
        return
    many = test.op in ("in", "not_in")
    if many != isinstance(test.value, tuple):
        fix = "value: [a, b] のように一覧で書いてください" if many else "value には値を1つ書いてください"
        yield key, f"{test.op} の value が合いません", fix
        return
    for value in test.value if isinstance(test.value, tuple) else (test.value,):
        yield from _check_value(key, test.fact, value, spec)


def _check_value(key: str, name: str, value: object, spec: FactSpec) -> Iterator[Mistake]:
    wanted = {FactKind.BOOL: bool, FactKind.YEN: int, FactKind.INT: int, FactKind.DATE: date}.get(
        spec.kind, str
    )
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        fix = {
            FactKind.BOOL: "true か false で書いてください",
            FactKind.YEN: "1000000000 か 10億円 のように書いてください",
            FactKind.INT: "整数で書いてください",
            FactKind.DATE: "2027-03-31 の形で書いてください",
            FactKind.CHOICE: f"次のいずれかで書いてください: {'、'.join(spec.options)}",
            FactKind.TEXT: "文字で書いてください",
        }[spec.kind]
        yield key, f"「{name}」（{spec.kind}）の値 {value!r} が合いません", fix
    elif spec.kind is FactKind.CHOICE and value not in spec.options:
        hint = did_you_mean(str(value), spec.options) or f"次のいずれか: {'、'.join(spec.options)}"
        yield key, f"「{name}」に選択肢「{value}」はありません", hint


def _check_rule_examples(key: str, rule: Rule, vocabulary: Vocabulary) -> Iterator[Mistake]:
    for example in rule.examples:
        for name in (*example.facts, *example.missing):
            yield from _check_declared(f"{key}.examples", name, vocabulary)
    if (rule.affects == "cost") != (rule.cost is not None):
        yield (
            f"{key}.cost",
            "cost（除く経費の名前）は、affects: cost の規則に必ず書き、それ以外では書きません",
            "例: affects: cost と cost: 用地取得費",
        )
    shown = {example.outcome for example in rule.examples}
    for outcome in rule.possible_outcomes:
        if outcome not in shown:
            yield (
                f"{key}.examples",
                f"規則「{rule.id}」に {outcome} の例がありません",
                "起こり得る結果（met・not_met、when があれば not_applicable）ごとに例を1つ以上書いてください",
            )


def check_together(
    grants: Mapping[str, Grant], unread: Collection[str] = ()
) -> Iterator[tuple[str, str, str, str]]:
    """(grant id, key, what, fix) of mistakes between files; ``unread`` ids have mistakes of their own."""
    for grant in grants.values():
        for key, other_id, earlier in (
            ("predecessor", grant.predecessor, True),
            ("successor", grant.successor, False),
        ):
            if other_id is None or other_id in unread:
                continue
            other = grants.get(other_id)
            if other is None:
                fix = did_you_mean(other_id, grants) or "その制度のファイルを書くか、null にしてください"
                yield grant.id, key, f"制度「{other_id}」はありません", fix
            elif (other.fiscal_year >= grant.fiscal_year) is earlier:
                yield grant.id, key, f"「{other_id}」との年度の前後が逆です", "fiscal_year を確かめてください"
            elif other.family != grant.family:
                yield (
                    grant.id,
                    key,
                    f"「{other_id}」と family が違います",
                    f"family: {other.family} にそろえてください",
                )


def check_shared_facts(grants: Mapping[str, Grant]) -> Iterator[tuple[str, str, str, str]]:
    """(grant id, key, what, fix) where two files declare a fact of one name in different ways."""
    first: dict[str, tuple[str, FactSpec]] = {}
    for grant in grants.values():
        for name, spec in grant.facts.items():
            other_id, other = first.setdefault(name, (grant.id, spec))
            if (spec.kind, spec.options, spec.unit) != (other.kind, other.options, other.unit):
                fix = "kind・options・unit をそろえるか、別の名前にしてください"
                yield grant.id, f"facts.{name}", f"「{other_id}」の同じ名前の事実と内容が違います", fix


def check_projects(grant: Grant, least: int = 12) -> Iterator[Mistake]:
    """Whether there are enough whole-project examples, for, against and open."""
    if len(grant.examples) < least:
        yield "examples", f"事業全体の例が{len(grant.examples)}件です", f"{least}件以上書いてください"
    shown = {example.outcome for example in grant.examples}
    can_exclude = any(not rule.is_weak and "not_met" in rule.possible_outcomes for rule in grant.rules)
    for outcome in ("対象になり得る", "要確認", *(["対象外"] if can_exclude else [])):
        if outcome not in shown:
            yield "examples", f"「{outcome}」になる例がありません", "1件以上書いてください"
