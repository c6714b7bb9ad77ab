"""Keeps a conversation, one row for each session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.json_data import storable
from apps.integrations.doors import values
from apps.integrations.models import ChatbotInteraction
from apps.leads.contracts import LeadDraft


def keep(event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None) -> None:
    """Write or complete the session's row. Repeatable; a shorter report does not shorten it."""
    session_id = values.line(payload.get("session_id"), limit=100) or f"event-{event_id}"
    row, created = ChatbotInteraction.objects.select_for_update().get_or_create(
        session_id=session_id, defaults={"inbound_event": event_id}
    )
    messages = _list(payload.get("user_messages"))
    if not created and len(messages) < len(row.user_messages):
        messages = row.user_messages
    else:
        row.bot_responses = storable(_list(payload.get("bot_responses")))
    row.user_messages = storable(messages)
    row.user_info = row.user_info | storable(_object(payload.get("user_info")))
    row.conversation_context = storable(_object(payload.get("conversation_context")))
    row.lead_id = lead_pk or row.lead_id
    row.updated_at = timezone.now()
    row.save()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
