"""`/ws/notifications/`: who may listen, what they hear, and when it ends."""

from __future__ import annotations

import pytest
from django.utils import timezone

from apps.core.models import OutboxMessage
from apps.core.outbox import deliver_now
from apps.notifications.actions.notifying import TOLD
from apps.notifications.actions.reading import READ, notifications_mark_read
from apps.notifications.choices import Mail
from apps.notifications.models import Notification, Preference
from apps.notifications.sockets import NotificationSocket
from tests.notifications.kinds import PLAIN, told
from tests.sockets import Listener, cookie_of, off_the_loop, play, token_of

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]

PATH = "/ws/notifications/"


def tell(*people, **words) -> None:
    """As a handler does, with the outbox delivering it."""
    told(*people, now=timezone.now(), **words)
    deliver_waiting(TOLD)


def deliver_waiting(topic: str) -> None:
    for row in OutboxMessage.objects.filter(topic=topic, state="pending"):
        deliver_now(topic, key=row.key)


def test_nobody_strangers_and_buyers_are_closed_out(sam, bea):
    left = token_of(sam)
    cookie, buyer = cookie_of(sam), cookie_of(bea)
    sam.is_active = False
    sam.save()

    knocking = [
        Listener(PATH),
        Listener(PATH, cookie="sessionid=nonsense"),
        Listener(PATH, cookie=cookie),
        Listener(PATH, subprotocols=["bearer", left]),
        Listener(PATH, subprotocols=["bearer"]),
        Listener(PATH, cookie=buyer),
        Listener("/ws/elsewhere/", cookie=cookie),
    ]

    async def scenario() -> list[int]:
        codes = []
        for listener in knocking:
            await listener.enter()  # first: a browser learns the code only of what was open
            codes.append(await listener.end())
        return codes

    assert play(scenario) == [4401, 4401, 4401, 4401, 4401, 4403, 4404]


def test_a_page_of_another_site_gets_nothing_by_our_cookie(sam, settings):
    cookie = cookie_of(sam)
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example.com"]

    async def scenario() -> None:
        for origin in ("http://evil.example", "null", "http://testserver:8080"):
            page = Listener(PATH, cookie=cookie, origin=origin)
            await page.enter()
            assert await page.end() == 4403
        for origin in (None, "http://testserver", "https://desk.example.com"):
            page = Listener(PATH, cookie=cookie, origin=origin)
            await page.enter()
            assert (await page.hear())["type"] == "bell"
            await page.leave()

    play(scenario)


def test_every_open_page_hears_what_is_new_and_what_was_read(sam, sue):
    tell(sam, key="before", title="Before")
    cookie, token = cookie_of(sam), token_of(sam)

    async def scenario() -> None:
        page = Listener(PATH, cookie=cookie)
        program = Listener(PATH, origin=None, subprotocols=["bearer", token])
        assert await page.enter() is None
        assert await program.enter() == "bearer"
        for listener in (page, program):
            bell = await listener.hear()
            assert (bell["type"], bell["unread"]) == ("bell", 1)
            assert [item["title"] for item in bell["items"]] == ["Before"]

        await off_the_loop(tell)(sam, sue, key="new", title="New", link="/admin/")
        for listener in (page, program):
            frame = await listener.hear()
            assert (frame["type"], frame["unread"], frame["ring"]) == ("notification", 2, True)
            assert (frame["item"]["title"], frame["item"]["link"]) == ("New", "/admin/")

        await page.say({"type": "read", "ids": [frame["item"]["id"]]})
        await program.say({"type": "ping"})
        assert await program.hear() == {"type": "pong"}
        await off_the_loop(wait_for)(READ)
        await off_the_loop(deliver_waiting)(READ)
        for listener in (page, program):
            assert await listener.hear() == {"type": "unread", "unread": 1}
            await listener.leave()

    play(scenario)
    assert Notification.objects.filter(recipient=sue, read_at=None).count() == 1


def wait_for(topic: str) -> None:
    import time

    deadline = time.monotonic() + 5
    while not OutboxMessage.objects.filter(topic=topic).exists():
        assert time.monotonic() < deadline, f"Nothing was published: {topic}"
        time.sleep(0.02)


def test_who_wants_it_silent_sees_the_number_and_hears_nothing(sam):
    Preference.objects.create(user=sam, kind=PLAIN.code, live=False, mail=Mail.OFF)
    cookie = cookie_of(sam)

    async def scenario() -> None:
        page = Listener(PATH, cookie=cookie)
        await page.enter()
        await page.hear()
        await off_the_loop(tell)(sam)
        frame = await page.hear()
        assert (frame["unread"], frame["ring"]) == (1, False)
        await page.leave()

    play(scenario)


def test_what_is_no_frame_of_ours_is_refused_and_the_socket_stays(sam):
    cookie = cookie_of(sam)
    told(sam)

    async def scenario() -> None:
        page = Listener(PATH, cookie=cookie)
        await page.enter()
        await page.hear()
        for text in ("nonsense", "[]", "{}", '{"type": "sing"}', '{"type": "read", "ids": ["x"]}'):
            await page.say(text)
            frame = await page.hear()
            assert (frame["type"], frame["code"]) == ("error", "VALIDATION_ERROR"), text
        await page.say(b"\x00")
        assert (await page.hear())["code"] == "VALIDATION_ERROR"
        await page.say("x" * 20_000)
        assert await page.end() == 1009

    play(scenario)
    assert Notification.objects.filter(read_at=None).count() == 1


def test_it_ends_with_the_session(sam, monkeypatch):
    monkeypatch.setattr(NotificationSocket, "beat_seconds", 0.05)
    cookie = cookie_of(sam)

    def new_password() -> None:
        sam.set_password("another-long-one")
        sam.save()

    async def scenario() -> int:
        page = Listener(PATH, cookie=cookie)
        await page.enter()
        await page.hear()
        assert await page.hear() == {"type": "beat"}
        await off_the_loop(new_password)()
        return await page.end()

    assert play(scenario) == 4401


def test_after_a_gap_the_page_catches_up(sam):
    cookie = cookie_of(sam)

    async def scenario() -> None:
        page = Listener(PATH, cookie=cookie)
        await page.enter()
        await page.hear()
        await page.leave()
        await off_the_loop(tell)(sam, title="Meanwhile")  # nobody listens, and nothing is lost
        again = Listener(PATH, cookie=cookie)
        await again.enter()
        bell = await again.hear()
        assert (bell["unread"], bell["items"][0]["title"]) == (1, "Meanwhile")
        await again.leave()

    play(scenario)
    notifications_mark_read(sam, now=timezone.now())
