"""Facts as people give them → facts as the rules read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from assistant.errors import FactRejected, UnknownName
from assistant.grants.problems import near_names
from assistant.grants.vocabulary import (
    NO,
    YES,
    FactKind,
    FactSpec,
    FactValue,
    Vocabulary,
    complete_facts,
    say_date,
)
from assistant.japanese.calendar import find_dates
from assistant.japanese.numbers import find_quantities, parse_yen
from assistant.japanese.text import normalise

_TRUE = frozenset({"true", "yes", "y", "はい", "ある", "あり", "有", "有り", "○", "する", "含む", "1"})
_FALSE = frozenset(
    {"false", "no", "n", "いいえ", "ない", "なし", "無", "無し", "×", "しない", "含まない", "0"}
)


def read_facts(given: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, FactValue]:
    """Read values by their kinds: 「1億2千万」 as yen, 「はい」 as true, 「市区町村」 as its option.

    Names may be a fact's alias in Japanese. None and "" mean "not known" and are left out.
    Raises UnknownName for a name not in the vocabulary, FactRejected for a value that
    cannot be read and for facts that contradict one another.
    """
    facts: dict[str, FactValue] = {}
    said_as: dict[str, str] = {}
    for raw_name, raw in given.items():
        name = find_fact(str(raw_name), vocabulary)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        value = read_value(name, raw, vocabulary[name])
        if name in facts and facts[name] != value:
            spec = vocabulary[name]
            raise FactRejected(
                f"「{spec.name_in_text}」に食い違う値があります（{said_as[name]}={spec.say(facts[name])}、"
                f"{raw_name}={spec.say(value)}）。",
                remedy="どちらか1つにしてください。",
            )
        facts[name] = value
        said_as[name] = str(raw_name)
    check_agreement(facts, vocabulary)
    return facts


def find_fact(name: str, vocabulary: Vocabulary) -> str:
    """The vocabulary's name for a name, label or alias. Raises UnknownName with near ones."""
    if name in vocabulary:
        return name
    key = normalise(name).strip()
    by_word = {
        normalise(word): known
        for known, spec in vocabulary.items()
        for word in (known, *spec.aliases, *([spec.label] if spec.label else []))
    }
    if key in by_word:
        return by_word[key]
    near = tuple(dict.fromkeys(by_word[word] for word in near_names(key, by_word)))
    told = "、".join(f"{known}（{vocabulary[known].name_in_text}）" for known in near)
    raise UnknownName(
        f"「{name}」という事実は知られていません。",
        near=near,
        remedy=f"もしかして: {told}"
        if near
        else "使える名前は corpus/facts.yaml と、その制度の facts にあります。",
    )


def read_value(name: str, raw: Any, spec: FactSpec) -> FactValue:
    """One value of a known kind. Raises FactRejected with how to write it."""
    if isinstance(raw, (list, tuple, dict, set)):
        raise _rejected(raw, spec, "値は1つだけ書いてください。", "値が並びになっています。")
    if spec.kind is FactKind.BOOL:
        return _read_bool(raw, spec)
    if spec.kind is FactKind.CHOICE:
        return _read_choice(raw, spec)
    if spec.kind is FactKind.DATE:
        return _read_date(raw, spec)
    if spec.kind is FactKind.TEXT:
        return str(raw).strip()
    value = _read_yen(raw, spec) if spec.kind is FactKind.YEN else _read_int(raw, spec)
    if (spec.min is not None and value < spec.min) or (spec.max is not None and value > spec.max):
        low = f"{spec.min:,}以上" if spec.min is not None else ""
        high = f"{spec.max:,}以下" if spec.max is not None else ""
        raise _rejected(raw, spec, f"範囲は{low}{high}です。")
    return value


def _rejected(raw: Any, spec: FactSpec, remedy: str, why: str = "") -> FactRejected:
    return FactRejected(
        f"「{spec.name_in_text}」の値「{raw}」を読み取れませんでした。", why=why, remedy=remedy
    )


def _read_bool(raw: Any, spec: FactSpec) -> bool:
    if isinstance(raw, bool):
        return raw
    word = normalise(str(raw)).strip()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _rejected(raw, spec, f"「{YES}」か「{NO}」（true か false）で答えてください。")


def _read_choice(raw: Any, spec: FactSpec) -> str:
    word = str(raw).strip()
    if word in spec.options:
        return word
    by_label = {normalise(label): key for key, label in spec.options.items()} | {
        normalise(key): key for key in spec.options
    }
    key = by_label.get(normalise(word))
    if key is None:
        near = near_names(normalise(word), by_label)
        hint = f"もしかして: {spec.options[by_label[near[0]]]}。" if near else ""
        options = "、".join(
            f"{label}（{key}）" if label != key else key for key, label in spec.options.items()
        )
        raise _rejected(raw, spec, f"{hint}次のいずれかで答えてください: {options}")
    return key


