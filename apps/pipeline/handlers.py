"""What the outbox calls."""

from __future__ import annotations

from uuid import UUID

from apps.core.outbox import Message, handles
from apps.intake.actions import RECORDED
from apps.pipeline.journey import journey_advance, journey_start


@handles(RECORDED, queue="journey")
def start_journey(message: Message) -> None:
    """Something came in: walk it down the road. Safe to repeat: a journey knows its next step."""
    journey = journey_start(UUID(message.payload["event"]))
    if journey is not None:
        journey_advance(journey.pk)
