"""What two connections may not do to each other, each with a control that shows it could."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connections, transaction

from apps.core.locks import lock_names
from apps.core.models import OutboxMessage
from apps.core.outbox import delivery
from tests.together import another_connection, together, wait_for_a_blocked_lock


@pytest.fixture
def many_messages(transactional_db) -> None:
    OutboxMessage.objects.bulk_create(
        OutboxMessage(topic="test.fine", handler="note", key=str(n)) for n in range(100)
    )


def _two_relays_claim(*, seconds: float) -> list[list[int]]:
    """Claim in two transactions that stay open until both have claimed, or for some seconds."""
    both_claimed = Barrier(2)

    def claim() -> list[int]:
        with transaction.atomic():
            claimed = [row.pk for row in delivery._claim_due(delivery.timezone.now())]
            with suppress(BrokenBarrierError):
                both_claimed.wait(seconds)
            return claimed

    return together(claim, claim)


def test_two_relays_at_once_claim_disjoint_rows(many_messages, monkeypatch) -> None:
    monkeypatch.setattr(delivery, "CLAIM_AT_ONCE", 60)
    one, other = _two_relays_claim(seconds=10)
    assert len(one) + len(other) == 100
    assert set(one).isdisjoint(other)


def test_control_without_skip_locked_two_relays_claim_the_same_rows(
    many_messages, monkeypatch
) -> None:
    monkeypatch.setattr(delivery, "CLAIM_AT_ONCE", 60)
    for alias in connections:
        features = type(connections[alias].features)
        monkeypatch.setattr(features, "has_select_for_update_skip_locked", False)
    one, other = _two_relays_claim(seconds=0.5)  # the second waits for the rows of the first
    assert set(one) & set(other)


def test_a_lock_outside_a_transaction_is_refused(transactional_db) -> None:
    with pytest.raises(RuntimeError, match="needs a transaction"):
        lock_names("a")


def test_a_locked_name_blocks_others_until_the_transaction_ends(transactional_db) -> None:
    steps = []

    def other() -> None:
        with transaction.atomic():
            lock_names("phone:+1", "email:a")
            steps.append("other")

    with another_connection() as start:
        with transaction.atomic():
            lock_names("email:a")
            waiting = start(other)
            wait_for_a_blocked_lock()
            assert not waiting.done()
            steps.append("mine")
        waiting.result(timeout=10)
    assert steps == ["mine", "other"]


def test_control_another_name_does_not_block(transactional_db) -> None:
    def other() -> str:
        with transaction.atomic():
            lock_names("email:b")
            return "through"

    with another_connection() as start, transaction.atomic():
        lock_names("email:a")
        assert start(other).result(timeout=10) == "through"


def test_names_in_any_order_are_locked_in_one_order(db, django_assert_num_queries) -> None:
    def order(*names: str) -> list:
        with django_assert_num_queries(len(set(names))) as captured:
            lock_names(*names)
        return [query["sql"] for query in captured.captured_queries]

    assert order("a", "b", "c") == order("c", "a", "b") == order("b", "c", "b", "a")


def test_two_callers_with_opposite_orders_do_not_deadlock(transactional_db) -> None:
    def lock(*names: str) -> str:
        for _ in range(20):
            with transaction.atomic():
                lock_names(*names)
        return "through"

    assert together(lambda: lock("a", "b"), lambda: lock("b", "a")) == ["through", "through"]


def test_control_locking_in_two_steps_deadlocks(transactional_db) -> None:
    both_hold_one = Barrier(2)

    def lock(first: str, second: str) -> str:
        with transaction.atomic():
            lock_names(first)
            both_hold_one.wait(10)
            lock_names(second)
        return "through"

    results = together(lambda: lock("a", "b"), lambda: lock("b", "a"))
    assert any("deadlock" in str(result) for result in results)
    assert "through" in results
