"""When somebody can be called back: while the office is open, on the clock of its market. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from apps.leads.first_response import OfficeHours, office_spans

_STEP = timedelta(hours=3)  # morning, noon, afternoon: nobody plans a call by the minute
_LAST_CALL = timedelta(minutes=30)  # before the office closes
_DAYS = 3
_MOST = 9


def callback_times(hours: OfficeHours, now: datetime) -> list[datetime]:
    """Moments to choose from over the next office days, the earliest first, in UTC.

    Nothing is offered by an office that does not open again.
    """
    zone = ZoneInfo(hours.zone)
    times: list[datetime] = []
    days: set[object] = set()
    for opens, closes in office_spans(hours, now):
        days.add(opens.astimezone(zone).date())
        if len(days) > _DAYS or len(times) >= _MOST:
            break
        begins = _full_hour(opens)
        steps = (begins + _STEP * number for number in range(_MOST))
        times += takewhile(lambda at: at <= closes - _LAST_CALL, steps)  # noqa: B023 (used at once)
    return sorted(set(times))[:_MOST]


def _full_hour(moment: datetime) -> datetime:
    """The moment itself where it is a round one, else the next full hour."""
    whole = moment.replace(minute=0, second=0, microsecond=0)
    is_round = moment.minute % 30 == 0 and not (moment.second or moment.microsecond)
    return moment if is_round else whole + timedelta(hours=1)
