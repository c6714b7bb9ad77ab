"""Eight workers assign 400 leads: each lead once, each person their share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from apps.contacts.models import Contact
from apps.intake.models import LeadSource
from apps.leads.actions.assigning import lead_assign_by_rule
from apps.leads.models import AssignmentPool, Lead, LeadActivity, PoolMember
from apps.users.models import User
from tests.concurrency.threads import at_once, failures
from tests.factories.users import make_user

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORKERS = 8


def make_pool(people: int) -> list[User]:
    pool = AssignmentPool.objects.create(name="Desk", market_id="nyc")
    members = [make_user(f"seller{n}") for n in range(people)]
    PoolMember.objects.bulk_create(PoolMember(pool=pool, user=user) for user in members)
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
    leads = make_leads(400)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert sum(shares()) == 400
    assert not Lead.objects.filter(assigned_to=None).exists()
    assert shares() == [57] * 6 + [58]
    assert LeadActivity.objects.filter(kind="assigned").count() == 400


def test_the_same_leads_by_all_workers_are_still_given_once() -> None:
    make_pool(3)
    leads = make_leads(40)
    results = at_once(*[partial(assign, leads)] * WORKERS)
    assert failures(results) == []
    lines = Counter(LeadActivity.objects.values_list("lead", flat=True))
    assert set(lines.values()) == {1}
    assert len(lines) == 40
    assert shares() == [13, 13, 14]


def test_control_without_the_lock_on_the_pool_the_shares_are_not_fair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = QuerySet.select_for_update

    def all_but_the_pool(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is AssignmentPool else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_the_pool)
    make_pool(7)
    leads = make_leads(400)
    results = at_once(*(partial(assign, leads[n::WORKERS]) for n in range(WORKERS)))
    assert failures(results) == []
    assert max(shares()) - min(shares()) > 1
