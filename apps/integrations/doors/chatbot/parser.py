"""Reads `{session_id, user_messages, bot_responses, user_info, conversation_context}`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.integrations.doors import values
from apps.integrations.doors.reading import Said, Setting, canonical, read_draft
from apps.leads.contracts import LeadDraft

_MOST_MESSAGES = 200


def parse(payload: Mapping[str, Any], setting: Setting) -> LeadDraft:
    """A draft of the conversation; an e-mail or phone may stand in what the visitor wrote."""
    context = payload.get("conversation_context")
    fields = canonical(payload.get("user_info"), context)
    messages = user_messages(payload)
    minutes = _minutes(context)
    if minutes is not None:
        fields.setdefault("engagement_minutes", minutes)
    fields.setdefault("message", "\n".join(messages))
    said = Said(fields, prose=tuple(messages), details={"interest_level": "high"})
    return read_draft(said, payload, setting)


def user_messages(payload: Mapping[str, Any]) -> list[str]:
    """What the visitor wrote, as texts."""
    stated = payload.get("user_messages")
    if not isinstance(stated, list):
        return []
    texts = (
        values.text(
            message.get("text", message.get("content")) if isinstance(message, Mapping) else message
        )
        for message in stated[:_MOST_MESSAGES]
    )
    return [text for text in texts if text]


def _minutes(context: Any) -> float | None:
    """`session_duration` is in milliseconds, as the widget has always sent it."""
    duration = context.get("session_duration") if isinstance(context, Mapping) else None
    if isinstance(duration, bool) or not isinstance(duration, int | float) or duration < 0:
        return None
    return round(duration / 60_000, 1)
