"""Which grants a comparing question sets side by side, and what has to be said of that choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from assistant.grants.loader import Grants
from assistant.grants.rules import Grant
from assistant.grants.table import MOST_SIDES, year_of
from assistant.japanese.calendar import FiscalYearMention, find_fiscal_years, fiscal_year_of, wareki
from assistant.japanese.text import normalise

NamedInOrder = Callable[[str], Sequence[tuple[str, Sequence[str]]]]
IsKnown = Callable[[str], bool]

_SCHEME: Final = (
    r"[一-龥々ぁ-んァ-ヴーA-Za-z0-9,.・]{2,24}?"
    r"(?:交付金|補助金|支援金|助成金|給付金|奨励金|事業債|債|制度|タイプ|型|プロジェクト|税制|事業)"
)
_TYPES: Final = re.compile(r"類型|種類|タイプ(?:の|ごと|別)|それぞれ")
_REIWA: Final = 2018  # the year before 令和元年
_SIDES = re.compile(rf"({_SCHEME})(?:と|、|や|・|or|か、?|より)({_SCHEME})")


@dataclass(frozen=True)
class Sides:
    """Grants (or, as a word, one that no source speaks of) in the order of their names, and what is to be told."""

    sides: tuple[Grant | str, ...]
    notes: tuple[str, ...] = ()


def find_sides(
    question: str, grants: Grants, named: NamedInOrder, is_known: IsKnown, today: date
) -> Sides | None:
    """The sides of a comparing question; None where it does not set grants side by side.

    ``named``: names of grants in a text, in order, with the ids that each means; ``is_known``: whether any
    source speaks of a word.
    """
    years = _years(question, today)
    groups = _narrow([[i for i in ids if i in grants.by_id] for _, ids in named(question)])
    words = [word for word, _ in named(question)]
    if len(groups) == 1 and len(years) >= 2:
        return _by_year(groups[0], words[0], years, grants)
    if len(groups) == 1 and _TYPES.search(question):
        members = _of_years([grants.by_id[i] for i in groups[0]], years, today)
        return Sides(tuple(members)) if 2 <= len(members) <= MOST_SIDES else None
    if len(groups) == 1:
        return _with_unknown(question, groups[0], words, grants, named, is_known, today)
    if len(groups) < 2:
        return None
    chosen = [_of_years([grants.by_id[i] for i in group], years, today) for group in groups]
    picked, notes = _pick(chosen, [word for word, _ in _matched(named(question), groups)])
    sides = list(dict.fromkeys(g.id for side in picked for g in side))[:MOST_SIDES]
    if len(sides) < 2:
        return None
    return Sides(
        tuple(grants.by_id[i] for i in sides), (*notes, *_year_notes([grants.by_id[i] for i in sides], today))
    )


def _years(question: str, today: date) -> list[int]:
    """Fiscal years that a question names; 「令和7年度と8年度」 names two."""
    mentions: list[FiscalYearMention] = [m for m in find_fiscal_years(question, today=today)]
    years = {m.year for m in mentions if m.fiscal or not question[m.start].isdigit()}
    folded = normalise(question)
    for bare in re.finditer(r"(?:と|から|、|・|→|vs)\s*(\d{1,2})年度", folded):
        if years and not re.search(r"(?:令和|平成|r|h)\s*$", folded[: bare.start(1)]):
            years.add(_REIWA + int(bare[1]))
    return sorted(years)


def _narrow(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """The groups without those that only introduce a narrower one (「地域未来交付金の地域未来推進型」)."""
    sets = [frozenset(group) for group in groups]
    kept: list[list[str]] = []
    for place, group in enumerate(groups):
        wider = any(other < sets[place] for other in sets)
        if group and not wider and sets[place] not in [frozenset(k) for k in kept]:
            kept.append(list(group))
    return kept


def _matched(
    named: Sequence[tuple[str, Sequence[str]]], groups: Sequence[Sequence[str]]
) -> list[tuple[str, Sequence[str]]]:
    """The names that stand for ``groups``, in their order."""
    found = []
    for group in groups:
        found.append(next((word, ids) for word, ids in named if set(group) <= set(ids)))
    return found


def _of_years(members: list[Grant], years: Sequence[int], today: date) -> list[Grant]:
    """Of the grants that a name means those of a year that is named, else the latest up to this year."""
    right = [g for g in members if year_of(g) in years]
    if right:
        return right
    current = fiscal_year_of(today)
    past = [g for g in members if (year_of(g) or current) <= current] or members
    latest = max(year_of(g) or current for g in past)
    return [g for g in past if (year_of(g) or current) == latest]


def _pick(chosen: list[list[Grant]], words: Sequence[str]) -> tuple[list[list[Grant]], list[str]]:
    """One grant for each side where its name means several types, and what is told of the choice."""
    picked: list[list[Grant]] = []
    notes: list[str] = []
    full = chosen
    if len(chosen) == 2 and all(len(members) > 1 for members in chosen):
        chosen = _linked_pair(chosen, words) or chosen
    for place, members in enumerate(chosen):
        if len(full[place]) == 1:
            picked.append(members)
            continue
        others = [g for at, side in enumerate(chosen) if at != place for g in side]
        linked = [g for g in members if any(_are_linked(g, other) for other in others)]
        best = linked or _like_its_name(members, words[place])
        room = MOST_SIDES - (len(chosen) - 1)
        kept = best if len(best) == 1 else members[:room]
        picked.append(kept)
        left = [g.short for g in full[place] if g not in kept]
        if left:
            names = "」「".join(g.short for g in kept)
            notes.append(
                f"「{words[place]}」には類型が{len(full[place])}つあります。ここでは「{names}」を並べました"
                f"（ほかの類型: {'、'.join(left)}）。"
            )
    return picked, notes


def _linked_pair(chosen: list[list[Grant]], words: Sequence[str]) -> list[list[Grant]] | None:
    """Of two names with several types each the types that follow one another and are most like their names."""
    pairs = [(a, b) for a in chosen[0] for b in chosen[1] if _are_linked(a, b)]
    if not pairs:
        return None

    def likeness(pair: tuple[Grant, Grant]) -> int:
        return max(_shared(normalise(g.short), word) for g, word in zip(pair, words, strict=True))

    one, other = max(pairs, key=likeness)
    return [[one], [other]]


def _are_linked(one: Grant, other: Grant) -> bool:
    return one.id in (other.predecessor, other.successor) or other.id in (one.predecessor, one.successor)


def _like_its_name(members: list[Grant], word: str) -> list[Grant]:
    """The types whose own name is most like the name they share (「地域未来交付金」: 「地域未来推進型」)."""
    lengths = {g.id: _shared(normalise(g.short), word) for g in members}
    longest = max(lengths.values())
    return [g for g in members if lengths[g.id] == longest] if longest >= 2 else []


def _shared(one: str, other: str) -> int:
    """How many characters two names begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _by_year(group: Sequence[str], word: str, years: Sequence[int], grants: Grants) -> Sides | None:
    """One scheme in two years, its successors and predecessors included; of many types the pairs that follow on."""
    family = {g.id: g for i in group for g in _kin(grants.by_id[i], grants)}
    by_year = {year: [g for g in family.values() if year_of(g) == year] for year in years}
    first, last = by_year[years[0]], by_year[years[-1]]
    pairs = [(a, b) for b in last for a in first if _are_linked(a, b)]
    if not pairs and first and last:
        pairs = [(first[0], last[0])]
    if pairs:
        later = list({after.id: after for _, after in pairs}.values())
        best = _like_its_name(later, word)[:1] or later[:1]
        chosen = next(pair for pair in pairs if pair[1].id == best[0].id)
        left = [f"{a.short}と{b.short}" for a, b in pairs if (a, b) != chosen]
        notes = [f"ほかに対応する類型: {'、'.join(left)}。"] if left else []
        if _bare_name(chosen[0]) != _bare_name(chosen[1]):
            notes.insert(
                0,
                f"{wareki(chosen[0].fiscal_year)}の「{chosen[0].short}」が、"
                f"{wareki(chosen[1].fiscal_year)}の「{chosen[1].short}」に当たります。",
            )
        return Sides(chosen, tuple(notes))
    known = first or last
    if not known:
        return None
    gone = [year for year in (years[0], years[-1]) if not by_year[year]]
    told = "・".join(wareki(year) for year in gone)
    one: tuple[Grant | str, ...] = (known[0], f"{told}の{_bare_name(known[0])}")
    return Sides(one, (f"{told}の内容は、手元の資料にありません。",))


