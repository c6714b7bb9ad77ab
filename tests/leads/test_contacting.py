"""How a call ended, and everything that follows in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.contacts.actions import consent_record
from apps.contacts.contracts import ConsentDraft
from apps.contacts.models import Consent, Suppression
from apps.contacts.selectors import consent_state
from apps.contacts.suppression import suppressed_kinds
from apps.core.errors import AppError, Conflict, InvalidInput
from apps.leads.actions.assigning import leads_assign
from apps.leads.actions.changing import leads_set_status
from apps.leads.actions.contacting import call_outcome, contact_log
from apps.leads.actions.responding import first_response_clock_set
from apps.leads.actions.tasks import (
    next_task_ensure,
    task_add,
    task_change,
    task_done,
    task_put_off,
)
from apps.leads.call_outcomes import MOST_TRIES
from apps.leads.models import Lead, LeadActivity, Task
from apps.users.models import User
from tests.factories.leads import make_lead

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # ten in New York
TUESDAY_NINE = datetime(2026, 11, 24, 14, tzinfo=UTC)


@pytest.fixture
def lead(sam: User) -> Lead:
    lead = make_lead(now=MONDAY, assigned_to=sam)
    first_response_clock_set(lead.pk, now=MONDAY)
    next_task_ensure(lead.pk, now=MONDAY)
    return lead


def end(lead: Lead, outcome: str, actor: User, *, at: datetime = MONDAY, **more) -> Task | None:
    task = call_outcome(lead.public_id, outcome=outcome, actor=actor, now=at, **more)
    lead.refresh_from_db()
    return task


def open_tasks(lead: Lead) -> list[tuple[str, str]]:
    return list(lead.tasks.filter(state="open").values_list("kind", "title"))


def test_nobody_answered_so_somebody_tries_again(lead, sam) -> None:
    again = end(lead, "no_answer", sam, note="rang ten times")
    assert again is not None
    assert again.due_at == MONDAY + timedelta(hours=2)
    assert (again.kind, again.reason, again.assignee) == ("call", "retry", sam)
    assert open_tasks(lead) == [("call", "Try again (2nd call)")]
    first = lead.tasks.get(reason="first_call")
    assert (first.state, first.result, first.done_by) == ("done", "No answer", sam)
    assert (lead.status, lead.call_status) == ("new", "no_answer")
    assert (lead.first_response_at, lead.first_reached_at) == (MONDAY, None)
    line = lead.activities.get(kind="call")
    assert (line.summary, line.actor) == ("Called: no answer", sam)
    assert line.data == {"outcome": "no_answer", "reached": False, "text": "rang ten times"}


def test_after_the_second_try_it_is_the_next_day_and_after_the_last_no_call(lead, sam) -> None:
    end(lead, "no_answer", sam)
    again = end(lead, "no_answer", sam)
    assert again is not None
    assert again.due_at == TUESDAY_NINE
    for _ in range(MOST_TRIES - 2):
        again = end(lead, "no_answer", sam)
    assert again is not None
    assert (again.kind, again.title) == (
        "mail",
        "Nobody answered 6 calls: write, or close the lead",
    )
    assert len(open_tasks(lead)) == 1


def test_whoever_was_reached_once_is_tried_from_the_beginning_again(lead, sam) -> None:
    end(lead, "busy", sam)
    end(lead, "callback_requested", sam, callback_at=MONDAY + timedelta(hours=3))
    again = end(lead, "no_answer", sam)
    assert again is not None
    assert again.title == "Try again (2nd call)"


def test_a_wish_to_be_called_is_a_task_at_that_moment(lead, sam) -> None:
    at = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
    task = end(lead, "callback_requested", sam, callback_at=at)
    assert task is not None
    assert (task.due_at, task.reason) == (at, "callback")
    assert lead.status == "contacted"
    assert lead.first_reached_at == MONDAY


def test_qualified_moves_on_and_has_a_next_step(lead, sam) -> None:
    task = end(lead, "qualified", sam)
    assert lead.status == "qualified"
    assert task is not None
    assert (task.kind, task.due_at) == ("visit", TUESDAY_NINE)


def test_not_qualified_closes_with_its_reason_and_leaves_nothing_to_do(lead, sam) -> None:
    assert end(lead, "not_qualified", sam, reason="Rents a basement") is None
    assert (lead.status, lead.lost_reason) == ("unqualified", "Rents a basement")
    assert open_tasks(lead) == []


def test_a_wrong_number_is_remembered_and_the_clock_goes_on(lead, sam) -> None:
    task = end(lead, "wrong_number", sam)
    assert lead.phone_valid is False
    assert lead.contact.identities.get(kind="phone").valid is False
    assert lead.first_response_at is None
    assert task is not None
    assert (task.kind, task.title) == ("mail", "Ask for the right number")


def test_do_not_call_is_obeyed_at_once(lead, sam) -> None:
    consent = ConsentDraft(("call", "sms", "email"), "I agree", "1")
    consent_record(contact_pk=lead.contact_id, consent=consent, inbound_event=None, now=MONDAY)
    assert end(lead, "do_not_call", sam) is None
    assert suppressed_kinds(email=lead.email, phone=lead.phone) == {"phone"}
    assert Suppression.objects.get().reason == "opt_out"
    held = {channel: line and line.kind for channel, line in consent_state(lead.contact_id).items()}
    assert held == {"call": "revoked", "sms": "revoked", "email": "given"}
    assert open_tasks(lead) == []
    assert lead.call_status == "do_not_call"
    assert lead.activities.filter(kind="suppressed").exists()


def test_do_not_call_is_obeyed_on_a_closed_lead_too(lead, sam) -> None:
    Lead.objects.filter(pk=lead.pk).update(status="lost")
    end(lead, "do_not_call", sam)
    assert suppressed_kinds(email="", phone=lead.phone) == {"phone"}
    assert lead.status == "lost"


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [
        ("calling", {}, "outcome"),
        ("nonsense", {}, "outcome"),
        ("callback_requested", {}, "callback_at"),
        ("callback_requested", {"callback_at": MONDAY}, "callback_at"),
        ("not_qualified", {"reason": "  "}, "reason"),
    ],
)
def test_what_is_refused_changes_nothing(lead, sam, outcome, more, field) -> None:
    before = LeadActivity.objects.count(), open_tasks(lead), Consent.objects.count()
    with pytest.raises(InvalidInput) as refusal:
        end(lead, outcome, sam, **more)
    assert set(refusal.value.details) == {field}
    assert (LeadActivity.objects.count(), open_tasks(lead), Consent.objects.count()) == before
    lead.refresh_from_db()
    assert (lead.call_status, lead.first_response_at) == ("to_call", None)


def test_a_closed_lead_is_not_called(lead, sam) -> None:
    Lead.objects.filter(pk=lead.pk).update(status="lost")
    with pytest.raises(Conflict):
        end(lead, "no_answer", sam)
    assert not lead.activities.filter(kind="call").exists()


def test_a_mail_or_a_meeting_is_noted_and_answers(lead, sam) -> None:
    with pytest.raises(AppError):
        contact_log(lead.public_id, channel="pigeon", actor=sam, now=MONDAY)
    task_add(lead.pk, kind="mail", title="Send the prices", due_at=MONDAY, now=MONDAY)
    contact_log(lead.public_id, channel="mail", note="Sent", actor=sam, now=MONDAY)
    lead.refresh_from_db()
    assert (lead.first_response_at, lead.first_reached_at) == (MONDAY, None)
    assert open_tasks(lead) == [("call", "First call")]
    contact_log(lead.public_id, channel="meeting", actor=sam, now=MONDAY)
    lead.refresh_from_db()
    assert lead.first_reached_at == MONDAY
    assert lead.activities.filter(kind__in=["mail", "meeting"]).count() == 2


# --- tasks ----------------------------------------------------------------------------------------


def test_tasks_follow_the_lead_to_its_new_owner(lead, sam, sue, mia) -> None:
    done = task_done(lead.tasks.get().public_id, actor=sam, now=MONDAY, result="spoke")
    task = task_add(lead.pk, kind="visit", title="Look at the roof", due_at=MONDAY, now=MONDAY)
    leads_assign([lead.public_id], user_id=sue.public_id, actor=mia, now=MONDAY)
    task.refresh_from_db()
    done.refresh_from_db()
    assert (task.assignee, done.assignee) == (sue, sam)


def test_tasks_of_a_lead_that_is_closed_are_dropped_and_no_new_ones_come(lead, sam) -> None:
    leads_set_status([lead.public_id], status="lost", lost_reason="Moved", actor=sam, now=MONDAY)
    task = lead.tasks.get()
    assert (task.state, task.result, task.done_at) == ("dropped", "Closed: lost", MONDAY)
    with pytest.raises(Conflict):
        task_add(lead.pk, kind="call", title="Call", due_at=MONDAY, now=MONDAY)
    next_task_ensure(lead.pk, now=MONDAY)
    assert lead.tasks.count() == 1


def test_a_lead_that_writes_again_has_something_to_do_once(lead, sam) -> None:
    contact_log(lead.public_id, channel="mail", actor=sam, now=MONDAY)
    task_done(lead.tasks.get(state="open").public_id, actor=sam, now=MONDAY)
    for _ in range(2):
        next_task_ensure(lead.pk, now=MONDAY)
    assert open_tasks(lead) == [("call", "They wrote again: call them")]


def test_who_may_not_be_called_is_written_to(sam) -> None:
    lead = make_lead(now=MONDAY, phone="")
    next_task_ensure(lead.pk, now=MONDAY)
    assert open_tasks(lead) == [("mail", "First mail")]


@pytest.mark.parametrize(
    ("by", "due"),
    [
        ("hour", MONDAY + timedelta(hours=1)),
        ("tomorrow", TUESDAY_NINE),
        ("week", MONDAY + timedelta(days=7)),
    ],
)
def test_a_task_is_put_off_in_office_time(lead, by: str, due: datetime) -> None:
    assert task_put_off(lead.tasks.get().public_id, by=by, now=MONDAY).due_at == due


def test_what_is_done_is_done_once_and_not_changed(lead, sam) -> None:
    task = lead.tasks.get()
    with pytest.raises(InvalidInput):
        task_put_off(task.public_id, by="year", now=MONDAY)
    with pytest.raises(InvalidInput):
        task_add(lead.pk, kind="call", title=" ", due_at=MONDAY, now=MONDAY)
    task_change(task.public_id, changes={"title": "Ring"}, now=MONDAY)
    task_done(task.public_id, actor=sam, now=MONDAY)
    for act in (
        lambda: task_done(task.public_id, actor=sam, now=MONDAY),
        lambda: task_put_off(task.public_id, by="hour", now=MONDAY),
        lambda: task_change(task.public_id, changes={"title": "Other"}, now=MONDAY),
    ):
        with pytest.raises(Conflict):
            act()
    task.refresh_from_db()
    assert (task.title, task.due_at) == ("Ring", lead.first_response_due_at or task.due_at)
    assert lead.activities.filter(kind="task", summary="Done: Ring").count() == 1
