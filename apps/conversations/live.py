"""Telling open pages what happened, after the commit that made it true. A hint, never the truth:

a page that hears nothing (Redis is away, the socket broke) asks the database again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from redis.exceptions import RedisError

from apps.conversations.models import Conversation, Message
from apps.core.sockets import send_to_groups

INBOX_GROUP = "inbox"
_logger = logging.getLogger("chat")


def visitor_group(conversation_id: object) -> str:
    """The group of a visitor's own sockets."""
    return f"chat.{conversation_id}"


def push_messages(conversation: Conversation, messages: Sequence[Message]) -> None:
    """Show messages on the visitor's pages and in the inbox. No notes: see `push_note`."""
    event = {"type": "chat.message", "message_pks": [message.pk for message in messages]}
    _after_commit([INBOX_GROUP, visitor_group(conversation.public_id)], event)


def push_note(note: Message) -> None:
    """Show a note in the inbox: it stays among staff."""
    _after_commit([INBOX_GROUP], {"type": "chat.message", "message_pks": [note.pk]})


def push_state(conversation: Conversation) -> None:
    """Show who answers now."""
    event = {
        "type": "chat.state",
        "conversation_id": str(conversation.public_id),
        "state": conversation.state,
    }
    _after_commit([INBOX_GROUP, visitor_group(conversation.public_id)], event)


def push_typing(conversation_id: object, *, by: str, on: bool) -> None:
    """Show that somebody is typing: `by` is "visitor" (for the inbox) or "agent"."""
    group = INBOX_GROUP if by == "visitor" else visitor_group(conversation_id)
    event = {"type": "chat.typing", "conversation_id": str(conversation_id), "by": by, "on": on}
    _send([group], event)


def push_delta(conversation_id: object, *, reply_id: str, text: str) -> None:
    """Show a sentence of a reply that is still being spoken."""
    event = {"type": "chat.delta", "id": reply_id, "text": text}
    _send([visitor_group(conversation_id)], event)


def _after_commit(groups: list[str], event: dict[str, Any]) -> None:
    transaction.on_commit(lambda: _send(groups, event))


def _send(groups: list[str], event: dict[str, Any]) -> None:
    data = dict(event)
    event_type = data.pop("type")
    try:
        send_to_groups(groups, event_type, **data)
    except (RedisError, OSError) as error:
        _logger.warning("chat.push_failed", extra={"error": type(error).__name__})
