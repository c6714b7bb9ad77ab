"""Eight workers assign 200 leads: each lead once, each person their share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.contacts.models import Contact
from apps.core.errors import Conflict
from apps.intake.models import LeadSource
from apps.leads.actions.assigning import lead_assign_by_rule, lead_take, leads_assign
from apps.leads.models import (
    Availability,
    Lead,
    LeadActivity,
    LeadAssignment,
    RuleSet,
    WaitingLead,
)
from apps.users.models import Role, User
from tests.concurrency.threads import at_once, failures
from tests.factories.assignment import make_rule, make_team
from tests.factories.users import make_user

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORKERS = 8


def make_pool(people: int) -> list[User]:
    members = [make_user(f"seller{n}") for n in range(people)]
    make_rule(make_team(*members))
    return members


def make_leads(number: int) -> list[int]:
    source = LeadSource.objects.get(slug="website-form")
    contacts = Contact.objects.bulk_create(Contact() for _ in range(number))
    leads = Lead.objects.bulk_create(
        Lead(contact=contact, source=source, market_id="nyc") for contact in contacts
    )
    return [lead.pk for lead in leads]


def assign(lead_pks: Sequence[int]) -> None:
    for lead_pk in lead_pks:
        lead_assign_by_rule(lead_pk, now=NOW)


def shares() -> list[int]:
    return sorted(Counter(Lead.objects.values_list("assigned_to", flat=True)).values())


def test_each_lead_is_given_once_and_the_shares_differ_by_one_at_most() -> None:
    make_pool(7)
    leads = make_leads(200)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert sum(shares()) == 200
    assert not Lead.objects.filter(assigned_to=None).exists()
    assert shares() == [28] * 3 + [29] * 4
    assert LeadActivity.objects.filter(kind="assigned").count() == 200


def test_the_same_leads_by_all_workers_are_still_given_once() -> None:
    make_pool(3)
    leads = make_leads(24)
    results = at_once(*[partial(assign, leads)] * WORKERS)
    assert failures(results) == []
    lines = Counter(LeadActivity.objects.values_list("lead", flat=True))
    assert set(lines.values()) == {1}
    assert len(lines) == 24
    assert shares() == [8, 8, 8]


def _without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QuerySet.select_for_update

    def all_but_the_rules(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is RuleSet else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_the_rules)


def test_control_without_the_lock_on_the_rules_the_shares_are_not_fair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _without_the_lock(monkeypatch)
    make_pool(7)
    leads = make_leads(200)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert max(shares()) - min(shares()) > 1


def test_a_free_lead_is_taken_by_one_of_many() -> None:
    people = [make_user(f"taker{n}") for n in range(WORKERS)]
    [lead] = make_leads(1)
    results = at_once(*(partial(lead_take, lead, actor=person, now=NOW) for person in people))
    assert Counter(type(refused) for refused in failures(results)) == {Conflict: WORKERS - 1}
    winner = people[results.index(None)]
    assert Lead.objects.get(pk=lead).assigned_to == winner
    assert LeadActivity.objects.filter(lead=lead, kind="assigned").count() == 1


def test_without_the_lock_it_is_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: two who both looked before either took."""
    both_looked = Barrier(2)

    class Unlocked(QuerySet[Lead]):
        def get(self, *args: Any, **kwargs: Any) -> Lead:
            found = super().get(*args, **kwargs)
            both_looked.wait(10)
            return found

    monkeypatch.setattr(
        "apps.leads.actions.assigning.Lead.objects.select_for_update",
        lambda *_, **__: Unlocked(Lead),
    )
    people = [make_user(f"taker{n}") for n in range(2)]
    [lead] = make_leads(1)
    results = at_once(*(partial(lead_take, lead, actor=person, now=NOW) for person in people))
    assert failures(results) == []
    assert LeadActivity.objects.filter(lead=lead, kind="assigned").count() == 2


