"""What failed lately, and what to do about it.

Requests and tasks that failed are kept here, out of the transaction that broke. Rooms whose rows
know their own failures (a parked journey) register where to read them.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from apps.core.logs import mask_personal_data
from apps.core.models import FailureRecord, OutboxMessage
from apps.core.purging import purger

_logger = logging.getLogger("failures")

MOST_SHOWN = 200  # of each kind: a page is for people, the rest is in the logs
_KEEP = timedelta(days=30)
_LONGEST_WORDS, _LONGEST_TRACE = 500, 6000
_WAIT_MILLISECONDS = 1000
_MOST_A_MINUTE = 30  # of one process: a storm is one fault, not a thousand rows
_minute: list[float] = [0.0, 0]


@dataclass(frozen=True)
class Failure:
    """Something that did not come through, in words for staff. Nothing personal is in it.

    `reference` finds it in the logs, `link` opens it, `cure` says what to do.
    """

    kind: str
    at: datetime
    where: str
    words: str
    cure: str
    reference: str = ""
    link: str = ""


Source = Callable[[int], list[Failure]]
_sources: dict[str, Source] = {}


def failure_source(kind: str) -> Callable[[Source], Source]:
    """Register what reads the newest failures of a kind, at most so many, the newest first."""

    def register(source: Source) -> Source:
        _sources[kind] = source
        return source

    return register


def failure_kinds() -> list[str]:
    return list(_sources)


def failures_recent(*, kind: str = "") -> list[Failure]:
    """What failed, the newest first: of one kind, or of all."""
    sources = [_sources[kind]] if kind else list(_sources.values())
    found = [failure for source in sources for failure in source(MOST_SHOWN)]
    return sorted(found, key=lambda failure: failure.at, reverse=True)


def failure_record(kind: str, where: str, error: BaseException | None, *, reference: str) -> None:
    """Keep a failed request or task. Never raises, and never makes a failure worse.

    For the end of the work, outside its transaction. Waits a second at most, and keeps no more
    than a few dozen a minute of one process.
    """
    if not _has_room():
        return
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL statement_timeout = {_WAIT_MILLISECONDS}")
                    cursor.execute(f"SET LOCAL lock_timeout = {_WAIT_MILLISECONDS}")
            FailureRecord.objects.create(
                kind=kind,
                where=where[:200],
                error=type(error).__name__[:100] if error else "",
                words=mask_personal_data(str(error or ""))[:_LONGEST_WORDS],
                trace=_trace(error),
                reference=reference[:64],
            )
    except Exception:
        _logger.warning("failure.not_kept", exc_info=True, extra={"kind": kind})


def _has_room() -> bool:
    now = time.monotonic()
    if now - _minute[0] > 60:
        _minute[:] = [now, 0]
    _minute[1] += 1
    return _minute[1] <= _MOST_A_MINUTE


def _trace(error: BaseException | None) -> str:
    """Where it went wrong: files and lines, without the values in them."""
    if error is None:
        return ""
    frames = traceback.format_tb(error.__traceback__)
    return mask_personal_data("".join(frames))[-_LONGEST_TRACE:]


@failure_source("request")
def _requests(most: int) -> list[Failure]:
    return _recorded(
        "request", "Somebody saw an error page. Send the request id to a developer.", most
    )


@failure_source("task")
def _tasks(most: int) -> list[Failure]:
    cure = "Background work gave up. Send the reference to a developer: the logs know it."
    return _recorded("task", cure, most)


@failure_source("outbox")
def _outbox(most: int) -> list[Failure]:
    dead = OutboxMessage.objects.filter(state=OutboxMessage.State.DEAD).order_by("-created_at")
    return [
        Failure(
            kind="outbox",
            at=message.created_at,
            where=str(message),
            words=mask_personal_data(message.last_error)[:_LONGEST_WORDS],
            cure="Mend what the error names, then press Try again.",
            reference=message.key,
            link=reverse("admin:core_outboxmessage_change", args=[message.pk]),
        )
        for message in dead.defer("payload")[:most]
    ]


def _recorded(kind: str, cure: str, most: int) -> list[Failure]:
    rows = FailureRecord.objects.filter(kind=kind).order_by("-at").defer("trace")[:most]
    return [
        Failure(
            kind=kind,
            at=row.at,
            where=row.where,
            words=": ".join(part for part in (row.error, row.words) if part),
            cure=cure,
            reference=row.reference,
            link=reverse("admin:core_failurerecord_change", args=[row.pk]),
        )
        for row in rows
    ]


@purger("failures")
def _purge_failures(now: datetime) -> int:
    return FailureRecord.objects.filter(at__lt=now - _KEEP).delete()[0]
