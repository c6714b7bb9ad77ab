"""Starting the product from outside, as a person does, and looking at what it leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.core.embedded.places import PROJECT_DIR
from apps.core.embedded.processes import free_port

START_SECONDS = 120


def poll(ready: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """The first true answer of `ready`. Fails, saying what was waited for, after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ready():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"Not within {seconds:.0f} s: {what}")


def clean_environment(**more: str) -> dict[str, str]:
    """Ours, without what points at the servers and settings of the tests."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HOST"}
        and not name.startswith(("RATE_LIMIT_", "PYTEST_"))
    }
    return ours | more


def descendants_of(session_marker: str) -> list[int]:
    """The processes whose environment names `session_marker` (a data folder of one test)."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if session_marker.encode() in environment + command and state != "Z":
                found.append(int(folder.name))
    return found


@dataclass
class Running:
    """`python -m solar_crm` as a process."""

    process: subprocess.Popen[bytes]
    data_dir: Path
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def words(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def services(self) -> dict[str, str]:
        return dict(json.loads((self.data_dir / "run.json").read_text())["services"])

    def wait_until_serving(self) -> Running:
        def is_serving() -> bool:
            assert self.process.poll() is None, f"It stopped while starting:\n{self.words}"
            return "Ctrl-C stops" in self.words and (self.data_dir / "run.json").exists()

        poll(is_serving, seconds=START_SECONDS, what=f"a running system. It said:\n{self.words}")
        return self

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=2) as answer:
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def part(self, name: str) -> int:
        """The process id of a part, by a word of its command line."""
        return min(
            pid
            for pid in descendants_of(str(self.data_dir))
            if name in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
        )

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def leaves_no_process(self) -> bool:
        return descendants_of(str(self.data_dir)) == []


def start_system(data_dir: Path, *, port: int | None = None, **environment: str) -> Running:
    """`python -m solar_crm` on `data_dir`; its output goes to a file beside it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(0o755)
    port = port or free_port()
    output = data_dir / f"output-{time.monotonic_ns()}.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "solar_crm"],
            cwd=PROJECT_DIR,
            env=clean_environment(DATA_DIR=str(data_dir), PORT=str(port), **environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(process, data_dir, port, output)
