"""Two things at the same moment, each with a database connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, connections

_PATIENCE_SECONDS = 10.0


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run all at once; what each returned, or the exception it raised, in order."""
    start = Barrier(len(functions))

    def run(function: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=_PATIENCE_SECONDS)
            return _on_own_connection(function)
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


@contextmanager
def another_connection() -> Iterator[Callable[[Callable[[], Any]], Future]]:
    """A function that starts functions on a second connection; all have ended after the block."""
    with ThreadPoolExecutor(1) as pool:
        yield lambda function: pool.submit(_on_own_connection, function)


def _on_own_connection(function: Callable[[], Any]) -> Any:
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{_PATIENCE_SECONDS:.0f}s'")  # never hangs a run
        return function()
    finally:
        connections.close_all()


def wait_for_a_blocked_lock() -> None:
    """Return once some connection waits for a lock. Fails when none ever does."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if somebody_waits_for_a_lock():
            return
        time.sleep(0.01)
    raise AssertionError("Nobody waits for a lock.")


def somebody_waits_for_a_lock() -> bool:
    """Whether anybody in this database does; asked anew each time, also inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
