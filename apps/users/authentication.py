"""API authentication: a JWT as bearer, and the audit trail told who it is."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from apps.core.audit import set_audit_actor


class BearerAuthentication(JWTAuthentication):
    """`Authorization: Bearer <JWT>`. Changes made in the request are audited under its user."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        result = super().authenticate(request)
        if result is not None:
            set_audit_actor(result[0])
        return result
