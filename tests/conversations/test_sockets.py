"""The visitor's socket and the inbox: frames, resuming, resending, taking over."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.staff import conversation_take
from apps.conversations.models import Conversation, Message
from apps.conversations.sockets import MOST_SOCKETS_EACH
from tests.sockets import Listener, cookie_of, off_the_loop, play

pytestmark = pytest.mark.usefixtures("transactional_db")


async def _until(listener: Listener, kind: str) -> dict[str, Any]:
    """The next frame of a kind; others before it are passed over."""
    for _ in range(20):
        frame = await listener.hear()
        if frame["type"] == kind:
            return frame
    raise AssertionError(f"No {kind} came.")


def test_a_visitor_talks_leaves_and_comes_back() -> None:
    async def scenario() -> None:
        page = Listener("/ws/chat/?market=nyc")
        await page.enter()
        session = await page.hear()
        assert session["type"] == "session"
        assert session["resumed"] is False
        assert session["agent"]["is_human"] is False
        await page.say({"type": "message", "text": "I own a house in 11375", "client_id": "c1"})
        ack = await _until(page, "ack")
        assert ack["client_id"] == "c1"
        reply = await _until(page, "message")
        assert reply["role"] == "assistant"
        await page.say({"type": "message", "text": "I own a house in 11375", "client_id": "c1"})
        again = await _until(page, "message")
        assert again["id"] == reply["id"]
        await page.leave()

        back = Listener(f"/ws/chat/?session_id={session['session_id']}&token={session['token']}")
        await back.enter()
        assert (await back.hear())["resumed"] is True
        history = await back.hear()
        assert [message["role"] for message in history["messages"]] == ["user", "assistant"]
        assert "score" not in str(history)
        await back.leave()

    play(scenario)
    assert Message.objects.count() == 2


def test_who_comes_back_while_a_person_answers_sees_the_person(sam) -> None:
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    conversation_take(opened.conversation.pk, agent=sam, now=timezone.now())

    async def scenario() -> dict[str, Any]:
        resume = f"session_id={opened.conversation.public_id}&token={opened.token}"
        page = Listener(f"/ws/chat/?{resume}")
        await page.enter()
        session = await page.hear()
        await page.leave()
        return session

    assert play(scenario)["agent"]["is_human"] is True


def test_a_wrong_token_opens_nothing() -> None:
    async def scenario() -> int:
        page = Listener("/ws/chat/?session_id=01a21e40-f7f3-7024-bc6d-ab4b503a9a4c&token=whatever")
        await page.enter()
        return await page.end()

    assert play(scenario) == 4404


def test_a_person_takes_over_answers_and_hands_back(sam) -> None:
    cookie = cookie_of(sam)

    async def scenario() -> None:
        page = Listener("/ws/chat/")
        await page.enter()
        session = await page.hear()
        inbox = Listener("/ws/inbox/", cookie=cookie)
        await inbox.enter()
        assert (await inbox.hear())["type"] == "conversations"
        await page.say({"type": "human", "client_id": "h"})
        waiting = await _until(inbox, "state")
        assert waiting["state"] == "waiting"
        which = {"conversation_id": session["session_id"]}
        await inbox.say({"type": "takeover", **which})
        assert (await _until(inbox, "state"))["state"] == "person"
        assert (await _until(page, "state"))["agent"]["is_human"] in {True, False}
        await inbox.say({"type": "reply", "text": "Hello, Sam here", **which})
        said = await _until_text(page, "Hello, Sam here")
        assert said["role"] == "agent"
        await page.say({"type": "message", "text": "I own a house", "client_id": "x"})
        await _until_text(inbox, "I own a house")
        await inbox.say({"type": "release", **which})
        assert (await _until(inbox, "state"))["state"] == "bot"
        await inbox.leave()
        await page.leave()

    play(scenario)
    assert Message.objects.filter(role="assistant").count() == 1


async def _until_text(listener: Listener, text: str) -> dict[str, Any]:
    for _ in range(20):
        frame = await listener.hear()
        message = frame.get("message") or frame
        if message.get("text") == text:
            return message
    raise AssertionError(f"{text!r} did not come.")


def test_only_who_has_a_conversation_is_seen_typing_in_it(sam, sue) -> None:
    opened = conversation_open(Visitor("nyc"), now=timezone.now())
    conversation_take(opened.conversation.pk, agent=sam, now=timezone.now())
    his, hers = cookie_of(sam), cookie_of(sue)
    conversation_id = str(opened.conversation.public_id)

    async def scenario() -> dict[str, Any]:
        page = Listener(f"/ws/chat/?session_id={conversation_id}&token={opened.token}")
        await page.enter()
        await page.hear()
        await page.hear()
        stranger, owner = Listener("/ws/inbox/", cookie=hers), Listener("/ws/inbox/", cookie=his)
        for staff in (stranger, owner):
            await staff.enter()
            await staff.hear()
        await stranger.say({"type": "typing", "conversation_id": conversation_id, "on": False})
        assert (await _until(stranger, "error"))["code"] == "NOT_FOUND"
        await owner.say({"type": "typing", "conversation_id": conversation_id})
        shown = await page.hear()
        for end in (page, stranger, owner):
            await end.leave()
        return shown

    assert play(scenario) == {"type": "typing", "on": True}


def test_the_inbox_is_for_those_who_answer(bea) -> None:
    cookie = cookie_of(bea)

    async def scenario() -> tuple[int, int]:
        nobody = Listener("/ws/inbox/")
        await nobody.enter()
        buyer = Listener("/ws/inbox/", cookie=cookie)
        await buyer.enter()
        return await nobody.end(), await buyer.end()

    assert play(scenario) == (4401, 4403)


def test_what_is_no_frame_is_an_error_and_the_talk_goes_on() -> None:
    async def scenario() -> None:
        page = Listener("/ws/chat/")
        await page.enter()
        await page.hear()
        for frame in (
            "{",
            {"type": "nonsense"},
            {"type": "message"},
            {"type": "message", "text": ""},
        ):
            await page.say(frame)
            assert (await _until(page, "error"))["code"] == "VALIDATION_ERROR"
        await page.say({"type": "message", "text": "Hi", "client_id": "1"})
        await _until(page, "message")
        await page.leave()

    play(scenario)


def test_a_refused_message_is_named() -> None:
    async def scenario() -> dict[str, Any]:
        page = Listener("/ws/chat/")
        await page.enter()
        await page.hear()
        await page.say({"type": "message", "text": "x" * 2_001, "client_id": "long"})
        return await _until(page, "error")

    error = play(scenario)
    assert (error["code"], error["client_id"]) == ("VALIDATION_ERROR", "long")
    assert not Message.objects.exists()


def test_an_address_holds_so_many_sockets_and_each_that_leaves_makes_room(settings) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "chat": "20/m"}

    async def scenario() -> int:
        pages = [Listener("/ws/chat/") for _ in range(MOST_SOCKETS_EACH)]
        for page in pages:
            await page.enter()
        refused = Listener("/ws/chat/")
        await refused.enter()
        code = await refused.end()
        await pages[3].leave()
        pages[3] = Listener("/ws/chat/")
        await pages[3].enter()
        assert (await pages[3].hear())["type"] == "session"
        for page in pages:
            await page.leave()
        return code

    assert play(scenario) == 4429


def test_consent_by_a_box_is_kept_with_its_words() -> None:
    async def scenario() -> None:
        page = Listener("/ws/chat/")
        await page.enter()
        await page.hear()
        given = {"type": "consent", "given": True, "channels": ["call"], "version": "1"}
        await page.say({**given, "text": "Call me"})
        await _until(page, "ack")
        await page.say(given)
        await _until(page, "error")
        await page.leave()

    play(scenario)
    consent = Conversation.objects.get().consent
    assert (consent["given"], consent["text"], consent["channels"]) == (True, "Call me", ["call"])


def test_an_unanswered_message_is_answered_when_the_page_comes_back() -> None:
    async def scenario() -> str:
        page = Listener("/ws/chat/")
        await page.enter()
        session = await page.hear()
        await page.leave()
        conversation = await off_the_loop(Conversation.objects.get)()
        await off_the_loop(Message.objects.create)(
            conversation=conversation, role="visitor", text="Hi"
        )
        back = Listener(f"/ws/chat/?session_id={session['session_id']}&token={session['token']}")
        await back.enter()
        reply = await _until(back, "message")
        await back.leave()
        return str(reply["text"])

    assert "solar assistant" in play(scenario)
