"""Merges at the same moment, and a merge while the person writes again."""

from __future__ import annotations

from functools import partial
from threading import Event

import pytest
from django.db import OperationalError
from django.utils import timezone

from apps.contacts import merging as people
from apps.contacts.models import Contact, ContactIdentity
from apps.core.errors import AppError
from apps.leads.actions import merging
from apps.leads.actions.merging import leads_merge
from apps.leads.choices import OPEN_STATUSES
from apps.leads.models import Lead, LeadMerge
from apps.users.models import Role, User
from tests.concurrency.threads import at_once, failures
from tests.factories.leads import make_lead
from tests.factories.users import make_user
from tests.together import somebody_waits_for_a_lock

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]


def merge(survivor: Lead, duplicate: Lead, actor: User) -> LeadMerge:
    return leads_merge(survivor.public_id, duplicate.public_id, actor=actor, now=timezone.now())


def test_two_people_merge_the_same_two_leads_in_opposite_directions() -> None:
    mia = make_user("mia", role=Role.MANAGER)
    for _ in range(5):
        one, other = make_lead(), make_lead()
        results = at_once(partial(merge, one, other, mia), partial(merge, other, one, mia))
        refused = failures(results)
        assert len(refused) == 1
        assert isinstance(refused[0], AppError), refused
        assert LeadMerge.objects.filter(survivor__in=[one, other]).count() == 1


def test_three_leads_merged_in_a_ring_leave_no_ring() -> None:
    mia = make_user("mia", role=Role.MANAGER)
    a, b, c = make_lead(), make_lead(), make_lead()
    results = at_once(
        partial(merge, a, b, mia), partial(merge, b, c, mia), partial(merge, c, a, mia)
    )
    assert all(isinstance(error, AppError) for error in failures(results)), results
    assert Lead.objects.filter(status__in=OPEN_STATUSES).exists()
    away = set(LeadMerge.objects.values_list("duplicate", flat=True))
    assert {a.pk, b.pk, c.pk} - away  # one is left that was not merged away


class Meeting:
    """A merge rests between moving the addresses and the end: the worst moment to write again."""

    def __init__(self) -> None:
        self._is_resting, self._has_written = Event(), Event()

    def rest(self) -> None:
        """Until the other has written, or waits for what the merge holds."""
        self._is_resting.set()
        for _ in range(500):
            if self._has_written.wait(0.02) or somebody_waits_for_a_lock():
                return
        raise AssertionError("Nobody came.")

    def write_again(self, email: str, number: int) -> int:
        assert self._is_resting.wait(10)
        try:
            # Also known by a new number: whoever is found now is given it.
            return make_lead(email=email, phone=f"+1212556{number:04}").pk
        finally:
            self._has_written.set()


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Meeting:
    meeting, move = Meeting(), merging.move_attached

    def then_rest(*args, **kwargs):
        moved = move(*args, **kwargs)
        meeting.rest()
        return moved

    monkeypatch.setattr(merging, "move_attached", then_rest)
    return meeting


def left_open(survivor: Lead, duplicate: Lead) -> set[int]:
    people_now = Contact.objects.filter(pk__in=[survivor.contact_id, duplicate.contact_id])
    leads = Lead.objects.filter(contact__in=people_now, status__in=OPEN_STATUSES)
    return set(leads.values_list("pk", flat=True))


def test_who_writes_while_being_merged_is_heard_by_the_survivor(meeting: Meeting) -> None:
    mia = make_user("mia", role=Role.MANAGER)
    survivor, duplicate = make_lead(), make_lead()
    results = at_once(
        partial(merge, survivor, duplicate, mia), partial(meeting.write_again, duplicate.email, 1)
    )
    assert failures(results) == []
    assert results[1] == survivor.pk
    assert left_open(survivor, duplicate) == {survivor.pk}
    assert not ContactIdentity.objects.exclude(contact=survivor.contact).exists()


def test_control_without_the_locks_the_request_lands_on_the_one_merged_away(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "contacts_hold", lambda pks: None)
    monkeypatch.setattr(people, "lock_names", lambda *names: None)
    mia = make_user("mia", role=Role.MANAGER)
    survivor, duplicate = make_lead(), make_lead()
    results = at_once(
        partial(merge, survivor, duplicate, mia), partial(meeting.write_again, duplicate.email, 2)
    )
    strayed = left_open(survivor, duplicate) != {survivor.pk} or (
        ContactIdentity.objects.exclude(contact=survivor.contact).exists()
    )
    assert strayed or any(isinstance(error, OperationalError) for error in failures(results))
