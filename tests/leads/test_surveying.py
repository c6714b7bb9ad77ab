"""Site surveys: booked with a request, moved and cancelled by their link, told to everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import IntegrityError

from apps.contacts.suppression import suppress
from apps.core.clock import utc_text
from apps.core.errors import Conflict, NotFound, Retryable
from apps.core.ids import new_id
from apps.intake.models import InboundEvent
from apps.leads.actions.assigning import leads_assign
from apps.leads.actions.office import office_prepare
from apps.leads.actions.survey_attaching import survey_attach_when_captured
from apps.leads.actions.survey_telling import surveys_remind
from apps.leads.actions.surveying import (
    survey_book,
    survey_book_for_lead,
    survey_cancel,
    survey_move,
    survey_settle,
)
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment, Holiday, Lead, SurveyCalendar
from apps.leads.selectors import lead_of_event
from apps.leads.surveys import slots_for_visitor, survey_link
from apps.notifications.models import Notification
from apps.solar.models import Market, Territory
from tests.factories.leads import make_lead
from tests.walking import settle

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)  # a Friday
MONDAY = datetime(2026, 11, 30, 14, tzinfo=UTC)  # 09:00 in New York


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def send(api, **contact) -> UUID:
    """A form that a visitor sent; nothing has become of it yet."""
    body = {
        "contact_info": {"name": "Ana Rivera", "email": "ana@example.com"} | contact,
        "form_data": {"postal_code": "11215", "language": "es"},
        "market": "nyc",
    }
    answer = api.post("/api/integrations/webhooks/emailjs/", body, format="json")
    return UUID(answer.json()["data"]["event_id"])


def book(event_id: UUID, starts_at: datetime = MONDAY, **more) -> Appointment:
    return survey_book(event_id, market_code="nyc", starts_at=starts_at, now=NOW, **more)


def told(person) -> list[str]:
    return list(
        Notification.objects.filter(recipient=person, kind="lead.survey")
        .order_by("pk")
        .values_list("title", flat=True)
    )


def appointment_lead(appointment: Appointment) -> UUID:
    appointment.refresh_from_db()
    assert appointment.lead is not None
    return appointment.lead.public_id


def survey_mails() -> list:
    return [message for message in mail.outbox if message.to == ["ana@example.com"]]


def test_a_survey_booked_before_the_lead_is_there_finds_its_lead(api) -> None:
    event_id = send(api)
    appointment = book(event_id, language="es", note="The key is with the neighbour")
    assert appointment.lead is None
    settle()
    appointment.refresh_from_db()
    assert appointment.lead == lead_of_event(event_id)
    [line] = appointment.lead.activities.filter(kind="survey")
    assert line.summary == "Site survey booked: Mon 30 Nov 2026, 09:00"
    [message] = survey_mails()
    assert "30 de noviembre de 2026" in message.subject
    assert survey_link(appointment) in message.body
    [attached] = message.attachments
    assert "DTSTART:20261130T140000Z" in attached.content


def test_a_survey_booked_after_the_lead_is_there_belongs_to_it_at_once(api) -> None:
    event_id = send(api)
    settle()
    appointment = book(event_id)
    assert appointment.lead == lead_of_event(event_id)
    settle()
    assert len(survey_mails()) == 1
    settle()
    assert len(survey_mails()) == 1


def test_a_capture_that_did_not_see_the_booking_is_made_up_for(api) -> None:
    event_id = send(api)
    appointment = book(event_id)
    with pytest.raises(Retryable):  # the journey may be between its steps: come again
        survey_attach_when_captured(event_id, now=NOW)
    settle()
    Appointment.objects.update(lead=None)  # as if the capture had begun before the booking
    survey_attach_when_captured(event_id, now=NOW)
    appointment.refresh_from_db()
    assert appointment.lead == lead_of_event(event_id)


def test_the_same_booking_again_is_the_same_survey(api) -> None:
    event_id = send(api)
    assert book(event_id) == book(event_id)
    assert Appointment.objects.count() == 1


def test_one_request_books_one_survey(api) -> None:
    event_id = send(api)
    book(event_id)
    with pytest.raises(Conflict, match="already"):
        book(event_id, MONDAY + timedelta(hours=2))
    assert Appointment.objects.get().starts_at == MONDAY


def test_a_second_request_of_the_same_person_books_no_second_survey(api) -> None:
    first, second = send(api), send(api, name="Ana R.")
    settle()
    assert lead_of_event(first) == lead_of_event(second)
    book(first)
    with pytest.raises(Conflict, match="already") as refused:
        book(second, MONDAY + timedelta(hours=2))
    assert refused.value.details == {"booked": [MONDAY.isoformat()]}
    assert Appointment.objects.get().starts_at == MONDAY


def test_a_time_that_is_gone_is_refused_and_what_is_free_is_named(api) -> None:
    SurveyCalendar.objects.create(market_id="nyc", teams=1)
    book(send(api))
    with pytest.raises(Conflict, match="no longer free") as refused:
        book(send(api, email="bo@example.com"))
    assert utc_text(MONDAY + timedelta(hours=2)) in refused.value.details["free"]
    assert utc_text(MONDAY) not in refused.value.details["free"]
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    "starts_at",
    [
        MONDAY + timedelta(minutes=1),  # no slot begins then
        MONDAY - timedelta(days=2),  # a Saturday
        NOW + timedelta(hours=1),  # inside the notice
        MONDAY + timedelta(days=60),  # past the horizon
    ],
)
def test_a_time_that_was_never_offered_is_refused(api, starts_at) -> None:
    with pytest.raises(Conflict):
        book(send(api), starts_at)
    assert not Appointment.objects.exists()


def test_a_day_the_office_is_closed_is_closed_for_surveys() -> None:
    office_prepare(today=NOW.date())
    thanksgiving = datetime(2026, 11, 26, 14, tzinfo=UTC)
    before = thanksgiving - timedelta(days=3)
    offered = [slot.starts_at for slot in slots_for_visitor("nyc", "11215", now=before)]
    assert offered
    assert thanksgiving not in offered
    Holiday.objects.update(is_closed=False)  # as where staff decide to work on it
    assert thanksgiving in [s.starts_at for s in slots_for_visitor("nyc", "11215", now=before)]


def test_a_closed_calendar_offers_nothing() -> None:
    SurveyCalendar.objects.create(market_id="nyc", is_open=False)
    assert slots_for_visitor("nyc", "11215", now=NOW) == []


def test_where_we_do_not_come_nothing_is_offered() -> None:
    assert slots_for_visitor("nyc", "90210", now=NOW) == []
    Territory.objects.filter(market="nyc").update(service=Territory.Service.OUTSIDE)
    assert slots_for_visitor("nyc", "11215", now=NOW) == []


def test_an_unknown_request_and_spam_book_nothing(api) -> None:
    for event_id in (uuid4(), send(api)):
        InboundEvent.objects.update(state="spam")
        with pytest.raises(NotFound):
            book(event_id)
    assert not Appointment.objects.exists()


def test_a_request_that_left_nobody_books_nothing(api) -> None:
    event_id = send(api, email="")
    settle()
    with pytest.raises(Conflict, match="no way to reach you"):
        book(event_id)


def test_moving_frees_the_old_time_and_is_mailed_with_a_newer_file(api) -> None:
    SurveyCalendar.objects.create(market_id="nyc", teams=1)
    appointment = book(send(api))
    settle()
    later = MONDAY + timedelta(hours=2)
    survey_move(appointment.pk, starts_at=later, now=NOW)
    settle()
    first, second = survey_mails()
    assert "SEQUENCE:1" in first.attachments[0].content
    assert "SEQUENCE:2" in second.attachments[0].content
    book(send(api, email="bo@example.com"))
    assert Appointment.objects.filter(status="booked").count() == 2


def test_moving_to_where_it_is_changes_nothing(api) -> None:
    appointment = book(send(api))
    settle()
    survey_move(appointment.pk, starts_at=MONDAY, now=NOW)
    settle()
    assert len(survey_mails()) == 1
    assert Appointment.objects.get().revision == 1


def test_a_survey_that_cannot_move_stays_where_it_is(api) -> None:
    appointment = book(send(api))
    with pytest.raises(Conflict):
        survey_move(appointment.pk, starts_at=MONDAY + timedelta(minutes=5), now=NOW)
    assert Appointment.objects.get().starts_at == MONDAY


def test_cancelling_twice_is_cancelling_once(api, sam) -> None:
    appointment = book(send(api))
    settle()
    survey_cancel(appointment.pk, now=NOW)
    survey_cancel(appointment.pk, now=NOW)
    settle()
    assert [m.subject.split(" ")[0] for m in survey_mails()] == ["Your", "Your"]
    assert "METHOD:CANCEL" in survey_mails()[-1].attachments[0].content
    assert Appointment.objects.get().lead.activities.filter(kind="survey").count() == 2
    with pytest.raises(Conflict):
        survey_move(appointment.pk, starts_at=MONDAY + timedelta(hours=2), now=NOW)
    assert Appointment.objects.get().status == "cancelled"


def test_only_what_has_begun_is_settled(api, sam) -> None:
    appointment = book(send(api))
    settle()
    with pytest.raises(Conflict):
        survey_settle(appointment.pk, status=AppointmentStatus.DONE, actor=sam, now=NOW)
    assert Appointment.objects.get().status == "booked"
    survey_settle(appointment.pk, status=AppointmentStatus.DONE, actor=sam, now=MONDAY)
    assert Appointment.objects.get().status == "done"
    with pytest.raises(Conflict):
        survey_cancel(appointment.pk, now=MONDAY)


def test_staff_book_for_a_lead_on_the_telephone(sam) -> None:
    lead = make_lead(email="ana@example.com")
    appointment = survey_book_for_lead(lead, starts_at=MONDAY, actor=sam, now=NOW)
    settle()
    assert appointment.inbound_event is None
    assert len(survey_mails()) == 1
    assert lead.activities.get(kind="survey").actor == sam


def test_whoever_gets_the_lead_hears_of_its_survey_and_of_its_move_once(api, sam, sue) -> None:
    appointment = book(send(api))
    settle()
    assert not Notification.objects.exists()  # nobody has the lead yet
    leads_assign([appointment_lead(appointment)], user_id=sam.public_id, actor=sue, now=NOW)
    settle()
    assert told(sam) == ["Site survey booked: Ana Rivera"]
    survey_move(appointment.pk, starts_at=MONDAY + timedelta(hours=2), now=NOW)
    settle()
    assert told(sam) == ["Site survey booked: Ana Rivera", "Site survey moved: Ana Rivera"]
    survey_cancel(appointment.pk, now=NOW, actor=sam)  # their own act is no news to them
    settle()
    assert len(told(sam)) == 2


def test_a_suppressed_address_is_not_written_to(api, sam) -> None:
    suppress(kind="email", value="ana@example.com", reason="opt_out")
    book(send(api))
    settle()
    assert survey_mails() == []
    assert Appointment.objects.get().lead is not None


def test_people_are_reminded_once_the_day_before(api) -> None:
    appointment = book(send(api))
    settle()
    assert surveys_remind(now=NOW) == 0
    the_day_before = MONDAY - timedelta(hours=20)
    assert surveys_remind(now=the_day_before) == 1
    assert surveys_remind(now=the_day_before) == 0
    settle()
    assert survey_mails()[-1].subject.startswith("Tomorrow")
    survey_move(appointment.pk, starts_at=MONDAY + timedelta(days=1), now=the_day_before)
    assert surveys_remind(now=MONDAY) == 1


def test_a_reminder_overtaken_by_a_cancellation_is_not_sent(api) -> None:
    appointment = book(send(api))
    settle()
    the_day_before = MONDAY - timedelta(hours=20)
    surveys_remind(now=the_day_before)
    survey_cancel(appointment.pk, now=the_day_before)
    settle()
    assert [m.subject for m in survey_mails() if m.subject.startswith("Tomorrow")] == []


def test_the_database_itself_refuses_a_team_at_two_places(api) -> None:
    book(send(api))
    one = Appointment.objects.get()
    with pytest.raises(IntegrityError, match="leads_one_appointment_per_team_and_time"):
        Appointment.objects.create(
            market=Market.objects.get(code="nyc"),
            inbound_event=new_id(),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            team=one.team,
        )


def test_a_deleted_lead_takes_its_surveys_along(api) -> None:
    appointment = book(send(api))
    settle()
    Lead.objects.all().delete()
    assert not Appointment.objects.filter(pk=appointment.pk).exists()
