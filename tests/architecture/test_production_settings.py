"""Production starts when all is right, and in no state that would be unsafe or lose something."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Nothing connects: settings only read these.
SOUND = {
    "DJANGO_SETTINGS_MODULE": "solar_crm.settings.production",
    "DATABASE_URL": "postgresql://x/x",
    "REDIS_URL": "redis://x",
    "SECRET_KEY": "k3Zq-" * 10,
    "SUPPRESSION_KEY": "s7Yw-" * 8,
    "ENCRYPTION_KEYS": "c29sYXItY3JtLXRlc3Qta2V5LW9mLTMyLWJ5dGVzISE=",
    "ALLOWED_HOSTS": "crm.example.com",
}
_START = "import django; django.setup(); from django.conf import settings as s; print({expression})"


def start(
    tmp_path: Path, expression: str = "s.ENVIRONMENT", /, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Start Django in a process that knows only `SOUND` with `changes`.

    What shall be missing is empty here, so that a developer's `.env` does not fill it in.
    """
    return subprocess.run(
        [sys.executable, "-c", _START.format(expression=expression)],
        env={**SOUND, "DATA_DIR": str(tmp_path), **changes},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_starts_when_all_is_right(tmp_path: Path) -> None:
    done = start(tmp_path, "s.ENVIRONMENT, s.DEBUG, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "production False True True"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing, short"),
        ({"SECRET_KEY": "development-only-" + "solar" * 8}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "k3Zq-" * 10}, "SECRET_KEY"),
        ({"ENCRYPTION_KEYS": ""}, "ENCRYPTION_KEYS is missing"),
        ({"ENCRYPTION_KEYS": " , "}, "ENCRYPTION_KEYS is missing"),
        ({"SUPPRESSION_KEY": ""}, "SUPPRESSION_KEY is missing"),
        ({"SUPPRESSION_KEY": "short"}, "SUPPRESSION_KEY is missing or short"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty or open"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is empty or open"),
        ({"ALLOWED_HOSTS": "crm.example.com,*"}, "ALLOWED_HOSTS is empty or open"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"SURFACE": "everything"}, "SURFACE"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, dict) else "",
)
def test_refuses(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    done = start(tmp_path, **changes)
    assert done.returncode != 0
    assert reason in done.stderr


def test_says_every_reason_at_once(tmp_path: Path) -> None:
    done = start(tmp_path, DEBUG="true", SECRET_KEY="", ALLOWED_HOSTS="")
    for reason in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"):
        assert reason in done.stderr.splitlines()[-1]


def test_takes_every_secret_from_a_file(tmp_path: Path) -> None:
    secrets = {
        "SECRET_KEY": SOUND["SECRET_KEY"],
        "SUPPRESSION_KEY": SOUND["SUPPRESSION_KEY"],
        "ENCRYPTION_KEYS": f"{SOUND['ENCRYPTION_KEYS']}\nc2Vjb25k\n",
        "DATABASE_URL": "postgresql://x/from_file",
        "REDIS_URL": "redis://from-file",
        "EMAIL_URL": "submission://user:word@mail.example.com:587",
        "SENTRY_DSN": "",
    }
    changes: dict[str, str] = {}
    for name, value in secrets.items():
        file = tmp_path / name.lower()
        file.write_text(f"{value}\n")
        changes |= {name: "", f"{name}_FILE": str(file)}
    found = "len(s.ENCRYPTION_KEYS), s.DATABASES['default']['NAME'], s.EMAIL_HOST_PASSWORD"
    done = start(tmp_path, found, **changes)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "2 from_file word"
