"""Is everything that has to run running? Rooms register checks; one page and one task read them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.core.outbox.delivery import oldest_waiting_seconds

_HEARTBEAT_KEY = "health:worker-heartbeat"
_HEARTBEAT_MAX_AGE_SECONDS = 60
_OUTBOX_MAX_AGE_SECONDS = 300


class Verdict(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"  # doors are open and nothing is lost, but work waits
    DOWN = "down"


@dataclass(frozen=True)
class Result:
    """What one check found, in words for staff."""

    name: str
    verdict: Verdict
    words: str
    milliseconds: float
    cure: str


Check = Callable[[], tuple[Verdict, str]]
_checks: dict[str, tuple[Check, str]] = {}


def health_check(
    name: str, *, cure: str = "Tell whoever runs the servers."
) -> Callable[[Check], Check]:
    """Register a check. It answers quickly and never raises for the fault it looks for.

    `cure` tells staff what to do when it is not well.
    """

    def register(function: Check) -> Check:
        _checks[name] = (function, cure)
        return function

    return register


def run_checks(*, only: set[str] | None = None) -> list[Result]:
    """Run all checks, or those named."""
    results = []
    for name, (check, cure) in _checks.items():
        if only is None or name in only:
            started = time.perf_counter()
            verdict, words = check()
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            results.append(Result(name, verdict, words, milliseconds, cure))
    return results


def overall(results: list[Result]) -> Verdict:
    """The worst of all verdicts."""
    order = [Verdict.DOWN, Verdict.DEGRADED]
    found = {result.verdict for result in results}
    return next((verdict for verdict in order if verdict in found), Verdict.OK)


def beat_heart() -> None:
    """Say that a worker is alive and takes work from the broker."""
    cache.set(_HEARTBEAT_KEY, time.time(), timeout=10 * _HEARTBEAT_MAX_AGE_SECONDS)


@health_check(
    "database",
    cure="Ask whoever runs the servers at once: nothing can be taken in.",
)
def _database() -> tuple[Verdict, str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Verdict.DOWN, "does not answer: nothing can be taken in"
    return Verdict.OK, "answers"


@health_check(
    "redis",
    cure="Ask whoever runs the servers to start Redis again. Nothing is lost meanwhile.",
)
def _redis() -> tuple[Verdict, str]:
    return _ping(
        str(settings.CACHES["default"]["LOCATION"]), "rate limits are off while it is away"
    )


@health_check(
    "broker",
    cure="Ask whoever runs the servers to start Redis again. What came in is kept and waits.",
)
def _broker() -> tuple[Verdict, str]:
    return _ping(settings.CELERY_BROKER_URL, "requests are taken in and worked on when it is back")


@health_check(
    "worker",
    cure="Start a worker. What came in is kept and waits for it.",
)
def _worker() -> tuple[Verdict, str]:
    beaten_at = cache.get(_HEARTBEAT_KEY)
    if beaten_at is None:
        return Verdict.DEGRADED, "no worker has been heard of"
    age = time.time() - beaten_at
    verdict = Verdict.OK if age < _HEARTBEAT_MAX_AGE_SECONDS else Verdict.DEGRADED
    return verdict, f"heard of {age:.0f} s ago"


@health_check(
    "outbox",
    cure="Workers do not keep up, or none is running. Nothing is lost, but it comes late.",
)
def _outbox() -> tuple[Verdict, str]:
    try:
        age = oldest_waiting_seconds(timezone.now())
    except DatabaseError:
        return Verdict.DOWN, "cannot be read"
    verdict = Verdict.OK if age < _OUTBOX_MAX_AGE_SECONDS else Verdict.DEGRADED
    return verdict, f"oldest waiting message: {age:.0f} s"


def _ping(url: str, consequence: str) -> tuple[Verdict, str]:
    client = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        return Verdict.DEGRADED, f"does not answer: {consequence}"
    finally:
        client.close()
    return Verdict.OK, "answers"
