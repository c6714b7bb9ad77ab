"""Celery tasks of the journey."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.pipeline.journey import journey_advance, journeys_due


@shared_task(name="pipeline.resume_journeys")
def resume_journeys() -> None:
    """Go on with what waited long enough, and with what a dead worker left standing."""
    for journey_pk in journeys_due(timezone.now()):
        journey_advance(journey_pk)
