"""Sockets for people who work here: by the session of the admin, or by a token."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie
from rest_framework.exceptions import AuthenticationFailed

from apps.core.errors import AuthenticationRequired, PermissionRefused
from apps.core.sockets import Socket, header, threaded
from apps.users.authentication import BearerAuthentication
from apps.users.models import User

BEARER = "bearer"


class StaffSocket(Socket):
    """Lets in who is signed in and works here, and ends when that is over.

    Signed in by the cookie of the admin's session, or by the subprotocols `bearer` and a JWT. Asked
    again at every beat: who signs out, leaves or gets a new password is not told on.
    """

    user: User

    async def admit(self) -> None:
        if BEARER in self.scope.get("subprotocols", ()):
            self.subprotocol = BEARER
        self.user = await threaded(_person_behind)(self.scope)

    async def beat(self) -> None:
        self.user = await threaded(_person_behind)(self.scope)
        await super().beat()


def _person_behind(scope: dict[str, Any]) -> User:
    """Raises AuthenticationRequired for nobody, PermissionRefused for a buyer."""
    offered = list(scope.get("subprotocols", ()))
    if BEARER in offered:
        person = _by_token("".join(offered[offered.index(BEARER) + 1 :][:1]))
    else:
        person = _by_session(header(scope, "cookie") or "")
    if person is None:
        raise AuthenticationRequired()
    if not person.is_staff:
        raise PermissionRefused()
    return person


def _by_token(token: str) -> User | None:
    authentication = BearerAuthentication()
    try:
        person = authentication.get_user(authentication.get_validated_token(token.encode()))
    except AuthenticationFailed:
        return None
    return person if isinstance(person, User) else None


def _by_session(cookies: str) -> User | None:
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    person = get_user(request)
    return person if isinstance(person, User) else None
