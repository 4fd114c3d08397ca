"""Mistakes in our own files: where, what, and how to put them right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One mistake. ``key`` is the path inside the file: 「rules[2].needs.op」."""

    file: str
    line: int | None
    key: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        place = self.file + (f" {self.line}行目" if self.line else "")
        key = f" 「{self.key}」" if self.key else ""
        fix = f" → {self.fix}" if self.fix else ""
        return f"{place}{key}: {self.what}{fix}"


def near_names(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """Known names that look like ``name``, nearest first."""
    return tuple(difflib.get_close_matches(name, list(known), n=count, cutoff=0.6))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """「もしかして a、b」 or nothing."""
    near = near_names(name, known)
    return f"もしかして {'、'.join(near)} ではありませんか" if near else ""


def path_of(location: Sequence[int | str]) -> str:
    """A pydantic location as a person reads it, without the tags of the union."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part not in _TAGS:
            path += f".{part}" if path else part
    return path


# Names that pydantic puts into a location for members of a union.
_TAGS = frozenset({"test", "bool", "int", "str", "date", "tuple", "constrained-str", "[key]"})
_UNION_PARTS = ("bool", "int", "str", "date", "tuple")


def explain(error: ValidationError, allowed: Mapping[str, Iterable[str]]) -> list[tuple[str, str, str]]:
    """(key, what, fix) of each mistake pydantic found.

    ``allowed``: for a place (last named key, "" at the top) the keys that may stand there.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for item in error.errors(include_url=False):
        location = [
            p for p in item["loc"] if not (isinstance(p, str) and p.startswith(_UNION_PARTS) and "[" in p)
        ]
        key = path_of(location)
        found.setdefault(key, (key, *_wording(item["type"], item, location, allowed)))
    return list(found.values())


def _wording(
    kind: str, item: Any, location: Sequence[int | str], allowed: Mapping[str, Iterable[str]]
) -> tuple[str, str]:
    context = item.get("ctx", {})
    shown = repr(item.get("input"))[:60]
    last = str(location[-1]) if location else ""
    if kind == "missing":
        return "書かれていません", f"「{last}」を書いてください"
    if kind == "extra_forbidden":
        named = [p for p in location[:-1] if isinstance(p, str) and p not in _TAGS]
        known = allowed.get(named[-1] if named else "", ())
        if item.get("input") is None and "{" not in last:  # {says: 9,000万円}: the comma ended the value
            return "値がありません", '{ } の中では「,」が区切りになります。値を " " で囲んでください'
        return "知らない項目です", did_you_mean(last, known) or "つづりを確かめるか、削ってください"
    if kind in ("literal_error", "enum"):
        return f"{shown} は使えません", f"{context.get('expected', '')} のいずれかにしてください"
    if kind == "string_pattern_mismatch":
        return f"{shown} は使えない形です", f"この形にしてください: {context.get('pattern')}"
    if kind == "value_error":
        return str(context.get("error", item["msg"])), ""
    if kind in ("too_short", "string_too_short"):
        return "足りません", f"{context.get('min_length', 1)}つ以上書いてください"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return f"{shown} は範囲の外です", "、".join(f"{k}: {v}" for k, v in context.items())
    if kind == "union_tag_invalid":
        return f"{shown} は条件として読めません", "fact/op/value、all、any、not のいずれかで書いてください"
    wanted = _WANTED.get(kind.removesuffix("_type").removesuffix("_parsing"))
    if wanted:
        return f"{shown} は{wanted}ではありません", f"{wanted}で書いてください"
    return f"読めません（{item['msg']}）", ""


_WANTED = {
    "int": "整数",
    "string": "文字",
    "bool": "true か false",
    "date": "日付（2026-01-31 の形）",
    "date_from_datetime": "日付（2026-01-31 の形）",
    "tuple": "一覧（[ ] か - の並び）",
    "dict": "「名前: 値」の並び",
    "model": "「名前: 値」の並び",
    "model_attributes": "「名前: 値」の並び",
}
