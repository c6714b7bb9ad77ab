"""Prometheus metrics: requests as they come, queues as they stand when somebody looks."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

import redis
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client import multiprocess as prometheus_multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from apps.core.outbox.delivery import oldest_waiting_seconds

_logger = logging.getLogger("metrics")
_requests = Counter("http_requests", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("http_request_seconds", "Time to answer a request", ["method", "route"])

NO_ROUTE = "(none)"  # probes, files, and addresses that lead nowhere

Gauges = Callable[[], dict[str, float]]
_gauges: dict[str, tuple[str, str, Gauges]] = {}


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    method = method if method in _METHODS else "other"  # a caller must not invent labels
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(method, route).observe(seconds)


def gauge(name: str, help_text: str, label: str = "") -> Callable[[Gauges], Gauges]:
    """Register a gauge that is read from the database when `/metrics` is asked for.

    The function returns a value for each value of `label`; without a label, under the key "".
    """

    def register(function: Gauges) -> Gauges:
        _gauges[name] = (help_text, label, function)
        return function

    return register


class _DatabaseGauges(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (help_text, label, read) in _gauges.items():
            family = GaugeMetricFamily(name, help_text, labels=[label] if label else [])
            try:
                values = read()
            except (
                DatabaseError,
                redis.RedisError,
            ) as error:  # the page is needed most when something is down
                _logger.warning("metrics.unavailable", extra={"error": type(error).__name__})
                continue
            for value, number in values.items():
                family.add_metric([value] if label else [], number)
            yield family


def metrics_page() -> bytes:
    """All metrics in Prometheus' text format, of every process that shares the metrics folder."""
    registry = _request_registry()
    registry.register(_DatabaseGauges())
    return generate_latest(registry)


def request_metrics() -> Iterator[tuple[str, dict[str, str], float]]:
    """Every counter of requests: its name, labels and value."""
    for family in _request_registry().collect():
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def gauges_now() -> dict[str, dict[str, float]]:
    """Every gauge as it stands, by name and label; one that cannot be read is left out."""
    return {
        family.name: {next(iter(one.labels.values()), ""): one.value for one in family.samples}
        for family in _DatabaseGauges().collect()
    }


def _request_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        prometheus_multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped library
    else:
        registry.register(_requests)
        registry.register(_seconds)
    return registry


@gauge("outbox_oldest_waiting_seconds", "Age of the oldest message that waits for its handler")
def _outbox_age() -> dict[str, float]:
    return {"": oldest_waiting_seconds(timezone.now())}


@gauge("queue_waiting", "Tasks that wait in the broker for a worker", label="queue")
def _queues() -> dict[str, float]:
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=0.5, socket_timeout=1
    )
    try:
        return {queue: float(client.llen(queue)) for queue in settings.WORK_QUEUES}
    finally:
        client.close()
