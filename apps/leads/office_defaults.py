"""What an office starts with: its hours, its answer times, its public holidays. Pure.

Staff change all of it in the admin. A market that is not named here opens on weekdays from nine to
six and keeps the national holidays of its country.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import holidays

from apps.leads.first_response import Policy

_ESTIMATED = " (estimated)"
_WEEKDAYS = range(5)
_NINE_TO_SIX = (time(9), time(18))
_HOURS: dict[str, dict[int, tuple[time, time]]] = {
    "nyc": dict.fromkeys(_WEEKDAYS, _NINE_TO_SIX) | {5: (time(10), time(14))},
    "india": dict.fromkeys(range(6), (time(9, 30), time(18, 30))),
}
_SUBDIVISIONS = {"nyc": "NY"}
POLICIES = (
    Policy(priority="high", tier="", target_minutes=15),
    Policy(priority="", tier="", target_minutes=60),
    Policy(priority="low", tier="", target_minutes=240),
)


@dataclass(frozen=True)
class PublicHoliday:
    """A public holiday. `is_closed` is False for one that only the state keeps."""

    day: date
    name: str
    is_closed: bool = True
    note: str = ""


def default_hours(market: str) -> dict[int, tuple[time, time]]:
    """Opening and closing by weekday, Monday is 0."""
    return _HOURS.get(market, dict.fromkeys(_WEEKDAYS, _NINE_TO_SIX))


def public_holidays(market: str, region: str, year: int) -> list[PublicHoliday]:
    """The public holidays of a year: of the country, and of the market's own state.

    A country the library does not know has none here: staff enter them.
    """
    if region not in holidays.list_supported_countries(include_aliases=False):
        return []
    national = _named(region, year)
    found = [_holiday(day, name) for day, name in sorted(national.items())]
    state = _SUBDIVISIONS.get(market)
    if state:
        own = _named(region, year, subdivision=state)
        found += [
            PublicHoliday(day, name, is_closed=False, note=f"Only in {state}: close if you do")
            for day, name in sorted(own.items())
            if day not in national
        ]
    return found


def _named(region: str, year: int, subdivision: str | None = None) -> holidays.HolidayBase:
    """With English names, whatever language the machine speaks."""
    return holidays.country_holidays(region, subdiv=subdivision, years=year, language="en_US")


def _holiday(day: date, name: str) -> PublicHoliday:
    note = "By the moon: check the date" if _ESTIMATED in name else ""
    return PublicHoliday(day, name.replace(_ESTIMATED, "")[:200], note=note)
