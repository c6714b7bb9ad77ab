"""A first answer that does not come: who is told when, and who takes over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.escalating import first_responses_watch
from apps.leads.actions.responding import first_response_clock_set, first_response_note
from apps.leads.models import Lead, ResponsePolicy
from apps.notifications.models import Alert, Notification
from apps.users.models import User
from tests.factories.assignment import make_rule, make_team
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # ten in New York; an hour to answer
MINUTE = timedelta(minutes=1)


@pytest.fixture
def team():
    """Puts people into the pool of New York."""

    def make(*people: User) -> None:
        make_rule(make_team(*people))

    return make


def waiting(owner: User | None, **fields) -> Lead:
    lead = make_lead(now=MONDAY, assigned_to=owner, **fields)
    first_response_clock_set(lead.pk, now=MONDAY)
    return lead


def told(lead: Lead) -> list[tuple[str, str]]:
    rows = Notification.objects.filter(link__contains=f"/lead/{lead.pk}/").order_by("pk")
    return [(row.recipient.username, row.kind.removeprefix("first_response.")) for row in rows]


def lines(lead: Lead) -> list[str]:
    return list(
        lead.activities.filter(kind="response").order_by("pk").values_list("summary", flat=True)
    )


def watch(minutes: int) -> int:
    return first_responses_watch(now=MONDAY + minutes * MINUTE)


def test_the_owner_is_reminded_then_managers_hear_then_somebody_else_is_suggested(
    sam, sue, mia, team
) -> None:
    team(sam, sue)
    lead = waiting(sam)
    assert (watch(44), told(lead)) == (0, [])
    assert (watch(45), watch(46)) == (1, 0)
    assert told(lead) == [("sam", "due_soon")]
    assert (watch(60), watch(61)) == (1, 0)
    assert told(lead)[1:] == [("sam", "late"), ("mia", "late")]
    assert (watch(120), watch(121), watch(100_000)) == (1, 0, 0)
    assert told(lead)[3:] == [("sam", "escalated"), ("mia", "escalated")]
    assert lines(lead) == [
        "An answer is due in 15 min: told sam",
        "Not answered within 1 h: told sam, mia",
        "Still not answered within 2 h: told sam, mia. "
        "sam has it. Give it to sue, whose turn is next.",
    ]
    lead.refresh_from_db()
    assert (lead.first_response_stage, lead.assigned_to) == ("escalated", sam)
    assert Alert.objects.get().title == f"{lead.name}: still not answered within 2 h"


def test_an_answer_settles_the_alert(sam, mia) -> None:
    lead = waiting(sam)
    watch(120)
    assert Alert.objects.get().resolved_at is None
    first_response_note(lead.pk, reached=False, now=MONDAY + 130 * MINUTE)
    assert Alert.objects.get().resolved_at == MONDAY + 130 * MINUTE


def test_a_policy_may_give_the_lead_to_the_next_person(sam, sue, mia, team) -> None:
    team(sam, sue)
    ResponsePolicy.objects.update(escalation="reassign")
    lead = waiting(sam)
    watch(120)
    lead.refresh_from_db()
    assert lead.assigned_to == sue
    line = lead.activities.get(kind="assigned")
    assert line.summary.startswith("Given to sue")
    assert "sam had it, not answered within 2 h; the answer times say so" in line.summary
    assert ("sue", "escalated") in told(lead)


def test_where_nobody_else_is_the_managers_are_asked(sam, mia, team) -> None:
    team(sam)
    ResponsePolicy.objects.update(escalation="reassign")
    lead = waiting(sam)
    watch(120)
    lead.refresh_from_db()
    assert lead.assigned_to == sam
    assert "nobody else is free" in lines(lead)[0]


def test_of_a_lead_without_an_owner_the_managers_hear(sam, mia) -> None:
    lead = waiting(None)
    watch(45)
    assert told(lead) == [("mia", "due_soon")]
    watch(120)
    assert told(lead)[1:] == [("mia", "escalated")]


def test_what_was_slept_through_is_left_out(sam, mia) -> None:
    lead = waiting(sam)
    assert watch(90) == 1
    assert [kind for _, kind in told(lead)] == ["late", "late"]


def test_nights_and_holidays_do_not_count(sam) -> None:
    lead = make_lead(now=MONDAY + timedelta(hours=8), assigned_to=sam)  # at six
    first_response_clock_set(lead.pk, now=MONDAY)
    assert first_responses_watch(now=MONDAY + timedelta(hours=22)) == 0  # eight the next morning
    assert first_responses_watch(now=MONDAY + timedelta(hours=23, minutes=45)) == 1


@pytest.mark.parametrize("end", ["answer", "close", "close behind our back"])
def test_of_what_is_answered_or_closed_nobody_is_told(sam, mia, end: str) -> None:
    lead = waiting(sam)
    if end == "answer":
        first_response_note(lead.pk, reached=False, now=MONDAY)
    elif end == "close":
        ids = [lead.public_id]
        leads_set_status(ids, status="lost", lost_reason="x", actor=sam, now=MONDAY)
    else:
        Lead.objects.filter(pk=lead.pk).update(status="won")
    assert watch(1000) == 0
    assert (told(lead), lines(lead)) == ([], [])
    lead.refresh_from_db()
    assert lead.first_response_alert_at is None


def test_looking_costs_one_query_when_there_is_nothing_to_tell(
    sam, django_assert_num_queries
) -> None:
    for _ in range(5):
        waiting(sam)
    with django_assert_num_queries(1):
        assert watch(10) == 0
