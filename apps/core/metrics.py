"""Prometheus metrics: requests as they come, queues as they stand when somebody looks."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator

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
            except DatabaseError as error:  # the page is needed most when something is down
                _logger.warning("metrics.unavailable", extra={"error": type(error).__name__})
                continue
            for value, number in values.items():
                family.add_metric([value] if label else [], number)
            yield family


def metrics_page() -> bytes:
    """All metrics in Prometheus' text format, of every process that shares the metrics folder."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        prometheus_multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped library
    else:
        registry.register(_requests)
        registry.register(_seconds)
    registry.register(_DatabaseGauges())
    return generate_latest(registry)


@gauge("outbox_oldest_waiting_seconds", "Age of the oldest message that waits for its handler")
def _outbox_age() -> dict[str, float]:
    return {"": oldest_waiting_seconds(timezone.now())}
