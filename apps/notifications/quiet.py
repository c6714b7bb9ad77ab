"""When a mail may go: hours of quiet, and the digest's hour, in the person's own time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Quiet:
    """From and until, by the clock on the wall of `zone`. Over midnight when `until` is earlier."""

    zone: ZoneInfo
    start: time
    end: time

    def holds(self, now: datetime) -> bool:
        """Whether it is quiet now. The first minute is, the last one is not; equal ends: never."""
        clock = now.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over_at(self, now: datetime) -> datetime:
        """The first moment, from `now` on, at which it is not quiet. In UTC."""
        if not self.holds(now):
            return now
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, tzinfo=self.zone).astimezone(UTC)


def last_digest_moment(zone: ZoneInfo, hour: int, now: datetime) -> datetime:
    """The newest moment, not after `now`, at which the clock on the wall showed `hour`. In UTC."""
    today = now.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        moment = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
        if moment <= now:
            return moment
    raise AssertionError("One of two days began before now.")
