"""A running system for the tests that drive it from outside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.system.browser import chromium, watched_page
from tests.system.processes import Running, poll, start_system


@pytest.fixture(autouse=True)
def _reference_data() -> None:
    """These tests have a database of their own, in another process."""


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """And a cache."""


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that every account can enter: PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="solar-crm-system-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with watched_page(browser) as page:
        yield page


@pytest.fixture(scope="session")
def running_system() -> Iterator[Running]:
    """`python -m solar_crm` with demo data, stopped at the end without leaving a process."""
    with tempfile.TemporaryDirectory(prefix="solar-crm-system-") as folder:
        Path(folder).chmod(0o755)
        running = start_system(Path(folder), DEMO="1")
        try:
            yield running.wait_until_serving()
        finally:
            assert running.stop() == 0
            poll(running.leaves_no_process, seconds=10, what="an end of all its processes")


@pytest.fixture
def database(running_system: Running) -> Iterator[psycopg.Connection]:
    """A look into the running system's database."""
    with psycopg.connect(running_system.services["DATABASE_URL"], autocommit=True) as connection:
        yield connection
