"""Background work of conversations."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.conversations.actions.handing_in import conversations_hand_in_idle
from apps.conversations.actions.turns import replies_missing


@shared_task(name="conversations.hand_in_idle")
def hand_in_idle() -> None:
    """Conversations that have gone quiet become leads."""
    conversations_hand_in_idle(now=timezone.now())


@shared_task(name="conversations.answer_missing")
def answer_missing() -> None:
    """Messages whose answering process died are answered."""
    replies_missing(now=timezone.now())
