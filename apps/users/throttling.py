"""What failed sign-ins are counted by: the address they come from, and the account they aim at."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from apps.core.client_address import client_address


def failure_keys(request: Request | HttpRequest, login: str) -> tuple[str, str]:
    plain = request._request if isinstance(request, Request) else request
    return f"address:{client_address(plain)}", f"account:{login.strip().lower()}"
