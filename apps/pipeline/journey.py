"""The journey of a lead. Read this first.

    record -> parse -> capture -> score -> decide -> work | sell

A door records what came in and publishes it; that starts a journey, and the journey takes one step
after the other until it has arrived. A step and the note that it was taken are one transaction: a
worker that dies anywhere leaves a step taken or not taken, never half taken, so the next worker
simply goes on. Steps touch nothing but the database; whatever talks to the outside hangs on facts
that the steps publish to the outbox.

What fails is tried again with growing pauses; what cannot succeed, or has failed too often, is
parked with its reason, where staff see it, mend it and send it on. A step may also wait without
having failed: for a buyer's answer, or whether one of our own people takes the lead.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.core.audit import only_people_audited
from apps.core.context import logging_facts
from apps.core.errors import Permanent
from apps.core.json_data import clean_text
from apps.core.outbox.delivery import backoff
from apps.intake.actions import event_settle
from apps.intake.choices import EventState
from apps.intake.models import InboundEvent
from apps.pipeline import steps
from apps.pipeline.models import Journey, JourneyState, Outcome, StepName
from apps.pipeline.steps import Arrived, GoOn, Result, Wait

_logger = logging.getLogger("journey")

ROAD: dict[StepName, Callable[[Journey, datetime], Result]] = {
    StepName.PARSE: steps.parse,
    StepName.CAPTURE: steps.capture,
    StepName.SCORE: steps.score,
    StepName.DECIDE: steps.decide_way,
    StepName.WORK: steps.work,
    StepName.SELL: steps.sell,
}
MAX_ATTEMPTS = 8
_UNDER_WAY = (JourneyState.MOVING, JourneyState.WAITING)


@dataclass(frozen=True)
class _Stood:
    """Where a journey stood when a worker took hold of it."""

    journey_pk: int
    event_pk: int
    step: str
    attempts: int


def journey_start(event_id: UUID) -> Journey | None:
    """The journey of an event, begun if it has none, begun again if staff replayed the event.

    None for one that staff marked as spam before it began.
    """
    event = InboundEvent.objects.only("pk", "replays", "state").get(public_id=event_id)
    if event.state == EventState.SPAM:
        return None
    journey, created = Journey.objects.get_or_create(
        event=event, defaults={"replay": event.replays}
    )
    if not created and event.replays > journey.replay:
        Journey.objects.filter(pk=journey.pk, replay=journey.replay).update(
            step=StepName.PARSE, replay=event.replays, **_fresh()
        )
    return journey


def journey_advance(journey_pk: int) -> None:
    """Take steps until the journey has arrived, has to wait, or another worker is on it."""
    while _take_step(journey_pk):
        pass


def journeys_resume(journey_ids: Sequence[UUID]) -> int:
    """Let parked journeys go on from the step they stand at. Returns how many."""
    return Journey.objects.filter(public_id__in=journey_ids, state=JourneyState.PARKED).update(
        **_fresh()
    )


def journeys_wake(lead_id: UUID) -> list[int]:
    """Let the journeys of a lead that wait for its sale look again now. Returns their keys."""
    waiting = Journey.objects.filter(
        lead__public_id=lead_id, step=StepName.SELL, state=JourneyState.WAITING
    )
    keys = list(waiting.values_list("pk", flat=True))
    waiting.update(not_before=timezone.now())
    return keys


def journeys_due(now: datetime, *, limit: int = 500) -> list[int]:
    """Journeys that nobody is walking and that could go on: after a pause, or a worker's death."""
    due = Journey.objects.filter(state__in=_UNDER_WAY, not_before__lte=now)
    due = due.exclude(event__state=EventState.SPAM)
    return list(due.order_by("not_before").values_list("pk", flat=True)[:limit])


def _take_step(journey_pk: int) -> bool:
    """Take one step. Returns whether there may be another one to take now."""
    now = timezone.now()
    stood: _Stood | None = None
    try:
        with only_people_audited(), transaction.atomic():
            journey = _hold(journey_pk, now)
            if journey is None:
                return False
            stood = _Stood(journey_pk, journey.event_id, journey.step, journey.attempts)
            with logging_facts(journey=journey.public_id, step=journey.step):
                result = ROAD[StepName(journey.step)](journey, now)
                _note(journey, result, now)
    except Exception as error:  # a step failed, for whatever reason: the journey remembers
        if stood is None:
            raise  # the database itself: whoever called comes again
        _note_failure(stood, error, timezone.now())
        return False
    return isinstance(result, GoOn)


def _hold(journey_pk: int, now: datetime) -> Journey | None:
    """Lock the journey; None when it has nothing to do now or somebody else holds it.

    Looked up by key alone and judged here: on tables that were empty when PostgreSQL last looked,
    it would take a condition for the better way in, and read through every event there is.
    """
    journeys = Journey.objects.filter(pk=journey_pk)
    if connection.features.has_select_for_update_skip_locked:
        journeys = journeys.select_for_update(skip_locked=True)
    journey = journeys.first()
    if journey is None or journey.state not in _UNDER_WAY or journey.not_before > now:
        return None
    journey.event = InboundEvent.objects.select_related("source").get(pk=journey.event_id)
    # What staff marked as spam meanwhile stands still until it is released.
    return None if journey.event.state == EventState.SPAM else journey


def _note(journey: Journey, result: Result, now: datetime) -> None:
    journey.attempts, journey.last_error, journey.updated_at = 0, "", now
    journey.waits_for = ""
    match result:
        case GoOn(to=step):
            journey.step, journey.state = step, JourneyState.MOVING
        case Arrived(outcome=outcome):
            journey.state, journey.outcome = JourneyState.DONE, outcome
            event_settle(journey.event_id, state=EventState.PROCESSED, note=Outcome(outcome).label)
        case Wait(until=until, words=words):
            journey.state, journey.not_before, journey.waits_for = (
                JourneyState.WAITING,
                until,
                words,
            )
    journey.save()


def _note_failure(stood: _Stood, error: Exception, now: datetime) -> None:
    """Conditional: the lock went with the transaction, and another worker may have gone on."""
    attempts = stood.attempts + 1
    is_parked = isinstance(error, Permanent) or attempts >= MAX_ATTEMPTS
    words = clean_text(f"{type(error).__name__}: {error}")[:2000]
    _logger.warning(
        "journey.parked" if is_parked else "journey.step_failed",
        exc_info=not isinstance(error, Permanent),
        extra={"journey_pk": stood.journey_pk, "step": stood.step, "attempt": attempts},
    )
    with transaction.atomic():
        still_there = Journey.objects.filter(
            pk=stood.journey_pk,
            state__in=_UNDER_WAY,
            step=stood.step,
            attempts=stood.attempts,
        )
        noted = still_there.update(
            state=JourneyState.PARKED if is_parked else JourneyState.WAITING,
            attempts=attempts,
            last_error=words,
            waits_for="",
            not_before=now if is_parked else now + backoff(attempts),
            updated_at=now,
        )
        if noted and is_parked:
            event_settle(stood.event_pk, state=EventState.PARKED, note=words)


def _fresh() -> dict[str, object]:
    now = timezone.now()
    return {
        "state": JourneyState.MOVING,
        "attempts": 0,
        "outcome": Outcome.NONE,
        "last_error": "",
        "waits_for": "",
        "not_before": now,
        "updated_at": now,
    }
