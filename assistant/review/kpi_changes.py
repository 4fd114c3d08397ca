"""Indicators of two versions, one by one: target raised or lowered, baseline changed, new, dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.japanese.calendar import wareki
from assistant.japanese.numbers import find_quantities
from assistant.japanese.text import fold
from assistant.review.kpi_cells import number_of
from assistant.review.nouns import Kpi, KpiChange, KpiChangeKind

_ALIKE = 0.75  # share of common pairs of characters from which two names are one that was reworded
_SHORTEST_NAME = 3  # characters of a name that is looked for in running text

# The pages of the other version on which a name stands (folded without spaces).
PagesOf = Callable[[str], Sequence[int]]


@dataclass(slots=True)
class _Found:
    kinds: list[KpiChangeKind] = field(default_factory=list)
    says: list[str] = field(default_factory=list)

    def add(self, kind: KpiChangeKind, sentence: str) -> None:
        self.kinds.append(kind)
        self.says.append(sentence)


def compare_kpis(
    old: Sequence[Kpi],
    new: Sequence[Kpi],
    *,
    pages_in_old: PagesOf,
    pages_in_new: PagesOf,
    old_holes: Sequence[int] = (),
    new_holes: Sequence[int] = (),
) -> tuple[KpiChange, ...]:
    """Every indicator of either version, in the order of the new one, then those that only the old one has."""
    partner = _pairs(old, new)
    changes = []
    for j, kpi in enumerate(new):
        if j in partner:
            changes.append(_both(old[partner[j]], kpi))
        else:
            changes.append(_alone(kpi, pages_in_old, old_holes, new=True))
    kept = set(partner.values())
    changes += [_alone(kpi, pages_in_new, new_holes, new=False) for i, kpi in enumerate(old) if i not in kept]
    return tuple(changes)


def _pairs(old: Sequence[Kpi], new: Sequence[Kpi]) -> dict[int, int]:
    """Number in ``new`` → number in ``old``: by name and unit, by name, then by a like name of the same unit."""
    free_old, free_new = set(range(len(old))), set(range(len(new)))
    found: dict[int, int] = {}

    def take(i: int, j: int) -> None:
        found[j] = i
        free_old.discard(i)
        free_new.discard(j)

    for with_unit in (True, False):
        waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in sorted(free_old, reverse=True):
            waiting[_name(old[i]), _unit(old[i]) * with_unit].append(i)
        for j in sorted(free_new):
            same = waiting[_name(new[j]), _unit(new[j]) * with_unit]
            if same:
                take(same.pop(), j)
    alike = [
        (_likeness(_name(old[i]), _name(new[j])), i, j)
        for i in free_old
        for j in free_new
        if _unit(old[i]) == _unit(new[j])
    ]
    for share, i, j in sorted(alike, key=lambda a: (-a[0], a[1] + a[2])):
        if share >= _ALIKE and i in free_old and j in free_new:
            take(i, j)
    return found


def _name(kpi: Kpi) -> str:
    name = fold(kpi.indicator, drop_spaces=True).text
    unit = _unit(kpi)
    return name.removesuffix(f"({unit})").removesuffix(f"[{unit}]") if unit else name


def _unit(kpi: Kpi) -> str:
    return fold(kpi.unit, drop_spaces=True).text


def _likeness(one: str, other: str) -> float:
    a, b = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


# ── one indicator ────────────────────────────────────────────────────────────


def _both(old: Kpi, new: Kpi) -> KpiChange:
    found = _Found()
    if _name(old) != _name(new):
        found.add("renamed", f"名称が「{old.indicator}」から「{new.indicator}」に変わりました。")
    _compare_targets(old, new, found)
    if _differs(old.baseline, old, new.baseline, new):
        found.add("baseline", _turn("基準値", _value(old.baseline, old), _value(new.baseline, new)))
    years: tuple[tuple[KpiChangeKind, str, int | None, int | None], ...] = (
        ("target-year", "目標年度", old.target_year, new.target_year),
        ("baseline-year", "基準年度", old.baseline_year, new.baseline_year),
    )
    for kind, label, was, now in years:
        if was != now:
            found.add(kind, _turn(label, wareki(was) if was else "", wareki(now) if now else ""))
    if _unit(old) != _unit(new) and (old.unit and new.unit) and "target" not in " ".join(found.kinds):
        found.add("unit", f"単位が「{old.unit}」から「{new.unit}」に変わりました。")
    if found.kinds:
        _compare_distance(old, new, found)
    return KpiChange(
        indicator=new.indicator, kinds=tuple(found.kinds), before=old, after=new, says=tuple(found.says)
    )


def _compare_targets(old: Kpi, new: Kpi, found: _Found) -> None:
    if not _differs(old.target, old, new.target, new):
        return
    was, now = _amount(old.target, old), _amount(new.target, new)
    before, after = _value(old.target, old), _value(new.target, new)
    if was is not None and now is not None and was[1] == now[1] and was[0] != now[0]:
        raised = now[0] > was[0]
        says = f"目標値が{before}から{after}に{'上がりました' if raised else '下がりました'}。"
        found.add("target-raised" if raised else "target-lowered", says)
    else:
        found.add("target-changed", _turn("目標値", before, after))


def _compare_distance(old: Kpi, new: Kpi, found: _Found) -> None:
    """How far the target is from the baseline: a raised baseline makes the same target easier."""
    if not {"baseline", "target-raised", "target-lowered"} & set(found.kinds):
        return
    values = [_amount(v, k) for k in (old, new) for v in (k.baseline, k.target)]
    if any(v is None for v in values) or len({v[1] for v in values if v is not None}) != 1:
        return
    base, target, later_base, later_target = (v[0] for v in values if v is not None)
    was, now = target - base, later_target - later_base
    if was * now < 0:
        found.says.append("基準値から見た目標の向き（増減）が逆になりました。")
    elif abs(now) < abs(was):
        found.says.append("基準値から目標値までの幅は小さくなりました。")
    elif abs(now) > abs(was):
        found.says.append("基準値から目標値までの幅は大きくなりました。")


def _turn(label: str, before: str, after: str) -> str:
    if not before:
        return f"{label}（{after}）が新たに示されました。"
    if not after:
        return f"{label}（{before}）がなくなりました。"
    return f"{label}が{before}から{after}に変わりました。"


def _value(printed: str, kpi: Kpi) -> str:
    shown = "".join(printed.split())
    if not shown or not shown[-1].isdigit():
        return f"「{shown}」" if shown else ""
    return f"{shown}{kpi.unit}"


def _amount(printed: str, kpi: Kpi) -> tuple[float, str] | None:
    """The value in the unit's smallest measure, so that 1,000千円 and 1百万円 are one amount."""
    plain = number_of(printed)
    if plain is None:
        return None
    shown = fold(printed, drop_spaces=True).text
    if shown[-1:].isdigit() and plain >= 0:
        found = find_quantities(f"{shown}{_unit(kpi)}")
        if len(found) == 1 and found[0].upper is None and found[0].unit:
            return float(found[0].value), found[0].unit
    return plain, _unit(kpi)


