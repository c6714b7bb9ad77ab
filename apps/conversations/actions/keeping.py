"""The last part of a turn: the reply is written down with everything that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.conversations import live
from apps.conversations.actions.following import follow, what_follows
from apps.conversations.actions.hearing import (
    Turn,
    conversation_lock,
    messages_heard,
    messages_open,
    turn_heard,
)
from apps.conversations.contracts import Plan
from apps.conversations.memory import Memory
from apps.conversations.models import Conversation, Message, SpokenReply
from apps.conversations.say import Spoken


@dataclass(frozen=True)
class Answer:
    """What a turn is answered with, before it is written down."""

    plan: Plan
    memory: Memory
    spoken: Spoken


@transaction.atomic
def reply_keep(turn: Turn, answer: Answer, now: datetime) -> Message | None:
    """Write down a reply that took its time; nothing said or agreed to meanwhile is lost.

    None when somebody else has answered, or a person has taken over: only a "stop" is still obeyed.
    """
    conversation = conversation_lock(turn.conversation.pk)
    own = {message.pk for message in turn.messages}
    still_open = messages_open().filter(conversation=conversation).values_list("pk", flat=True)
    if not own <= set(still_open):
        return None
    if not answer.plan.opts_out:
        answer = replace(answer, memory=_with_consent_of(conversation, answer.memory, turn))
        if conversation.state == Conversation.State.PERSON:
            turn_heard(turn, _with_consent_of(conversation, turn.memory, turn))
            return None
    reply = reply_write(conversation, turn, answer, now)
    live.push_messages(conversation, [reply])
    return reply


def reply_write(conversation: Conversation, turn: Turn, answer: Answer, now: datetime) -> Message:
    """Write the reply down with all that it brings. The conversation is locked."""
    plan, memory = answer.plan, answer.memory
    messages_heard(turn)
    reply = _written(turn, plan, answer.spoken, now)
    changes = {
        "facts": dict(turn.facts),
        "memory": memory.to_json(),
        "stage": plan.stage,
        "last_message_at": now,
        **what_follows(conversation, plan, turn.standing, memory, now=now),
    }
    for name, value in changes.items():
        setattr(conversation, name, value)
    conversation.save(update_fields=list(changes))
    follow(conversation, plan, turn.standing, now=now)
    return reply


def _with_consent_of(conversation: Conversation, memory: Memory, turn: Turn) -> Memory:
    """A consent stated while the reply was made is the later word: it holds."""
    stated = Memory.from_json(conversation.memory).consent
    is_new = stated != Memory.from_json(turn.conversation.memory).consent
    return replace(memory, consent=stated) if is_new else memory


def _written(turn: Turn, plan: Plan, spoken: Spoken, now: datetime) -> Message:
    reply = Message.objects.create(
        conversation=turn.conversation,
        role=Message.Role.ASSISTANT,
        text=spoken.reply.text,
        answers=turn.messages[-1],
        suggestions=list(spoken.reply.suggestions),
        sources=[dict(source) for source in spoken.reply.sources],
        plan=_plan_json(plan),
        created_at=now,
    )
    SpokenReply.objects.bulk_create(
        SpokenReply(
            message=reply,
            speaker=attempt.speaker,
            model=attempt.model,
            outcome=attempt.outcome,
            why=attempt.why,
            milliseconds=attempt.milliseconds,
            input_tokens=attempt.usage.input_tokens,
            output_tokens=attempt.usage.output_tokens,
            cost_usd=attempt.cost_usd,
            priced_by=attempt.priced_by,
            created_at=now,
        )
        for attempt in spoken.attempts
    )
    return reply


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {
        "stage": plan.stage,
        "acts": [[act.kind, act.about] for act in plan.acts],
        "asks": plan.asks,
        "hands_over": plan.hands_over,
        "why": plan.why,
    }
