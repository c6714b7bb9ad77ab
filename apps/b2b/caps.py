"""How much a buyer takes: caps by period and territory, and pacing. Pure.

A period begins on the buyer's own clock: its day at its midnight, its week on Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

PERIODS = ("hour", "day", "week", "month")


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` leads a period; in one territory, or (None) in all of them."""

    period: str
    limit: int
    territory: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A cap and how much of it is taken in the present period."""

    cap: Cap
    used: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.cap.limit

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return min(1.0, self.used / self.cap.limit) if self.cap.limit else 1.0

    @property
    def words(self) -> str:
        where = f" in {self.cap.territory.replace('_', ' ')}" if self.cap.territory else ""
        when = "today" if self.cap.period == "day" else f"this {self.cap.period}"
        return f"{self.used} of {self.cap.limit} {when}{where}"


@lru_cache(maxsize=4096)
def period_start(period: str, now: datetime, zone: str) -> datetime:
    """When the period around `now` began on the clock of `zone`; in UTC.

    Rows come in UTC from the database, and in the hour that comes twice when clocks are put back
    a local time is never equal to one of another zone.
    """
    return _local_start(period, now, zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def period_end(period: str, now: datetime, zone: str) -> datetime:
    """When the period around `now` ends on the clock of `zone`; in UTC."""
    if period == "hour":
        return period_start(period, now, zone) + timedelta(hours=1)
    start = _local_start(period, now, zone)
    if period == "month":
        return (start + timedelta(days=31)).replace(day=1).astimezone(UTC)
    return (start + timedelta(days=7 if period == "week" else 1)).astimezone(UTC)


def with_pacing(caps: Iterable[Cap], *, day_percent: int, week_percent: int) -> tuple[Cap, ...]:
    """The caps, and what pacing makes of the monthly one: so much of it a day, so much a week.

    A share is rounded up: pacing never closes a buyer altogether. 0 means no pacing.
    """
    stated = tuple(caps)
    month = next((one for one in stated if one.period == "month" and one.territory is None), None)
    if month is None:
        return stated
    paced = [
        Cap(period, _share(month.limit, percent))
        for period, percent in (("day", day_percent), ("week", week_percent))
        if percent
    ]
    return (*stated, *paced)


def _local_start(period: str, now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)
    if period == "hour":
        return local
    day = local.replace(hour=0, fold=0)
    if period == "day":
        return day
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1)


def _share(limit: int, percent: int) -> int:
    share = Decimal(limit) * percent / 100
    return int(share.to_integral_value(rounding=ROUND_UP))
