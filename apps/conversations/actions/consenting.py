"""Consent given by a box that was ticked, with the words that stood beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.conversations.actions.handing_in import conversation_hand_in
from apps.conversations.memory import Memory
from apps.conversations.models import Conversation
from apps.core.errors import InvalidInput
from apps.core.json_data import clean_text

_CHANNELS = ("call", "sms", "email")
_MOST_WORDS = 5_000


@transaction.atomic
def consent_state(conversation_pk: int, *, stated: Mapping[str, Any], now: datetime) -> None:
    """Note what a visitor agreed to, or that they did not. The last word counts; repeatable.

    A conversation that has been handed in is handed in again: the lead learns of it.
    Raises InvalidInput when neither is said, and when it is given without the words that were
    shown, or for no channel.
    """
    conversation = Conversation.objects.select_for_update().get(pk=conversation_pk)
    given = stated.get("given")
    if not isinstance(given, bool):
        raise InvalidInput("Send `given`: true or false.")
    wording = stated.get("text")
    text = clean_text(wording).strip()[:_MOST_WORDS] if isinstance(wording, str) else ""
    named = stated.get("channels")
    channels = [one for one in _CHANNELS if isinstance(named, list) and one in named]
    if given and not (text and channels):
        raise InvalidInput("Send the words that were shown, and the channels agreed to.")
    conversation.consent = {
        "given": given,
        "text": text,
        "version": str(stated.get("version") or "")[:50],
        "channels": channels,
        "at": now.isoformat(),
    }
    memory = Memory.from_json(conversation.memory).with_consent(given=given)
    conversation.memory = memory.to_json()
    conversation.save(update_fields=["consent", "memory"])
    if conversation.event_id is not None:
        conversation_hand_in(conversation, now=now)
