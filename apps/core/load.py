"""How much is going on: requests of this machine's web processes, and queues as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.core.metrics import gauges_now, request_metrics


@dataclass(frozen=True)
class RouteLoad:
    """Requests of one address since the web processes started. Times in milliseconds: the upper
    edge of the bucket they lie in, so never better than they were."""

    method: str
    route: str
    requests: int
    failures: int
    median_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Load:
    """What the system page and `/api/system/metrics/` show."""

    requests: int
    failures: int
    median_ms: float
    p95_ms: float
    routes: list[RouteLoad]
    gauges: dict[str, dict[str, float]]


@dataclass
class _Counted:
    requests: int = 0
    failures: int = 0
    buckets: dict[float, float] = field(default_factory=lambda: defaultdict(float))


def load_now() -> Load:
    """The load, the busiest routes first."""
    routes: dict[tuple[str, str], _Counted] = defaultdict(_Counted)
    total = _Counted()
    for name, labels, value in request_metrics():
        key = (labels.get("method", ""), labels.get("route", ""))
        for counted in (routes[key], total):
            if name == "http_requests_total":
                counted.requests += int(value)
                counted.failures += int(value) if labels["status"].startswith("5") else 0
            elif name == "http_request_seconds_bucket":
                counted.buckets[float(labels["le"])] += value
    return Load(
        requests=total.requests,
        failures=total.failures,
        median_ms=_milliseconds(total, 0.5),
        p95_ms=_milliseconds(total, 0.95),
        routes=[
            RouteLoad(
                method,
                route,
                counted.requests,
                counted.failures,
                _milliseconds(counted, 0.5),
                _milliseconds(counted, 0.95),
            )
            for (method, route), counted in sorted(
                routes.items(), key=lambda item: item[1].requests, reverse=True
            )
        ],
        gauges=gauges_now(),
    )


def quantile(buckets: Sequence[tuple[float, float]], share: float) -> float:
    """The upper edge of the bucket in which `share` of all lies; buckets are (edge, count up to
    it), in order. Past the last finite edge that edge is said: it is at least so much."""
    if not buckets or not buckets[-1][1]:
        return 0.0
    wanted = share * buckets[-1][1]
    edge = next(edge for edge, count in buckets if count >= wanted)
    finite = [edge for edge, _ in buckets if edge != float("inf")]
    return edge if edge != float("inf") else (finite[-1] if finite else 0.0)


def _milliseconds(counted: _Counted, share: float) -> float:
    return round(quantile(sorted(counted.buckets.items()), share) * 1000, 1)
