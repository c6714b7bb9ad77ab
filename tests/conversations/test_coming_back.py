"""A page comes back to its conversation by our id or a name of its own, with the token."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.models import Conversation, Message
from tests.sockets import Listener, play

URL = "/api/conversations/messages/"
OWN_NAMES = ["chat_1732800000000", "42", "7279c96b-63b1-4eea-b340-4049a3d12a71"]


def say(api, text: str = "Hi", **more: Any) -> Any:
    return api.post(URL, {"text": text, **more}, format="json")


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_page_may_have_a_name_of_its_own_for_a_conversation(name: str, db, api) -> None:
    first = say(api, session_id=name).json()["data"]
    assert first["session_id"] != name
    for known_as in (name, first["session_id"]):
        again = say(api, session_id=known_as, token=first["token"])
        assert again.json()["data"]["session_id"] == first["session_id"]
    assert Conversation.objects.count() == 1
    assert Message.objects.filter(role=Message.Role.VISITOR).count() == 3


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_name_without_its_token_opens_nobody_elses(name: str, db, api) -> None:
    mine = say(api, session_id=name).json()["data"]
    other = say(api, session_id=name).json()["data"]
    assert other["session_id"] != mine["session_id"]
    assert say(api, session_id=name, token="guessed").status_code == 404
    assert say(api, session_id="another", token=mine["token"]).status_code == 404
    assert say(api, session_id=mine["session_id"]).status_code == 404  # ours is no name to begin by
    assert Conversation.objects.count() == 2


def test_nothing_in_it_is_as_if_it_was_not_sent(db, api) -> None:
    for nothing in ({"session_id": None, "token": None}, {"session_id": "", "token": ""}):
        assert say(api, **nothing).json()["data"]["token"]


@pytest.mark.usefixtures("transactional_db")
def test_a_socket_comes_back_by_the_pages_own_name() -> None:
    async def scenario() -> tuple[dict[str, Any], dict[str, Any]]:
        page = Listener("/ws/chat/?session_id=chat_7")
        await page.enter()
        begun = await page.hear()
        await page.leave()
        back = Listener(f"/ws/chat/?session_id=chat_7&token={begun['token']}")
        await back.enter()
        session = await back.hear()
        await back.leave()
        return begun, session

    begun, session = play(scenario)
    assert (begun["resumed"], session["resumed"]) == (False, True)
    assert session["session_id"] == begun["session_id"]


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ("market=mars", 4400, "There is no such market."),
        ("market=%00", 4400, "There is no such market."),
        ("session_id=chat_7&token=guessed", 4404, "There is no such conversation."),
        ("session_id=%00&token=%00", 4404, "There is no such conversation."),
    ],
)
def test_what_cannot_be_opened_is_said(query: str, code: int, reason: str) -> None:
    async def scenario() -> tuple[int, str]:
        page = Listener(f"/ws/chat/?{query}")
        await page.enter()
        return await page.end_said()

    assert play(scenario) == (code, reason)
    assert not Conversation.objects.exists()


@pytest.mark.usefixtures("transactional_db")
def test_the_slash_may_be_left_out() -> None:
    async def scenario() -> str:
        page = Listener("/ws/chat?market=nyc")
        await page.enter()
        frame = await page.hear()
        await page.leave()
        return frame["type"]

    assert play(scenario) == "session"


@pytest.mark.usefixtures("transactional_db")
def test_a_socket_that_breaks_while_it_opens_says_so_and_not_why(monkeypatch) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("inner secret")

    monkeypatch.setattr("apps.conversations.sockets._admit", broken)

    async def scenario() -> tuple[int, str]:
        page = Listener("/ws/chat/")
        await page.enter()
        return await page.end_said()

    assert play(scenario) == (1011, "")


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("frame", [{}, {"given": "yes"}, {"given": None, "channels": ["call"]}])
def test_a_consent_that_says_neither_yes_nor_no_is_none(frame: dict[str, Any]) -> None:
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    query = f"session_id={opened.conversation.public_id}&token={opened.token}"

    async def scenario() -> dict[str, Any]:
        page = Listener(f"/ws/chat/?{query}")
        await page.enter()
        await page.hear()
        await page.hear()
        await page.say({"type": "consent", **frame})
        said = await page.hear()
        await page.leave()
        return said

    said = play(scenario)
    assert (said["type"], said["code"]) == ("error", "VALIDATION_ERROR")
    assert Conversation.objects.get().consent == {}
