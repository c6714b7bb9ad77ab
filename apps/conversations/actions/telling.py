"""Something the product itself says in a conversation, beside the replies to what was said."""

from __future__ import annotations

from datetime import datetime

from apps.conversations import live
from apps.conversations.models import Conversation, Message


def conversation_tell(
    conversation: Conversation, text: str, *, role: Message.Role, now: datetime
) -> Message:
    """Write it down and show it; a note stays among staff. The conversation's row is locked."""
    message = Message.objects.create(
        conversation=conversation, role=role, text=text, created_at=now
    )
    if role == Message.Role.NOTE:
        live.push_note(message)
    else:
        Conversation.objects.filter(pk=conversation.pk).update(last_message_at=now)
        live.push_messages(conversation, [message])
    return message
