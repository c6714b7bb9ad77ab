"""When a surveyor can come: tables for the rule, properties for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from apps.leads.survey_slots import Opening, Slot, Taken, free_slots, free_team, slots

NEW_YORK = ZoneInfo("America/New_York")
FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)  # 10:00 in New York


def opening(**changed) -> Opening:
    return Opening(
        **{
            "time_zone": "America/New_York",
            "weekdays": frozenset(range(5)),
            "starts": (time(9), time(13, 30)),
            "length": timedelta(minutes=75),
            "gap": timedelta(minutes=30),
            "teams": 1,
            "notice": timedelta(hours=20),
            "horizon": timedelta(days=7),
            "closed": frozenset(),
        }
        | changed
    )


def local(found: list[Slot], zone: ZoneInfo = NEW_YORK) -> list[str]:
    return [f"{slot.starts_at.astimezone(zone):%a %d %H:%M}" for slot in found]


def test_working_days_after_the_notice_and_before_the_horizon() -> None:
    assert local(list(slots(opening(horizon=timedelta(days=4)), now=FRIDAY))) == [
        "Mon 30 09:00",
        "Mon 30 13:30",
        "Tue 01 09:00",
    ]


def test_a_closed_day_is_left_out() -> None:
    closed = opening(horizon=timedelta(days=4), closed=frozenset({date(2026, 11, 30)}))
    assert local(list(slots(closed, now=FRIDAY))) == ["Tue 01 09:00"]


def test_nobody_books_inside_the_notice() -> None:
    monday_eight = datetime(2026, 11, 30, 13, tzinfo=UTC)
    assert local(list(slots(opening(notice=timedelta(hours=2)), now=monday_eight)))[0] == (
        "Mon 30 13:30"
    )


def test_the_clock_that_skips_an_hour_offers_no_time_it_does_not_show() -> None:
    sunday = opening(weekdays=frozenset({6}), starts=(time(2, 30), time(3, 30)))
    march = datetime(2027, 3, 12, tzinfo=UTC)
    assert local(list(slots(sunday, now=march))) == ["Sun 14 03:30"]


def test_the_hour_that_comes_twice_means_the_first_time() -> None:
    sunday = opening(weekdays=frozenset({6}), starts=(time(1, 30),))
    [slot] = slots(sunday, now=datetime(2026, 10, 30, tzinfo=UTC))
    assert slot.starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_the_same_wall_clock_before_and_after_the_change() -> None:
    nine = opening(starts=(time(9),), horizon=timedelta(days=6))
    found = list(slots(nine, now=datetime(2026, 10, 29, tzinfo=UTC)))
    assert {slot.starts_at.astimezone(NEW_YORK).hour for slot in found} == {9}
    assert {slot.starts_at.hour for slot in found} == {13, 14}  # in UTC


def test_the_way_to_the_next_roof_counts() -> None:
    slot = Slot(FRIDAY, FRIDAY + timedelta(minutes=75))
    far, near = FRIDAY - timedelta(minutes=30), FRIDAY - timedelta(minutes=29)
    begins = FRIDAY - timedelta(hours=2)
    assert free_team(opening(), slot, [Taken(1, begins, far)]) == 1
    assert free_team(opening(), slot, [Taken(1, begins, near)]) is None
    assert free_team(opening(teams=2), slot, [Taken(1, begins, near)]) == 2


def test_without_a_team_nothing_is_free() -> None:
    assert free_slots(opening(teams=0), [], now=FRIDAY) == []


openings = st.builds(
    Opening,
    time_zone=st.sampled_from(["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
    weekdays=st.frozensets(st.integers(0, 6)),
    starts=st.lists(st.times().map(lambda t: t.replace(microsecond=0)), max_size=4).map(tuple),
    length=st.integers(1, 300).map(lambda n: timedelta(minutes=n)),
    gap=st.integers(0, 120).map(lambda n: timedelta(minutes=n)),
    teams=st.integers(0, 3),
    notice=st.integers(0, 72).map(lambda n: timedelta(hours=n)),
    horizon=st.integers(0, 20).map(lambda n: timedelta(days=n)),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3),
)
moments = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(openings, moments)
def test_every_slot_is_inside_the_window_at_a_time_the_clock_shows(opening, now) -> None:
    zone = ZoneInfo(opening.time_zone)
    found = list(slots(opening, now=now))
    assert found == sorted(found, key=lambda slot: slot.starts_at)
    for slot in found:
        shown = slot.starts_at.astimezone(zone)
        assert now + opening.notice <= slot.starts_at <= now + opening.horizon
        assert shown.time() in opening.starts
        assert shown.weekday() in opening.weekdays
        assert shown.date() not in opening.closed


@given(openings, moments)
def test_booking_all_there_is_never_sends_a_team_to_two_roofs(opening, now) -> None:
    taken: list[Taken] = []
    while free := free_slots(opening, taken, now=now):
        team = free_team(opening, free[0], taken)
        assert team is not None
        taken.append(Taken(team, free[0].starts_at, free[0].ends_at))
    for number in range(1, opening.teams + 1):
        mine = sorted((one for one in taken if one.team == number), key=lambda one: one.starts_at)
        for earlier, later in zip(mine, mine[1:], strict=False):
            assert earlier.ends_at + opening.gap <= later.starts_at