def _differs(one: str, first: Kpi, other: str, second: Kpi) -> bool:
    a, b = _amount(one, first), _amount(other, second)
    if a is None or b is None:
        return fold(one, drop_spaces=True).text != fold(other, drop_spaces=True).text
    if a[0] != b[0]:
        return True
    # The same number under a unit that only one of the tables gives is no change.
    return a[1] != b[1] and bool(first.unit and second.unit)


def _alone(kpi: Kpi, pages_of: PagesOf, holes: Sequence[int], *, new: bool) -> KpiChange:
    name = _name(kpi)
    other = "前の版" if new else "新しい版"
    pages = pages_of(name) if len(name) >= _SHORTEST_NAME else ()
    before, after = (None, kpi) if new else (kpi, None)
    whole = pages_of(fold(kpi.where.quote, drop_spaces=True).text)
    if whole:
        says = f"同じ記載が{other}の{'、'.join(str(page) for page in whole)}ページにあります。"
        return KpiChange(indicator=kpi.indicator, before=before, after=after, says=(says,))
    if pages:
        where = "、".join(str(page) for page in pages)
        says = f"{other}の{where}ページに名称はありますが、基準値と目標値のある指標としては読み取れませんでした。"
        return KpiChange(
            indicator=kpi.indicator,
            kinds=("unread",),
            before=before,
            after=after,
            says=(says,),
            uncertain=True,
        )
    says = "新しい版で加わった指標です。" if new else "新しい版には見当たらない指標です。"
    if holes:
        unread = "、".join(str(page) for page in holes)
        says += f"ただし、{other}の{unread}ページは読み取れない部分があり、そこに記載がある可能性があります。"
    return KpiChange(
        indicator=kpi.indicator,
        kinds=("new" if new else "dropped",),
        before=before,
        after=after,
        says=(says,),
        uncertain=bool(holes),
    )
