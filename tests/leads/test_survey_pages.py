"""Surveys from outside: the API of the site, the page behind a link, and the pages of staff."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from apps.core.clock import utc_text
from apps.leads.models import Appointment, SurveyCalendar
from apps.leads.surveys import survey_link
from tests.leads.test_surveying import MONDAY, NOW, book, send
from tests.walking import settle

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def booked(api) -> Appointment:
    appointment = book(send(api), language="es")
    settle()
    appointment.refresh_from_db()
    return appointment


def path_of(appointment: Appointment) -> str:
    return survey_link(appointment).removeprefix("http://localhost:8000")


def test_slots_are_listed_in_the_language_asked_for(api) -> None:
    data = api.get("/api/surveys/slots/", {"postal_code": "11215", "language": "hi"}).json()["data"]
    assert data["time_zone"] == "America/New_York"
    assert data["count"] == len(data["results"]) > 20
    assert data["results"][0]["starts_at"] == "2026-11-30T14:00:00Z"
    first = data["results"][0]
    assert "नवंबर" in first["words"]
    assert "नवंबर" in first["short"]
    assert "2026" not in first["short"]


def test_without_a_language_the_browser_says_it(api) -> None:
    slots = api.get("/api/surveys/slots/", headers={"Accept-Language": "fr,es-MX;q=0.9,en;q=0.2"})
    assert "noviembre" in slots.json()["data"]["results"][0]["words"]


@pytest.mark.parametrize(
    ("asked", "field"), [({"market": "mars"}, "market"), ({"postal_code": "none"}, "postal_code")]
)
def test_a_question_that_makes_no_sense_names_its_field(api, asked, field) -> None:
    answer = api.get("/api/surveys/slots/", asked)
    assert answer.status_code == 400
    assert field in answer.json()["error"]["details"]


def test_booking_answers_with_the_link_and_the_same_again(api) -> None:
    body = {"event_id": str(send(api)), "starts_at": "2026-11-30T14:00:00Z", "market": "nyc"}
    first, again = (api.post("/api/surveys/", body, format="json") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json()["data"] == again.json()["data"]
    assert first.json()["data"]["link"] == survey_link(Appointment.objects.get())


def test_a_slot_that_is_gone_is_409_and_names_what_is_free(api, booked) -> None:
    SurveyCalendar.objects.update(teams=1)
    body = {
        "event_id": str(send(api, email="bo@example.com")),
        "starts_at": MONDAY.isoformat(),
        "market": "nyc",
    }
    answer = api.post("/api/surveys/", body, format="json")
    assert answer.status_code == 409
    assert utc_text(LATER) in answer.json()["error"]["details"]["free"]
    assert Appointment.objects.count() == 1


def test_a_time_at_the_end_of_the_calendar_is_none(api) -> None:
    body = {"event_id": str(send(api)), "starts_at": "9999-12-31T23:59:00", "market": "nyc"}
    answer = api.post("/api/surveys/", body, format="json")
    assert answer.status_code == 400
    assert "starts_at" in answer.json()["error"]["details"]
    assert not Appointment.objects.exists()


def test_looking_at_the_link_changes_nothing(client, booked) -> None:
    page = client.get(path_of(booked))
    assert page.status_code == 200
    assert "lunes 30 de noviembre de 2026" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page
    assert Appointment.objects.get() == booked
    assert Appointment.objects.get().revision == booked.revision


def test_the_visitor_moves_and_cancels_by_the_link(client, booked) -> None:
    moved = client.post(path_of(booked), {"act": "move", "starts_at": LATER.isoformat()})
    assert moved.status_code == 302
    assert Appointment.objects.get().starts_at == LATER
    assert client.get(moved.url).status_code == 200
    client.post(path_of(booked), {"act": "cancel"})
    assert Appointment.objects.get().status == "cancelled"
    again = client.post(path_of(booked), {"act": "move", "starts_at": MONDAY.isoformat()})
    assert again.status_code == 409
    assert Appointment.objects.get().starts_at == LATER


def test_whoever_cancelled_chooses_another_time_without_a_call(client, booked) -> None:
    client.post(path_of(booked), {"act": "cancel"})
    page = client.get(path_of(booked)).content.decode()
    assert "Elegir otra hora" in page
    again = page[page.index("/survey/book/") :].split('"')[0]
    assert client.post(again, {"starts_at": LATER.isoformat()}).status_code == 302
    ahead = Appointment.objects.get(status="booked")
    assert (ahead.starts_at, ahead.lead) == (LATER, booked.lead)
    SurveyCalendar.objects.update(is_open=False)
    assert "/survey/book/" not in client.get(path_of(booked)).content.decode()


def test_a_link_that_opens_nothing_says_so_in_the_language_of_the_browser(client) -> None:
    page = client.get("/survey/x/", headers={"Accept-Language": "hi-IN,hi;q=0.9"})
    assert 'lang="hi"' in page.content.decode()
    book = client.get("/survey/book/x/", headers={"Accept-Language": "es-US"})
    assert 'lang="es"' in book.content.decode()


@pytest.mark.parametrize("starts_at", ["", "tomorrow", "2026-11-30T09:00:00", "2026-13-40T09:00Z"])
def test_a_time_that_is_none_moves_nothing(client, booked, starts_at) -> None:
    answer = client.post(path_of(booked), {"act": "move", "starts_at": starts_at})
    assert answer.status_code == 409
    assert Appointment.objects.get().starts_at == MONDAY


def test_another_link_opens_nothing(client, booked) -> None:
    path = path_of(booked)
    forged = path.replace(booked.public_id.hex[:4], "0000")
    for wrong in (forged, path[:-4] + "/", "/survey/x/"):
        answer = client.post(wrong, {"act": "cancel"})
        assert answer.status_code == 404
    assert Appointment.objects.get().status == "booked"


def test_the_calendar_file_comes_by_the_link(client, booked) -> None:
    file = client.get(f"{path_of(booked)}survey.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert b"DTSTART:20261130T140000Z" in file.content
    assert client.get("/survey/x/survey.ics").status_code == 404


def test_staff_see_the_survey_on_the_lead_and_on_its_day(client, mia, booked) -> None:
    client.force_login(mia)
    lead = client.get(reverse("admin:leads_lead_change", args=[booked.lead_id]))
    assert "Monday, 30 Nov 2026, 09:00" in lead.content.decode()
    day = client.get(reverse("admin:leads_appointment_day"), {"on": "2026-11-30"})
    assert "Ana Rivera" in day.content.decode()
    other = client.get(reverse("admin:leads_appointment_day"), {"on": "2026-12-01"})
    assert "No survey on this day" in other.content.decode()
    assert client.get(reverse("admin:leads_appointment_day"), {"on": "x"}).status_code == 200


def test_staff_move_settle_and_cancel(client, mia, booked, time_machine) -> None:
    client.force_login(mia)

    def press(name: str, **said: str) -> None:
        client.post(reverse("admin:leads_appointment_do", args=[booked.pk, name]), said)

    press("move", starts_at=LATER.isoformat())
    assert Appointment.objects.get().starts_at == LATER
    press("no_show")
    assert Appointment.objects.get().status == "booked"  # its time has not come
    time_machine.move_to(datetime(2026, 11, 30, 20, tzinfo=UTC), tick=False)
    client.force_login(mia)  # a session does not last three days
    press("no_show")
    assert Appointment.objects.get().status == "no_show"
    press("cancel")
    assert Appointment.objects.get().status == "no_show"


def test_staff_book_from_the_page_of_the_lead(client, mia, booked) -> None:
    client.force_login(mia)
    client.post(reverse("admin:leads_appointment_do", args=[booked.pk, "cancel"]))
    address = reverse("admin:leads_lead_do", args=[booked.lead_id, "survey"])
    client.post(address, {"starts_at": "never"})
    assert Appointment.objects.filter(status="booked").count() == 0
    client.post(address, {"starts_at": LATER.isoformat()})
    assert Appointment.objects.get(status="booked").starts_at == LATER


def test_sales_do_not_see_the_surveys_of_a_colleagues_lead(client, sam, sue, booked) -> None:
    booked.lead.__class__.objects.update(assigned_to=sue)
    client.force_login(sam)
    page = reverse("admin:leads_appointment_change", args=[booked.pk])
    assert client.get(page).status_code == 302
    client.post(reverse("admin:leads_appointment_do", args=[booked.pk, "cancel"]))
    assert Appointment.objects.get().status == "booked"


def test_a_calendar_with_nonsense_is_refused(client, mia) -> None:
    client.force_login(mia)
    calendar = SurveyCalendar.objects.create(market_id="nyc")
    page = reverse("admin:leads_surveycalendar_change", args=[calendar.pk])
    said = {
        "is_open": "on", "weekdays": "[7]", "starts": '["25:00"]', "length_minutes": "60",
        "gap_minutes": "0", "teams": "1", "notice_hours": "1", "horizon_days": "1",
    }  # fmt: skip
    answer = client.post(page, said)
    assert answer.status_code == 200
    for words in ("numbers from 0", "list of times"):
        assert words in answer.content.decode()
    calendar.refresh_from_db()
    assert calendar.weekdays == [0, 1, 2, 3, 4]
