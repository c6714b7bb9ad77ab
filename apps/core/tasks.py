"""Celery tasks of the lowest layer. Thin: each calls one function."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.core import outbox
from apps.core.backup.running import backup_nightly
from apps.core.health import beat_heart
from apps.core.purging import purge_everything


@shared_task(name="core.relay_outbox")
def relay_outbox() -> None:
    outbox.relay()


@shared_task(name="core.deliver_outbox")
def deliver_outbox(ids: list[int]) -> None:
    outbox.deliver(ids)


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    beat_heart()


@shared_task(name="core.purge")
def purge() -> None:
    purge_everything()


@shared_task(name="core.backup", soft_time_limit=6 * 60 * 60, time_limit=6 * 60 * 60 + 60)
def backup() -> None:
    backup_nightly(now=timezone.now())
