"""Who is calling, for views that let only signed-in people through."""

from __future__ import annotations

from rest_framework.request import Request

from apps.core.errors import AuthenticationRequired
from apps.users.models import User


def current_user(request: Request) -> User:
    """The person behind a request. Raises AuthenticationRequired when there is none."""
    if isinstance(request.user, User):
        return request.user
    raise AuthenticationRequired()
