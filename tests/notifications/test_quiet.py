"""Hours of quiet, on the clock of the person's own wall."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.quiet import Quiet

NEW_YORK, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "over_at"),
    [
        # Over midnight, in New York's winter (UTC-5).
        (Quiet(NEW_YORK, time(21), time(7)), utc(2026, 1, 10, 2, 0), utc(2026, 1, 10, 12, 0)),
        (Quiet(NEW_YORK, time(21), time(7)), utc(2026, 1, 10, 11, 59), utc(2026, 1, 10, 12, 0)),
        (Quiet(NEW_YORK, time(21), time(7)), utc(2026, 1, 10, 12, 0), utc(2026, 1, 10, 12, 0)),
        (Quiet(NEW_YORK, time(21), time(7)), utc(2026, 1, 11, 1, 59), utc(2026, 1, 11, 1, 59)),
        # The night the clocks go forward is an hour shorter: 7:00 is UTC-4 already.
        (Quiet(NEW_YORK, time(21), time(7)), utc(2026, 3, 8, 2, 30), utc(2026, 3, 8, 11, 0)),
        # Within a day, in a zone with half an hour.
        (Quiet(KOLKATA, time(13), time(14)), utc(2026, 1, 10, 7, 45), utc(2026, 1, 10, 8, 30)),
        (Quiet(KOLKATA, time(13), time(14)), utc(2026, 1, 10, 8, 30), utc(2026, 1, 10, 8, 30)),
        # Equal ends are no hours at all.
        (Quiet(KOLKATA, time(9), time(9)), utc(2026, 1, 10, 3, 30), utc(2026, 1, 10, 3, 30)),
    ],
)
def test_by_hand(quiet: Quiet, now: datetime, over_at: datetime):
    assert quiet.over_at(now) == over_at
    assert quiet.holds(now) is (over_at != now)


@given(
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from([NEW_YORK, KOLKATA, ZoneInfo("Pacific/Chatham")]),
    now=st.integers(0, 2 * 365 * 24 * 3600).map(lambda s: utc(2025, 1, 1) + timedelta(seconds=s)),
)
def test_it_ends_within_a_day_and_it_is_not_quiet_then(start, end, zone, now):
    quiet = Quiet(zone, start, end)
    over_at = quiet.over_at(now)
    assert now <= over_at <= now + timedelta(hours=25)
    # A wall clock set back shows the same hour twice; then the quiet one comes round again.
    assert not quiet.holds(over_at) or over_at.astimezone(zone).fold == 1
