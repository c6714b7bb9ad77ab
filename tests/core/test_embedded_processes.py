"""Parts that run together stop together, and leave nothing behind. With tiny real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from apps.core.embedded import state
from apps.core.embedded.places import PROJECT_DIR, Account, reachable, reachable_copy
from apps.core.embedded.processes import start_child, wait_until
from apps.core.embedded.state import AlreadyRunningError, sole_instance, write_note
from apps.core.embedded.supervisor import (
    PartDiedError,
    Stopped,
    Supervisor,
    stopping_on_signals,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-uc",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf');"
    " time.sleep(60)",
]


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def eventually(condition: Callable[[], bool], seconds: float = 8) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


# --- children and their supervisor ---------------------------------------------------------------


def test_a_child_is_stopped_politely_and_repeatably(tmp_path: Path) -> None:
    child = start_child("sleeper", SLEEP, log=tmp_path / "log")
    assert child.is_running()
    child.stop()
    child.stop()
    assert not child.is_running()
    assert child.process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed_with_its_children(tmp_path: Path) -> None:
    with_grandchild = [
        sys.executable,
        "-uc",
        f"import subprocess, signal, time; p = subprocess.Popen({STUBBORN!r});"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(p.pid); time.sleep(60)",
    ]
    child = start_child("deaf", with_grandchild, log=tmp_path / "log")
    assert eventually(
        lambda: "deaf" in child.tail() and any(map(str.isdigit, child.tail().split()))
    )
    grandchild = next(int(line) for line in child.tail().splitlines() if line.isdigit())
    child.stop(patience=0.2)
    assert child.process.returncode == -signal.SIGKILL
    assert eventually(lambda: is_gone(grandchild))


def test_output_goes_to_the_log_and_its_end_is_shown(tmp_path: Path) -> None:
    script = "for n in range(40): print('line', n)"
    child = start_child("printer", [sys.executable, "-c", script], log=tmp_path / "deep" / "log")
    child.process.wait(timeout=10)
    assert child.tail(2) == "line 38\nline 39"
    assert len(child.tail().splitlines()) == 25


def test_waiting_for_what_dies_says_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such port')"]
    child = start_child("server", command, log=tmp_path / "log")
    with pytest.raises(RuntimeError, match=r"server stopped while starting.\nno such port"):
        wait_until(lambda: False, child=child, seconds=10)


def test_waiting_has_an_end(tmp_path: Path) -> None:
    child = start_child("server", SLEEP, log=tmp_path / "log")
    with pytest.raises(RuntimeError, match="not ready within 0 s"):
        wait_until(lambda: False, child=child, seconds=0.1)
    child.stop()


def test_a_part_that_dies_stops_the_others(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        sleeper = start_child("sleeper", SLEEP, log=tmp_path / "sleeper.log")
        supervisor.add(sleeper)
        script = "import sys, time; time.sleep(0.3); print('goodbye'); sys.exit(3)"
        brief = start_child("brief", [sys.executable, "-c", script], log=tmp_path / "brief.log")
        supervisor.add(brief)
        with pytest.raises(PartDiedError, match=r"(?s)brief stopped by itself.*3.*goodbye"):
            supervisor.watch()
    assert not sleeper.is_running()


def test_the_last_started_is_stopped_first(tmp_path: Path) -> None:
    order = []
    with Supervisor() as supervisor:
        for name in ("database", "web"):
            child = start_child(name, SLEEP, log=tmp_path / name)
            stop = child.stop
            child.stop = lambda name=name, stop=stop: (order.append(name), stop())
            supervisor.add(child)
    assert order == ["web", "database"]


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable]:
    """A supervisor in a process of its own, with two parts; and the pids of all three."""
    script = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from apps.core.embedded.processes import start_child
        from apps.core.embedded.supervisor import Stopped, Supervisor, stopping_on_signals
        folder = Path({str(tmp_path)!r})
        try:
            with Supervisor() as supervisor, stopping_on_signals():
                for name in ("one", "two"):
                    child = start_child(name, {SLEEP!r}, log=folder / name)
                    supervisor.add(child)
                    print(child.process.pid, flush=True)
                supervisor.watch()
        except Stopped:
            print("Stopped.", flush=True)
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    parts = [int(process.stdout.readline()) for _ in range(2)]
    yield process, parts
    for pid in [process.pid, *parts]:
        if not is_gone(pid):
            os.kill(pid, signal.SIGKILL)
    process.stdout.close()
    process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_nothing_is_left(number: signal.Signals, supervised) -> None:
    process, parts = supervised
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert process.stdout.read() == "Stopped.\n"
    assert all(is_gone(pid) for pid in parts)


def test_asked_to_stop_where_nothing_can_be_raised_it_stops_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A signal that comes while a process is started is heard where Python forgives everything."""
    forgiven: list[type[BaseException] | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda fault: forgiven.append(fault.exc_type))

    class Asks:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    def work() -> None:
        Asks()
        assert forgiven == [Stopped]
        time.sleep(30)

    with stopping_on_signals(), pytest.raises(Stopped):
        work()
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_killed_nothing_is_left_either(supervised) -> None:
    process, parts = supervised
    assert not any(is_gone(pid) for pid in parts)
    process.kill()
    process.wait(timeout=10)
    assert eventually(lambda: all(is_gone(pid) for pid in parts))


