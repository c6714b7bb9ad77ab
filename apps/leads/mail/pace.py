"""When the next step of a sequence is due, and what ends a sequence. Pure.

Steps wait office days of the lead's market and happen at an hour of its clock, by day only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.leads.first_response import OfficeHours

EARLIEST, LATEST = time(8), time(20)  # mail that comes at night is a machine's
_MOST_DAYS = 800


@dataclass(frozen=True)
class Standing:
    """What the end of a sequence is decided by."""

    is_open: bool
    is_suppressed: bool
    is_reachable: bool
    has_written: bool  # since the sequence began
    has_booked: bool


def step_moment(
    hours: OfficeHours, *, after: datetime, wait_days: int, at: time
) -> datetime | None:
    """The moment, in UTC, of a step that waits so many office days after a moment.

    No days: today, if the hour is still to come on an office day, else on the next one. None: the
    office does not open again.
    """
    zone = ZoneInfo(hours.zone)
    local = after.astimezone(zone)
    if wait_days == 0 and _is_office_day(hours, local.date()) and local.time() < at:
        return _at(local.date(), at, zone)
    left, day = max(1, wait_days), local.date()
    for _ in range(_MOST_DAYS):
        day += timedelta(days=1)
        left -= _is_office_day(hours, day)
        if left == 0:
            return _at(day, at, zone)
    return None


def is_daytime(hours: OfficeHours, now: datetime) -> bool:
    """Whether it is a time of day, and a day, at which people are written to."""
    local = now.astimezone(ZoneInfo(hours.zone))
    return EARLIEST <= local.time() < LATEST and _is_office_day(hours, local.date())


def why_over(standing: Standing) -> str:
    """Why a sequence must not go on; "" while it may. The most final reason is named first."""
    reasons = (
        (standing.is_suppressed, "They asked for no more mails"),
        (not standing.is_open, "The lead is closed"),
        (standing.has_written, "They wrote"),
        (standing.has_booked, "They booked a visit"),
        (not standing.is_reachable, "A mail came back"),
    )
    return next((words for is_so, words in reasons if is_so), "")


def _is_office_day(hours: OfficeHours, day: date) -> bool:
    return bool(hours.week[day.weekday()]) and day not in hours.closed


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
