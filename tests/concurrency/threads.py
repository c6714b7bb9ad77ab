"""Several callers at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

_PATIENCE_SECONDS = 60


def at_once(*calls: Callable[[], Any], patience: float = _PATIENCE_SECONDS) -> list[Any]:
    """Run all calls at the same moment. Returns their results, or the exceptions they raised.

    `patience` in seconds: who is not back by then hangs.
    """
    results: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(_PATIENCE_SECONDS)
            results[number] = calls[number]()
        except Exception as error:  # the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]  # noqa: TID251
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
        assert not thread.is_alive(), "A caller hangs: a deadlock the database did not see."
    return results


def failures(results: Sequence[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]
