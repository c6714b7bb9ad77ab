"""A conversation by mail: to whoever was in it, and to a colleague."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.staff import conversation_note
from apps.conversations.models import Message
from apps.conversations.transcript import LONGEST, Line, masked, transcript_letter
from apps.leads.models import Lead, LeadMail
from tests.walking import settle

NINE = datetime(2026, 11, 27, 14, tzinfo=UTC)
ADDRESS = "ana.ruiz@example.com"


@pytest.fixture
def visitor(talk):
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    talking = talk()
    talking.conversation, talking.token = opened.conversation, opened.token
    talking.say("I own a house in 11375")
    return talking


def want(api, visitor, **said):
    url = f"/api/conversations/{visitor.conversation.public_id}/transcript/"
    return api.post(url, said, HTTP_X_CHAT_TOKEN=visitor.token)


# --- the letter -----------------------------------------------------------------------------------


def test_a_letter_says_who_said_what_and_when() -> None:
    lines = [
        Line("visitor", "Does it pay? See www.evil.example/x {{name}}", NINE),
        Line("agent", "It does.", NINE, "Suki"),
    ]
    letter = transcript_letter(lines, language="es", zone="America/New_York", brand="Aurum")
    assert letter.startswith("Aquí está su conversación con Aurum")
    assert "09:00 Usted\nDoes it pay? See … { {name}}" in letter
    assert "09:00 Suki\nIt does." in letter


def test_of_a_long_conversation_the_end_is_kept() -> None:
    lines = [Line("visitor", f"{number} " + "x" * 500, NINE) for number in range(100)]
    letter = transcript_letter(lines, language="en", zone="UTC", brand="Aurum")
    assert len(letter) < LONGEST + 200
    assert "\n99 x" in letter
    assert "\n0 x" not in letter
    assert "…" in letter


def test_an_address_is_shown_to_its_owner_alone() -> None:
    assert masked(ADDRESS) == "a…@example.com"


# --- to the visitor -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Please send me this conversation by e-mail.",
        "can you email me the transcript?",
        "Por favor, envíeme esta conversación por correo.",
        "कृपया यह बातचीत मुझे ई-मेल से भेजें।",
    ],
)
def test_who_asks_for_it_in_words_is_offered_it(visitor, words) -> None:
    visitor.say(words)
    assert ["transcript", ""] in visitor.replies[-1].plan["acts"]
    assert visitor.replies[-1].plan["asks"] == ""


def test_it_goes_once_as_a_mail_of_the_lead(api, visitor) -> None:
    answered = want(api, visitor, email=ADDRESS)
    assert (answered.status_code, answered.json()["data"]["address"]) == (202, "a…@example.com")
    settle()
    want(api, visitor)
    settle()
    [sent] = LeadMail.objects.all()
    assert (sent.lead, sent.address, sent.status) == (Lead.objects.get(), ADDRESS, "sent")
    [letter] = [one for one in mail.outbox if one.to == [ADDRESS]]
    assert "I own a house in 11375" in letter.body


def test_a_new_word_makes_a_new_mail(api, visitor) -> None:
    want(api, visitor, email=ADDRESS)
    settle()
    visitor.say("the bill is $300")
    want(api, visitor)
    settle()
    assert LeadMail.objects.count() == 2


def test_it_goes_to_the_address_that_was_given_and_to_no_other(api, visitor) -> None:
    visitor.say(f"my mail is {ADDRESS}")
    want(api, visitor, email="somebody.else@example.com")
    settle()
    assert [one.address for one in LeadMail.objects.all()] == [ADDRESS]


def test_without_an_address_nothing_is_kept(api, visitor) -> None:
    answered = want(api, visitor, email="nowhere", language="es")
    assert answered.status_code == 400
    assert "correo" in answered.json()["error"]["details"]["email"][0]
    settle()
    assert not Lead.objects.exists()


def test_who_said_stop_gets_none_and_staff_see_why(api, visitor) -> None:
    visitor.say(f"my mail is {ADDRESS}", "stop contacting me")
    settle()
    want(api, visitor)
    settle()
    assert not LeadMail.objects.exists()
    note = Message.objects.get(role=Message.Role.NOTE)
    assert "do-not-contact" in note.text


def test_only_whoever_has_the_token_asks(api, visitor) -> None:
    visitor.token = "guessed"
    assert want(api, visitor, email=ADDRESS).status_code == 404
    settle()
    assert not Lead.objects.exists()


# --- by staff -------------------------------------------------------------------------------------


def send(client: Client, visitor, **to):
    address = reverse("admin:conversations_mail", args=[visitor.conversation.public_id])
    return client.post(address, to)


def test_staff_send_it_to_who_agreed(client: Client, visitor, mia) -> None:
    visitor.say(f"my mail is {ADDRESS}")
    settle()
    client.force_login(mia)
    refused = send(client, visitor)
    assert (refused.status_code, "neither agreed" in refused.json()["error"]) == (409, True)
    assert not LeadMail.objects.exists()

    visitor.say("please send me this conversation")
    settle()
    assert send(client, visitor).json()["told"] == f"On its way to {ADDRESS}."
    send(client, visitor)
    settle()
    assert LeadMail.objects.get().actor == mia


def test_a_colleague_is_sent_it_once_without_notes(client: Client, visitor, mia, sam) -> None:
    conversation_note(visitor.conversation.pk, agent=mia, text="Sounds rich", now=timezone.now())
    client.force_login(mia)
    for _ in range(2):
        assert send(client, visitor, to=sam.pk).status_code == 200
    settle()
    [letter] = [one for one in mail.outbox if one.to == [sam.email]]
    assert "I own a house in 11375" in letter.body
    assert "Sounds rich" not in letter.body
    notes = Message.objects.filter(role=Message.Role.NOTE, text__contains="by mail")
    assert notes.count() == 1


def test_nobody_outside_the_team_is_sent_it(client: Client, visitor, mia, bea) -> None:
    client.force_login(mia)
    for to in (bea.pk, "x", 0):
        assert send(client, visitor, to=to).status_code == 404
    settle()
    assert not mail.outbox
