"""Deadlines as dates, with days and business days left."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import jpholiday

from assistant.domain import Noun
from assistant.grants.rules import Event, Grant, Precision
from assistant.grants.vocabulary import say_date


class Deadline(Noun):
    """One entry of a grant's schedule as seen from ``today``.

    ``days_left`` counts from tomorrow to the last day inclusive; it is None where the
    day is not known or has passed.
    """

    id: str
    what: str
    start: date | None
    end: date | None
    precision: Precision
    state: Literal["upcoming", "open", "passed", "undated"]
    days_left: int | None
    business_days_left: int | None
    says: str
    source_ids: tuple[str, ...]
    note: str | None = None


def is_business_day(day: date) -> bool:
    """Neither weekend, national holiday nor 29 December to 3 January (行政機関の休日に関する法律 第1条)."""
    if day.weekday() >= 5 or (day.month, day.day) in _YEAR_END:
        return False
    return not jpholiday.is_holiday(day)


_YEAR_END = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})


def business_days_until(today: date, end: date) -> int:
    """Business days after ``today`` up to and including ``end``; 0 once it has passed."""
    return sum(is_business_day(today + timedelta(days=n)) for n in range(1, (end - today).days + 1))


def deadlines(grant: Grant, today: date) -> list[Deadline]:
    """The grant's dates, those ahead first (nearest first), then those past (latest first)."""
    found = [_deadline(event, today) for event in grant.schedule]
    ahead = [d for d in found if d.state in ("open", "upcoming")]
    past = [d for d in found if d.state == "passed"]
    rest = [d for d in found if d.state == "undated"]
    ahead.sort(key=lambda d: d.end or d.start or date.max)
    past.sort(key=lambda d: d.end or d.start or date.min, reverse=True)
    return [*ahead, *past, *rest]


def _deadline(event: Event, today: date) -> Deadline:
    last = event.end or event.start
    days: int | None = None
    business: int | None = None
    if last is None:
        state: Literal["upcoming", "open", "passed", "undated"] = "undated"
        says = "日付は確認できていません。"
    else:
        when = _say(last, event.precision)
        if last < today:
            state, says = "passed", f"{when}に終わっています。"
        else:
            state = "upcoming" if (event.start and event.start > today) or event.end is None else "open"
            if event.precision is Precision.DAY:
                days, business = (last - today).days, business_days_until(today, last)
                left = f"あと{days}日（開庁日で{business}日）です。" if days else "今日が期限です。"
                says = f"{when}{'まで' if event.end else 'から'}。{left}"
            else:
                says = f"{when}の見込みです。日付は確認できていません。"
    return Deadline(
        id=event.id,
        what=event.what,
        start=event.start,
        end=event.end,
        precision=event.precision,
        state=state,
        days_left=days,
        business_days_left=business,
        says=says,
        source_ids=event.sources,
        note=event.note,
    )


def _say(day: date, precision: Precision) -> str:
    full = say_date(day)
    if precision is Precision.DAY:
        return full
    year, month = full.split("年")[0] + "年", f"{day.month}月"
    return year + month if precision is Precision.MONTH else year
