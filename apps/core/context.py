"""What is known of the work in hand: for logs, for the audit trail and for templates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_facts: ContextVar[dict[str, str] | None] = ContextVar("log_facts", default=None)


def log_facts() -> dict[str, str]:
    """The ids that every log line of this request or task carries."""
    return _facts.get() or {}


@contextmanager
def logging_facts(**facts: object) -> Iterator[None]:
    """Add ids (never personal data) to every log line written inside the block."""
    token = _facts.set(log_facts() | {name: str(value) for name, value in facts.items()})
    try:
        yield
    finally:
        _facts.reset(token)


def note_failure(request: HttpRequest, error: Exception) -> None:
    """Remember what a request failed of, for the layer that answers for it."""
    request.failure = error  # type: ignore[attr-defined]  # of ours


def noted_failure(request: HttpRequest) -> Exception | None:
    return getattr(request, "failure", None)


def brand(request: HttpRequest) -> dict[str, Any]:
    """Template context: who we are."""
    return {"brand": settings.BRAND, "environment": settings.ENVIRONMENT}
