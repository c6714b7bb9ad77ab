"""Tasks, queues and handlers that are named in one place exist in the other."""

from __future__ import annotations

import inspect

import pytest
from django.conf import settings

from apps.core.checks import check_outbox_lease
from apps.core.outbox import publishing
from solar_crm import celery_app

QUEUES = set(settings.WORK_QUEUES)


def our_tasks() -> dict:
    return {name: task for name, task in celery_app.tasks.items() if not name.startswith("celery.")}


def queue_of(name: str) -> str:
    route = celery_app.amqp.router.route({}, name)
    return route["queue"].name if "queue" in route else settings.CELERY_TASK_DEFAULT_QUEUE


def test_every_task_is_named_after_its_room() -> None:
    assert set(our_tasks()) >= {"core.relay_outbox", "core.deliver_outbox", "core.heartbeat"}
    for name, task in our_tasks().items():
        assert task.run.__module__ == f"apps.{name.split('.')[0]}.tasks", name


def test_every_task_goes_to_a_queue_that_a_worker_reads() -> None:
    assert {queue_of(name) for name in our_tasks()} <= QUEUES


def test_every_task_has_an_end_and_is_thin() -> None:
    assert settings.CELERY_TASK_TIME_LIMIT > settings.CELERY_TASK_SOFT_TIME_LIMIT > 0
    for name, task in our_tasks().items():
        lines = inspect.getsource(task.run).splitlines()
        assert len(lines) <= 10, f"{name} holds logic: move it to an action"


def test_a_message_is_in_one_workers_hands_for_longer_than_a_task_may_run() -> None:
    assert settings.OUTBOX_LEASE_SECONDS > settings.CELERY_TASK_TIME_LIMIT
    assert check_outbox_lease(None) == []


def test_a_lease_that_a_slow_task_outlives_is_warned_of(settings) -> None:
    settings.OUTBOX_LEASE_SECONDS = settings.CELERY_TASK_TIME_LIMIT
    assert [one.id for one in check_outbox_lease(None)] == ["core.W001"]


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_what_is_scheduled_exists_and_is_read(entry: str) -> None:
    scheduled = settings.CELERY_BEAT_SCHEDULE[entry]
    assert scheduled["task"] in our_tasks()
    queue = scheduled.get("options", {}).get("queue") or queue_of(scheduled["task"])
    assert queue in QUEUES


def test_every_handler_has_a_name_of_its_own_and_a_queue_that_is_read() -> None:
    known = [handler for handlers in publishing._subscriptions.values() for handler in handlers]
    names = [handler.name for handler in known]
    assert names
    assert len(names) == len(set(names))
    assert {handler.queue for handler in known} <= QUEUES
