"""A conversation becomes a lead: its facts and words go in by the door of chats, like any other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from apps.conversations.memory import facts_from_json
from apps.conversations.models import Conversation, Message
from apps.core.json_data import storable
from apps.intake.actions import content_digest, event_record
from apps.intake.contracts import Arrival

_SOURCE = "chatbot"
_IDLE = timedelta(minutes=10)
_AT_ONCE = 200
Role = Message.Role


def conversation_hand_in(conversation: Conversation, *, now: datetime) -> bool:
    """Record what is known of the visitor as an inbound event. The same content goes in once.

    Returns whether there was something new to record.
    """
    messages = list(conversation.messages.exclude(role__in=[Role.NOTE, Role.SYSTEM]).order_by("pk"))
    spoken = [message.text for message in messages if message.role == Role.VISITOR]
    payload = _payload(conversation, messages, spoken)
    body = json.dumps(payload, ensure_ascii=False)
    recorded = event_record(
        Arrival(
            source=_SOURCE,
            body=body.encode(),
            payload=payload,
            idempotency_key=f"conversation:{conversation.public_id}:{content_digest(payload)}",
            ip_address=conversation.ip_address,
            user_agent=conversation.user_agent,
            page_url=conversation.page_url,
        ),
        now=now,
    )
    Conversation.objects.filter(pk=conversation.pk).update(
        event_id=recorded.event_id, handed_in_after=len(spoken)
    )
    return not recorded.is_repeat


def conversations_hand_in_idle(*, now: datetime) -> int:
    """Hand in conversations that have gone quiet with words nobody has handed in. Repeatable."""
    quiet = (
        Conversation.objects.filter(
            last_message_at__lt=now - _IDLE, last_message_at__gte=now - timedelta(days=2)
        )
        .annotate(spoken=Count("messages", filter=Q(messages__role=Role.VISITOR)))
        .filter(spoken__gt=F("handed_in_after"))
        .select_related("market")
        .order_by("last_message_at")
    )
    return sum(conversation_hand_in(one, now=now) for one in quiet[:_AT_ONCE])


def _payload(
    conversation: Conversation, messages: list[Message], spoken: list[str]
) -> dict[str, Any]:
    """The payload of the chat door (DESIGN section 6)."""
    facts = {key: fact.value for key, fact in facts_from_json(conversation.facts).items()}
    told = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in facts.items()
        if key not in {"intent", "objections"}
    }
    minutes = (conversation.last_message_at - conversation.started_at).total_seconds() / 60
    payload: dict[str, Any] = {
        "session_id": str(conversation.public_id),
        "market": conversation.market_id,
        "user_messages": spoken,
        "bot_responses": [message.text for message in messages if message.role != Role.VISITOR],
        "user_info": told,
        "conversation_context": {
            "stage": conversation.stage,
            "intent": facts.get("intent", ""),
            "objections": list(facts.get("objections") or ()),
            "engagement_minutes": round(minutes, 1),
            "technical_questions": conversation.memory.get("technical_questions", 0),
            "handover_reason": conversation.handover_reason,
        },
        "timestamp": conversation.last_message_at.isoformat(),
    }
    if conversation.consent.get("given"):
        consent = conversation.consent
        payload["consent"] = {key: consent[key] for key in ("given", "text", "version", "channels")}
    cleaned: dict[str, Any] = storable(payload)
    return cleaned
