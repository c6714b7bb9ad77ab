"""Whoever closes a lead, the same ends; whoever opens it again, it is looked after again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from apps.core.ids import new_id
from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.escalating import first_responses_watch
from apps.leads.actions.following import lead_enrol
from apps.leads.actions.merging import leads_merge
from apps.leads.actions.responding import first_response_clock_set, first_response_note
from apps.leads.actions.selling import lead_mark_sold
from apps.leads.actions.tasks import next_task_ensure, task_add, task_done
from apps.leads.actions.unmerging import leads_unmerge
from apps.leads.models import Enrolment, Lead, Sequence, WaitingLead
from apps.leads.telling import lead_tell_unowned
from apps.notifications.models import Alert, Notification
from apps.users.models import User
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # ten in New York
LATER = MONDAY + timedelta(hours=4)


@pytest.fixture
def lead(mia: User) -> Lead:
    """Late with its answer, in a sequence, with a task, waiting for a person, told of as such."""
    lead = make_lead(now=MONDAY, tier="premium")
    first_response_clock_set(lead.pk, now=MONDAY)
    next_task_ensure(lead.pk, now=MONDAY)
    sequence = Sequence.objects.create(name="Three calls")
    sequence.steps.create(position=1, kind="call", title="Call", wait_days=2)
    lead_enrol(lead.public_id, sequence, actor=None, now=MONDAY)
    WaitingLead.objects.create(lead=lead, reason="No rule", since=MONDAY)
    lead_tell_unowned(lead.pk, now=MONDAY)
    first_responses_watch(now=MONDAY + timedelta(hours=3))
    assert Alert.objects.filter(resolved_at=None).count() == 2
    lead.refresh_from_db()
    return lead


def lose(lead: Lead, actor: User) -> None:
    ids = [lead.public_id]
    leads_set_status(ids, status="lost", lost_reason="Moved", actor=actor, now=LATER)


def sell(lead: Lead, actor: User) -> None:
    lead_mark_sold(lead.pk, "A buyer took it", now=LATER, sale=new_id())


def merge_away(lead: Lead, actor: User) -> None:
    leads_merge(make_lead(now=MONDAY).public_id, lead.public_id, actor=actor, now=LATER)


@pytest.mark.parametrize(
    ("close", "status"), [(lose, "lost"), (sell, "sold"), (merge_away, "duplicate")]
)
def test_the_same_ends_whoever_closes_it(
    lead: Lead, mia: User, close: Callable[[Lead, User], None], status: str
) -> None:
    close(lead, mia)
    lead.refresh_from_db()
    assert (lead.status, lead.first_response_alert_at) == (status, None)
    assert not lead.tasks.filter(state="open").exists()
    enrolment = Enrolment.objects.get(lead=lead)
    assert (enrolment.state, enrolment.reason) == ("stopped", "The lead is closed")
    assert not enrolment.steps.filter(due_at__isnull=False).exists()
    assert not WaitingLead.objects.exists()
    assert not Alert.objects.filter(resolved_at=None, key__contains=str(lead.public_id)).exists()


@pytest.mark.parametrize("status", ["won", "lost", "duplicate"])
def test_a_late_yes_of_a_buyer_does_not_open_what_was_closed(status: str) -> None:
    lead = make_lead(status=status)
    lead_mark_sold(lead.pk, "A buyer took it", now=LATER, sale=new_id())
    lead.refresh_from_db()
    assert (lead.status, lead.sold_at) == (status, None)
    assert lead.activities.filter(kind="sold").exists()  # it is told all the same


def test_a_lead_in_a_sequence_waits_as_before_when_the_merge_is_undone(
    lead: Lead, mia: User
) -> None:
    survivor = make_lead(now=MONDAY)
    steps = lead.enrolments.get().steps.values_list("pk", "state", "due_at")
    before, waiting = list(steps), WaitingLead.objects.values().get()
    merge = leads_merge(survivor.public_id, lead.public_id, actor=mia, now=LATER)
    leads_unmerge(merge.public_id, actor=mia, now=LATER)
    enrolment = Enrolment.objects.get(lead=lead)
    assert (enrolment.state, enrolment.reason, enrolment.ended_at) == ("running", "", None)
    assert list(enrolment.steps.values_list("pk", "state", "due_at")) == before
    assert WaitingLead.objects.values().get() == waiting


def test_who_is_given_an_owner_by_a_merge_waits_no_more(lead: Lead, mia: User, sam: User) -> None:
    owned = make_lead(now=MONDAY, assigned_to=sam)
    leads_merge(lead.public_id, owned.public_id, actor=mia, now=LATER)
    lead.refresh_from_db()
    assert lead.assigned_to == sam
    assert not WaitingLead.objects.exists()


def test_an_unanswered_person_is_not_forgotten_with_the_alert_of_the_duplicate(
    lead: Lead, mia: User
) -> None:
    survivor = make_lead(now=MONDAY + timedelta(hours=1))
    leads_merge(survivor.public_id, lead.public_id, actor=mia, now=LATER)
    first_responses_watch(now=LATER)
    [alert] = Alert.objects.filter(resolved_at=None)
    assert str(survivor.public_id) in alert.key


def reopen(lead: Lead, actor: User, status: str = "new", *, now: datetime) -> None:
    leads_set_status([lead.public_id], status=status, actor=actor, now=now)
    lead.refresh_from_db()


def test_a_reopened_lead_has_a_clock_and_a_task_again(lead: Lead, mia: User) -> None:
    lose(lead, mia)
    tuesday = MONDAY + timedelta(days=1)
    reopen(lead, mia, now=tuesday)
    assert lead.first_response_due_at == tuesday + timedelta(minutes=60)
    assert lead.first_response_alert_at == lead.first_response_warn_at > tuesday
    task = lead.tasks.get(state="open")
    assert (task.reason, task.due_at) == ("first_call", lead.first_response_due_at)
    # All stages are told again, and once.
    told = Notification.objects.filter(kind__startswith="first_response")
    before = told.count()
    for hours in (1, 3, 3):
        first_responses_watch(now=tuesday + timedelta(hours=hours))
    assert told.count() == before + 2
    assert Alert.objects.filter(resolved_at=None, kind="first_response.escalated").count() == 1
    first_response_note(lead.pk, reached=True, now=tuesday + timedelta(hours=4))
    assert not Alert.objects.filter(resolved_at=None, kind="first_response.escalated").exists()


def test_who_was_answered_before_is_called_again_without_a_clock(lead: Lead, mia: User) -> None:
    first_response_note(lead.pk, reached=True, now=MONDAY)
    lose(lead, mia)
    due_before = Lead.objects.get(pk=lead.pk).first_response_due_at
    reopen(lead, mia, "contacted", now=LATER)
    assert (lead.first_response_due_at, lead.first_response_alert_at) == (due_before, None)
    task = lead.tasks.get(state="open")
    assert (task.title, task.due_at) == ("Opened again: call them", LATER)


def test_moving_an_open_lead_adds_no_task(lead: Lead, mia: User) -> None:
    for task in lead.tasks.filter(state="open"):
        task_done(task.public_id, actor=mia, now=MONDAY)
    reopen(lead, mia, "qualified", now=LATER)
    assert not lead.tasks.filter(state="open").exists()
    task_add(lead.pk, kind="call", title="Call", due_at=LATER, now=LATER)  # it is open indeed
