"""Staff answer visitors over HTTP: taking over, replying, noting, handing back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.models import Conversation, Message

pytestmark = pytest.mark.django_db

URL = "/api/conversations/"


@pytest.fixture
def conversation() -> Conversation:
    return conversation_open(Visitor("nyc"), now=timezone.now()).conversation


def roles(client: Any, conversation: Conversation) -> list[str]:
    shown = client.get(f"{URL}{conversation.public_id}/").json()["data"]
    return [message["role"] for message in shown["messages"]]


def test_a_person_takes_over_answers_and_hands_back(conversation, sam, api_as) -> None:
    client, at = api_as(sam), f"{URL}{conversation.public_id}/"
    early = client.post(f"{at}reply/", {"text": "Hi"}, format="json")
    assert (early.status_code, roles(client, conversation)) == (409, [])
    assert client.post(f"{at}takeover/").json()["data"]["state"] == "person"
    assert client.post(f"{at}takeover/").status_code == 200  # it is theirs already
    reply = client.post(f"{at}reply/", {"text": "Hi"}, format="json")
    assert (reply.status_code, reply.json()["data"]["role"]) == (201, "agent")
    assert client.post(f"{at}release/").json()["data"]["state"] == "bot"
    assert client.post(f"{at}release/").status_code == 409
    assert client.post(f"{at}close/").json()["data"]["state"] == "closed"
    assert roles(client, conversation) == ["system", "agent", "system"]


@pytest.mark.parametrize("act", ["reply", "note"])
def test_a_key_that_is_sent_again_says_it_once(act: str, conversation, sam, api_as) -> None:
    client, at = api_as(sam), f"{URL}{conversation.public_id}/"
    client.post(f"{at}takeover/")

    def say(text: str) -> Any:
        headers = {"Idempotency-Key": "k-1"}
        return client.post(f"{at}{act}/", {"text": text}, format="json", headers=headers)

    first, again = say("Measured the roof"), say("Measured the roof")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["data"]["id"] == again.json()["data"]["id"]
    assert say("Something else").status_code == 409
    assert Message.objects.filter(text="Measured the roof").count() == 1


def test_what_a_colleague_has_is_as_if_it_was_not_there(conversation, sam, sue, api_as) -> None:
    at = f"{URL}{conversation.public_id}/"
    api_as(sam).post(f"{at}takeover/")
    hers = api_as(sue)
    for act, body in (("takeover", {}), ("reply", {"text": "x"}), ("note", {"text": "x"})):
        assert hers.post(f"{at}{act}/", body, format="json").status_code == 404
    conversation.refresh_from_db()
    assert conversation.agent == sam
    assert roles(api_as(sam), conversation) == ["system"]
