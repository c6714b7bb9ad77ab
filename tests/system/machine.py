"""The parts of the product one by one, to be killed and brought back."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from apps.core.embedded.places import PROJECT_DIR
from apps.core.embedded.postgres import Postgres, start_postgres
from apps.core.embedded.processes import Child, free_port, start_child
from apps.core.embedded.redis_server import Redis, start_redis
from tests.system.knocking import Post, post_all
from tests.system.processes import clean_environment, poll

_BIN = Path(sys.executable).parent
_LEASE_SECONDS = "3"
_COMMANDS: dict[str, list[str]] = {
    "worker": [
        str(_BIN / "celery"), "-A", "solar_crm", "worker", "--concurrency=2",
        "--queues=intake,journey,delivery,voice,analytics", "--hostname=worker@%h",
    ],
    "beat": [str(_BIN / "celery"), "-A", "solar_crm", "beat", "--pidfile="],
}  # fmt: skip


@dataclass
class Machine:
    """PostgreSQL, Redis, web, live (the sockets), worker, beat: each a process of its own."""

    folder: Path
    postgres: Postgres
    redis: Redis
    web_port: int = field(default_factory=free_port)
    live_port: int = field(default_factory=free_port)
    parts: dict[str, Child] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment(
            DATA_DIR=str(self.folder),
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.redis.url,
            OUTBOX_LEASE_SECONDS=_LEASE_SECONDS,
            DJANGO_SETTINGS_MODULE="solar_crm.settings.development",
            PYTHONUNBUFFERED="1",
        )

    @property
    def database(self) -> psycopg.Connection:
        return psycopg.connect(self.postgres.url, autocommit=True)

    def start(self, name: str) -> None:
        web = [
            str(_BIN / "granian"), "--interface", "wsgi", "--port", str(self.web_port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "solar_crm.wsgi:application",
        ]  # fmt: skip
        live = [
            str(_BIN / "granian"), "--interface", "asginl", "--port", str(self.live_port),
            "--workers", "1", "solar_crm.asgi:application",
        ]  # fmt: skip
        self.parts[name] = start_child(
            name,
            {"web": web, "live": live, **_COMMANDS}[name],
            log=self.folder / "log" / f"{name}.log",
            environment=self.environment,
            cwd=PROJECT_DIR,
        )

    def kill(self, name: str) -> None:
        """SIGKILL for the part and every process of its group: nobody can clean up."""
        child = self.parts.pop(name)
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def tend(self) -> None:
        """Bring back what ended by itself, as compose and Kubernetes do.

        Celery's worker sometimes ends when Redis dies under it while it holds messages (kombu
        cannot give them back to a broker that is gone, and stumbles over that).
        """
        for name, child in list(self.parts.items()):
            if not child.is_running():
                self.start(name)

    def worker_is_waiting(self) -> bool:
        """Whether a worker listens to its queues."""
        clients = redis.Redis.from_url(self.redis.url).client_list()
        return any(client["cmd"] == "brpop" for client in clients)

    def kill_redis(self) -> None:
        os.killpg(self.redis.child.process.pid, signal.SIGKILL)
        self.redis.child.process.wait()

    def revive_redis(self, *, empty: bool = False) -> None:
        """Redis again at the same address; `empty`: with everything it knew gone."""
        if empty:
            shutil.rmtree(self.folder / "redis")
        client = redis.Redis.from_url(self.redis.url)
        address = client.connection_pool.connection_kwargs
        self.redis = start_redis(self.folder, port=address["port"], password=address["password"])

    def post(self, posts: list[Post]) -> list[str]:
        """Send posts once the door answers; their event ids."""
        url = f"http://127.0.0.1:{self.web_port}"
        poll(lambda: _answers(url), seconds=30, what="the web process")
        answers = post_all(url, posts, at_once=16)
        assert {answer.status_code for answer in answers} == {202}
        return [answer.json()["data"]["event_id"] for answer in answers]

    def stop(self) -> None:
        for name in list(self.parts):
            with suppress(ProcessLookupError):  # it ended by itself
                self.kill(name)  # who has looked at what it left needs no farewell
        self.redis.stop()
        self.postgres.stop()


def _answers(url: str) -> bool:
    import httpx

    try:
        return httpx.get(f"{url}/health/").status_code == 200
    except httpx.HTTPError:
        return False


def prepare_database(folder: Path) -> None:
    """A cluster in `folder` with everything a first start puts into it, at rest again."""
    postgres = start_postgres(folder)
    try:
        subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=PROJECT_DIR,
            env=clean_environment(
                DATA_DIR=str(folder),
                DATABASE_URL=postgres.url,
                REDIS_URL="redis://127.0.0.1:9/0",  # nobody: it tells nobody
                DJANGO_SETTINGS_MODULE="solar_crm.settings.development",
            ),
            check=True,
            capture_output=True,
        )
    finally:
        postgres.stop()


@contextmanager
def a_machine(prepared: Path, *, has_web: bool = True) -> Iterator[Machine]:
    """A machine on a prepared data folder with the web process; the rest is the test's."""
    machine = Machine(
        folder=prepared,
        postgres=start_postgres(prepared),
        redis=start_redis(prepared, port=free_port(), password="kept-from-start-to-start"),
    )
    try:
        if has_web:
            machine.start("web")
        yield machine
    finally:
        machine.stop()