def _bare_name(grant: Grant) -> str:
    return grant.short.partition("（")[0]


def _kin(grant: Grant, grants: Grants) -> list[Grant]:
    """A grant, its family, and what came before and after it."""
    found = [*grants.family(grant.family), grant]
    ids = [i for g in found for i in (g.predecessor, g.successor) if i]
    return [*found, *(grants.by_id[i] for i in ids if i in grants.by_id)]


def _with_unknown(
    question: str,
    group: Sequence[str],
    words: Sequence[str],
    grants: Grants,
    named: NamedInOrder,
    is_known: IsKnown,
    today: date,
) -> Sides | None:
    """One known side and one that no source speaks of; None where sources do speak of it, outside the rules."""
    match = _SIDES.search(normalise(question).replace(" ", ""))
    if match is None:
        return None
    strange = [part for part in match.groups() if not named(part)]
    if len(strange) != 1 or is_known(strange[0]):
        return None
    members = _of_years([grants.by_id[i] for i in group], _years(question, today), today)
    (best, *_), notes = members, [f"「{strange[0]}」についての資料は手元にないため、比べられません。"]
    if len(members) > 1:
        best = (_like_its_name(members, words[0]) or members)[0]
    sides: tuple[Grant | str, ...] = (best, strange[0])
    return Sides(sides if match.group(2) == strange[0] else sides[::-1], tuple(notes))


def _year_notes(sides: Sequence[Grant], today: date) -> list[str]:
    """What is to be told where a side is not of this fiscal year."""
    this_year = fiscal_year_of(today)
    told = []
    for grant in sides:
        year = year_of(grant)
        if year is not None and year < this_year:
            told.append(f"「{grant.short}」は{wareki(year)}の制度です（今年度は{wareki(this_year)}）。")
    return told
