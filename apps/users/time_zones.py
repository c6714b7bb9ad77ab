"""Time zones as people choose them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django.utils import timezone

# Names of offsets and of computers, not of places.
_NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Mexico/")


@cache
def time_zones() -> tuple[str, ...]:
    """The IANA names of places, in order."""
    return tuple(
        sorted(name for name in available_timezones() if "/" in name and name[0].isupper())
    )


def zone_or_company(chosen: str) -> str:
    """The zone that was chosen; the company's where none was, or none that there is."""
    return chosen if chosen in time_zones() else timezone.get_default_timezone_name()


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    """For a form; the empty choice is the company's own."""
    places = [name for name in time_zones() if not name.startswith(_NOT_PLACES)]
    return [("", "The company's"), *((name, name.replace("_", " ")) for name in places)]
