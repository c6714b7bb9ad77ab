"""The real PostgreSQL and Redis from their wheels: started, stopped, and found again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from apps.core.embedded.places import unprivileged_account
from apps.core.embedded.postgres import MAX_CONNECTIONS, start_postgres
from apps.core.embedded.redis_server import start_redis

pytestmark = pytest.mark.slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not `tmp_path`, which lies in a folder of mode 700."""
    with tempfile.TemporaryDirectory(prefix="solar-crm-tests-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_postgres_starts_twice_on_the_same_data(folder: Path) -> None:
    first = start_postgres(folder, durable=False)
    try:
        with psycopg.connect(first.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
            [limit] = connection.execute("SHOW max_connections").fetchone()
            assert int(limit) == MAX_CONNECTIONS
        process = psutil.Process(first.child.process.pid)
        if os.geteuid() == 0:
            assert process.uids().real == unprivileged_account().uid != 0
    finally:
        first.stop()
    assert not first.child.is_running()
    second = start_postgres(folder, durable=False)
    try:
        with psycopg.connect(second.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
        wrong = second.url.replace("solar:", "solar:x", 1)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)
    finally:
        second.stop()
    assert (folder / "postgres.password").stat().st_mode & 0o077 == 0


def test_redis_starts_twice_on_the_same_data(folder: Path) -> None:
    first = start_redis(folder)
    redis.Redis.from_url(first.url).set("kept", 7)
    first.stop()
    second = start_redis(folder)
    try:
        assert redis.Redis.from_url(second.url).get("kept") == b"7"
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(second.url.partition("@")[2].join(["redis://", ""])).ping()
        arguments = " ".join(psutil.Process(second.child.process.pid).cmdline())
        assert second.url.split(":")[2].split("@")[0] not in arguments
    finally:
        second.stop()
    assert (folder / "redis" / "redis.conf").stat().st_mode & 0o077 == 0
