"""What the outbox calls."""

from __future__ import annotations

from uuid import UUID

from apps.b2b.actions.settling import SALE_SETTLED
from apps.core.outbox import Message, handles
from apps.intake.actions import RECORDED
from apps.pipeline.journey import journey_advance, journey_start, journeys_wake


@handles(RECORDED, queue="journey")
def start_journey(message: Message) -> None:
    """Something came in: walk it down the road. Safe to repeat: a journey knows its next step."""
    journey = journey_start(UUID(message.payload["event"]))
    if journey is not None:
        journey_advance(journey.pk)


@handles(SALE_SETTLED, queue="journey")
def go_on_after_sale(message: Message) -> None:
    """A buyer has answered: the journeys that waited for it go on."""
    for journey_pk in journeys_wake(UUID(message.payload["lead"])):
        journey_advance(journey_pk)
