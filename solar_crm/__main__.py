"""`python -m solar_crm`: the whole system with one command, on a machine that has nothing.

Starts PostgreSQL and Redis (unless `DATABASE_URL` and `REDIS_URL` name others), brings the database
up to date, starts web, worker and beat, says where everything is, and stops all of it on Ctrl-C or
when one part dies. Reads `HOST`, `PORT` (8000), `DATA_DIR` and `DEMO` (0 for an empty system), as
every part reads its settings: from the environment, else from `.env`.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.core.embedded import state
from apps.core.embedded.places import PROJECT_DIR, data_dir
from apps.core.embedded.postgres import start_postgres
from apps.core.embedded.processes import Child, free_port, start_child, wait_until
from apps.core.embedded.redis_server import start_redis
from apps.core.embedded.supervisor import PartDiedError, Stopped, Supervisor, stopping_on_signals
from solar_crm.settings.environment import secret
from solar_crm.settings.schedule import QUEUES

_BIN = Path(sys.executable).parent
_HEALTH_SECONDS = 60
_LOGINS = ("admin", "manager", "sales", "support", "technician", "analyst")


def main() -> int:
    """Run until stopped. Returns the exit code: 0 after Ctrl-C, 1 when something went wrong."""
    host = os.environ.get("HOST", "127.0.0.1")
    port = int(os.environ.get("PORT", "8000"))
    folder = data_dir()
    try:
        with state.sole_instance(folder), Supervisor() as supervisor, stopping_on_signals():
            _refuse_used_port(host, port)
            environment = _start_services(supervisor, folder)
            environment.setdefault("SITE_ADDRESS", f"http://localhost:{port}")
            if _with_demo():
                environment["STANDIN_BUYERS_URL"] = f"http://127.0.0.1:{free_port()}"
                environment["STANDIN_FILES_PORT"] = str(free_port())
                environment["STANDIN_MAIL_PORT"] = str(free_port())
                mail = f"smtp://127.0.0.1:{environment['STANDIN_MAIL_PORT']}"
                environment.setdefault("DELIVERY_EMAIL_URL", mail)
            _prepare(environment)
            _start_parts(supervisor, folder, host, port, environment)
            _say_where(host, port, folder)
            supervisor.watch()
    except Stopped:
        print("Stopped.")  # noqa: T201 (this is a command)
        return 0
    except (state.AlreadyRunningError, PartDiedError, RuntimeError) as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201 (this is a command)
        return 1
    return 0


def _refuse_used_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise RuntimeError(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
            raise RuntimeError(
                f"Port {port} is in use by another program. Choose one: PORT={port + 1} make run"
            ) from error


def _start_services(supervisor: Supervisor, folder: Path) -> dict[str, str]:
    """Start what is not given by URL; returns the environment of all parts."""
    metrics = folder / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    environment = dict(os.environ, PROMETHEUS_MULTIPROC_DIR=str(metrics), PYTHONUNBUFFERED="1")
    environment.setdefault("DATA_DIR", str(folder))
    environment |= {name: secret(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    if not environment["DATABASE_URL"]:
        with _progress("PostgreSQL (embedded)"):
            postgres = start_postgres(folder)
            supervisor.add(postgres.child)
        environment["DATABASE_URL"] = postgres.url
    if not environment["REDIS_URL"]:
        with _progress("Redis (embedded)"):
            redis = start_redis(folder)
            supervisor.add(redis.child)
        environment["REDIS_URL"] = redis.url
    return environment


def _prepare(environment: dict[str, str]) -> None:
    demo = _with_demo()
    with _progress("Database up to date" + (", demo data" if demo else "")):
        result = subprocess.run(
            [sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])],
            cwd=PROJECT_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            raise RuntimeError(f"`manage.py prepare` failed.\n{result.stdout}{result.stderr}")


def _with_demo() -> bool:
    return os.environ.get("DEMO", "1") != "0"


def _start_parts(
    supervisor: Supervisor, folder: Path, host: str, port: int, environment: dict[str, str]
) -> None:
    celery: list[str | Path] = [_BIN / "celery", "-A", "solar_crm"]
    worker = ["worker", "--concurrency=2", f"--queues={','.join(QUEUES)}", "--hostname=worker@%h"]
    beat = ["beat", f"--pidfile={folder / 'celerybeat.pid'}"]
    (folder / "celerybeat.pid").unlink(missing_ok=True)
    web: list[str | Path] = [
        _BIN / "granian",
        "--interface",
        "asginl",
        "--host",
        host,
        "--port",
        str(port),
    ]
    web += ["--workers", "2", "--backlog", "1024"]
    # A web worker sometimes waits for ever for its connections to end; nobody else would end it
    # when this process itself was killed.
    web += ["--workers-kill-timeout", "5"]
    commands = {
        "web": [*web, "solar_crm.one_port:application"],
        "worker": [*celery, *worker],
        "beat": [*celery, *beat],
    }
    if _with_demo():
        port_of_buyers = environment["STANDIN_BUYERS_URL"].rpartition(":")[2]
        buyers = [sys.executable, "manage.py", "standin_buyers", "--port", port_of_buyers]
        buyers += ["--files-port", environment["STANDIN_FILES_PORT"]]
        buyers += ["--mail-port", environment["STANDIN_MAIL_PORT"]]
        commands["buyers"] = list(buyers)
    with _progress("Web, worker, beat" + (", buyers" if "buyers" in commands else "")):
        children = {}
        for name, command in commands.items():
            children[name] = start_child(
                name,
                command,
                log=folder / "log" / f"{name}.log",
                environment=environment,
                cwd=PROJECT_DIR,
            )
            supervisor.add(children[name])
        _wait_for_health(children["web"], host, port)
    services = {name: environment[name] for name in ("DATABASE_URL", "REDIS_URL")}
    state.write_note(folder, address=_address(host, port), services=services)


def _wait_for_health(web: Child, host: str, port: int) -> None:
    def is_healthy() -> bool:
        try:
            with urllib.request.urlopen(f"{_address(host, port)}/health/", timeout=2) as answer:  # noqa: S310 (our own address)
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    wait_until(is_healthy, child=web, seconds=_HEALTH_SECONDS)


def _address(host: str, port: int) -> str:
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104 (compared only)
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _say_where(host: str, port: int, folder: Path) -> None:
    address = _address(host, port)
    lines = [
        "",
        "Solar CRM is running.",
        "",
        f"  Web site     {address}/",
        f"  Admin        {address}/admin/",
        f"  API docs     {address}/api/docs/",
        f"  Health       {address}/health/",
        f"  Logs, data   {folder}",
    ]
    if _with_demo():
        lines += ["", f"  Demo logins  {', '.join(_LOGINS)}", "  Password     solar-demo"]
    print("\n".join([*lines, "", "Ctrl-C stops all of it."]), flush=True)  # noqa: T201 (a command)


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """One line for each thing that takes time, with the time it took."""
    started = time.monotonic()
    print(f"  {what:<34}", end="", flush=True)  # noqa: T201 (this is a command)
    yield
    print(f"{time.monotonic() - started:5.1f} s", flush=True)  # noqa: T201 (this is a command)


if __name__ == "__main__":
    sys.exit(main())
