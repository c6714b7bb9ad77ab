"""Locking, one ritual for everybody: inside a transaction, once, in sorted order.

Deadlocks need two orders; one ritual has one.
"""

from __future__ import annotations

import hashlib

from django.db import connection


def lock_names(*names: str) -> None:
    """Hold an advisory lock on each name until the transaction ends.

    For things that have no row yet (a telephone number nobody has called from). Names are locked
    in sorted order, so two callers with the same names in another order cannot block each other.
    On SQLite the one writer there can be is lock enough. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lock_names needs a transaction: the lock is given back at its end.")
    if connection.vendor != "postgresql":
        return
    keys = sorted({_number(name) for name in names})
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
