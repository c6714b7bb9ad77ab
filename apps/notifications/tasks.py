"""Celery tasks of notifications. Thin: each calls one action."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.notifications.actions.escalating import alerts_escalate
from apps.notifications.actions.mailing import digests_publish
from apps.notifications.actions.notifying import mails_due_publish


@shared_task(name="notifications.escalate")
def escalate() -> None:
    alerts_escalate(now=timezone.now())


@shared_task(name="notifications.hand_over_mail")
def hand_over_mail() -> None:
    """Mails whose hours of quiet are over, and digests whose hour has struck."""
    mails_due_publish(now=timezone.now())
    digests_publish(now=timezone.now())
