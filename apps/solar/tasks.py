"""Celery tasks of the calculator."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.solar.actions import yields_prepare


@shared_task(name="solar.prepare_yields")
def prepare_yields() -> None:
    yields_prepare(now=timezone.now())
