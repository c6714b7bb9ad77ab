"""What the outbox calls."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.conversations.actions.calling_back import callback_pass_on
from apps.conversations.actions.transcripts import (
    SHARED,
    WANTED,
    transcript_mail_shared,
    transcript_send_wanted,
)
from apps.conversations.models import Conversation
from apps.core.outbox import Message, handles
from apps.leads.actions.capturing import CAPTURED
from apps.leads.models import Lead


@handles(CAPTURED, queue="journey")
@transaction.atomic
def link_conversation(message: Message) -> None:
    """A conversation's event became a lead: the two know each other from here on, and who wants
    to be called gets the call. Repeatable."""
    lead = Lead.objects.filter(public_id=message.payload["lead"]).only("pk").first()
    if lead is None:
        return
    held = Conversation.objects.select_for_update()
    for conversation in held.filter(event_id=message.payload["event"]):
        conversation.lead = lead
        conversation.save(update_fields=["lead"])
        callback_pass_on(conversation, now=timezone.now())


@handles(WANTED, queue="delivery")
def send_the_transcript(message: Message) -> None:
    """A visitor asked for their conversation by mail."""
    transcript_send_wanted(
        UUID(message.payload["conversation"]),
        language=message.payload["language"],
        now=timezone.now(),
    )


@handles(SHARED, queue="delivery")
def mail_the_transcript(message: Message) -> None:
    """Somebody of the team sent a conversation to a colleague."""
    transcript_mail_shared(
        UUID(message.payload["conversation"]),
        to=message.payload["to"],
        message_id=f"{message.topic}.{message.key}".replace(":", "."),
    )