# --- one instance for each folder ----------------------------------------------------------------


def test_a_second_instance_is_refused_with_the_pid_and_a_way_out(tmp_path: Path) -> None:
    with sole_instance(tmp_path):
        with pytest.raises(AlreadyRunningError) as starting, sole_instance(tmp_path):
            pass
        write_note(tmp_path, address="http://localhost:8000", services={})
        with pytest.raises(AlreadyRunningError) as running, sole_instance(tmp_path):
            pass
    assert f"process {os.getpid()}, still starting" in str(starting.value)
    assert f"process {os.getpid()}, http://localhost:8000" in str(running.value)
    assert "DATA_DIR=var/second PORT=8001 make run" in str(running.value)


def test_afterwards_the_folder_is_free_and_the_note_is_gone(tmp_path: Path) -> None:
    with sole_instance(tmp_path):
        write_note(tmp_path, services={"REDIS_URL": "redis://:s3cret@x"})
        assert (tmp_path / "run.json").stat().st_mode & 0o077 == 0
    assert not (tmp_path / "run.json").exists()
    with sole_instance(tmp_path):
        pass


def test_others_find_the_services_of_the_running_instance(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert state.service_urls() == {}
    with sole_instance(tmp_path):
        assert state.service_urls() == {}
        write_note(tmp_path, services={"REDIS_URL": "redis://x"})
        assert state.service_urls() == {"REDIS_URL": "redis://x"}


@pytest.mark.parametrize("text", ["", "{", "[]", "7"])
def test_a_damaged_note_is_no_note(text: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    (tmp_path / "run.json").write_text(text)
    assert state.service_urls() == {}


def test_a_note_of_an_instance_that_was_killed_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"pid": 1, "address": "old"}))
    with sole_instance(tmp_path):
        assert json.loads((tmp_path / "run.json").read_text()) == {"pid": os.getpid()}


# --- where an unprivileged server can live -------------------------------------------------------


class ShutOut(Account):
    """An account that no folder lets in."""

    def can_enter(self, folder: Path) -> bool:
        return False


def test_a_folder_that_can_be_reached_is_used(tmp_path: Path) -> None:
    assert reachable(tmp_path / "new", Account()) == tmp_path / "new"
    assert reachable_copy(tmp_path, tmp_path / "home", Account()) == tmp_path


def test_a_folder_behind_a_closed_door_gets_a_stand_in_and_always_the_same(tmp_path: Path) -> None:
    one, again = (reachable(tmp_path / "a", ShutOut()) for _ in range(2))
    other = reachable(tmp_path / "b", ShutOut())
    try:
        assert one == again != tmp_path / "a"
        assert other != one
        assert one.stat().st_mode & 0o005 == 0o005
    finally:
        one.rmdir()
        other.rmdir()


def test_what_cannot_be_reached_is_copied_whole_and_once(tmp_path: Path) -> None:
    source, home = tmp_path / "pginstall", tmp_path / "home"
    source.mkdir()
    (source / "binary").write_text("1")
    home.mkdir()
    (home / "pginstall.copying").mkdir()  # of a start that was interrupted
    copy = reachable_copy(source, home, ShutOut())
    assert (copy / "binary").read_text() == "1"
    assert not (home / "pginstall.copying").exists()
    (source / "binary").write_text("2")
    assert reachable_copy(source, home, ShutOut()) == copy
    assert (copy / "binary").read_text() == "1"
