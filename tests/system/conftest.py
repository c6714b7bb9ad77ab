"""A running system for the tests that drive it from outside."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.system.browser import chromium, watched_page
from tests.system.machine import prepare_database
from tests.system.processes import Running, poll, start_system


@pytest.fixture(autouse=True)
def _reference_data() -> None:
    """These tests have a database of their own, in another process."""


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """And a cache."""


@contextmanager
def _open_folder() -> Iterator[Path]:
    """A folder that every account can enter: PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="solar-crm-system-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Where nothing was ever started."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def _prepared() -> Iterator[Path]:
    """A data folder with a database that is up to date, made once and copied by all."""
    with _open_folder() as folder:
        prepare_database(folder)
        yield folder


@pytest.fixture
def prepared_dir(_prepared: Path, data_dir: Path) -> Path:
    """A data folder as a start leaves it, without demo data."""
    _copy(_prepared, data_dir)
    return data_dir


def _copy(source: Path, target: Path) -> None:
    """With the owners: a cluster belongs to the account that PostgreSQL runs as."""
    subprocess.run(["cp", "--archive", f"{source}/.", str(target)], check=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched_page(browser) as page:
        yield page


@pytest.fixture(scope="session")
def running_system(_prepared: Path) -> Iterator[Running]:
    """`python -m solar_crm` with demo data, stopped at the end without leaving a process."""
    with _open_folder() as folder:
        _copy(_prepared, folder)
        running = start_system(folder, DEMO="1")
        try:
            yield running.wait_until_serving()
        finally:
            assert running.stop() == 0
            poll(running.leaves_no_process, seconds=30, what="an end of all its processes")


@pytest.fixture
def database(running_system: Running) -> Iterator[psycopg.Connection]:
    """A look into the running system's database."""
    with psycopg.connect(running_system.services["DATABASE_URL"], autocommit=True) as connection:
        yield connection
