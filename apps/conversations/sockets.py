"""`/ws/chat/`: the visitor's end of a conversation.

The server says `session` (session_id, token, agent, resumed, opening), after a resume `history`;
then `ack` for what it has kept, `typing`, `delta` while a provider speaks, `message`, `state`. The
client says `message` (text, client_id), `typing`, `human`, `consent`. `?session_id=&token=`
resumes. `?language=` says that the page shows our opening line: {text, suggestions}, else null.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from apps.conversations import live
from apps.conversations.actions.consenting import consent_state
from apps.conversations.actions.opening import (
    Opened,
    Visitor,
    conversation_of_token,
    conversation_open,
)
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.builtin import phrase
from apps.conversations.models import Conversation, Message
from apps.conversations.openings import opening_shown, page_language
from apps.conversations.providers.registry import providers_in_use
from apps.conversations.selectors import transcript
from apps.conversations.showing import agent_shown, message_shown
from apps.core.client_address import client_address
from apps.core.errors import AppError, InvalidInput, RateLimited
from apps.core.json_data import clean_text
from apps.core.rate_limits import limit_by_key
from apps.core.sockets import Event, Frame, Socket, as_request, header, threaded

_logger = logging.getLogger("chat")
# Who waits for a vendor waits here: the loop's own threads take in what visitors say meanwhile.
_speakers = ThreadPoolExecutor(16, thread_name_prefix="speaker")

MOST_SOCKETS_EACH = 10  # of one address
_PLACE_SECONDS = 75  # three beats: what a process that died held is free again
_TYPING_SECONDS = 1.0
_QUICK_SECONDS = 0.3  # a reply that comes within it needs no sign that somebody is at it


class ChatSocket(Socket):
    """One page of one visitor."""

    longest_frame = 16 * 1024

    async def admit(self) -> None:
        self._request = as_request(self.scope)
        self._address = client_address(self._request)
        asked = {name: clean_text(values[0]) for name, values in _query(self.scope).items()}
        self._admitted = await threaded(_admit)(asked, self.scope, self._address)
        self._opened = self._admitted.opened
        self._shown: set[int] = set()
        self._typed_at = 0.0
        self._speaking: set[asyncio.Task[None]] = set()

    def origins(self) -> list[str]:
        """Our own pages, and those of sites that may embed the chat."""
        return [*settings.CSRF_TRUSTED_ORIGINS, *settings.CORS_ALLOWED_ORIGINS]

    async def opened(self) -> None:
        conversation = self._opened.conversation
        await self.join(live.visitor_group(conversation.public_id))
        await self.say(
            "session",
            session_id=str(conversation.public_id),
            token=self._opened.token,
            agent=self._admitted.agent,
            resumed=self._admitted.is_resumed,
            opening=self._admitted.opening,
        )
        if self._admitted.is_resumed:
            await self.say("history", messages=await threaded(_history)(conversation))
            self._speak()  # what the last process could not answer any more

    async def beat(self) -> None:
        await super().beat()
        if self._admitted.place:
            await threaded(cache.set)(self._admitted.place, 1, timeout=_PLACE_SECONDS)

    async def closed(self) -> None:
        admitted = getattr(self, "_admitted", None)  # none of a socket that was refused
        if admitted is not None and admitted.place:
            await threaded(cache.delete)(admitted.place)

    async def on_message(self, frame: Frame) -> None:
        client_id = str(frame.get("client_id") or "")
        try:
            message, is_new = await threaded(_take)(
                self._request, self._opened.conversation.pk, frame.get("text"), client_id
            )
        except AppError as refusal:
            await self.say_refusal(refusal, client_id=client_id)
            return
        self._shown.add(message.pk)
        await self.say("ack", client_id=client_id, id=str(message.public_id))
        if is_new:
            self._speak()
        elif reply := await threaded(_reply_to)(message):
            await self.say("message", **reply)

    async def on_human(self, frame: Frame) -> None:
        """A button for what can also be said in words."""
        words = await threaded(_asking_for_a_person)(self._opened.conversation.pk)
        await self.on_message({"text": words, "client_id": frame.get("client_id")})

    async def on_consent(self, frame: Frame) -> None:
        await threaded(consent_state)(
            self._opened.conversation.pk, stated=frame, now=timezone.now()
        )
        await self.say("ack", client_id=str(frame.get("client_id") or ""), id=None)

    async def on_typing(self, frame: Frame) -> None:
        conversation_id = self._opened.conversation.public_id
        is_on, now = frame.get("on") is not False, asyncio.get_running_loop().time()
        if is_on and now - self._typed_at < _TYPING_SECONDS:
            return  # the inbox has been told
        self._typed_at = now if is_on else 0.0
        await threaded(live.push_typing)(conversation_id, by="visitor", on=is_on)

    # --- what others tell -----------------------------------------------------------------------

    async def chat_message(self, event: Event) -> None:
        new = set(event["message_pks"]) - self._shown  # its own words, and the reply to them
        for message in await threaded(_messages)(new) if new else ():
            await self._show(message)

    async def chat_delta(self, event: Event) -> None:
        await self.say("delta", id=event["id"], text=event["text"])

    async def chat_typing(self, event: Event) -> None:
        await self.say("typing", on=event["on"])

    async def chat_state(self, event: Event) -> None:
        agent = await threaded(_agent)(self._opened.conversation.pk)
        await self.say("state", state=event["state"], agent=agent)

    # --- speaking -------------------------------------------------------------------------------

    def _speak(self) -> None:
        """Have the reply made beside the socket, which goes on listening."""
        task = asyncio.create_task(self._reply())
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)

    async def _reply(self) -> None:
        conversation = self._opened.conversation
        make = threaded(_ask_outside, _speakers) if providers_in_use() else threaded(_make_reply)
        making = asyncio.ensure_future(make(conversation.pk, str(conversation.public_id)))
        is_quick, _ = await asyncio.wait({making}, timeout=_QUICK_SECONDS)
        if not is_quick:
            await self.say("typing", on=True)
        try:
            reply = await making
        except Exception:
            _logger.exception("chat.reply_failed", extra={"conversation": conversation.pk})
            reply = None  # the sweep makes it
        if not is_quick:
            await self.say("typing", on=False)
        if reply is not None:
            await self._show(reply)

    async def _show(self, message: Message) -> None:
        """Show a message once, whether the group or the reply's own task brings it first."""
        if message.pk not in self._shown:
            self._shown.add(message.pk)
            await self.say("message", **message_shown(message))


