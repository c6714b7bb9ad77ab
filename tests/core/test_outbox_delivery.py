"""Published facts reach their handlers: handed out, retried, given up where people can see it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.core.errors import Misconfigured, Permanent, Retryable
from apps.core.models import OutboxMessage
from apps.core.outbox import delivery, relay
from apps.core.outbox.delivery import (
    CLAIM_AT_ONCE,
    HAND_OUT_TOGETHER,
    MAX_ATTEMPTS,
    backoff,
    deliver,
    deliver_now,
    oldest_waiting_seconds,
    retry_dead,
)
from apps.core.outbox.publishing import NUDGE_INTERVAL_SECONDS
from apps.core.tasks import deliver_outbox

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def seen(handles) -> list:
    """What the handler of `test.fine` was given."""
    messages = []

    @handles("test.fine", queue="journey")
    def note(message) -> None:
        messages.append(message)

    return messages


@pytest.fixture
def fails_with(handles):
    """Make the handler of `test.broken` raise."""

    def prepare(error: Exception) -> list:
        calls = []

        @handles("test.broken", queue="journey")
        def stumble(message) -> None:
            calls.append(message.attempt)
            raise error

        return calls

    return prepare


def only() -> OutboxMessage:
    return OutboxMessage.objects.get()


def attempt() -> OutboxMessage:
    """Let the one message be tried now, whatever it waits for."""
    OutboxMessage.objects.update(state="claimed", claimed_at=timezone.now())
    deliver([only().pk])
    return only()


def test_a_handler_sees_the_fact_and_the_row_is_done(seen, fact, broker) -> None:
    [row] = fact("test.fine", "k", lead="x")
    relay()
    [(_, [ids])] = broker.tasks("journey")
    deliver(ids)
    assert [(m.topic, m.key, m.payload, m.attempt) for m in seen] == [
        ("test.fine", "k", {"lead": "x"}, 1)
    ]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.last_error) == ("done", 1, "")
    assert row.done_at is not None


def test_what_is_done_is_not_done_again(seen, fact, broker) -> None:
    [row] = fact("test.fine")
    relay()
    deliver([row.pk])
    deliver([row.pk])
    assert len(seen) == 1
    assert relay() == 0


def test_what_is_not_claimed_is_not_delivered(seen, fact) -> None:
    [row] = fact("test.fine")
    deliver([row.pk])
    assert seen == []
    assert only().state == "pending"


def test_ids_brought_twice_at_once_are_one_attempt(seen, fact, broker) -> None:
    [row] = fact("test.fine")
    relay()
    stale = OutboxMessage.objects.get(pk=row.pk)
    assert delivery._begin_attempt(OutboxMessage.objects.get(pk=row.pk))
    assert not delivery._begin_attempt(stale)
    assert only().attempts == 1


@pytest.mark.parametrize("ends", [None, Retryable("late")])
def test_who_outlived_the_lease_does_not_speak_for_who_came_after(ends, handles, fact) -> None:
    @handles("test.long", queue="journey")
    def lasts_too_long(message) -> None:
        OutboxMessage.objects.update(state="claimed", attempts=2)  # another worker has begun
        if ends:
            raise ends

    fact("test.long")
    attempt()
    assert (only().state, only().attempts, only().last_error) == ("claimed", 2, "")


def test_waiting_for_a_worker_is_no_attempt(seen, fact, broker, settings) -> None:
    fact("test.fine")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(MAX_ATTEMPTS + 3):
            assert relay() == 1
            clock.shift(settings.OUTBOX_LEASE_SECONDS + 1)
        relay()
    assert (only().state, only().attempts) == ("claimed", 0)


@pytest.mark.parametrize("error", [Retryable("busy"), Misconfigured("no key"), KeyError("bug")])
def test_a_failure_is_tried_again_later(error, fails_with, fact, broker) -> None:
    calls = fails_with(error)
    with time_machine.travel(NOON, tick=False):
        fact("test.broken")
        row = attempt()
        assert calls == [1]
        assert (row.state, row.attempts, row.claimed_at) == ("pending", 1, None)
        assert row.last_error == f"{type(error).__name__}: {error}"
        wait = row.not_before - NOON
        assert timedelta(seconds=1.5) <= wait <= timedelta(seconds=2.5)
        assert relay() == 0
    with time_machine.travel(NOON + timedelta(seconds=3), tick=False):
        assert relay() == 1


def test_a_permanent_failure_is_given_up_at_once(fails_with, fact) -> None:
    calls = fails_with(Permanent("never"))
    fact("test.broken")
    row = attempt()
    assert (row.state, row.attempts, row.last_error) == ("dead", 1, "Permanent: never")
    assert calls == [1]
    assert relay() == 0


def test_twelve_failures_are_enough(fails_with, fact) -> None:
    calls = fails_with(Retryable("busy"))
    fact("test.broken")
    states = [attempt().state for _ in range(MAX_ATTEMPTS)]
    assert states == ["pending"] * (MAX_ATTEMPTS - 1) + ["dead"]
    assert calls == list(range(1, MAX_ATTEMPTS + 1))


def test_a_message_that_kills_its_worker_every_time_is_given_up(seen, fact) -> None:
    fact("test.fine")
    OutboxMessage.objects.update(attempts=MAX_ATTEMPTS)  # none of them left a result
    row = attempt()
    assert seen == []
    assert row.state == "dead"
    assert row.last_error == f"Permanent: {MAX_ATTEMPTS} attempts ended without a result."


def test_one_failure_does_not_keep_the_others_from_their_handlers(
    fails_with, seen, fact, broker
) -> None:
    fails_with(KeyError("bug"))
    [broken] = fact("test.broken")
    [fine] = fact("test.fine")
    relay()
    deliver([broken.pk, fine.pk])
    assert len(seen) == 1
    assert OutboxMessage.objects.get(pk=fine.pk).state == "done"


def test_a_handler_no_release_knows_any_more_is_given_up(fact, seen) -> None:
    fact("test.fine")
    OutboxMessage.objects.update(handler="renamed_last_year")
    row = attempt()
    assert (row.state, row.attempts) == ("dead", 1)
    assert "renamed_last_year" in row.last_error
    assert seen == []


def test_a_long_error_is_cut(fails_with, fact) -> None:
    fails_with(Retryable("x" * 10_000))
    fact("test.broken")
    assert len(attempt().last_error) == 2000


def test_a_lapsed_claim_is_handed_out_again(seen, fact, broker, settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = 60
    with time_machine.travel(NOON, tick=False):
        fact("test.fine")
        assert relay() == 1
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        assert relay() == 0
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        assert relay() == 1
    assert len(broker.tasks("journey")) == 2


def test_the_lease_runs_from_the_moment_the_handler_begins(seen, fact, broker, settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = 60
    with time_machine.travel(NOON, tick=False):
        [row] = fact("test.fine")
        relay()
    with time_machine.travel(NOON + timedelta(seconds=50), tick=False):
        delivery._begin_attempt(OutboxMessage.objects.get(pk=row.pk))
    with time_machine.travel(NOON + timedelta(seconds=100), tick=False):
        assert relay() == 0


def test_messages_go_to_the_queue_of_their_handler_in_chunks(handles, seen, fact, broker) -> None:
    @handles("test.slow", queue="delivery")
    def deliver_it(message) -> None: ...

    for number in range(HAND_OUT_TOGETHER + 3):
        fact("test.fine", str(number))
    [slow] = fact("test.slow")
    assert relay() == HAND_OUT_TOGETHER + 4
    handed = [ids for name, [ids] in broker.tasks("journey") if name == "core.deliver_outbox"]
    assert [len(ids) for ids in handed] == [HAND_OUT_TOGETHER, 3]
    expected = OutboxMessage.objects.filter(topic="test.fine").order_by("pk")
    assert [pk for ids in handed for pk in ids] == [row.pk for row in expected]
    assert broker.tasks("delivery") == [("core.deliver_outbox", [[slow.pk]])]


def test_a_relay_drains_everything(seen, db, broker) -> None:
    count = CLAIM_AT_ONCE + 5
    OutboxMessage.objects.bulk_create(
        OutboxMessage(topic="test.fine", handler="note", key=str(n)) for n in range(count)
    )
    assert relay() == count
    assert sum(len(ids) for _, [ids] in broker.tasks("journey")) == count
    assert OutboxMessage.objects.filter(state="pending").count() == 0


def test_a_relay_that_found_something_comes_back_for_what_was_not_nudged(
    seen, fact, broker
) -> None:
    fact("test.fine")
    before = timezone.now()
    relay()
    [again] = [head for head in broker.headers("intake") if head["task"] == "core.relay_outbox"]
    wait = datetime.fromisoformat(again["eta"]) - before
    # Later than any nudge that was saved while this one was fresh.
    assert wait >= timedelta(seconds=2 * NUDGE_INTERVAL_SECONDS)
    assert wait < timedelta(seconds=5)


def test_a_relay_that_found_nothing_does_not_come_back(db, broker) -> None:
    assert relay() == 0
    assert broker.tasks("intake") == []


def test_without_a_broker_every_message_waits_again_at_once(
    handles, seen, fact, broker, monkeypatch
) -> None:
    """The broker dies after the first chunk: what it took is in work, all the rest is free."""
    for number in range(3 * HAND_OUT_TOGETHER):
        fact("test.fine", str(number))
    given = []

    def send(arguments, **options):
        if given:
            raise OperationalError("gone")
        given.extend(arguments[0])

    monkeypatch.setattr(deliver_outbox, "apply_async", send)
    with pytest.raises(OperationalError):
        relay()
    assert set(OutboxMessage.objects.filter(state="claimed").values_list("pk", flat=True)) == set(
        given
    )
    free = OutboxMessage.objects.filter(state="pending")
    assert free.count() == 2 * HAND_OUT_TOGETHER
    assert set(free.values_list("attempts", "claimed_at")) == {(0, None)}


def test_a_real_broker_that_is_down_leaves_every_message_waiting(seen, fact, broker_down) -> None:
    fact("test.fine")
    with pytest.raises((OperationalError, OSError)):
        relay()
    assert (only().state, only().attempts) == ("pending", 0)


def test_messages_hold_ids_and_not_payloads_in_the_broker(seen, fact, broker) -> None:
    fact("test.fine", lead="somebody")
    relay()
    assert "somebody" not in json.dumps(broker.tasks("journey"))


def test_delivering_now_runs_the_handlers_of_one_fact_only(seen, fact) -> None:
    fact("test.fine", "a")
    fact("test.fine", "b")
    deliver_now("test.fine", key="a")
    assert [message.key for message in seen] == ["a"]
    assert dict(OutboxMessage.objects.values_list("key", "state")) == {"a": "done", "b": "pending"}


def test_delivering_now_leaves_what_a_worker_already_has(seen, fact, broker) -> None:
    fact("test.fine", "a")
    relay()
    deliver_now("test.fine", key="a")
    assert seen == []
    assert only().state == "claimed"


def test_delivering_now_leaves_a_failure_to_the_relay(fails_with, fact) -> None:
    fails_with(Retryable("busy"))
    fact("test.broken")
    deliver_now("test.broken", key="1")
    assert (only().state, only().attempts) == ("pending", 1)


def test_dead_messages_can_be_put_back(fails_with, fact) -> None:
    fails_with(Permanent("never"))
    [row] = fact("test.broken")
    attempt()
    assert retry_dead([row.pk]) == 1
    assert (only().state, only().attempts) == ("pending", 0)
    assert retry_dead([row.pk]) == 0  # no longer dead


def test_the_backoff_doubles_and_is_bounded() -> None:
    for number in range(1, 30):
        middle = min(2.0**number, 900)
        waits = [backoff(number).total_seconds() for _ in range(50)]
        assert all(0.75 * middle <= wait <= 1.25 * middle for wait in waits)
        assert len(set(waits)) > 1  # not all at the same moment


def test_the_age_of_the_oldest_counts_from_when_it_was_due(seen, fact) -> None:
    assert oldest_waiting_seconds(NOON) == 0.0
    fact("test.fine", "later")
    OutboxMessage.objects.update(not_before=NOON + timedelta(minutes=1))
    assert oldest_waiting_seconds(NOON) == 0.0
    fact("test.fine", "due")
    OutboxMessage.objects.filter(key="due").update(not_before=NOON - timedelta(seconds=30))
    assert oldest_waiting_seconds(NOON) == 30.0
    OutboxMessage.objects.filter(key="due").update(state="claimed")
    assert oldest_waiting_seconds(NOON) == 30.0
    OutboxMessage.objects.filter(key="due").update(state="done")
    assert oldest_waiting_seconds(NOON) == 0.0
