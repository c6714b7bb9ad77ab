"""Celery tasks of the journey."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from apps.pipeline.alarm import road_watch
from apps.pipeline.conversation_days import conversations_count_lately
from apps.pipeline.journey import journey_advance, journeys_due


@shared_task(name="pipeline.resume_journeys")
def resume_journeys() -> None:
    """Go on with what waited long enough, and with what a dead worker left standing."""
    for journey_pk in journeys_due(timezone.now()):
        journey_advance(journey_pk)


@shared_task(name="pipeline.watch_road")
def watch_road() -> None:
    """Tell people when something stands still, and when it goes on."""
    road_watch(now=timezone.now())


@shared_task(name="pipeline.count_conversations")
def count_conversations() -> None:
    """Count what came of the conversations, and make the advice anew."""
    conversations_count_lately(now=timezone.now())
