"""What `make run` starts, and what it leaves to servers that are named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.embedded.supervisor import Supervisor
from solar_crm import __main__ as launch


def test_a_server_that_a_file_names_is_not_started(monkeypatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        (tmp_path / name).write_text(f"scheme://{name.lower()}\n")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
    for start in ("start_postgres", "start_redis"):
        monkeypatch.setattr(launch, start, lambda _: pytest.fail("Another server was named."))
    environment = launch._start_services(Supervisor(), tmp_path)
    assert environment["DATABASE_URL"] == "scheme://database_url"
    assert environment["REDIS_URL"] == "scheme://redis_url"


def test_the_launcher_reads_the_file_of_settings(tmp_path: Path) -> None:
    """Before it decides on a port, the demo or a database."""
    asked = "import sys, solar_crm.__main__; print('solar_crm.settings.environment' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::", "http://localhost:8000"),
        ("2001:db8::1", "http://[2001:db8::1]:8000"),
        ("crm.example.com", "http://crm.example.com:8000"),
    ],
)
def test_the_address_it_says(host: str, address: str) -> None:
    assert launch._address(host, 8000) == address
