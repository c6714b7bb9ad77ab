"""The clock of the first answer, by cases worked out by hand and by its laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.leads.first_response import (
    OfficeHours,
    Policy,
    after_office_time,
    choose_policy,
    clock_moments,
    clock_moments_changed,
    duration_words,
    is_open,
    next_office_day,
    office_time,
    read_clock,
)
from apps.leads.office_defaults import default_hours, public_holidays

NY, INDIA = "America/New_York", "Asia/Kolkata"


def office(market: str, zone: str, region: str) -> OfficeHours:
    """What a new installation starts with."""
    hours = default_hours(market)
    closed = {
        h.day for y in (2026, 2027) for h in public_holidays(market, region, y) if h.is_closed
    }
    week = tuple((hours[day],) if day in hours else () for day in range(7))
    return OfficeHours(zone, week, frozenset(closed))


OFFICES = {"nyc": office("nyc", NY, "US"), "india": office("india", INDIA, "IN")}
ZONES = {"nyc": ZoneInfo(NY), "india": ZoneInfo(INDIA)}
HIGH, MEDIUM, LOW = 15, 60, 240

# New York is open Mon-Fri 9-18 and Sat 10-14; India Mon-Sat 9:30-18:30. Local times; 2026.
CASES = [
    ("nyc", "11-23 10:00", HIGH, "11-23 10:15", "a Monday morning"),
    ("nyc", "11-23 10:00", MEDIUM, "11-23 11:00", "the same, medium"),
    ("nyc", "11-23 10:00", LOW, "11-23 14:00", "the same, low"),
    ("nyc", "11-23 17:45", HIGH, "11-23 18:00", "due as the office closes"),
    ("nyc", "11-23 18:00", HIGH, "11-24 09:15", "came as the office closed"),
    ("nyc", "11-23 22:10", MEDIUM, "11-24 10:00", "after hours"),
    ("nyc", "11-24 03:00", HIGH, "11-24 09:15", "before hours"),
    ("nyc", "11-20 17:50", MEDIUM, "11-21 10:50", "Friday evening: the rest on Saturday"),
    ("nyc", "11-20 16:00", LOW, "11-21 12:00", "Friday, low: two hours on each day"),
    ("nyc", "11-21 13:30", MEDIUM, "11-23 09:30", "Saturday: the rest on Monday"),
    ("nyc", "11-22 12:00", MEDIUM, "11-23 10:00", "a Sunday"),
    ("nyc", "11-25 17:30", MEDIUM, "11-27 09:30", "Thanksgiving lies between"),
    ("nyc", "11-26 10:00", HIGH, "11-27 09:15", "on Thanksgiving itself"),
    ("nyc", "12-24 17:30", MEDIUM, "12-26 10:30", "Christmas, then a Saturday"),
    ("nyc", "11-11 10:00", HIGH, "11-12 09:15", "Veterans Day is national"),
    ("nyc", "11-03 10:00", HIGH, "11-03 10:15", "Election Day is only the state's: open"),
    ("nyc", "03-07 13:50", MEDIUM, "03-09 09:50", "the clocks go forward on the Sunday"),
    ("nyc", "10-31 13:50", MEDIUM, "11-02 09:50", "the clocks go back on the Sunday"),
    ("india", "11-23 10:00", HIGH, "11-23 10:15", "a Monday morning in India"),
    ("india", "11-21 18:00", MEDIUM, "11-23 10:00", "a whole Saturday, then a Sunday"),
    ("india", "11-23 18:00", MEDIUM, "11-25 10:00", "Guru Nanak's birthday lies between"),
    ("india", "03-07 18:00", MEDIUM, "03-09 10:00", "no clocks change in India"),
    ("india", "10-31 18:00", LOW, "11-02 13:00", "nor in autumn"),
    ("india", "08-14 18:25", HIGH, "08-17 09:40", "Independence Day, then a Sunday"),
]


def local(market: str, text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONES[market])


@pytest.mark.parametrize(("market", "begun", "target", "due", "why"), CASES)
def test_due_as_worked_out_by_hand(
    market: str, begun: str, target: int, due: str, why: str
) -> None:
    found = after_office_time(OFFICES[market], local(market, begun), timedelta(minutes=target))
    assert found == local(market, due), why


def test_the_due_moments_in_utc_around_the_change_of_clocks() -> None:
    """The same local time is another hour in UTC on the two sides of the change."""
    hour = timedelta(hours=1)
    spring = after_office_time(OFFICES["nyc"], local("nyc", "03-07 13:50"), hour)
    autumn = after_office_time(OFFICES["nyc"], local("nyc", "10-31 13:50"), hour)
    assert spring == datetime(2026, 3, 9, 13, 50, tzinfo=UTC)
    assert autumn == datetime(2026, 11, 2, 14, 50, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [("03-08", 23), ("11-01", 25), ("06-07", 24)])
def test_an_office_that_never_closes_has_days_of_23_24_and_25_hours(day: str, hours: int) -> None:
    begin = local("nyc", f"{day} 00:00")
    always = OfficeHours.around_the_clock(NY)
    end = datetime.combine(begin.date() + timedelta(days=1), time(0), ZONES["nyc"])
    assert office_time(always, begin, end) == timedelta(hours=hours)
    assert after_office_time(always, begin, timedelta(hours=hours)) == end


def test_a_span_to_midnight_and_spans_that_overlap_are_read_as_meant() -> None:
    week = (((time(20), time(0)), (time(9), time(12)), (time(11), time(13))),) + ((),) * 6
    hours = OfficeHours(NY, week)
    monday, sunday = local("nyc", "11-23 00:00"), local("nyc", "11-29 23:59")
    assert office_time(hours, monday, sunday) == timedelta(hours=8)


def test_an_office_that_does_not_open_again_has_no_due_moment() -> None:
    shut = OfficeHours(NY, ((),) * 7)
    assert after_office_time(shut, local("nyc", "11-23 10:00"), timedelta(minutes=1)) is None
    policy = Policy("", "", MEDIUM)
    assert clock_moments(shut, policy, local("nyc", "11-23 10:00")) is None


def test_the_next_office_day_skips_what_is_closed() -> None:
    thanksgiving_eve = local("nyc", "11-25 10:00")
    assert next_office_day(OFFICES["nyc"], thanksgiving_eve) == local("nyc", "11-27 09:00")


@pytest.mark.parametrize(
    ("priority", "tier", "target"),
    [
        ("high", "basic", 15),
        ("low", "basic", 240),
        ("medium", "basic", 60),
        ("low", "premium", 5),
        ("high", "premium", 3),
    ],
)
def test_the_policy_that_names_a_lead_most_exactly_counts(
    priority: str, tier: str, target: int
) -> None:
    policies = [
        Policy("", "", 60),
        Policy("high", "", 15),
        Policy("low", "", 240),
        Policy("", "premium", 5),
        Policy("high", "premium", 3),
    ]
    found = choose_policy(policies, priority=priority, tier=tier)
    assert found is not None
    assert found.target_minutes == target
    assert choose_policy(policies[1:2], priority="low", tier="basic") is None


@pytest.mark.parametrize(
    ("now", "target", "due", "why"),
    [
        ("10:30", LOW, "14:00", "longer counts from the beginning"),
        ("10:30", HIGH, "10:45", "shorter counts from now"),
        ("10:50", HIGH, "11:00", "but never ends later than promised before"),
        ("12:00", HIGH, "11:00", "and a promise that is broken stays broken"),
    ],
)
def test_another_target_while_the_clock_runs(now: str, target: int, due: str, why: str) -> None:
    moments = clock_moments_changed(
        OFFICES["nyc"],
        Policy("", "", target),
        local("nyc", "11-23 10:00"),
        due_before=local("nyc", "11-23 11:00"),
        now=local("nyc", f"11-23 {now}"),
    )
    assert moments is not None
    assert moments.due_at == local("nyc", f"11-23 {due}"), why
    assert moments.warn_at <= moments.due_at


@pytest.mark.parametrize(
    ("now", "answered", "is_over", "state", "words"),
    [
        ("11-23 10:12", None, False, "running", "Answer within 48 min"),
        ("11-23 10:48", None, False, "due_soon", "Answer within 12 min"),
        ("11-23 10:59", None, False, "due_soon", "Answer within 1 min"),
        ("11-23 11:00", None, False, "late", "Late by under a minute"),
        ("11-23 12:05", None, False, "late", "Late by 1 h 5 min"),
        ("11-25 12:00", None, False, "late", "Late by 19 h"),
        ("11-23 12:05", "11-23 10:59", False, "answered", "Answered in time"),
        ("11-23 12:05", "11-23 12:00", False, "answered_late", "Answered 1 h late"),
        ("11-23 12:05", None, True, "stopped", "Closed before it was answered"),
    ],
)
def test_what_the_clock_says(
    now: str, answered: str | None, is_over: bool, state: str, words: str
) -> None:
    reading = read_clock(
        OFFICES["nyc"],
        due_at=local("nyc", "11-23 11:00"),
        warn_at=local("nyc", "11-23 10:45"),
        answered_at=local("nyc", answered) if answered else None,
        is_over=is_over,
        now=local("nyc", now),
    )
    assert (reading.state, reading.words, reading.pause) == (state, words, "")


def test_a_pause_says_when_it_goes_on() -> None:
    reading = read_clock(
        OFFICES["nyc"],
        due_at=local("nyc", "11-27 09:30"),
        warn_at=local("nyc", "11-27 09:15"),
        answered_at=None,
        is_over=False,
        now=local("nyc", "11-26 12:00"),
    )
    assert (reading.state, reading.words) == ("running", "Answer within 30 min")
    assert reading.pause == "Stands still: the office opens Fri 27 Nov, 09:00 (EST)."


def test_words_of_durations() -> None:
    minutes = (0.5, 1, 59, 60, 65, 125, 599, 605, 1860)
    assert [duration_words(timedelta(minutes=m)) for m in minutes] == [
        "under a minute",
        "1 min",
        "59 min",
        "1 h",
        "1 h 5 min",
        "2 h 5 min",
        "9 h 59 min",
        "10 h",
        "31 h",
    ]


MOMENTS = st.integers(0, 500 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DURATIONS = st.integers(1, 60 * 60).map(lambda minutes: timedelta(minutes=minutes))
MARKETS = st.sampled_from(["nyc", "india"])


@given(MARKETS, MOMENTS, DURATIONS, DURATIONS)
def test_two_durations_one_after_the_other_are_their_sum(
    market: str, begun: datetime, first: timedelta, second: timedelta
) -> None:
    hours = OFFICES[market]
    between = after_office_time(hours, begun, first)
    assert between is not None
    assert after_office_time(hours, between, second) == after_office_time(
        hours, begun, first + second
    )


@given(MARKETS, MOMENTS, DURATIONS)
def test_between_a_beginning_and_its_due_moment_lies_the_target(
    market: str, begun: datetime, target: timedelta
) -> None:
    hours = OFFICES[market]
    due = after_office_time(hours, begun, target)
    assert due is not None
    assert due >= begun + target
    assert office_time(hours, begun, due) == target


@given(MARKETS, MOMENTS, MOMENTS, DURATIONS, DURATIONS)
def test_later_or_longer_is_never_due_earlier(
    market: str, one: datetime, other: datetime, short: timedelta, long: timedelta
) -> None:
    hours = OFFICES[market]
    (one, other), (short, long) = sorted((one, other)), sorted((short, long))
    due = [after_office_time(hours, begun, wait) for begun, wait in ((one, short), (other, long))]
    assert due[0] is not None
    assert due[1] is not None
    assert due[0] <= due[1]


@given(MARKETS, MOMENTS, MOMENTS, MOMENTS)
def test_office_time_adds_up(market: str, a: datetime, b: datetime, c: datetime) -> None:
    hours, (a, b, c) = OFFICES[market], sorted((a, b, c))
    assert office_time(hours, a, b) + office_time(hours, b, c) == office_time(hours, a, c)
    assert office_time(hours, c, a) == timedelta() or a == c


@given(MARKETS, MOMENTS)
def test_no_time_at_all_is_when_the_office_is_open_next(market: str, moment: datetime) -> None:
    opens = after_office_time(OFFICES[market], moment, timedelta())
    assert opens is not None
    assert is_open(OFFICES[market], opens)
    assert is_open(OFFICES[market], moment) == (opens == moment)


def test_the_first_year_has_the_holidays_of_both_markets() -> None:
    nyc = {holiday.day: holiday for holiday in public_holidays("nyc", "US", 2026)}
    assert nyc[date(2026, 11, 26)].name == "Thanksgiving Day"
    assert nyc[date(2026, 11, 26)].is_closed
    assert not nyc[date(2026, 11, 3)].is_closed  # Election Day: New York State only
    india = {holiday.day: holiday for holiday in public_holidays("india", "IN", 2026)}
    assert india[date(2026, 8, 15)].name == "Independence Day"
    assert india[date(2026, 11, 8)].name == "Diwali"
    by_the_moon = {holiday.day: holiday for holiday in public_holidays("india", "IN", 2027)}
    assert by_the_moon[date(2027, 3, 10)].name == "Eid al-Fitr"
    assert by_the_moon[date(2027, 3, 10)].note
    assert public_holidays("mars", "ZZ", 2026) == []
