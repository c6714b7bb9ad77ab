"""Rate limits: django-ratelimit on Redis, named in `settings.RATE_LIMITS`.

While Redis is away nobody is limited: a closed door would lose leads, an open one costs a little.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage

from apps.core.client_address import address_block
from apps.core.errors import RateLimited


def limit_by_address(request: HttpRequest, limit: str) -> None:
    """Count this request against its address. Raises RateLimited past the limit."""
    limit_by_key(request, limit, address_block(request))


def limit_by_key(request: HttpRequest, limit: str, key: str, *, rate: str = "") -> None:
    """Count this request against `key`. Raises RateLimited past the limit.

    `rate` ("60/m") replaces the one in the settings for this key, also where those are off.
    """
    usage = _usage(request, limit, key, increment=True, rate=rate)
    if usage is not None and usage["should_limit"]:
        raise RateLimited(retry_after=max(1, usage["time_left"]))


def refuse_after_failures(request: HttpRequest, limit: str, *keys: str) -> None:
    """Raise RateLimited once `count_failure` has been called `limit` times for any of `keys`.

    The wait it says is the longest of all keys: after a shorter one the door would still be shut.
    """
    usages = [_usage(request, limit, key, increment=False) for key in keys]
    waits = [usage["time_left"] for usage in usages if usage and usage["count"] >= usage["limit"]]
    if waits:
        raise RateLimited("Too many failed attempts. Try again later.", retry_after=max(1, *waits))


def count_failure(request: HttpRequest, limit: str, *keys: str) -> None:
    """Remember one failure for each of `keys`."""
    for key in keys:
        _usage(request, limit, key, increment=True)


def _usage(
    request: HttpRequest, limit: str, key: str, *, increment: bool, rate: str = ""
) -> dict[str, int] | None:
    rate = rate or settings.RATE_LIMITS[limit]
    if rate == "off":
        return None
    usage: dict[str, int] | None = get_usage(
        request, group=limit, key=lambda group, request: key, rate=rate, increment=increment
    )
    return usage