def _query(scope: dict[str, Any]) -> dict[str, list[str]]:
    return parse_qs(scope.get("query_string", b"").decode("latin-1"))


@dataclass(frozen=True)
class _Admitted:
    """The conversation of a socket, its place among those of its address, and what its page is
    told first: `agent`, `opening`."""

    opened: Opened
    place: str
    is_resumed: bool
    agent: dict[str, Any]
    opening: dict[str, Any] | None


def _admit(asked: dict[str, str], scope: dict[str, Any], address: str) -> _Admitted:
    """Give a socket its place and open its conversation. Who gets none leaves the place free."""
    place = _place_take(address)
    try:
        opened, is_resumed = _open(asked, scope, address)
        conversation = opened.conversation
        return _Admitted(
            opened, place, is_resumed, agent_shown(conversation), opening_shown(conversation)
        )
    except BaseException:
        cache.delete(place)
        raise


def _open(asked: dict[str, str], scope: dict[str, Any], address: str) -> tuple[Opened, bool]:
    """The conversation that is asked for by its token; else a new one."""
    if asked.get("session_id") and asked.get("token"):
        found = conversation_of_token(asked["session_id"], asked["token"])
        return Opened(found, asked["token"]), True
    visitor = Visitor(
        page_id=asked.get("session_id", ""),
        market=asked.get("market") or settings.DEFAULT_MARKET,
        language=page_language(asked.get("language", "")),
        shows_opening="language" in asked,
        page_url=(header(scope, "referer") or header(scope, "origin") or "")[:500],
        ip_address=address or None,
        user_agent=header(scope, "user-agent") or "",
    )
    return conversation_open(visitor, now=timezone.now()), False


def _place_take(address: str) -> str:
    """A free place among the sockets of an address, by its key; "" where nobody counts.

    Raises RateLimited when all are taken.
    """
    if settings.RATE_LIMITS["chat"] == "off":
        return ""
    places = [f"chat-socket:{address}:{number}" for number in range(MOST_SOCKETS_EACH)]
    for place in places:
        if cache.add(place, 1, timeout=_PLACE_SECONDS):
            return place
    if cache.get(places[-1]) is None:
        return ""  # Redis is away: better a socket too many than none
    raise RateLimited("Too many open chats from your address.", retry_after=60)


def _take(
    request: HttpRequest, conversation_pk: int, text: Any, client_id: str
) -> tuple[Message, bool]:
    if not isinstance(text, str):
        raise InvalidInput("Send `text`.")
    limit_by_key(request, "chat", f"chat:{client_address(request)}")
    return message_take(conversation_pk, text=text, client_id=client_id, now=timezone.now())


def _make_reply(conversation_pk: int, conversation_id: str) -> Message | None:
    return reply_due(
        conversation_pk,
        on_sentence=lambda text: live.push_delta(conversation_id, reply_id="", text=text),
    )


def _ask_outside(conversation_pk: int, conversation_id: str) -> Message | None:
    """A reply that may take seconds, on a thread that afterwards holds no connection."""
    try:
        return _make_reply(conversation_pk, conversation_id)
    finally:
        connection.close()


def _history(conversation: Conversation) -> list[dict[str, Any]]:
    return [message_shown(message) for message in transcript(conversation)]


def _messages(message_pks: set[int]) -> list[Message]:
    found = Message.objects.select_related("author").filter(pk__in=message_pks)
    return list(found.order_by("pk"))


def _reply_to(message: Message) -> dict[str, Any] | None:
    reply = Message.objects.select_related("author").filter(answers=message).first()
    return message_shown(reply) if reply else None


def _agent(conversation_pk: int) -> dict[str, Any]:
    return agent_shown(Conversation.objects.select_related("agent").get(pk=conversation_pk))


def _asking_for_a_person(conversation_pk: int) -> str:
    memory = Conversation.objects.values_list("memory", flat=True).get(pk=conversation_pk)
    return phrase("visitor.human", memory.get("language") or "en")
