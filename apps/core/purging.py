"""Forgetting on time: rooms register what they no longer need, one task removes it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from apps.core.models import IdempotentAnswer, OutboxMessage

_logger = logging.getLogger("purge")

Purger = Callable[[datetime], int]
_purgers: dict[str, Purger] = {}

_KEEP_DONE_MESSAGES = timedelta(days=7)
_KEEP_IDEMPOTENT_ANSWERS = timedelta(hours=72)


def purger(name: str) -> Callable[[Purger], Purger]:
    """Register a function that removes what is past its time and returns how many rows."""

    def register(function: Purger) -> Purger:
        _purgers[name] = function
        return function

    return register


def purge_everything() -> dict[str, int]:
    """Run every purger, whatever becomes of the others. Repeatable; returns the rows each removed.

    Raises the first failure at the end, so that the task is seen to have failed.
    """
    now = timezone.now()
    removed: dict[str, int] = {}
    failures: list[Exception] = []
    for name, purge in _purgers.items():
        try:
            removed[name] = purge(now)
        except Exception as error:
            _logger.exception("purge.failed", extra={"purger": name})
            failures.append(error)
    _logger.info("purge.done", extra={"removed": removed})
    if failures:
        raise failures[0]
    return removed


@purger("outbox")
def _purge_outbox(now: datetime) -> int:
    done = OutboxMessage.objects.filter(
        state=OutboxMessage.State.DONE, done_at__lt=now - _KEEP_DONE_MESSAGES
    )
    return done.delete()[0]


@purger("idempotent answers")
def _purge_answers(now: datetime) -> int:
    old = IdempotentAnswer.objects.filter(created_at__lt=now - _KEEP_IDEMPOTENT_ANSWERS)
    return old.delete()[0]
