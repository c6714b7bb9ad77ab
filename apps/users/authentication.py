"""API authentication: a JWT as bearer, or a key. The audit trail is told who it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from apps.core.audit import set_audit_actor
from apps.core.client_address import is_from
from apps.core.errors import AuthenticationRequired, PermissionRefused
from apps.core.json_data import clean_text
from apps.core.permissions import MayDo
from apps.users.actions import api_key_used
from apps.users.models import ApiKey, User
from apps.users.scopes import scopes_permissions
from apps.users.selectors import api_key_by_secret


class BearerAuthentication(JWTAuthentication):
    """`Authorization: Bearer <JWT>`. Changes made in the request are audited under its user."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        result = super().authenticate(request)
        if result is not None:
            set_audit_actor(result[0])
        return result

    def get_raw_token(self, header: bytes) -> bytes | None:
        scheme, space, token = header.partition(b" ")
        # The names of schemes are the same in any case (RFC 9110).
        found: bytes | None = super().get_raw_token(scheme.title() + space + token)
        return found


class KeyAuthentication(BaseAuthentication):
    """`X-API-Key`: acts for the key's owner, within its scopes.

    Closed unless opened: an endpoint that asks for no permission by name (`MayDo`) is refused to
    keys, but for the methods it lists in `open_to_keys`.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        secret = clean_text(request.headers.get("X-API-Key", ""))
        if not secret:
            return None
        now = timezone.now()
        key = api_key_by_secret(secret, now=now)
        if key is None:
            words = "This key opens the vendors' door, not this." if secret[:4] == "src_" else ""
            raise AuthenticationRequired(words or "This key is wrong, revoked or too old.")
        if key.networks and not is_from(request._request, key.networks):
            raise PermissionRefused("This key is not accepted from your address.")
        _refuse_what_no_scope_names(request)
        api_key_used(key, now=now)
        user = key.owner
        user.limited_to = scopes_permissions(key.scopes)
        set_audit_actor(user)
        return user, key

    def authenticate_header(self, request: Request) -> str:
        return "X-API-Key"


def _refuse_what_no_scope_names(request: Request) -> None:
    view = (request.parser_context or {}).get("view")
    asks_by_name = any(issubclass(one, MayDo) for one in getattr(view, "permission_classes", ()))
    if not asks_by_name and request.method not in getattr(view, "open_to_keys", ()):
        raise PermissionRefused("No key may do this: sign in.")
