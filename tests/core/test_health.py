"""What runs, what waits, what is down, and who is told."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.utils import ConnectionHandler
from django.utils import timezone

from apps.core import health, metrics
from apps.core.health import Result, Verdict, beat_heart, overall, run_checks
from apps.core.models import OutboxMessage
from tests.core.test_rate_limits import DEAD_REDIS


@pytest.fixture
def dead_database(monkeypatch, db) -> None:
    """The health check's own connection leads to a port where nobody listens."""
    nowhere = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": "9"}
    handler = ConnectionHandler({"default": nowhere | {"NAME": "x", "USER": "x"}})
    monkeypatch.setattr(health, "connection", handler["default"])


@pytest.fixture
def dead_redis(settings) -> None:
    settings.CACHES = DEAD_REDIS
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"


def verdicts() -> dict[str, Verdict]:
    return {result.name: result.verdict for result in run_checks()}


def test_everything_runs(db) -> None:
    beat_heart()
    found = verdicts()
    assert set(found) >= {"database", "redis", "broker", "worker", "outbox"}
    assert set(found.values()) == {Verdict.OK}


def test_without_redis_work_waits_and_nothing_raises(db, dead_redis) -> None:
    found = verdicts()
    assert (found["redis"], found["broker"], found["worker"]) == (Verdict.DEGRADED,) * 3
    assert found["database"] is Verdict.OK
    assert overall(run_checks()) is Verdict.DEGRADED


def test_without_a_database_we_are_down(dead_database) -> None:
    assert verdicts()["database"] is Verdict.DOWN
    assert overall(run_checks()) is Verdict.DOWN


def test_a_worker_that_was_never_heard_of_or_long_ago(db) -> None:
    assert verdicts()["worker"] is Verdict.DEGRADED
    cache.set("health:worker-heartbeat", time.time() - 61)
    assert verdicts()["worker"] is Verdict.DEGRADED
    beat_heart()
    assert verdicts()["worker"] is Verdict.OK


@pytest.mark.parametrize(("age", "verdict"), [(299, Verdict.OK), (301, Verdict.DEGRADED)])
def test_an_outbox_that_waits_too_long(age: int, verdict: Verdict, db) -> None:
    due = timezone.now() - timedelta(seconds=age)
    OutboxMessage.objects.create(topic="t", handler="h", key="1", not_before=due)
    assert verdicts()["outbox"] is verdict


def test_the_worst_verdict_counts() -> None:
    def of(*found: Verdict) -> Verdict:
        return overall([Result("x", verdict, "", 0.0, "") for verdict in found])

    assert of(Verdict.OK, Verdict.DOWN, Verdict.DEGRADED) is Verdict.DOWN
    assert of(Verdict.OK, Verdict.DEGRADED) is Verdict.DEGRADED
    assert of(Verdict.OK) is of() is Verdict.OK


@pytest.mark.parametrize("url", ["/health/", "/health"])
def test_health_is_public_and_says_one_word(url: str, db, client) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert client.head(url).status_code == 200
    assert client.post(url).status_code == 405


@pytest.mark.parametrize("url", ["/health/", "/health"])
def test_health_is_503_without_a_database(url: str, dead_database, client) -> None:
    answer = client.get(url)
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


def test_health_stays_200_without_redis(db, dead_redis, client) -> None:
    assert client.get("/health/").status_code == 200


def test_every_check_is_for_staff_only(db, api, api_as, bea, sam) -> None:
    assert api.get("/api/system/health/").status_code == 401
    assert api_as(bea).get("/api/system/health/").status_code == 403
    checks = api_as(sam).get("/api/system/health/").json()["data"]["checks"]
    assert {check["name"] for check in checks} >= {"database", "redis", "broker", "worker"}
    assert all(check["words"] for check in checks)


@pytest.mark.parametrize(
    ("remote", "forwarded", "status"),
    [
        ("127.0.0.1", "", 200),
        ("10.1.2.3", "", 200),
        ("203.0.113.7", "", 404),
        ("203.0.113.7", "127.0.0.1", 404),
    ],
)
def test_metrics_are_for_internal_networks(remote, forwarded, status, db, client) -> None:
    answer = client.get("/metrics", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert answer.status_code == status


def test_metrics_hold_requests_and_queues(db, client) -> None:
    client.get("/api/auth/user/")
    OutboxMessage.objects.create(
        topic="t", handler="h", key="1", not_before=timezone.now() - timedelta(seconds=30)
    )
    text = client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    assert 'http_requests_total{method="GET",route="/api/auth/user/",status="401"}' in text
    assert "http_request_seconds_bucket" in text
    [age] = [
        line for line in text.splitlines() if line.startswith("outbox_oldest_waiting_seconds ")
    ]
    assert 30 <= float(age.split()[1]) < 60


def test_a_caller_cannot_invent_labels(db, client) -> None:
    client.generic("BREW", "/health/")
    client.get("/api/nobody/knows/ana@example.com")
    text = client.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    assert "BREW" not in text
    assert 'method="other"' in text
    assert "ana@example.com" not in text


def test_metrics_of_requests_are_there_without_a_database(client, db, monkeypatch) -> None:
    def away():
        raise health.DatabaseError("away")

    monkeypatch.setitem(metrics._gauges, "outbox_oldest_waiting_seconds", ("", "", away))
    answer = client.get("/metrics", REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 200
    assert b"http_requests" in answer.content
