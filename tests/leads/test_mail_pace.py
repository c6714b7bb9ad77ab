"""When the next step is due, by hand: weekends, holidays, clocks that change, both markets."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.first_response import OfficeHours
from apps.leads.mail.pace import Standing, is_daytime, step_moment, why_over

DAY = ((time(9), time(18)),)
THANKSGIVING = date(2026, 11, 26)
NEW_YORK = OfficeHours(
    "America/New_York", (DAY, DAY, DAY, DAY, DAY, (), ()), frozenset({THANKSGIVING})
)
INDIA = OfficeHours("Asia/Kolkata", (DAY, DAY, DAY, DAY, DAY, DAY, ()), frozenset())


def at(text: str, hours: OfficeHours = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(hours.zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "after", "wait", "hour", "due"),
    [
        # the same day, if the hour is to come; else the next office day
        (NEW_YORK, "2026-11-23T09:00", 0, "17:00", "2026-11-23T17:00"),
        (NEW_YORK, "2026-11-23T17:00", 0, "17:00", "2026-11-24T17:00"),
        (NEW_YORK, "2026-11-21T09:00", 0, "10:00", "2026-11-23T10:00"),  # a Saturday
        # Wednesday before Thanksgiving: two office days on is Monday
        (NEW_YORK, "2026-11-25T15:00", 1, "10:00", "2026-11-27T10:00"),
        (NEW_YORK, "2026-11-25T15:00", 2, "10:00", "2026-11-30T10:00"),
        (NEW_YORK, "2026-11-20T23:59", 1, "10:00", "2026-11-23T10:00"),  # a Friday night
        # over the night the clocks change, ten o'clock is ten o'clock
        (NEW_YORK, "2026-10-30T12:00", 1, "10:00", "2026-11-02T10:00"),
        (NEW_YORK, "2026-03-06T12:00", 1, "10:00", "2026-03-09T10:00"),
        # Saturday is an office day there, Sunday is not
        (INDIA, "2026-11-27T12:00", 1, "10:30", "2026-11-28T10:30"),
        (INDIA, "2026-11-28T12:00", 1, "10:30", "2026-11-30T10:30"),
    ],
)
def test_moment(hours, after, wait, hour, due) -> None:
    found = step_moment(hours, after=at(after, hours), wait_days=wait, at=time.fromisoformat(hour))
    assert found == at(due, hours)


def test_an_office_that_never_opens_has_no_moment() -> None:
    closed = OfficeHours("America/New_York", ((),) * 7)
    assert step_moment(closed, after=at("2026-11-23T09:00"), wait_days=1, at=time(10)) is None


@pytest.mark.parametrize(
    ("moment", "is_so"),
    [
        ("2026-11-23T07:59", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T19:59", True),
        ("2026-11-23T20:00", False),
        ("2026-11-22T12:00", False),  # Sunday
        ("2026-11-26T12:00", False),  # Thanksgiving
    ],
)
def test_nobody_is_written_to_at_night(moment: str, is_so: bool) -> None:
    assert is_daytime(NEW_YORK, at(moment)) is is_so


BEGIN, END = (datetime.fromisoformat(day) for day in ("2026-01-01", "2027-12-31"))


@given(
    st.datetimes(BEGIN, END),
    st.integers(0, 20),
    st.integers(8, 19),
)
def test_every_moment_is_later_and_by_day(after: datetime, wait: int, hour: int) -> None:
    begun = after.replace(tzinfo=UTC)
    found = step_moment(NEW_YORK, after=begun, wait_days=wait, at=time(hour))
    assert found is not None
    assert found > begun
    assert is_daytime(NEW_YORK, found)


GOING = {
    "is_open": True,
    "is_suppressed": False,
    "is_reachable": True,
    "has_written": False,
    "has_booked": False,
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"is_open": False}, "closed"),
        ({"is_suppressed": True, "is_open": False}, "no more mails"),
        ({"has_written": True}, "They wrote"),
        ({"has_booked": True}, "booked"),
        ({"is_reachable": False}, "came back"),
    ],
)
def test_what_ends_a_sequence(changed: dict, reason: str) -> None:
    words = why_over(Standing(**GOING | changed))
    assert reason in words
    assert bool(words) is bool(reason)
