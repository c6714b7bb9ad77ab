"""Bringing published facts to their handlers: claim, hand out, run, retry, give up visibly."""

from __future__ import annotations

import logging
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.core.context import logging_facts
from apps.core.errors import Permanent
from apps.core.models import OutboxMessage
from apps.core.outbox.publishing import NUDGE_INTERVAL_SECONDS, Message, Subscription, subscription

_logger = logging.getLogger("outbox")

CLAIM_AT_ONCE = 200
HAND_OUT_TOGETHER = 10
MAX_ATTEMPTS = 12  # with the backoff below: the last one about 1 h 10 min after the first
_LONGEST_BACKOFF_SECONDS = 900

State = OutboxMessage.State


def relay() -> int:
    """Hand every waiting message to the workers of its handler's queue. Returns how many.

    Safe to run anywhere, any number of times at once: rows are claimed with SKIP LOCKED, and a
    claim that is not followed by a result lapses after `OUTBOX_LEASE_SECONDS`.
    """
    _return_lapsed_claims(timezone.now())
    handed_out = 0
    while claimed := _claim_due(timezone.now()):
        handed_out += len(claimed)
        _hand_out(claimed)
        if len(claimed) < CLAIM_AT_ONCE:
            break
    if handed_out:
        # Messages whose nudge was saved while this relay ran are fetched by one more.
        from apps.core.tasks import relay_outbox  # noqa: PLC0415 (tasks import this package)

        relay_outbox.apply_async(countdown=2 * NUDGE_INTERVAL_SECONDS, expires=60)
    return handed_out


def deliver(ids: Sequence[int]) -> None:
    """Run the handlers of claimed messages, one by one; each result is kept on its row.

    The broker may bring the same ids twice: an attempt is taken by one worker only.
    """
    for row in OutboxMessage.objects.filter(pk__in=ids, state=State.CLAIMED).order_by("pk"):
        if _begin_attempt(row):
            _run(row)


def claim(topic: str, *, key: str) -> list[int]:
    """Keep the waiting messages of one fact for ourselves. Returns their ids, for `deliver`.

    In the transaction that publishes the fact no relay can be quicker: for callers that show the
    result at once. Who dies before `deliver` leaves them to the relay, once the claim lapses.
    """
    waiting = OutboxMessage.objects.filter(topic=topic, key=key, state=State.PENDING)
    return [row.pk for row in _claim(waiting, timezone.now())]


def deliver_now(topic: str, *, key: str) -> None:
    """Run the handlers of one fact here and now, unless a relay has them already.

    What fails is left to the relay, like any other message.
    """
    deliver(claim(topic, key=key))


def retry_dead(ids: Sequence[int]) -> int:
    """Put messages that were given up back into the queue. Returns how many."""
    return OutboxMessage.objects.filter(pk__in=ids, state=State.DEAD).update(
        state=State.PENDING, attempts=0, not_before=timezone.now(), claimed_at=None
    )


def oldest_waiting_seconds(now: datetime) -> float:
    """The age of the oldest message that is due and not yet done; 0.0 when there is none."""
    oldest = (
        OutboxMessage.objects.filter(state__in=[State.PENDING, State.CLAIMED], not_before__lte=now)
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )
    return (now - oldest).total_seconds() if oldest else 0.0


def _claim_due(now: datetime) -> list[OutboxMessage]:
    return _claim(OutboxMessage.objects.filter(state=State.PENDING, not_before__lte=now), now)


@transaction.atomic
def _claim(waiting: QuerySet[OutboxMessage], now: datetime) -> list[OutboxMessage]:
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    rows = list(waiting.order_by("not_before", "id")[:CLAIM_AT_ONCE])
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.CLAIMED, claimed_at=now
    )
    return rows


def _hand_out(rows: list[OutboxMessage]) -> None:
    from apps.core.tasks import deliver_outbox  # noqa: PLC0415 (tasks import this package)

    by_queue: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        known = subscription(row.topic, row.handler)
        by_queue[known.queue if known else settings.CELERY_TASK_DEFAULT_QUEUE].append(row.pk)
    waiting = {row.pk for row in rows}
    try:
        for queue, ids in by_queue.items():
            for chunk in _chunks(ids):
                deliver_outbox.apply_async([chunk], queue=queue, retry=False)
                waiting.difference_update(chunk)
    except (OperationalError, OSError):
        # Back at once, all of them: nobody should wait for a lease because a broker went away.
        OutboxMessage.objects.filter(pk__in=waiting, state=State.CLAIMED).update(
            state=State.PENDING, claimed_at=None
        )
        raise


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, HAND_OUT_TOGETHER)):
        yield chunk


def _begin_attempt(row: OutboxMessage) -> bool:
    """Take the next attempt of a claimed row, counted now: waiting for a worker is no attempt."""
    begun = OutboxMessage.objects.filter(
        pk=row.pk, state=State.CLAIMED, attempts=row.attempts
    ).update(attempts=F("attempts") + 1, claimed_at=timezone.now())
    row.attempts += 1
    return begun == 1


def _run(row: OutboxMessage) -> None:
    known = subscription(row.topic, row.handler)
    with logging_facts(outbox_id=row.pk, topic=row.topic):
        try:
            if row.attempts > MAX_ATTEMPTS:
                raise Permanent(f"{MAX_ATTEMPTS} attempts ended without a result.")
            if known is None:
                raise Permanent(f"No handler is called {row.handler} any more.")
            _call(known, row)
        except Exception as error:  # whatever it is: the row keeps it and staff see it
            _note_failure(row, error)
        else:
            _of_this_attempt(row).update(state=State.DONE, done_at=timezone.now(), last_error="")


def _call(known: Subscription, row: OutboxMessage) -> None:
    known.run(
        Message(topic=row.topic, key=row.key, payload=row.payload, attempt=row.attempts),
    )


def _note_failure(row: OutboxMessage, error: Exception) -> None:
    given_up = isinstance(error, Permanent) or row.attempts >= MAX_ATTEMPTS
    _logger.warning(
        "outbox.given_up" if given_up else "outbox.failed",
        exc_info=not isinstance(error, Permanent),
        extra={"attempt": row.attempts, "handler": row.handler},
    )
    _of_this_attempt(row).update(
        state=State.DEAD if given_up else State.PENDING,
        claimed_at=None,
        not_before=timezone.now() + backoff(row.attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def _of_this_attempt(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, unless its lease lapsed and another worker has begun: then that one speaks."""
    return OutboxMessage.objects.filter(pk=row.pk, attempts=row.attempts)


def backoff(attempt: int) -> timedelta:
    """The wait after attempt number `attempt` (from 1): doubling, bounded, with jitter."""
    seconds = min(2.0**attempt, _LONGEST_BACKOFF_SECONDS)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 (not a secret)


def _return_lapsed_claims(now: datetime) -> None:
    lapsed = now - timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    OutboxMessage.objects.filter(state=State.CLAIMED, claimed_at__lt=lapsed).update(
        state=State.PENDING, claimed_at=None
    )
