"""Reading the environment: typed, loud, and with secrets from files where `NAME_FILE` is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from apps.core.embedded import state

env = Env()
env.read_env(Path(__file__).resolve().parents[2] / ".env", recurse=False)


def secret(name: str, default: str | None = None) -> str:
    """The secret `name`, from the file that `NAME_FILE` names or from the variable itself.

    Raises ImproperlyConfigured when neither is set and there is no default.
    """
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text().strip()
    value = env.str(name, default)
    if value is None:
        raise ImproperlyConfigured(
            f"Set {name}, or {name}_FILE with the name of a file holding it."
        )
    return str(value)


def secret_list(name: str) -> list[str]:
    """The secrets `name`, parted by commas or, as a file may have them, one a line."""
    return secret(name, "").replace(",", " ").split()


def service_url(name: str) -> str:
    """`DATABASE_URL` or `REDIS_URL`: from the environment, else of the servers `make run` started.

    Raises ImproperlyConfigured, saying what to do, when there is neither.
    """
    value = secret(name, "") or state.service_urls().get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set and no embedded servers are running."
            " Start them with `make run`, or set the variable."
        )
    return value


def database(*, pooled: bool) -> dict[str, Any]:
    """Django's database entry. `pooled` is for ASGI, where held connections do not work."""
    config: dict[str, Any] = dict(dj_database_url.parse(service_url("DATABASE_URL")))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
        return config
    config["OPTIONS"] = dict(config.get("OPTIONS", {})) | {"connect_timeout": 5}
    if pooled:
        # More than the threads that may ask at once: those of the loop, and the chat's speakers.
        config["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 24, "timeout": 10}
    else:
        config["CONN_MAX_AGE"] = 600
        config["CONN_HEALTH_CHECKS"] = True
    return config


def redis_database(number: int) -> str:
    """`REDIS_URL` with its database raised by `number`: broker, cache and so on keep apart."""
    parts = urlsplit(service_url("REDIS_URL"))
    first = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{first + number}"))
