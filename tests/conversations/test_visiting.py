"""A survey booked in the chat: what is needed first, the free times, and a time that is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.decide import survey_needs
from apps.conversations.models import Message
from apps.leads.models import Appointment, Lead
from tests.walking import settle


@pytest.fixture
def ready(talk):
    """A visitor who said everything a survey needs, and wants one."""
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    visitor = talk()
    visitor.conversation, visitor.token = opened.conversation, opened.token
    visitor.say(
        "I own a house in 11375, the bill is $300", "My name is Ana", "no shade, the roof is new"
    )
    visitor.say("Please call me at 212-555-2368, that's fine with me")
    for _ in range(6):
        asked = visitor.replies[-1].plan["asks"]
        if asked == "survey":
            break
        visitor.say({"consent": "yes, that's fine", "phone": "212-555-2368"}.get(asked, "asap"))
    visitor.say("yes, book a survey")
    return visitor


def url(visitor) -> str:
    return f"/api/conversations/{visitor.conversation.public_id}/survey/"


def times(api, visitor) -> dict:
    return api.get(url(visitor), HTTP_X_CHAT_TOKEN=visitor.token).json()["data"]


def book(api, visitor, starts_at: str):
    return api.post(url(visitor), {"starts_at": starts_at}, HTTP_X_CHAT_TOKEN=visitor.token)


@pytest.mark.parametrize(
    ("facts", "consent", "missing"),
    [
        ({}, "", ["first_name", "consent", "phone"]),
        ({"first_name": "Ana"}, "refused", ["consent", "phone"]),
        ({"first_name": "Ana", "email": "a@b.c"}, "given", []),
        ({"phone": "+1212"}, "given", ["first_name"]),
    ],
)
def test_what_a_survey_needs(facts, consent, missing) -> None:
    assert survey_needs(facts, consent) == missing


def test_who_wants_a_survey_is_asked_for_what_is_missing_first(talk) -> None:
    visitor = talk()
    said = visitor.say("Hi, I'd like to book a site survey")
    assert "I need your name" in said
    assert visitor.asked == ["first_name"]
    visitor.say("Ana Ruiz")
    assert visitor.asked[-1] == "consent"
    visitor.say("yes")
    assert visitor.asked[-1] == "phone"
    assert "Pick a time" in visitor.say("212-555-2368")


def test_the_reply_offers_the_free_times(api, ready) -> None:
    assert ready.replies[-1].plan["acts"][-1] == ["survey", ""]
    found = times(api, ready)
    assert found["missing"] == []
    assert found["booked"] is None
    assert len(found["times"]) > 4


def test_a_click_books_and_the_link_moves_or_cancels(api, ready) -> None:
    starts_at = times(api, ready)["times"][0]["starts_at"]
    answered = book(api, ready, starts_at)
    assert answered.status_code == 201
    settle()
    appointment = Appointment.objects.get()
    assert appointment.lead == Lead.objects.get()
    said = Message.objects.filter(role=Message.Role.ASSISTANT).last().text
    assert answered.json()["data"]["link"] in said
    assert times(api, ready)["booked"]["words"] in said
    path = answered.json()["data"]["link"].split("://", 1)[1].partition("/")[2]
    assert api.get(f"/{path}").status_code == 200


def test_the_same_click_twice_books_once(api, ready) -> None:
    starts_at = times(api, ready)["times"][0]["starts_at"]
    assert book(api, ready, starts_at).status_code == 201
    assert book(api, ready, starts_at).status_code == 201
    assert Appointment.objects.count() == 1
    other = datetime.fromisoformat(starts_at) + timedelta(hours=2)
    assert book(api, ready, other.isoformat()).status_code == 409


def test_a_time_that_is_gone_is_said_with_others(api, ready) -> None:
    first = times(api, ready)["times"][0]["starts_at"]
    starts = datetime.fromisoformat(first)
    for team in (1, 2, 3):
        Appointment.objects.create(
            market_id="nyc",
            team=team,
            starts_at=starts,
            ends_at=starts + timedelta(hours=1),
            booked_at=timezone.now(),
            updated_at=timezone.now(),
        )
    before = Message.objects.count()
    answered = book(api, ready, first)
    assert answered.status_code == 409
    assert answered.json()["error"]["details"]["free"]
    assert Message.objects.count() == before
    assert first not in [one["starts_at"] for one in times(api, ready)["times"]]


def test_without_name_or_consent_nothing_is_booked(api, talk) -> None:
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    visitor = talk()
    visitor.conversation, visitor.token = opened.conversation, opened.token
    starts_at = times(api, visitor)["times"][0]["starts_at"]
    answered = book(api, visitor, starts_at)
    assert answered.status_code == 409
    assert answered.json()["error"]["details"]["missing"] == ["first_name", "consent", "phone"]
    assert not Appointment.objects.exists()


def test_only_whoever_has_the_token_books(api, ready) -> None:
    starts_at = times(api, ready)["times"][0]["starts_at"]
    ready.token = "guessed"
    assert book(api, ready, starts_at).status_code == 404
    assert not Appointment.objects.exists()
