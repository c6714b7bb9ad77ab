"""Letting a provider rest that failed again and again, across all processes. Kept in the cache."""

from __future__ import annotations

from django.core.cache import cache

FAILURES_IN_A_ROW = 3
REST_SECONDS = 60


def is_resting(name: str) -> bool:
    """Whether a provider is left alone just now."""
    return int(cache.get(_key(name), 0)) >= FAILURES_IN_A_ROW


def note_failure(name: str) -> None:
    """Count a failure; after some in a row the provider rests, then it is tried once more."""
    failures = int(cache.get(_key(name), 0)) + 1
    cache.set(_key(name), failures, timeout=REST_SECONDS)


def note_success(name: str) -> None:
    """An answer ends the row of failures."""
    cache.delete(_key(name))


def _key(name: str) -> str:
    return f"chat-provider-failures:{name}"
