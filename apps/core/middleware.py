"""The outermost layer of a request: its id, its log line, its place in the metrics."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.core.api.views import health, metrics
from apps.core.context import logging_facts
from apps.core.ids import new_id
from apps.core.metrics import observe_request

_logger = logging.getLogger("http.request")
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestContextMiddleware:
    """Gives every request an id: the caller's `X-Request-ID` when it is sound, else a new one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        request_id = offered if _ACCEPTABLE_ID.fullmatch(offered) else str(new_id())
        started = time.perf_counter()
        with logging_facts(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - started
            route = _route(request)
            observe_request(request.method or "", route, response.status_code, seconds)
            _logger.info(
                "http.request",
                extra={
                    "method": request.method,
                    "route": route,
                    "status": response.status_code,
                    "ms": round(seconds * 1000, 1),
                },
            )
        response["X-Request-ID"] = request_id
        return response


class ProbeMiddleware:
    """Answers `/health` and `/metrics` before the host is looked at.

    Load balancers and Prometheus ask by address, and no address is among `ALLOWED_HOSTS`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.path_info.rstrip("/"):
            case "/health":
                return health(request)
            case "/metrics" if settings.SURFACE != "public":
                return metrics(request)
            case _:
                return self.get_response(request)


def _route(request: HttpRequest) -> str:
    """The pattern, not the path: a path may hold an id or, in a search, somebody's name."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None else "(none)"
