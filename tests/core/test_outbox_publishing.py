"""A fact is written down with what made it true, once for each handler, and workers are nudged."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from django.db import transaction

from apps.core.models import OutboxMessage
from apps.core.outbox import publish, publishing
from apps.core.outbox.publishing import nudge


@pytest.fixture
def two_handlers(handles) -> None:
    @handles("test.happened", queue="journey")
    def tell_one(message) -> None: ...

    @handles("test.happened", queue="delivery")
    def tell_another(message) -> None: ...


def test_publishing_outside_a_transaction_is_refused(transactional_db, two_handlers) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        publish("test.happened", key="1")
    assert not OutboxMessage.objects.exists()


def test_a_rollback_publishes_nothing(transactional_db, two_handlers, broker, rested) -> None:
    class ChangedMyMind(Exception): ...

    def publish_and_fail() -> None:
        with transaction.atomic():
            publish("test.happened", key="1")
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        publish_and_fail()
    assert not OutboxMessage.objects.exists()
    assert broker.tasks("intake") == []


def test_there_is_one_row_for_each_handler(two_handlers, fact) -> None:
    rows = fact("test.happened", "a", lead="x")
    assert [(row.handler, row.key, row.payload, row.state, row.attempts) for row in rows] == [
        ("tell_one", "a", {"lead": "x"}, "pending", 0),
        ("tell_another", "a", {"lead": "x"}, "pending", 0),
    ]


def test_the_same_key_twice_is_one_fact(two_handlers, fact) -> None:
    first = fact("test.happened", "a", lead="x")
    again = fact("test.happened", "a", lead="y")
    assert [row.pk for row in again] == [row.pk for row in first]
    assert {row.payload["lead"] for row in again} == {"x"}


def test_the_same_key_of_another_topic_is_another_fact(two_handlers, handles, fact) -> None:
    @handles("test.other", queue="journey")
    def tell_one(message) -> None: ...

    fact("test.happened", "a")
    fact("test.other", "a")
    assert OutboxMessage.objects.filter(key="a").count() == 3


def test_a_fact_nobody_handles_leaves_no_row_and_wakes_nobody(
    db, broker, rested, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        publish("test.nobody-cares", key="1")
    assert callbacks == []
    assert not OutboxMessage.objects.exists()
    assert broker.tasks("intake") == []


def test_a_commit_nudges_one_relay_on_the_intake_queue(
    two_handlers, db, broker, rested, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish("test.happened", key="1")
        assert broker.tasks("intake") == []  # not before the commit
    assert broker.tasks("intake") == [("core.relay_outbox", [])]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the nudges; it stands still."""
    clock = SimpleNamespace(now=time.monotonic())
    monkeypatch.setattr(publishing, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_nudges_close_together_are_one(broker, rested, clock) -> None:
    nudge()
    nudge()
    nudge()
    assert broker.tasks("intake") == [("core.relay_outbox", [])]


def test_a_nudge_after_the_interval_is_sent(broker, rested, clock) -> None:
    nudge()
    clock.now += publishing.NUDGE_INTERVAL_SECONDS + 0.001
    nudge()
    assert len(broker.tasks("intake")) == 2


def test_a_nudge_without_a_broker_returns_and_says_so(
    broker_down, rested, caplog: pytest.LogCaptureFixture
) -> None:
    nudge()
    assert [record.message for record in caplog.records if record.name == "outbox"] == [
        "outbox.broker_unavailable"
    ]


def test_after_a_refusal_the_broker_is_left_in_peace(broker_down, rested, monkeypatch) -> None:
    nudge()
    from apps.core.tasks import relay_outbox

    tried = []
    monkeypatch.setattr(relay_outbox, "apply_async", lambda **kwargs: tried.append(kwargs))
    nudge()
    assert tried == []
    later = time.monotonic() + publishing._BROKER_REST_SECONDS + 0.001
    monkeypatch.setattr(publishing.time, "monotonic", lambda: later)
    nudge()
    assert len(tried) == 1


def test_publishing_works_without_a_broker(
    two_handlers, db, broker_down, rested, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish("test.happened", key="1")
    assert OutboxMessage.objects.filter(state="pending").count() == 2