def test_a_free_lead_is_taken_by_one_of_many_by_page_and_api() -> None:
    people = [make_user(f"taker{n}") for n in range(WORKERS)]
    [lead_pk] = make_leads(1)
    lead = Lead.objects.get(pk=lead_pk)

    def by_page(person: User) -> None:
        page = Client()
        page.force_login(person)
        page.post(reverse("admin:leads_lead_do", args=[lead.pk, "take"]))

    def by_api(person: User) -> None:
        api = APIClient()
        api.force_authenticate(person)
        api.post(f"/api/leads/{lead.public_id}/assign/", {}, format="json")

    asks = [by_page, by_api] * (WORKERS // 2)
    results = at_once(*(partial(ask, one) for ask, one in zip(asks, people, strict=True)))
    assert failures(results) == []
    lead.refresh_from_db()
    assert LeadAssignment.objects.get().user == lead.assigned_to


def test_rules_and_a_person_give_a_lead_once() -> None:
    make_pool(3)
    taker = make_user("taker")
    leads = make_leads(20)

    def take() -> None:
        for lead_pk in reversed(leads):
            with suppress(Conflict):
                lead_take(lead_pk, actor=taker, now=NOW)

    assert failures(at_once(take, partial(assign, leads))) == []
    owners = dict(Lead.objects.values_list("pk", "assigned_to"))
    assert dict(LeadAssignment.objects.values_list("lead", "user")) == owners
    assert LeadAssignment.objects.count() == 20


def _give_all(person: User, leads: Sequence[int], by: User) -> int:
    ids = [Lead.objects.get(pk=lead_pk).public_id for lead_pk in leads]
    return leads_assign(ids, user_id=person.public_id, actor=by, now=NOW)


def test_two_managers_give_the_same_leads_to_one_person_once() -> None:
    boss, one = make_user("boss", role=Role.MANAGER), make_user("one")
    leads = make_leads(30)
    results = at_once(
        partial(_give_all, one, leads, boss), partial(_give_all, one, leads[::-1], boss)
    )
    assert sorted(results) == [0, 30]
    assert LeadAssignment.objects.count() == 30


def test_control_without_their_rows_held_they_are_given_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both_looked = Barrier(2)

    class Unlocked(QuerySet[Lead]):
        def __iter__(self) -> Iterator[Lead]:
            found = list(super().__iter__())
            both_looked.wait(10)
            return iter(found)

    monkeypatch.setattr(
        "apps.leads.actions.assigning.Lead.objects.select_for_update",
        lambda *_, **__: Unlocked(Lead),
    )
    boss, one = make_user("boss", role=Role.MANAGER), make_user("one")
    leads = make_leads(3)
    assert at_once(*[partial(_give_all, one, leads, boss)] * 2) == [3, 3]
    assert LeadAssignment.objects.count() == 6


def _sellers_with_room(people: int, room: int) -> None:
    members = make_pool(people)
    Availability.objects.bulk_create(
        Availability(user=user, max_open=room, max_per_day=room) for user in members
    )


def test_nobody_gets_more_than_they_have_room_for() -> None:
    _sellers_with_room(3, 20)
    leads = make_leads(80)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert Lead.objects.filter(assigned_to=None).count() == 20
    given = Lead.objects.exclude(assigned_to=None).values_list("assigned_to", flat=True)
    assert sorted(Counter(given).values()) == [20, 20, 20]
    assert WaitingLead.objects.count() == 20


def test_control_without_the_lock_limits_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_the_lock(monkeypatch)
    _sellers_with_room(3, 5)
    leads = make_leads(80)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert Lead.objects.exclude(assigned_to=None).count() > 15


@pytest.mark.soak
def test_a_thousand_leads_by_eight_workers() -> None:
    make_pool(7)
    leads = make_leads(1000)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert shares() == [142] + [143] * 6
    assert LeadAssignment.objects.count() == 1000
