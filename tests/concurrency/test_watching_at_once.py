"""Eight workers look for late answers at the same moment: everybody is told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

from apps.leads.actions.escalating import first_responses_watch
from apps.leads.models import Lead, LeadActivity
from apps.notifications.models import Notification
from tests.concurrency.test_assigning_at_once import make_leads
from tests.concurrency.threads import at_once, failures
from tests.factories.users import make_user

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WORKERS, LEADS = 8, 60


def late_leads() -> None:
    sam = make_user("sam")
    Lead.objects.filter(pk__in=make_leads(LEADS)).update(
        assigned_to=sam,
        first_response_target=60,
        first_response_due_at=NOW - timedelta(minutes=5),
        first_response_alert_at=NOW - timedelta(minutes=5),
    )


def watch_at_once() -> list[Any]:
    return at_once(*[partial(first_responses_watch, now=NOW)] * WORKERS)


def test_each_stage_is_told_once() -> None:
    late_leads()
    results = watch_at_once()
    assert failures(results) == []
    assert sum(results) == LEADS
    assert LeadActivity.objects.filter(kind="response").count() == LEADS
    assert Notification.objects.count() == LEADS
    assert set(Lead.objects.values_list("first_response_stage", flat=True)) == {"breached"}


def test_control_without_the_lock_it_is_told_more_than_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = QuerySet.select_for_update

    def all_but_leads(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is Lead else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_leads)
    late_leads()
    results = watch_at_once()
    assert failures(results) == []
    assert LeadActivity.objects.filter(kind="response").count() > LEADS
