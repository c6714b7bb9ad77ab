"""Whether somebody can take a lead now: at work, not away, and with room for one more. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apps.core.errors import InvalidInput

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_SPANS = 4
_MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class Span:
    """A part of a day, in minutes of its clock; `ends` itself is no longer in it."""

    begins: int
    ends: int


@dataclass(frozen=True)
class Person:
    """Somebody who may be given leads. No hours: at any time. A limit of None: none."""

    key: int
    name: str
    is_active: bool = True
    time_zone: str = "UTC"
    hours: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)  # Monday is 0
    days_off: tuple[tuple[date, date], ...] = ()  # both included
    holidays: frozenset[date] = frozenset()  # of the office
    max_open: int | None = None
    max_per_day: int | None = None
    max_per_30_days: int | None = None


@dataclass(frozen=True)
class Load:
    """What somebody has: open leads, and how many were given to them lately."""

    open: int = 0
    today: int = 0  # of their own clock
    last_30_days: int = 0


def why_not(person: Person, load: Load, now: datetime, *, at_any_hour: bool = False) -> str:
    """Why somebody cannot take a lead now, in words that follow their name; "" when they can."""
    if not person.is_active:
        return "no longer takes leads"
    return (
        why_absent(person, now)
        or ("" if at_any_hour else _off_hours(person, now))
        or _full(person, load)
    )


def why_absent(person: Person, now: datetime) -> str:
    """Why somebody is not at work that day; "" when they are."""
    today = now.astimezone(ZoneInfo(person.time_zone)).date()
    for first, last in person.days_off:
        if first <= today <= last:
            return "is off today" if last == today else f"is off until {last:%-d %b}"
    return "has a holiday today" if today in person.holidays else ""


def day_begins(time_zone: str, now: datetime) -> datetime:
    """When today began on somebody's own clock."""
    local = now.astimezone(ZoneInfo(time_zone))
    return datetime.combine(local.date(), time.min, tzinfo=local.tzinfo)


def hours_read(stated: Mapping[str, Any]) -> dict[int, tuple[Span, ...]]:
    """Working hours from `{"mon": [["09:00", "17:00"]], …}`, the days without hours left out.

    Raises InvalidInput, by day, for what is no span of a day, or spans that overlap.
    """
    read = {}
    for day, spans in stated.items():
        if day not in DAYS:
            raise InvalidInput(details={day: ["There is no such day."]})
        if read_spans := _spans(day, spans):
            read[DAYS.index(day)] = read_spans
    return read


def hours_words(hours: Mapping[int, Sequence[Span]]) -> str:
    """ "Mon–Fri 09:00–17:00, Sat 10:00–14:00", or "at any time"."""
    runs: list[tuple[int, int, str]] = []
    for day in sorted(hours):
        said = " and ".join(f"{_clock(span.begins)}–{_clock(span.ends)}" for span in hours[day])
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    names = [day.capitalize() for day in DAYS]
    return (
        ", ".join(
            f"{names[first]}{'' if first == last else f'–{names[last]}'} {said}"
            for first, last, said in runs
        )
        or "at any time"
    )


def _off_hours(person: Person, now: datetime) -> str:
    if not person.hours:
        return ""
    local = now.astimezone(ZoneInfo(person.time_zone))
    minute = local.hour * 60 + local.minute
    today = person.hours.get(local.weekday(), ())
    if any(span.begins <= minute < span.ends for span in today):
        return ""
    for ahead in range(8):
        day = local.weekday() + ahead
        for span in person.hours.get(day % 7, ()):
            if ahead or span.begins > minute:
                when = "" if not ahead else f"{(local + timedelta(days=ahead)):%a} "
                return f"is not at work until {when}{_clock(span.begins)}"
    return "is not at work"


def _full(person: Person, load: Load) -> str:
    limits = (
        (load.open, person.max_open, "open leads"),
        (load.today, person.max_per_day, "new leads today"),
        (load.last_30_days, person.max_per_30_days, "new leads in 30 days"),
    )
    for has, limit, what in limits:
        if limit is not None and has >= limit:
            return f"has {has} of at most {limit} {what}"
    return ""


def _spans(day: str, spans: Any) -> tuple[Span, ...]:
    if not isinstance(spans, list | tuple) or len(spans) > _MOST_SPANS:
        raise InvalidInput(details={day: [f"Give at most {_MOST_SPANS} spans of time."]})
    read = sorted((_span(day, span) for span in spans), key=lambda span: span.begins)
    if any(later.begins < earlier.ends for earlier, later in zip(read, read[1:], strict=False)):
        raise InvalidInput(details={day: ["These hours overlap."]})
    return tuple(read)


def _span(day: str, span: Any) -> Span:
    if not isinstance(span, list | tuple) or len(span) != 2:
        raise InvalidInput(details={day: ["Write hours like 09:00-17:00."]})
    begins, ends = (_minutes(day, end) for end in span)
    if begins >= ends:
        raise InvalidInput(details={day: ["Hours end after they begin, on the same day."]})
    return Span(begins, ends)


def _minutes(day: str, text: Any) -> int:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", str(text).strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
    if not 0 <= minutes <= _MIDNIGHT:
        raise InvalidInput(details={day: ["Write hours like 09:00-17:00."]})
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
