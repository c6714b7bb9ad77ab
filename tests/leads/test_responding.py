"""The clock on a lead: when it starts, what changes it, what answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.leads.actions.changing import lead_details_save, leads_set_status
from apps.leads.actions.office import office_prepare
from apps.leads.actions.responding import first_response_clock_set, first_response_note
from apps.leads.actions.scoring import lead_score
from apps.leads.models import Holiday, Lead, OfficeSpan, ResponsePolicy
from tests.factories.leads import make_lead
from tests.walking import knock

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # ten in New York
MINUTE = timedelta(minutes=1)


def clocked(**fields) -> Lead:
    lead = make_lead(now=MONDAY, **fields)
    first_response_clock_set(lead.pk, now=MONDAY)
    lead.refresh_from_db()
    return lead


def test_the_clock_starts_when_the_lead_came_in() -> None:
    lead = make_lead(now=MONDAY)
    first_response_clock_set(lead.pk, now=MONDAY + 30 * MINUTE)
    lead.refresh_from_db()
    assert lead.first_response_due_at == MONDAY + 60 * MINUTE
    assert lead.first_response_warn_at == MONDAY + 45 * MINUTE
    assert (lead.first_response_target, lead.first_response_alert_at) == (
        60,
        MONDAY + 45 * MINUTE,
    )


def test_the_road_starts_it_and_writes_down_the_first_call(api) -> None:
    contact = {"name": "Lee", "email": "lee@example.com", "phone": "(212) 555-0123"}
    lead = knock(api, "emailjs", {"contact_info": contact, "market": "nyc"})
    assert lead is not None
    lead.refresh_from_db()
    assert lead.first_response_due_at is not None
    task = lead.tasks.get()
    assert (task.kind, task.reason, task.state) == ("call", "first_call", "open")
    assert task.due_at == lead.first_response_due_at
    assert task.assignee == lead.assigned_to


def test_starting_it_again_changes_nothing(django_assert_max_num_queries) -> None:
    lead = clocked()
    ResponsePolicy.objects.filter(priority_level="").update(warn_percent=10)
    first_response_clock_set(lead.pk, now=MONDAY + 10 * MINUTE)
    warn_at = lead.first_response_warn_at
    lead.refresh_from_db()
    assert lead.first_response_warn_at == warn_at


def test_without_a_policy_there_is_no_clock() -> None:
    ResponsePolicy.objects.all().delete()
    assert clocked().first_response_due_at is None


def test_a_tier_that_is_answered_sooner_shortens_a_running_clock(mia) -> None:
    ResponsePolicy.objects.create(market_id="nyc", tier="premium", target_minutes=5)
    lead = clocked(postal_code="10021", monthly_bill=500)
    facts = {"ownership": "owner", "property_type": "single_family"}
    Lead.objects.filter(pk=lead.pk).update(**facts)
    at = MONDAY + 10 * MINUTE
    lead_score(lead.pk, now=at)
    lead.refresh_from_db()
    assert lead.tier == "premium"
    assert lead.first_response_due_at == at + 5 * MINUTE
    assert lead.first_response_alert_at == lead.first_response_warn_at


def test_a_priority_given_by_hand_changes_the_target(mia) -> None:
    lead = clocked()
    lead.priority_level = "low"
    lead_details_save(lead, before={"priority_level": "medium"}, actor=mia, now=MONDAY + MINUTE)
    lead.refresh_from_db()
    assert lead.first_response_due_at == MONDAY + 240 * MINUTE


def test_a_try_answers_and_stops_the_clock_and_being_reached_is_kept_beside_it() -> None:
    lead = clocked()
    for minutes, reached in ((5, False), (9, True), (20, True)):
        first_response_note(lead.pk, reached=reached, now=MONDAY + minutes * MINUTE)
    lead.refresh_from_db()
    assert lead.first_response_at == MONDAY + 5 * MINUTE
    assert lead.first_reached_at == MONDAY + 9 * MINUTE
    assert lead.first_response_alert_at is None


@pytest.mark.parametrize(
    ("status", "answered", "reached"),
    [
        ("contacted", True, False),
        ("qualified", True, True),
        ("lost", False, False),
        ("unqualified", False, False),
    ],
)
def test_what_a_status_says_of_the_first_answer(
    sam, status: str, answered: bool, reached: bool
) -> None:
    lead = clocked()
    leads_set_status([lead.public_id], status=status, lost_reason="x", actor=sam, now=MONDAY)
    lead.refresh_from_db()
    assert (lead.first_response_at is not None) is answered
    assert (lead.first_reached_at is not None) is reached
    assert lead.first_response_alert_at is None


def test_an_office_is_prepared_once_and_what_staff_changed_stays() -> None:
    OfficeSpan.objects.filter(market="nyc").exclude(weekday=0).delete()
    ResponsePolicy.objects.filter(market="nyc").update(target_minutes=7)
    Holiday.objects.filter(market="nyc", day=date(2026, 11, 26)).update(is_closed=False)
    assert office_prepare(today=date(2026, 12, 1)) == 0
    assert OfficeSpan.objects.filter(market="nyc").count() == 1
    assert not Holiday.objects.get(market="nyc", day=date(2026, 11, 26)).is_closed
    assert set(
        ResponsePolicy.objects.filter(market="nyc").values_list("target_minutes", flat=True)
    ) == {7}
    assert office_prepare(today=date(2027, 1, 1)) > 20  # the year after


def test_a_day_of_our_own_closes_the_office() -> None:
    Holiday.objects.create(market_id="nyc", day=date(2026, 11, 23), name="Stock-taking")
    assert clocked().first_response_due_at == datetime(2026, 11, 24, 15, tzinfo=UTC)
