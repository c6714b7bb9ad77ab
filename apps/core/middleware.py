"""The outermost layer of a request: its id, its log line, its place in the metrics."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from apps.core.api.exceptions import is_api_path
from apps.core.api.views import health, metrics
from apps.core.context import logging_facts, note_failure, noted_failure
from apps.core.failures import failure_record
from apps.core.ids import new_id
from apps.core.metrics import NO_ROUTE, observe_request
from apps.core.models import FailureRecord

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
            _keep_failure(request, response.status_code, route, request_id)
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

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Heard of before the error page is made of it; an API view says it by itself."""
        note_failure(request, exception)


class SameRequestAgain(HttpResponsePermanentRedirect):
    """A redirect that keeps method and body: after a 301 a POST would come back as a GET."""

    status_code = 308


class SlashMiddleware(CommonMiddleware):
    """Addresses end in a slash; who leaves it out is sent there, with what they brought."""

    response_redirect_class = SameRequestAgain


class StorableFormMiddleware:
    """Forms of pages, and what is in their addresses, hold no NUL: PostgreSQL keeps none, and no
    keyboard types one. The API cleans its bodies by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api_path(request) and _holds_nul(request):
            raise SuspiciousOperation("A NUL in a form.")
        return self.get_response(request)


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


def _keep_failure(request: HttpRequest, status: int, route: str, request_id: str) -> None:
    """Keep what was our fault. Not 503: the caller comes again, and the database, the usual
    reason, could not keep it anyway."""
    error = noted_failure(request)
    if status < 500 or status == 503 or isinstance(error, OperationalError | InterfaceError):
        return
    where = f"{request.method} {route}"
    failure_record(FailureRecord.Kind.REQUEST, where, error, reference=request_id)


def _holds_nul(request: HttpRequest) -> bool:
    forms = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
    return any("\0" in text for form in forms for _, said in form.lists() for text in said)


def _route(request: HttpRequest) -> str:
    """The pattern, not the path: a path may hold an id or, in a search, somebody's name."""
    match = request.resolver_match
    return f"/{match.route}" if match is not None else NO_ROUTE
