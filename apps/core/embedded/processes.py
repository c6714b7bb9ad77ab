"""Child processes that never outlive us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.core.embedded.places import Account

_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A started process with its log file, stopped politely and then for certain."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, patience: float = 15.0) -> None:
        """Ask, wait up to `patience` seconds, then kill the whole process group. Repeatable."""
        self._signal(self.stop_signal)
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        # A part that died on its own may have left children of its own in the group.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def tail(self, lines: int = 25) -> str:
        """The last lines of the log, for the person who has to find out why it died."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if not self.is_running():
            return
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)


def start_child(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    cwd: Path | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start `command` in a process group of its own, output to `log`.

    The kernel sends it `stop_signal` when this process dies, even by SIGKILL (Linux only).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(stop_signal),  # noqa: PLW1509 (no threads at this point)
            **(account or Account()).popen_arguments(),  # type: ignore[call-overload]  # user/group
        )
    return Child(name=name, process=process, log=log, stop_signal=stop_signal)


def _die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def set_death_signal() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal))

    return set_death_signal


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, child: Child, seconds: float) -> None:
    """Poll `ready` until it holds. Raises RuntimeError with the log's tail if it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not child.is_running():
            raise RuntimeError(f"{child.name} stopped while starting.\n{child.tail()}")
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{child.name} was not ready within {seconds:.0f} s.\n{child.tail()}")
