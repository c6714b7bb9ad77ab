"""Rate limits of the API: by user when signed in, by address when not."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.core.rate_limits import limit_by_address, limit_by_key


class CallerThrottle(BaseThrottle):
    """The `staff` limit per user, the `public` limit per address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            limit_by_key(request._request, "staff", f"user:{request.user.pk}")
        else:
            limit_by_address(request._request, "public")
        return True  # past the limit RateLimited was raised
