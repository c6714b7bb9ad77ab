"""Topics of the tests' own, and the broker itself to look into."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator

import pytest
import redis
from django.conf import settings
from django.db import transaction
from kombu import pools

from apps.core.models import OutboxMessage
from apps.core.outbox import publish, publishing
from solar_crm import celery_app


class Broker:
    """The real Redis behind Celery, as its queues stand."""

    def __init__(self) -> None:
        self.redis = redis.Redis.from_url(settings.CELERY_BROKER_URL)

    def tasks(self, queue: str) -> list[tuple[str, list]]:
        """The tasks that wait in `queue`, oldest first: their names and arguments."""
        found = []
        for raw in reversed(self.redis.lrange(queue, 0, -1)):
            envelope = json.loads(raw)
            arguments = json.loads(base64.b64decode(envelope["body"]))[0]
            found.append((envelope["headers"]["task"], arguments))
        return found

    def headers(self, queue: str) -> list[dict]:
        return [json.loads(raw)["headers"] for raw in reversed(self.redis.lrange(queue, 0, -1))]


@pytest.fixture
def broker() -> Iterator[Broker]:
    """An empty broker; emptied again afterwards."""
    found = Broker()
    found.redis.flushdb()
    yield found
    found.redis.flushdb()
    found.redis.close()


@pytest.fixture
def broker_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery pointed at a port where nobody listens."""
    nowhere = celery_app.connection_for_write("redis://127.0.0.1:9/0")
    monkeypatch.setattr(celery_app.amqp, "_producer_pool", pools.producers[nowhere])


@pytest.fixture
def rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No nudge has been sent lately."""
    monkeypatch.setattr(publishing, "_next_nudge", 0.0)


@pytest.fixture
def handles(monkeypatch: pytest.MonkeyPatch) -> Callable:
    """`outbox.handles`, forgotten after the test."""
    known = {topic: list(handlers) for topic, handlers in publishing._subscriptions.items()}
    monkeypatch.setattr(
        publishing, "_subscriptions", publishing.defaultdict(list, known), raising=True
    )
    return publishing.handles


@pytest.fixture
def fact(db: None) -> Callable[..., list[OutboxMessage]]:
    """Publish a fact in a transaction and return its rows."""

    def published(topic: str, key: str = "1", **payload) -> list[OutboxMessage]:
        with transaction.atomic():
            publish(topic, key=key, **payload)
        return list(OutboxMessage.objects.filter(topic=topic, key=key).order_by("pk"))

    return published
