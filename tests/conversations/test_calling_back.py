"""Nobody is there: the form for a call back, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from apps.conversations.callbacks import callback_times
from apps.conversations.models import Conversation, Message
from apps.leads.choices import TaskKind, TaskReason, TaskState
from apps.leads.first_response import OfficeHours, is_open
from apps.leads.models import Lead
from tests.walking import settle

URL = "/api/conversations/callback/"
SUNDAY = datetime(2026, 11, 29, 15, tzinfo=UTC)  # 10 in New York, whose office is closed
NINE_TO_FIVE = OfficeHours("America/New_York", (((time(9), time(17)),),) * 5 + ((), ()))


@pytest.fixture(autouse=True)
def _sunday():
    with time_machine.travel(SUNDAY, tick=True):
        yield


def offered(api, **asked) -> dict:
    return api.get(URL, {"market": "nyc", **asked}).json()["data"]


def wish(api, **changes) -> dict:
    found = offered(api)
    return {
        "name": "Ana Ruiz",
        "phone": "(212) 555-2368",
        "at": found["times"][0]["starts_at"],
        "consent_version": found["consent_version"],
        "market": "nyc",
    } | changes


# --- the times ------------------------------------------------------------------------------------


def test_a_closed_office_offers_its_next_days(db) -> None:
    times = callback_times(NINE_TO_FIVE, SUNDAY)
    local = [f"{at.astimezone(UTC):%a %H:%M}" for at in times]  # New York is 5 h behind
    assert local[:4] == ["Mon 14:00", "Mon 17:00", "Mon 20:00", "Tue 14:00"]
    assert len(times) == 9


def test_a_holiday_is_left_out() -> None:
    closed = OfficeHours(NINE_TO_FIVE.zone, NINE_TO_FIVE.week, frozenset({date(2026, 11, 30)}))
    assert callback_times(closed, SUNDAY)[0] == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_an_office_that_never_opens_offers_nothing() -> None:
    assert callback_times(OfficeHours("Asia/Kolkata", ((),) * 7), SUNDAY) == []


@given(st.integers(0, 365 * 24 * 60))
def test_every_time_lies_ahead_and_in_office_hours(minutes) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    times = callback_times(NINE_TO_FIVE, now)
    assert times == sorted(set(times))
    assert 1 <= len(times) <= 9
    for at in times:
        assert at >= now
        assert is_open(NINE_TO_FIVE, at)
        assert is_open(NINE_TO_FIVE, at + timedelta(minutes=29))


# --- the form -------------------------------------------------------------------------------------


def test_the_form_says_when_and_to_what_one_agrees(api, db) -> None:
    found = offered(api, language="es")
    assert found["is_staffed"] is False
    assert "noviembre" in found["times"][0]["words"]
    assert "no es condición" in found["consent_text"]


def test_a_market_there_is_not_is_refused(api, db) -> None:
    for market in ("mars", "\x00", "nyc\x00"):
        assert api.get(URL, {"market": market}).status_code in {200, 400}
    assert api.get(URL, {"market": "mars"}).status_code == 400


def test_a_wish_becomes_a_lead_with_a_call_in_office_hours(api, db) -> None:
    answered = api.post(URL, wish(api))
    assert answered.status_code == 201
    assert "Monday, November 30" in answered.json()["data"]["words"]
    settle()
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name, lead.phone) == ("Ana", "Ruiz", "+12125552368")
    assert lead.call_status == "callback_requested"
    assert lead.contact.consents.filter(kind="given", channel="call").exists()
    assert not lead.contact.consents.filter(kind="given", channel="sms").exists()
    [task] = lead.tasks.filter(state=TaskState.OPEN)
    assert (task.kind, task.reason) == (TaskKind.CALL, TaskReason.CALLBACK)
    assert task.due_at == datetime(2026, 11, 30, 14, tzinfo=UTC)


def test_the_same_wish_twice_is_one(api, db) -> None:
    first = api.post(URL, wish(api)).json()["data"]
    again = wish(api, session_id=first["session_id"], token=first["token"])
    assert api.post(URL, again).status_code == 201
    settle()
    assert Conversation.objects.count() == 1
    assert Message.objects.filter(role=Message.Role.SYSTEM).count() == 1
    assert Lead.objects.get().tasks.count() == 1


def test_another_time_moves_the_call(api, db) -> None:
    first = api.post(URL, wish(api)).json()["data"]
    settle()
    later = offered(api)["times"][4]["starts_at"]
    api.post(URL, wish(api, at=later, session_id=first["session_id"], token=first["token"]))
    settle()
    [task] = Lead.objects.get().tasks.all()
    assert task.due_at == datetime.fromisoformat(later)


def test_who_has_talked_is_the_same_lead(api, talk) -> None:
    visitor = talk()
    visitor.say("I own a house in 11375", "my mail is ana.ruiz@example.com")
    reply = visitor.say("can I talk to a person?")
    assert "at their desk" in reply
    settle()
    token = _token_of(visitor.conversation)
    said = wish(api, session_id=str(visitor.conversation.public_id), token=token)
    assert api.post(URL, said).status_code == 201
    settle()
    lead = Lead.objects.get()
    assert (lead.email, lead.phone) == ("ana.ruiz@example.com", "+12125552368")
    [task] = lead.tasks.filter(state=TaskState.OPEN)
    assert task.reason == TaskReason.CALLBACK


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"phone": "12"}, "phone"),
        ({"at": "2026-11-29T03:00:00Z"}, "at"),
        ({"at": "2027-11-29T15:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"consent_version": ""}, "consent"),
        ({"consent_version": "of-last-year"}, "consent"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(api, db, changes, field) -> None:
    answered = api.post(URL, wish(api, **changes))
    assert answered.status_code == 400
    assert field in answered.json()["error"]["details"]
    settle()
    assert not Lead.objects.exists()
    assert not Message.objects.exists()


def test_nobody_asks_in_the_conversation_of_another(api, talk) -> None:
    said = wish(api, session_id=str(talk().conversation.public_id), token="guessed")
    assert api.post(URL, said).status_code == 404


def test_the_reply_that_nobody_is_there_offers_the_form(api, db) -> None:
    said = {"text": "I want to talk to a person", "market": "nyc"}
    data = api.post("/api/conversations/messages/", said).json()["data"]
    assert data["reply"]["form"] == "callback"
    assert (
        api.post("/api/conversations/messages/", {"text": "hello"}).json()["data"]["reply"]["form"]
        == ""
    )


def _token_of(conversation: Conversation) -> str:
    """A token that opens it again; the one shown at its beginning is not kept."""
    from apps.conversations.actions import opening

    Conversation.objects.filter(pk=conversation.pk).update(token_digest=opening._digest("again"))
    return "again"
