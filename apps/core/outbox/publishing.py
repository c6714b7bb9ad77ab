"""Publishing facts and subscribing handlers to them."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from apps.core.models import OutboxMessage

_logger = logging.getLogger("outbox")

# One nudge starts a relay that drains everything, and comes back once more if it found anything:
# so nudges closer together than this would only cost the broker.
NUDGE_INTERVAL_SECONDS = 0.1
# After the broker refused us, requests do not try it again for this long; the sweeper runs anyway.
_BROKER_REST_SECONDS = 5.0


@dataclass(frozen=True)
class Message:
    """A published fact, as a handler sees it."""

    topic: str
    key: str
    payload: dict[str, Any]
    attempt: int


Handler = Callable[[Message], None]


@dataclass(frozen=True)
class Subscription:
    """A handler by name, and the queue whose workers run it."""

    name: str
    queue: str
    run: Handler


_subscriptions: dict[str, list[Subscription]] = defaultdict(list)
_next_nudge = 0.0


def handles(topic: str, *, queue: str) -> Callable[[Handler], Handler]:
    """Subscribe a function to `topic`. Its name is stored in rows: rename it with a migration."""

    def subscribe(handler: Handler) -> Handler:
        _subscriptions[topic].append(Subscription(handler.__name__, queue, handler))
        return handler

    return subscribe


def subscription(topic: str, name: str) -> Subscription | None:
    """The handler a stored row names, or None when no release knows it any more."""
    return next((known for known in _subscriptions[topic] if known.name == name), None)


def publish(topic: str, *, key: str, **payload: Any) -> None:
    """Write one row for each handler of `topic`; `key` says what happened, once.

    Publishing the same key again changes nothing. Payloads hold ids and small values, never
    personal data. Raises RuntimeError outside a transaction, where a fact could be published that
    is then rolled back, or the other way round.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish belongs inside the transaction that makes the fact true.")
    rows = [
        OutboxMessage(topic=topic, handler=known.name, key=key, payload=payload)
        for known in _subscriptions[topic]
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(nudge)


def nudge() -> None:
    """Ask a worker to relay soon. Best effort: without a broker the sweeper finds the rows."""
    global _next_nudge  # noqa: PLW0603 (a hint per process; a race costs one message)
    now = time.monotonic()
    if now < _next_nudge:
        return
    _next_nudge = now + _BROKER_REST_SECONDS  # for the other threads, until this one knows better
    from apps.core.tasks import relay_outbox  # noqa: PLC0415 (tasks import this package)

    try:
        relay_outbox.apply_async(retry=False, expires=60)
    except (OperationalError, OSError) as error:
        _next_nudge = time.monotonic() + _BROKER_REST_SECONDS
        _logger.warning("outbox.broker_unavailable", extra={"error": type(error).__name__})
    else:
        _next_nudge = now + NUDGE_INTERVAL_SECONDS
