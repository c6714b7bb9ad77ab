"""Rate limits of the API: by user when signed in, by address when not."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.core.rate_limits import limit_by_address, limit_by_key


class CallerThrottle(BaseThrottle):
    """The `staff` limit per user or per API key, the `public` limit per address.

    What authenticates may count by itself: `throttle_key`, and `throttle_rate` for a rate of its
    own.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            key = getattr(request.auth, "throttle_key", f"user:{request.user.pk}")
            rate = getattr(request.auth, "throttle_rate", "")
            limit_by_key(request._request, "staff", key, rate=rate)
        else:
            limit_by_address(request._request, "public")
        return True  # past the limit RateLimited was raised
