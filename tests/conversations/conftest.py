"""A visitor who talks, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from apps.conversations.actions.opening import Visitor, conversation_open
from apps.conversations.actions.turns import message_take, reply_due
from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation, Message


@dataclass
class Talk:
    """A conversation by its words."""

    conversation: Conversation
    replies: list[Message] = field(default_factory=list)

    def say(self, *lines: str) -> str:
        """Say one line after the other; returns the last reply's text, "" for silence."""
        for text in lines:
            message_take(
                self.conversation.pk,
                text=text,
                client_id=f"line-{self.conversation.messages.count()}",
                now=timezone.now(),
            )
            reply = reply_due(self.conversation.pk)
            if reply is not None:
                self.replies.append(reply)
        self.conversation.refresh_from_db()
        return self.replies[-1].text if reply is not None else ""

    @property
    def facts(self) -> dict[str, object]:
        return {key: fact.value for key, fact in facts_from_json(self.conversation.facts).items()}

    @property
    def asked(self) -> list[str]:
        return [reply.plan["asks"] for reply in self.replies if reply.plan["asks"]]

    @property
    def stage(self) -> str:
        return self.conversation.stage


@pytest.fixture
def talk(db) -> Callable[..., Talk]:
    """Begin a conversation in a market."""

    def begin(market: str = "nyc") -> Talk:
        return Talk(conversation_open(Visitor(market), now=timezone.now()).conversation)

    return begin
