"""A pytest plugin that starts a real PostgreSQL and Redis before Django reads its settings.

Loaded by `-p tests.services` (see pyproject.toml). With `DATABASE_URL` and `REDIS_URL` set it uses
those. Parallel workers share the servers and keep apart by database.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from apps.core.embedded.postgres import start_postgres
from apps.core.embedded.redis_server import start_redis

_REDIS_DATABASES_EACH = 4
_servers: list = []
_folder: Path | None = None


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    global _folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "solar_crm.settings.test")
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None and not os.environ.get("DATABASE_URL"):
        _folder = Path(tempfile.mkdtemp(prefix="solar-crm-tests-"))
        _folder.chmod(0o755)
        postgres = start_postgres(_folder, durable=False)
        _servers.append(postgres)
        os.environ["DATABASE_URL"] = postgres.url
    if worker is None and not os.environ.get("REDIS_URL"):
        redis = start_redis(_folder or Path(tempfile.mkdtemp(prefix="solar-crm-tests-")))
        _servers.append(redis)
        os.environ["REDIS_URL"] = redis.url
    if worker is not None:
        _use_own_redis_database(int(worker.removeprefix("gw")) + 1)


def pytest_unconfigure() -> None:
    while _servers:
        _servers.pop().stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


def _use_own_redis_database(number: int) -> None:
    parts = urlsplit(os.environ["REDIS_URL"])
    path = f"/{number * _REDIS_DATABASES_EACH}"
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=path))
