"""When a buyer takes deliveries: windows on its own clock. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Window:
    """Some days of the week (0 is Monday), from one time until just before another."""

    days: frozenset[int]
    opens: time
    closes: time

    def is_open(self, local: datetime) -> bool:
        return local.weekday() in self.days and self.opens <= local.time() < self.closes

    @property
    def words(self) -> str:
        days = ", ".join(DAYS[day] for day in sorted(self.days))
        closes = "24:00" if self.closes == time.max else f"{self.closes:%H:%M}"
        return f"{days} {self.opens:%H:%M}–{closes}"


def is_open(windows: tuple[Window, ...], now: datetime, zone: str) -> bool:
    """Whether deliveries are taken now. Without windows: always."""
    if not windows:
        return True
    local = now.astimezone(ZoneInfo(zone))
    return any(window.is_open(local) for window in windows)


def next_opening(windows: tuple[Window, ...], now: datetime, zone: str) -> datetime:
    """`now` when deliveries are taken now, else when the next window opens.

    A window that never opens (no days) is passed over; when none ever does, a week from now.
    """
    if is_open(windows, now, zone):
        return now
    local = now.astimezone(ZoneInfo(zone))
    for ahead in range(8):
        day = (local + timedelta(days=ahead)).date()
        openings = sorted(
            datetime.combine(day, window.opens, tzinfo=local.tzinfo)
            for window in windows
            if day.weekday() in window.days and window.opens < window.closes
        )
        for opening in openings:
            if opening > local:
                return opening
    return now + timedelta(days=7)


def read_windows(stored: list[dict[str, object]]) -> tuple[Window, ...]:
    """Windows as they are kept: `[{"days": [0, 1], "from": "09:00", "to": "18:00"}]`.
    A day may end at 24:00.

    Raises ValueError for what is none.
    """
    found = []
    for one in stored:
        days = one.get("days")
        if not isinstance(days, list) or not days or not all(_is_day(day) for day in days):
            raise ValueError("`days` are numbers from 0 (Monday) to 6, at least one.")
        opens, closes = _time(one.get("from", "00:00")), _end(one.get("to", "24:00"))
        if opens >= closes:
            raise ValueError("A window opens before it closes.")
        found.append(Window(frozenset(days), opens, closes))
    return tuple(found)


def _is_day(stated: object) -> bool:
    return type(stated) is int and 0 <= stated <= 6


def _end(text: object) -> time:
    """A day may end at 24:00: nobody writes its last microsecond."""
    return time.max if str(text) == "24:00" else _time(text)


def _time(text: object) -> time:
    try:
        found = time.fromisoformat(str(text))
    except ValueError as error:
        raise ValueError("Times are written as 09:00.") from error
    if found.tzinfo is not None:
        raise ValueError("Times are on the buyer's own clock: written as 09:00, without a zone.")
    return found
