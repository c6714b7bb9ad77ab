"""What failed sign-ins are counted by: the address they come from, and the account they aim at."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from apps.core.client_address import address_block
from apps.users.selectors import user_by_login


def failure_keys(request: Request | HttpRequest, login: str) -> tuple[str, str]:
    """An account counts as one, by whichever of its names it is tried."""
    plain = request._request if isinstance(request, Request) else request
    user = user_by_login(login)
    account = f"user:{user.pk}" if user else f"name:{login.strip().lower()}"
    return f"address:{address_block(plain)}", f"account:{account}"
