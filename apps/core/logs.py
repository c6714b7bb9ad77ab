"""The structured log, and Sentry, both kept free of personal data."""

from __future__ import annotations

import logging
import re
import time
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sentry_sdk
from pythonjsonlogger.json import JsonFormatter

from apps.core.context import log_facts

# Bounded, so that a long line of somebody else's making costs time in proportion to its length.
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d\s().\u2010-\u2015-]{8,30}\d(?![\w-])")
_MASKED_KEYS = re.compile(
    r"name|mail|phone|address|password|token|secret|authorization|cookie|message|body|data|query"
    r"|forwarded|real-ip",
    re.IGNORECASE,
)
# What a line says of itself; everything else on it could hold a person.
_SAFE_FIELDS = {"time", "level", "logger", "route", "topic", "handler", "method"}


def mask_personal_data(text: str) -> str:
    """`text` without e-mail addresses and telephone numbers."""
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


class ContextFilter(logging.Filter):
    """Puts the request id and the ids of the work in hand on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in log_facts().items():
            setattr(record, name, value)
        return True


class PrivateJsonFormatter(JsonFormatter):
    """One JSON object a line, masked: our own lines carry ids only, but other people's libraries
    and the texts of exceptions (a duplicate key, say) may name somebody. Times are UTC."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def converter(self, seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        fields = super().process_log_record(log_data)
        return {
            name: value if name in _SAFE_FIELDS or name.endswith("_id") else _masked(value)
            for name, value in fields.items()
        }


def start_sentry(dsn: str, *, environment: str) -> None:
    """Report errors to Sentry when a DSN is set. Bodies, cookies and addresses stay here."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=scrub_event,
    )


def scrub_event(event: Any, hint: Any) -> Any:
    """Sentry's `before_send`: the request id as a tag, personal data masked everywhere."""
    if request_id := log_facts().get("request_id"):
        event.setdefault("tags", {})["request_id"] = request_id
    request = event.get("request") or {}
    for key in ("cookies", "data", "env", "query_string"):
        request.pop(key, None)
    return _scrubbed(event)


def _masked(value: Any) -> Any:
    """Like `_scrubbed`, for values of any type: a request would show its query if printed."""
    if value is None or isinstance(value, str | int | float | list | tuple | dict):
        return _scrubbed(value)
    return str(value) if isinstance(value, UUID | date | Decimal) else f"<{type(value).__name__}>"


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return mask_personal_data(value)
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    if isinstance(value, dict):
        return {key: _scrubbed_entry(str(key), item) for key, item in value.items()}
    return value


def _scrubbed_entry(key: str, value: Any) -> Any:
    if isinstance(value, str) and key.lower() in {"email", "username", "ip_address"}:
        return "[masked]"
    if key in {"headers", "extra"} and isinstance(value, dict):
        return {
            name: "[masked]" if _MASKED_KEYS.search(str(name)) else _scrubbed(item)
            for name, item in value.items()
        }
    return _scrubbed(value)
