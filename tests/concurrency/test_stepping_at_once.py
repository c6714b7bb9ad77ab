"""Several sweeps over the same due steps: each is taken once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from apps.contacts.models import Contact
from apps.intake.models import LeadSource
from apps.leads.actions.following import lead_enrol
from apps.leads.actions.stepping import step_take
from apps.leads.models import EnrolmentStep, Lead, Sequence, SequenceStep, Task
from tests.concurrency.threads import at_once, failures

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

MONDAY = datetime(2026, 11, 30, 14, tzinfo=UTC)  # nine in New York
TEN = datetime(2026, 11, 30, 15, tzinfo=UTC)
WORKERS = 6


def due_calls(number: int) -> list[int]:
    """Leads whose first step, a call, is due at ten."""
    sequence = Sequence.objects.create(name="Call", key="call")
    SequenceStep.objects.create(
        sequence=sequence, position=1, kind="call", wait_days=0, at=time(10), title="Call"
    )
    source = LeadSource.objects.get(slug="website-form")
    contacts = Contact.objects.bulk_create(Contact() for _ in range(number))
    for lead in Lead.objects.bulk_create(
        Lead(contact=contact, source=source, market_id="nyc") for contact in contacts
    ):
        lead_enrol(lead.public_id, sequence, actor=None, now=MONDAY)
    return list(EnrolmentStep.objects.values_list("pk", flat=True))


def sweep(steps: list[int]) -> int:
    return sum(step_take(pk, now=TEN) for pk in steps)


def most_tasks_of_a_lead() -> int:
    return max(Counter(Task.objects.values_list("lead", flat=True)).values())


def test_each_step_is_taken_once() -> None:
    steps = due_calls(30)
    results = at_once(*[partial(sweep, steps)] * WORKERS)
    assert failures(results) == []
    sweep(steps)  # what a busy row made everybody pass over
    assert Task.objects.count() == 30
    assert most_tasks_of_a_lead() == 1
    assert not EnrolmentStep.objects.exclude(state="done").exists()


def test_control_without_the_lock_a_step_is_taken_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = QuerySet.select_for_update

    def all_but_leads(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is Lead else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_leads)
    steps = due_calls(30)
    at_once(*[partial(sweep, steps)] * WORKERS)
    assert most_tasks_of_a_lead() > 1
