"""Start-up checks: what would only be noticed at 3 a.m. is said when the process starts."""

from __future__ import annotations

import re
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Warning, register

_RATE = re.compile(r"off|[1-9]\d*/\d*[smhd]")


@register
def check_encryption_keys(app_configs: Any, **kwargs: Any) -> list[Error]:
    errors = []
    for position, key in enumerate(settings.ENCRYPTION_KEYS):
        try:
            Fernet(key)
        except ValueError:
            errors.append(
                Error(
                    f"ENCRYPTION_KEYS[{position}] is not a key.",
                    hint="`manage.py new_encryption_key` prints one.",
                    id="core.E001",
                )
            )
    return errors


@register
def check_rate_limits(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [
        Error(
            f"RATE_LIMIT_{name.upper()}={rate} is not a rate.",
            hint="Write it as 100/m (s, m, h or d), or `off`.",
            id="core.E002",
        )
        for name, rate in settings.RATE_LIMITS.items()
        if not _RATE.fullmatch(rate)
    ]


@register
def check_outbox_lease(app_configs: Any, **kwargs: Any) -> list[Warning]:
    lease, longest = settings.OUTBOX_LEASE_SECONDS, settings.CELERY_TASK_TIME_LIMIT
    if lease > longest:
        return []
    return [
        Warning(
            f"OUTBOX_LEASE_SECONDS={lease} is not longer than a task may run ({longest} s).",
            hint="A slow handler would be begun again while it is at work.",
            id="core.W001",
        )
    ]
