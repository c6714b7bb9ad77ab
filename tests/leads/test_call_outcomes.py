"""The table of what follows from a call, and the pure rules around it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.leads.call_outcomes import MOST_TRIES, OUTCOMES, Wait, retry_after, status_after
from apps.leads.calling_hours import call_permit, zone_of
from apps.leads.choices import CallStatus

NEW_YORK, INDIA = "America/New_York", "Asia/Kolkata"
TWO_HOURS, HALF_AN_HOUR = Wait(office_minutes=120), Wait(office_minutes=30)
NEXT_DAY = Wait(is_next_day=True)


def test_every_ending_has_its_row_and_nothing_else_has() -> None:
    assert set(OUTCOMES) == set(CallStatus.values) - {"to_call", "calling"}


@pytest.mark.parametrize(
    ("outcome", "answers", "reached", "asks", "silences", "wrong"),
    [
        ("no_answer", True, False, "", False, False),
        ("voicemail", True, False, "", False, False),
        ("busy", True, False, "", False, False),
        ("failed", False, False, "", False, False),
        ("wrong_number", False, False, "", False, True),
        ("callback_requested", True, True, "moment", False, False),
        ("qualified", True, True, "", False, False),
        ("not_qualified", True, True, "reason", False, False),
        ("do_not_call", True, True, "", True, False),
    ],
)
def test_what_each_ending_means(
    outcome: str, answers: bool, reached: bool, asks: str, silences: bool, wrong: bool
) -> None:
    row = OUTCOMES[outcome]
    assert (row.answers, row.reached, row.asks) == (answers, reached, asks)
    assert (row.silences, row.number_is_wrong) == (silences, wrong)


@pytest.mark.parametrize(
    ("outcome", "waits"),
    [
        ("no_answer", [TWO_HOURS, NEXT_DAY, NEXT_DAY, NEXT_DAY, NEXT_DAY, None, None]),
        ("voicemail", [NEXT_DAY] * 5 + [None]),
        ("busy", [HALF_AN_HOUR, TWO_HOURS, NEXT_DAY, NEXT_DAY, NEXT_DAY, None]),
        ("failed", [HALF_AN_HOUR, TWO_HOURS, NEXT_DAY, NEXT_DAY, NEXT_DAY, None]),
        ("qualified", [None, None]),
        ("do_not_call", [None, None]),
        ("wrong_number", [None, None]),
    ],
)
def test_when_to_try_again(outcome: str, waits: list[Wait | None]) -> None:
    assert [retry_after(outcome, tries) for tries in range(1, len(waits) + 1)] == waits
    assert retry_after(outcome, MOST_TRIES) is None


@pytest.mark.parametrize(
    ("outcome", "before", "after"),
    [
        ("no_answer", "new", "new"),
        ("callback_requested", "new", "contacted"),
        ("callback_requested", "proposal", "proposal"),
        ("qualified", "new", "qualified"),
        ("qualified", "negotiation", "negotiation"),
        ("not_qualified", "proposal", "unqualified"),
        ("do_not_call", "contacted", "contacted"),
    ],
)
def test_a_call_never_moves_a_lead_backwards(outcome: str, before: str, after: str) -> None:
    assert status_after(outcome, before) == after


@pytest.mark.parametrize(
    ("utc", "zone", "verdict"),
    [
        ("2026-11-23T12:59", NEW_YORK, "no"),  # 7:59
        ("2026-11-23T13:00", NEW_YORK, "yes"),  # 8:00
        ("2026-11-24T01:59", NEW_YORK, "yes"),  # 20:59
        ("2026-11-24T02:00", NEW_YORK, "no"),  # 21:00
        ("2026-07-01T12:00", NEW_YORK, "yes"),  # 8:00 in summer
        ("2026-11-23T02:29", INDIA, "no"),  # 7:59
        ("2026-11-23T02:30", INDIA, "yes"),  # 8:00
    ],
)
def test_calls_keep_to_the_day_of_whoever_is_called(utc: str, zone: str, verdict: str) -> None:
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    permit = call_permit(has_phone=True, is_suppressed=False, consent="given", zone=zone, now=now)
    assert permit.verdict == verdict


@pytest.mark.parametrize(
    ("facts", "verdict", "words"),
    [
        ({"has_phone": False}, "no", "No telephone number"),
        ({"is_suppressed": True}, "no", "do-not-contact"),
        ({"consent": "revoked"}, "no", "took back"),
        ({"consent": "unknown"}, "ask", "No consent"),
        ({}, "yes", "It is 10:00 in New York."),
    ],
)
def test_what_else_decides(facts: dict, verdict: str, words: str) -> None:
    usual = {"has_phone": True, "is_suppressed": False, "consent": "given", "zone": NEW_YORK}
    now = datetime(2026, 11, 23, 15, tzinfo=UTC)
    permit = call_permit(**usual | facts, now=now)
    assert permit.verdict == verdict
    assert words in permit.words


@pytest.mark.parametrize(
    ("phone", "has_place", "zone"),
    [
        ("+14155550123", False, "America/Los_Angeles"),  # San Francisco
        ("+14155550123", True, NEW_YORK),  # the number moved along
        ("+919810012345", False, "Asia/Kolkata"),
        ("+18005550123", False, NEW_YORK),  # toll-free: at home in many zones
        ("", False, NEW_YORK),
        ("nonsense", False, NEW_YORK),
    ],
)
def test_where_somebody_lives(phone: str, has_place: bool, zone: str) -> None:
    assert zone_of(phone=phone, market_zone=NEW_YORK, has_place=has_place) == zone
