"""SIGKILL of the worker in the middle of a file of leads: each row once, and the right counts."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.embedded.places import PROJECT_DIR
from tests.system.machine import Machine, a_machine

pytestmark = pytest.mark.system

COUNTS = "state, total, created, updated, skipped, failed"
BEGIN = """
from pathlib import Path
from typing import Any
from django.utils import timezone
from apps.integrations.imports.actions import import_begin, import_upload
from apps.users.models import User
now, actor = timezone.now(), User.objects.create_superuser("ana")
content = Path({path!r}).read_bytes()
found = import_upload(content, file_name="fair.csv", market="nyc", actor=actor, now=now)
import_begin(found.public_id, source="Fair", actor=actor, now=now)
"""


@pytest.fixture
def machine(prepared_dir: Path) -> Iterator[Machine]:
    with a_machine(prepared_dir, has_web=False) as machine:
        yield machine


def begin(machine: Machine, *, rows: int, bad: int) -> None:
    """Every so many rows one that cannot be taken in."""
    path = machine.folder / "fair.csv"
    every = rows // bad
    with path.open("w") as file:
        file.write("name,email,zip\n")
        for number in range(rows):
            address = "nobody" if number % every == 0 else f"p{number}@example.com"
            file.write(f"Person {number},{address},10021\n")
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", BEGIN.format(path=str(path))],
        cwd=PROJECT_DIR,
        env=machine.environment,
        check=True,
        capture_output=True,
    )


def settled(machine: Machine) -> tuple[str, int]:
    with machine.database as database:
        row = database.execute(
            "SELECT state, created + updated + skipped + failed FROM integrations_import"
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def await_settled(machine: Machine, number: int, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while settled(machine)[1] < number:
        assert time.monotonic() < deadline, settled(machine)
        machine.tend()
        time.sleep(0.05)


def take_in_with_kills(
    machine: Machine, *, rows: int, bad: int, kills: int, seconds: float
) -> tuple[Any, ...]:
    """The `COUNTS` of the file in the end."""
    machine.start("beat")
    machine.start("worker")
    begin(machine, rows=rows, bad=bad)
    for kill in range(1, kills + 1):
        # Rows are settled some at a time: the first of them say that it is in the middle.
        await_settled(machine, rows * kill // (kills + 2), seconds=seconds)
        assert settled(machine)[0] == "running"  # it is in the middle
        machine.kill("worker")
        machine.start("worker")
    await_settled(machine, rows, seconds=seconds)
    with machine.database as database:
        good = rows - bad
        # The last rows are counted a moment before the file is.
        deadline = time.monotonic() + 60
        while settled(machine)[0] != "done":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        counts = database.execute(f"SELECT {COUNTS} FROM integrations_import".encode()).fetchone()
        assert counts is not None
        leads = database.execute("SELECT count(*), count(DISTINCT email) FROM leads_lead")
        assert leads.fetchone() == (good, good)
        events = database.execute("SELECT count(*) FROM intake_inboundevent").fetchone()
        assert events == (good,)
        lines = database.execute(
            "SELECT count(*), count(DISTINCT lead_id) FROM leads_leadactivity"
            " WHERE kind IN ('created', 'inbound')"
        )
        assert lines.fetchone() == (good, good)
    return counts


def test_a_kill_in_the_middle_of_a_file_loses_and_doubles_no_row(machine: Machine) -> None:
    counts = take_in_with_kills(machine, rows=60, bad=6, kills=1, seconds=120)
    assert counts == ("done", 60, 54, 0, 0, 6)


@pytest.mark.soak
def test_twenty_thousand_rows_and_three_kills(machine: Machine) -> None:
    counts = take_in_with_kills(machine, rows=20_000, bad=500, kills=3, seconds=1_800)
    assert counts == ("done", 20_000, 19_500, 0, 0, 500)
