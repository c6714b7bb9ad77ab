"""In which time zone moments are shown: people see their own, programs UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.core.api.exceptions import is_api_path
from apps.users.models import User
from apps.users.time_zones import time_zones


class TimeZoneMiddleware:
    """Pages of the admin show times in the time zone of the person's profile; the API speaks UTC.

    No door asks who is signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(_zone(request)):
            return self.get_response(request)


def _zone(request: HttpRequest) -> str | tzinfo | None:
    """None: the company's."""
    if is_api_path(request):
        return UTC
    if not request.path.startswith("/admin/"):
        return None
    chosen = request.user.time_zone if isinstance(request.user, User) else ""
    return chosen if chosen in time_zones() else None
