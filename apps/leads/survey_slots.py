"""When a surveyor can come: the company's days and hours, less what is taken. Pure.

Hours are those of the market's clock; slots come out in UTC. A start that a clock skips in spring
is not offered; one that it strikes twice in autumn means the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Opening:
    """On which days and at what times surveys begin, and how many teams there are.

    `weekdays` counts Monday as 0. `gap` is the way from one roof to the next.
    """

    time_zone: str
    weekdays: frozenset[int]
    starts: tuple[time, ...]
    length: timedelta
    gap: timedelta
    teams: int
    notice: timedelta
    horizon: timedelta
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Slot:
    """From when to when, in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Taken:
    """A slot that a team has been booked for."""

    team: int
    starts_at: datetime
    ends_at: datetime


def slots(opening: Opening, *, now: datetime) -> Iterator[Slot]:
    """Every slot from the end of the notice to the horizon, taken or not, earliest first."""
    zone = ZoneInfo(opening.time_zone)
    first, last = now + opening.notice, now + opening.horizon
    day, final = first.astimezone(zone).date(), last.astimezone(zone).date()
    while day <= final:
        if day.weekday() in opening.weekdays and day not in opening.closed:
            for start in sorted(set(opening.starts)):
                begins = _moment(day, start, zone)
                if begins is not None and first <= begins <= last:
                    yield Slot(begins, begins + opening.length)
        day += timedelta(days=1)


def free_slots(opening: Opening, taken: Iterable[Taken], *, now: datetime) -> list[Slot]:
    """The slots that at least one team can take."""
    known = list(taken)
    return [slot for slot in slots(opening, now=now) if free_team(opening, slot, known) is not None]


def free_team(opening: Opening, slot: Slot, taken: Iterable[Taken]) -> int | None:
    """The first team that can be there in time and get to its next roof; None when none can."""
    busy = {
        one.team
        for one in taken
        if one.starts_at < slot.ends_at + opening.gap and slot.starts_at < one.ends_at + opening.gap
    }
    return next((team for team in range(1, opening.teams + 1) if team not in busy), None)


def _moment(day: date, start: time, zone: ZoneInfo) -> datetime | None:
    """The moment a clock in `zone` shows `start` for the first time; None when it never does."""
    moment = datetime.combine(day, start, tzinfo=zone).astimezone(UTC)
    return moment if moment.astimezone(zone).time() == start else None
