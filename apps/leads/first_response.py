"""How long somebody has waited for us, and until when we must answer. Pure.

What counts is office time: the hours of the market's office in its own time zone, without its
holidays. Moments are UTC, so an hour that the clocks skip or repeat is neither lost nor counted
twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DEFAULT_WARN_PERCENT = 75
_ALL_DAY = (time(0), time(0))
_MIDNIGHT = time(0)  # as the end of a span: of the same day
_MOST_CLOSED_DAYS = 400  # an office that does not open for so long is closed for good

State = Literal["none", "running", "due_soon", "late", "answered", "answered_late", "stopped"]


@dataclass(frozen=True)
class OfficeHours:
    """When an office is open: spans of local time for each weekday, Monday first."""

    zone: str
    week: tuple[tuple[tuple[time, time], ...], ...]
    closed: frozenset[date] = frozenset()

    @classmethod
    def around_the_clock(cls, zone: str) -> OfficeHours:
        return cls(zone, ((_ALL_DAY,),) * 7)


@dataclass(frozen=True)
class Policy:
    """How soon a lead of a kind is answered. Empty `priority` or `tier`: any."""

    priority: str
    tier: str
    target_minutes: int
    warn_percent: int = DEFAULT_WARN_PERCENT
    reassigns: bool = False


@dataclass(frozen=True)
class Moments:
    """When the owner of a lead is warned, and when the answer is due."""

    warn_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Reading:
    """What the clock says now. `words` for people; `pause` tells why it stands still, if it does.

    `office_seconds` are left, or, when late, have gone by since.
    """

    state: State
    words: str
    pause: str = ""
    office_seconds: float = 0


def choose_policy(policies: Iterable[Policy], *, priority: str, tier: str) -> Policy | None:
    """The policy that names this lead most exactly: its tier counts for more than its priority."""
    fitting = [
        policy
        for policy in policies
        if policy.tier in ("", tier) and policy.priority in ("", priority)
    ]
    return max(fitting, key=lambda one: (one.tier != "", one.priority != ""), default=None)


def office_spans(hours: OfficeHours, since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times the office is open from `since` on, in order, in UTC."""
    zone, since = ZoneInfo(hours.zone), since.astimezone(UTC)
    day, closed_days = since.astimezone(zone).date(), 0
    while closed_days < _MOST_CLOSED_DAYS:
        spans = _spans_of_day(hours, day, zone)
        for opens, closes in spans:
            if closes > since:
                yield max(opens, since), closes
        closed_days = 0 if spans else closed_days + 1
        day += timedelta(days=1)


def after_office_time(hours: OfficeHours, begun: datetime, duration: timedelta) -> datetime | None:
    """The moment at which so much office time has gone by. None: the office does not open again.

    No time at all is the first moment at which the office is open.
    """
    left = duration
    for opens, closes in office_spans(hours, begun):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return None


def office_time(hours: OfficeHours, start: datetime, end: datetime) -> timedelta:
    """How much office time lies between two moments; none when `end` is not after `start`."""
    total = timedelta()
    for opens, closes in office_spans(hours, start):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def is_open(hours: OfficeHours, moment: datetime) -> bool:
    """Whether the office is open at this moment."""
    return next(office_spans(hours, moment), (None,))[0] == moment


def next_office_day(hours: OfficeHours, moment: datetime) -> datetime | None:
    """When the office opens on the first office day after the one of `moment`."""
    zone = ZoneInfo(hours.zone)
    midnight = datetime.combine(moment.astimezone(zone).date() + timedelta(days=1), time(0), zone)
    return after_office_time(hours, midnight, timedelta())


def clock_moments(hours: OfficeHours, policy: Policy, begun: datetime) -> Moments | None:
    """When the clock of a lead rings; None when the office does not open again."""
    target = timedelta(minutes=policy.target_minutes)
    warn_at = after_office_time(hours, begun, target * policy.warn_percent / 100)
    due_at = after_office_time(hours, begun, target)
    return None if warn_at is None or due_at is None else Moments(warn_at, due_at)


def clock_moments_changed(
    hours: OfficeHours, policy: Policy, begun: datetime, *, due_before: datetime, now: datetime
) -> Moments | None:
    """The moments under another target, while nobody has answered yet.

    A longer target counts from the beginning. A shorter one counts from now, so that nobody is
    late by a decision just made, yet never ends later than what was promised before.
    """
    moments = clock_moments(hours, policy, begun)
    if moments is None or moments.due_at >= due_before:
        return moments
    moments = clock_moments(hours, policy, max(now, begun))
    if moments is None:
        return None
    return Moments(min(moments.warn_at, due_before), min(moments.due_at, due_before))


def read_clock(
    hours: OfficeHours,
    *,
    due_at: datetime | None,
    warn_at: datetime | None,
    answered_at: datetime | None,
    is_over: bool,
    now: datetime,
) -> Reading:
    """What the clock of a lead says. `is_over`: the lead was closed."""
    if answered_at is not None:
        return _answered(hours, due_at, answered_at)
    if due_at is None:
        return Reading("none", "No answer is due")
    if is_over:
        return Reading("stopped", "Closed before it was answered")
    pause = "" if is_open(hours, now) else _pause(hours, now)
    if now >= due_at:
        late = office_time(hours, due_at, now)
        return Reading("late", f"Late by {duration_words(late)}", pause, late.total_seconds())
    left = office_time(hours, now, due_at)
    state: State = "due_soon" if warn_at is not None and now >= warn_at else "running"
    words = f"Answer within {duration_words(left)}"
    return Reading(state, words, pause, left.total_seconds())


def duration_words(duration: timedelta) -> str:
    """ "under a minute", "12 min", "1 h 5 min", "31 h"."""
    minutes = int(duration.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return "under a minute"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"


def _answered(hours: OfficeHours, due_at: datetime | None, answered_at: datetime) -> Reading:
    if due_at is None or answered_at <= due_at:
        return Reading("answered", "Answered in time" if due_at else "Answered")
    late = office_time(hours, due_at, answered_at)
    return Reading("answered_late", f"Answered {duration_words(late)} late")


def _pause(hours: OfficeHours, now: datetime) -> str:
    opens = after_office_time(hours, now, timedelta())
    if opens is None:
        return "The office does not open again: its hours need a look."
    local = opens.astimezone(ZoneInfo(hours.zone))
    return f"Stands still: the office opens {local:%a %-d %b, %H:%M} ({local.tzname()})."


def _spans_of_day(
    hours: OfficeHours, day: date, zone: ZoneInfo
) -> Sequence[tuple[datetime, datetime]]:
    """In order and without overlaps, whatever was entered."""
    if day in hours.closed:
        return []
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(hours.week[day.weekday()]):
        last_day = day + timedelta(days=1) if end == _MIDNIGHT else day
        opens = datetime.combine(day, begin, zone).astimezone(UTC)
        closes = datetime.combine(last_day, end, zone).astimezone(UTC)
        if merged and opens <= merged[-1][1]:
            opens, closes = merged[-1][0], max(merged.pop()[1], closes)
        if opens < closes:
            merged.append((opens, closes))
    return merged
