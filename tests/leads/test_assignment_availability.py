"""Who can take a lead now: hours on their own clock, days off, limits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from apps.core.errors import InvalidInput
from apps.leads.assignment.availability import (
    Load,
    Person,
    day_begins,
    hours_read,
    hours_words,
    why_not,
)

OFFICE = hours_read({day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
SPLIT = hours_read({"mon": [["13:00", "17:00"], ["09:00", "12:00"]], "sat": [["00:00", "24:00"]]})


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("America/New_York", utc(20, 14), ""),  # Friday 09:00
        ("America/New_York", utc(20, 13, 59), "is not at work until 09:00"),
        ("America/New_York", utc(20, 21, 59), ""),
        ("America/New_York", utc(20, 22), "is not at work until Mon 09:00"),  # Friday 17:00
        ("America/New_York", utc(21, 14), "is not at work until Mon 09:00"),
        ("Asia/Kolkata", utc(20, 3, 30), ""),  # Friday 09:00
        ("Asia/Kolkata", utc(20, 14), "is not at work until Mon 09:00"),
        ("America/New_York", utc(30, 13, 30, month=10), ""),  # the last Friday of summer time
        ("America/New_York", utc(2, 13, 30), "is not at work until 09:00"),  # clocks went back
        ("America/New_York", utc(2, 14), ""),
    ],
)
def test_hours_are_those_of_their_own_clock(zone: str, moment: datetime, words: str) -> None:
    person = Person(1, "Ann", time_zone=zone, hours=OFFICE)
    assert why_not(person, Load(), moment) == words
    assert why_not(person, Load(), moment, at_any_hour=True) == ""


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (utc(23, 11, 59), ""),
        (utc(23, 12), "is not at work until 13:00"),
        (utc(23, 13), ""),
        (utc(21, 0), ""),
        (utc(21, 23, 59), ""),
        (utc(22, 0), "is not at work until Mon 09:00"),
        (utc(23, 17), "is not at work until Sat 00:00"),
    ],
)
def test_a_day_may_have_several_spans_and_end_at_midnight(moment: datetime, words: str) -> None:
    assert why_not(Person(1, "Ann", hours=SPLIT), Load(), moment) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (utc(19, 23), ""),
        (utc(20, 0), "is off until 23 Nov"),
        (utc(23, 12), "is off today"),
        (utc(24, 0), ""),
        (utc(25, 12), "has a holiday today"),
    ],
)
def test_days_off_count_also_at_any_hour(moment: datetime, words: str) -> None:
    person = Person(
        1,
        "Ann",
        days_off=((date(2026, 11, 20), date(2026, 11, 23)),),
        holidays=frozenset({date(2026, 11, 25)}),
    )
    assert why_not(person, Load(), moment, at_any_hour=True) == words


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (Load(4, 2, 9), ""),
        (Load(5, 0, 0), "has 5 of at most 5 open leads"),
        (Load(7, 0, 0), "has 7 of at most 5 open leads"),  # given by hand beyond the limit
        (Load(0, 3, 3), "has 3 of at most 3 new leads today"),
        (Load(0, 0, 10), "has 10 of at most 10 new leads in 30 days"),
    ],
)
def test_limits(load: Load, words: str) -> None:
    person = Person(1, "Ann", max_open=5, max_per_day=3, max_per_30_days=10)
    assert why_not(person, load, utc(20, 12)) == words


def test_who_left_takes_nothing() -> None:
    assert (
        why_not(Person(1, "Ann", is_active=False), Load(), utc(20, 12)) == "no longer takes leads"
    )


@pytest.mark.parametrize(
    "hours",
    [
        {"someday": [["09:00", "17:00"]]},
        {"mon": [["17:00", "09:00"]]},
        {"mon": [["09:00", "09:00"]]},
        {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]},
        {"mon": [["9", "17"]]},
        {"mon": [["09:00", "24:01"]]},
        {"mon": [["09:60", "17:00"]]},
        {"mon": [["09:00"]]},
        {"mon": "09:00-17:00"},
        {"mon": [["08:00", "09:00"]] * 5},
    ],
)
def test_what_are_no_hours_is_refused_by_day(hours: dict) -> None:
    with pytest.raises(InvalidInput) as refused:
        hours_read(hours)
    assert list(refused.value.details) == list(hours)


def test_hours_in_words() -> None:
    assert hours_words(OFFICE) == "Mon–Fri 09:00–17:00"
    assert hours_words(SPLIT) == "Mon 09:00–12:00 and 13:00–17:00, Sat 00:00–24:00"
    assert hours_words({}) == "at any time"
    assert hours_read({"sun": []}) == {}


def test_a_day_begins_at_midnight_of_their_clock() -> None:
    assert day_begins("Asia/Kolkata", utc(20, 20)) == utc(20, 18, 30)
    assert day_begins("America/New_York", utc(20, 4)) == utc(19, 5)
