"""Many visitors want the same hour: as many get it as there are teams, and no team gets two."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet

from apps.core.errors import Conflict
from apps.intake.actions import event_record
from apps.intake.contracts import Arrival
from apps.leads.actions.surveying import survey_book
from apps.leads.models import Appointment, SurveyCalendar
from tests.concurrency.threads import at_once, failures

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 14, tzinfo=UTC)
VISITORS, TEAMS = 8, 3


def request_of(number: int) -> UUID:
    payload = {"contact_info": {"email": f"v{number}@example.com"}}
    arrival = Arrival(source="website-form", body=b"{}", payload=payload)
    return event_record(arrival, now=NOW).event_id


def book(event_id: UUID) -> Appointment:
    return survey_book(event_id, market_code="nyc", starts_at=MONDAY, now=NOW)


def test_no_team_is_promised_twice_and_no_team_stays_idle() -> None:
    SurveyCalendar.objects.create(market_id="nyc", teams=TEAMS)
    results = at_once(*(partial(book, request_of(n)) for n in range(VISITORS)))
    refused = failures(results)
    assert all(isinstance(one, Conflict) for one in refused), refused
    assert len(refused) == VISITORS - TEAMS
    assert sorted(Appointment.objects.values_list("team", flat=True)) == [1, 2, 3]


def test_the_same_visitor_many_times_at_once_has_one_survey() -> None:
    event_id = request_of(0)
    results = at_once(*[partial(book, event_id)] * VISITORS)
    assert failures(results) == []
    assert len({one.pk for one in results}) == 1


def test_control_without_the_lock_on_the_calendar_teams_collide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = QuerySet.select_for_update

    def all_but_the_calendar(self: Any, *args: Any, **options: Any) -> Any:
        return self.all() if self.model is SurveyCalendar else lock(self, *args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", all_but_the_calendar)
    SurveyCalendar.objects.create(market_id="nyc", teams=TEAMS)
    results = at_once(*(partial(book, request_of(n)) for n in range(VISITORS)))
    assert any(not isinstance(one, Conflict) for one in failures(results))
