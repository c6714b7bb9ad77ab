"""The link of a mail at which a lead chooses the time of its survey."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.leads.mail.values import mail_values
from apps.leads.models import Appointment, Lead, LeadMerge, SurveyCalendar
from apps.leads.surveys import booking_link, survey_path
from tests.factories.leads import make_lead
from tests.leads.test_surveying import MONDAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def lead() -> Lead:
    return make_lead()


def path_of(lead: Lead) -> str:
    return booking_link(lead).removeprefix("http://localhost:8000")


def choose(client, lead: Lead, starts_at: str = MONDAY.isoformat(), **query: str):
    return client.post(path_of(lead), {"starts_at": starts_at}, query_params=query)


def test_it_is_what_a_mail_calls_booking_link(lead, settings) -> None:
    assert mail_values(lead, rep=None)["booking_link"] == booking_link(lead)
    settings.BRAND = settings.BRAND | {"booking_url": "https://calendar.example/us"}
    assert mail_values(lead, rep=None)["booking_link"] == "https://calendar.example/us"


def test_a_market_that_books_none_has_no_link(lead) -> None:
    SurveyCalendar.objects.create(market_id="nyc", is_open=False)
    assert mail_values(lead, rep=None)["booking_link"] == ""


def test_looking_books_nothing_and_sets_no_cookie(client, lead) -> None:
    page = client.get(path_of(lead), query_params={"language": "es"})
    assert page.status_code == 200
    assert "lunes 30 de noviembre" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page
    assert not Appointment.objects.exists()


def test_the_time_they_choose_is_theirs(client, lead) -> None:
    answer = choose(client, lead, language="es")
    booked = Appointment.objects.get()
    assert (booked.lead, booked.starts_at, booked.language) == (lead, MONDAY, "es")
    assert answer.url == f"{survey_path(booked)}?done=booked&language=es"
    assert "reservada" in client.get(answer.url).content.decode()
    [line] = lead.activities.filter(kind="survey")
    assert line.actor is None


def test_a_second_click_and_a_later_look_lead_to_the_same_survey(client, lead) -> None:
    choose(client, lead)
    booked = Appointment.objects.get()
    again = choose(client, lead, (MONDAY + timedelta(hours=2)).isoformat())
    for answer in (again, client.get(path_of(lead))):
        assert answer.url.startswith(survey_path(booked))
    assert Appointment.objects.get().starts_at == MONDAY


def test_a_time_that_went_meanwhile_is_said_and_others_are_offered(client, lead) -> None:
    SurveyCalendar.objects.create(market_id="nyc", teams=1)
    choose(client, make_lead())
    answer = choose(client, lead)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This time is no longer free." in page
    assert (MONDAY + timedelta(hours=2)).isoformat() in page
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("starts_at", ["", "tomorrow", "2026-11-30T09:00:00"])
def test_a_time_that_is_none_books_nothing(client, lead, starts_at) -> None:
    assert choose(client, lead, starts_at).status_code == 409
    assert not Appointment.objects.exists()


def test_another_link_opens_nothing(client, lead) -> None:
    choose(client, lead)
    survey = survey_path(Appointment.objects.get()).split("/")[2]
    for wrong in (path_of(lead)[:-4] + "/", "/survey/book/x/", f"/survey/book/{survey}/"):
        assert client.post(wrong, {"starts_at": MONDAY.isoformat()}).status_code == 404
    assert Appointment.objects.count() == 1


def test_the_link_of_a_merged_lead_books_for_the_one_that_stayed(client, lead) -> None:
    stayed = make_lead()
    LeadMerge.objects.create(
        survivor=stayed, duplicate=lead, survivor_before={}, survivor_after={},
        duplicate_before={}, moved={},
    )  # fmt: skip
    choose(client, lead)
    assert Appointment.objects.get().lead == stayed


def test_with_no_time_free_it_says_whom_to_call(client, lead, settings) -> None:
    SurveyCalendar.objects.create(market_id="nyc", horizon_days=1)
    page = client.get(path_of(lead)).content.decode()
    assert "No time is free just now" in page
    assert settings.BRAND["phone"] in page
