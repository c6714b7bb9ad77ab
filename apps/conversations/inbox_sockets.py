"""`/ws/inbox/`: everybody of the staff who answers visitors.

The server says `conversations` (items) when the socket opens, then `message` (conversation_id,
message), `state` (conversation_id, state, item) and `typing`. The client says `takeover`,
`release`, `reply` (text), `note` (text) and `close`, each with `conversation_id`; `typing`;
`presence` (available).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.conversations import live
from apps.conversations.actions.staff import (
    conversation_close,
    conversation_note,
    conversation_release,
    conversation_reply,
    conversation_take,
    presence_note,
)
from apps.conversations.models import Message
from apps.conversations.selectors import (
    conversation_visible_to,
    conversations_visible_to,
    queue_of,
)
from apps.conversations.showing import conversation_shown, message_shown
from apps.core.errors import InvalidInput, PermissionRefused
from apps.core.sockets import Event, Frame, threaded
from apps.users.models import User
from apps.users.sockets import StaffSocket

_MOST_LISTED = 100


class InboxSocket(StaffSocket):
    """One open inbox."""

    async def admit(self) -> None:
        await super().admit()
        if not await threaded(self.user.has_perm)("conversations.change_conversation"):
            raise PermissionRefused()

    async def opened(self) -> None:
        await self.join(live.INBOX_GROUP)
        await threaded(presence_note)(self.user, now=timezone.now())
        await self.say("conversations", items=await threaded(_items)(self.user))

    async def beat(self) -> None:
        await super().beat()
        await threaded(presence_note)(self.user, now=timezone.now())

    async def on_takeover(self, frame: Frame) -> None:
        await threaded(_act)(conversation_take, self.user, frame)

    async def on_release(self, frame: Frame) -> None:
        await threaded(_act)(conversation_release, self.user, frame)

    async def on_close(self, frame: Frame) -> None:
        await threaded(_act)(conversation_close, self.user, frame)

    async def on_reply(self, frame: Frame) -> None:
        client_id = str(frame.get("client_id") or "")
        await threaded(_act)(
            conversation_reply, self.user, frame, text=_text(frame), client_id=client_id
        )

    async def on_note(self, frame: Frame) -> None:
        await threaded(_act)(conversation_note, self.user, frame, text=_text(frame))

    async def on_typing(self, frame: Frame) -> None:
        await threaded(_show_typing)(self.user, frame)

    async def on_presence(self, frame: Frame) -> None:
        is_available = frame.get("available") is True
        await threaded(presence_note)(self.user, now=timezone.now(), is_available=is_available)

    # --- what others tell -----------------------------------------------------------------------

    async def chat_message(self, event: Event) -> None:
        for shown in await threaded(_messages)(self.user, event["message_pks"]):
            await self.say("message", **shown)

    async def chat_state(self, event: Event) -> None:
        item = await threaded(_item)(self.user, event["conversation_id"])
        if item is not None:
            await self.say(
                "state",
                conversation_id=event["conversation_id"],
                state=event["state"],
                item=item,
            )

    async def chat_typing(self, event: Event) -> None:
        await self.say("typing", conversation_id=event["conversation_id"], on=event["on"])


def _act(action: Any, user: User, frame: Frame, **words: str) -> None:
    conversation = conversation_visible_to(user, _id(frame))
    action(conversation.pk, agent=user, now=timezone.now(), **words)


def _show_typing(user: User, frame: Frame) -> None:
    """On the visitor's page, while the conversation is this person's."""
    conversation = conversation_visible_to(user, _id(frame))
    if conversation.agent_id == user.pk:
        is_on = frame.get("on") is not False
        live.push_typing(conversation.public_id, by="agent", on=is_on)


def _id(frame: Frame) -> UUID:
    try:
        return UUID(str(frame.get("conversation_id")))
    except ValueError as error:
        raise InvalidInput("Send `conversation_id`.") from error


def _text(frame: Frame) -> str:
    text = frame.get("text")
    if not isinstance(text, str):
        raise InvalidInput("Send `text`.")
    return text


def _items(user: User) -> list[dict[str, Any]]:
    return [conversation_shown(one) for one in queue_of(user, now=timezone.now())[:_MOST_LISTED]]


def _item(user: User, conversation_id: str) -> dict[str, Any] | None:
    found = (
        conversations_visible_to(user)
        .select_related("market", "agent", "lead")
        .filter(public_id=conversation_id)
        .first()
    )
    return conversation_shown(found) if found else None


def _messages(user: User, message_pks: list[int]) -> list[dict[str, Any]]:
    """Messages of one conversation, for whoever may read it; and the conversation's line anew."""
    messages = (
        Message.objects.select_related("author", "conversation")
        .filter(pk__in=message_pks, conversation__in=conversations_visible_to(user))
        .order_by("pk")
    )
    if not messages:
        return []
    conversation_id = str(messages[0].conversation.public_id)
    item = _item(user, conversation_id)
    return [
        {"conversation_id": conversation_id, "message": message_shown(message), "item": item}
        for message in messages
    ]