def _read_yen(raw: Any, spec: FactSpec) -> int:
    if isinstance(raw, bool):
        raise _rejected(raw, spec, "金額で答えてください。例: 1億2,000万円")
    if isinstance(raw, float) and not raw.is_integer():
        raise _rejected(raw, spec, "円単位の整数で答えてください。", "1円未満の端数があります。")
    if isinstance(raw, (int, float)):
        if raw < 0:
            raise _rejected(raw, spec, "0円以上で答えてください。", "負の金額です。")
        return int(raw)
    try:
        return parse_yen(str(raw))
    except FactRejected as error:
        raise FactRejected(
            f"「{spec.name_in_text}」: {error.what}", why=error.why, remedy=error.remedy
        ) from error


def _read_int(raw: Any, spec: FactSpec) -> int:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, (bool, float)):
        raise _rejected(raw, spec, "整数で答えてください。")
    if isinstance(raw, int):
        return raw
    text = str(raw).strip()
    folded = normalise(text).replace(",", "")
    if re.fullmatch(r"-?[0-9]{1,18}", folded):
        return int(folded)
    found = [q for q in find_quantities(text) if q.value.denominator == 1 and q.upper is None]
    is_negative = folded.startswith(("-", "▲", "△"))  # a quantity is read without its sign
    if len(found) == 1 and len(found[0].text) >= len(text) - 3 and not is_negative:
        return int(found[0].value)
    raise _rejected(raw, spec, "整数で答えてください。")


def _read_date(raw: Any, spec: FactSpec) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    try:
        return date.fromisoformat(normalise(text))
    except ValueError:
        pass
    for mention in find_dates(text):
        if mention.year and mention.day:
            try:
                return date(mention.year, mention.month, mention.day)
            except ValueError:
                break
    raise _rejected(raw, spec, "2027-03-31、令和9年3月31日 のように年月日で答えてください。")


def check_agreement(facts: Mapping[str, FactValue], vocabulary: Vocabulary) -> None:
    """Raises FactRejected where two facts cannot both be true."""
    full = complete_facts(facts, vocabulary)
    for name, value in full.items():
        spec = vocabulary.get(name)
        if spec is None:
            continue
        for other, allowed in spec.only_if.items():
            if other in full and full[other] not in allowed:
                other_spec = vocabulary[other]
                raise FactRejected(
                    f"「{spec.name_in_text}」が「{spec.say(value)}」であることと、"
                    f"「{other_spec.name_in_text}」が「{other_spec.say(full[other])}」であることは両立しません。",
                    remedy="どちらかを直すか、分からないほうを空にしてください。",
                )
        bound = full.get(spec.at_most) if spec.at_most else None
        if isinstance(bound, int) and isinstance(value, int) and value > bound and spec.at_most:
            bound_spec = vocabulary[spec.at_most]
            raise FactRejected(
                f"「{spec.name_in_text}」（{spec.say(value)}）が「{bound_spec.name_in_text}」（{bound_spec.say(bound)}）を超えています。",
                remedy="金額を確かめてください。",
            )
    _check_cost_remains(full, vocabulary)
    start, end = full.get("start_date"), full.get("completion_date")
    if isinstance(start, date) and isinstance(end, date) and start > end:
        raise FactRejected(
            f"着手日（{say_date(start)}）が完了日（{say_date(end)}）より後です。",
            remedy="日付を確かめてください。",
        )


def _check_cost_remains(facts: Mapping[str, FactValue], vocabulary: Vocabulary) -> None:
    """What is left out has to leave something over: the eligible cost, and at least one yen."""
    total, left_out = facts.get("total_yen"), facts.get("excluded_cost_yen")
    if not isinstance(total, int) or not isinstance(left_out, int) or not left_out:
        return
    names = [f"「{vocabulary[name].name_in_text}」" for name in ("excluded_cost_yen", "total_yen")]
    if left_out >= total:
        raise FactRejected(
            f"{names[0]}が{names[1]}の全額に達しています。",
            why="対象になる経費が残らないため、このままでは申請できる事業がありません。",
            remedy="金額を確かめてください。",
        )
    eligible = facts.get("eligible_yen")
    if isinstance(eligible, int) and eligible > total - left_out:
        raise FactRejected(
            f"「{vocabulary['eligible_yen'].name_in_text}」と{names[0]}の合計が、{names[1]}を超えています。",
            remedy="対象経費は、対象にならない経費を除いた額にしてください。",
        )
