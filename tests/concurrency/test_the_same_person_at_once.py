"""The same person twice at the same moment, on two connections, is one person with one lead."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from apps.contacts import actions as contact_actions
from apps.contacts.models import Contact, ContactIdentity
from apps.core.ids import new_id
from apps.core.models import OutboxMessage
from apps.intake.actions import event_record
from apps.intake.contracts import Arrival
from apps.intake.models import InboundEvent, LeadSource
from apps.leads.actions.capturing import LeadOrigin, lead_capture
from apps.leads.contracts import LeadDraft
from apps.leads.models import Lead, LeadActivity
from tests.concurrency.threads import at_once, failures
from tests.factories.leads import make_draft

pytestmark = pytest.mark.usefixtures("transactional_db")


def capture(draft: LeadDraft) -> int:
    source = LeadSource.objects.get(slug="website-form")
    origin = LeadOrigin(new_id(), source.pk, source.name, source.provenance, {})
    return lead_capture(draft, origin, now=timezone.now()).lead_pk


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Both callers have looked who it is before either of them writes: the worst moment.

    Where a lock lets only one of them get that far, it goes on alone after a moment.
    """
    barrier = threading.Barrier(2)
    new_contact = contact_actions._new_contact

    def after_the_other_one_looked(*args: Any) -> Contact:
        try:
            barrier.wait(0.5)
        except threading.BrokenBarrierError:
            barrier.reset()
        return new_contact(*args)

    monkeypatch.setattr(contact_actions, "_new_contact", after_the_other_one_looked)
    return barrier


def test_one_person_at_once_is_one_lead(meeting: threading.Barrier) -> None:
    drafts = [
        make_draft(email="grace@example.com", phone="+12125550142"),
        make_draft(email="grace@example.com", phone=""),
    ]
    results = at_once(*(partial(capture, draft) for draft in drafts))
    assert failures(results) == []
    assert results[0] == results[1]
    assert (Contact.objects.count(), Lead.objects.count()) == (1, 1)
    assert sorted(LeadActivity.objects.values_list("kind", flat=True)) == ["created", "inbound"]


def test_control_without_the_lock_it_goes_wrong(
    meeting: threading.Barrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_actions, "lock_names", lambda *names: None)
    drafts = [
        make_draft(email="grace@example.com", phone="+12125550142"),
        make_draft(email="grace@example.com", phone=""),
    ]
    results = at_once(*(partial(capture, draft) for draft in drafts))
    assert failures(results) != []  # the database refuses the second one: a request is put off


def test_two_addresses_in_opposite_order_do_not_deadlock() -> None:
    """Each names both identities; sorted locks have one order."""
    for n in range(10):
        one = make_draft(email=f"a{n}@example.com", phone=f"+1212555{n:04}")
        results = at_once(partial(capture, one), partial(capture, one), partial(capture, one))
        assert failures(results) == []
    assert Lead.objects.count() == Contact.objects.count() == 10
    assert ContactIdentity.objects.count() == 20


def record(key: str) -> Any:
    payload = {"contact_info": {"email": "grace@example.com"}}
    arrival = Arrival(source="website-form", body=b"{}", payload=payload, idempotency_key=key)
    return event_record(arrival, now=timezone.now())


@pytest.mark.parametrize("key", ["k-1", ""], ids=["key", "body"])
def test_the_same_request_at_once_is_one_event_with_one_answer(key: str) -> None:
    results = at_once(*[partial(record, key)] * 8)
    assert failures(results) == []
    assert len({result.event_id for result in results}) == 1
    assert [result.is_repeat for result in results].count(False) == 1
    assert InboundEvent.objects.count() == OutboxMessage.objects.count() == 1
