"""Surveys booked before their requests are leads: one place for a person, the last word holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.leads.actions.surveying import survey_book, survey_book_for_lead, survey_cancel
from apps.leads.models import Appointment
from apps.leads.selectors import lead_of_event
from tests.factories.leads import make_lead
from tests.leads.test_surveying import MONDAY, NOW, book, send, survey_mails
from tests.walking import settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_two_requests_of_one_person_hold_one_place_the_one_booked_last(api, sam) -> None:
    first, second = send(api), send(api, name="Ana R.")
    earlier = book(first)
    later = survey_book(second, market_code="nyc", starts_at=MONDAY + timedelta(hours=2),
                        now=NOW + timedelta(minutes=5))  # fmt: skip
    settle()
    earlier.refresh_from_db()
    later.refresh_from_db()
    assert earlier.lead == later.lead == lead_of_event(first)
    assert (earlier.status, later.status) == ("cancelled", "booked")
    lines = earlier.lead.activities.filter(kind="survey")
    assert lines.filter(summary="Site survey cancelled: Mon 30 Nov 2026, 09:00").count() == 1
    assert {("CANCELLED" in mail.attachments[0].content) for mail in survey_mails()} == {
        True,
        False,
    }
    again = survey_book_for_lead(make_lead(), starts_at=MONDAY, actor=sam, now=NOW)
    assert again.team == earlier.team


def test_what_staff_booked_beside_it_stays(api, sam) -> None:
    first = send(api)
    settle()
    lead = lead_of_event(first)
    by_staff = survey_book_for_lead(lead, starts_at=MONDAY, actor=sam, now=NOW)
    waiting = send(api, name="Ana R.")
    Appointment.objects.filter(pk=by_staff.pk).update(lead=None)  # not seen by the booking
    book(waiting, MONDAY + timedelta(hours=2))
    Appointment.objects.filter(pk=by_staff.pk).update(lead=lead)
    settle()
    assert set(Appointment.objects.values_list("lead", "status")) == {(lead.pk, "booked")}
    assert Appointment.objects.count() == 2


def test_what_was_cancelled_before_it_had_a_lead_is_not_told_of_as_booked(api) -> None:
    event_id = send(api)
    survey_cancel(book(event_id).pk, now=NOW)
    settle()
    assert survey_mails() == []
    assert not lead_of_event(event_id).activities.filter(kind="survey").exists()
