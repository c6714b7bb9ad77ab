"""API permissions that do not depend on any room."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class IsStaff(BasePermission):
    """Somebody who works here; a buyer's portal login is not staff."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user.is_authenticated and request.user.is_staff)


class MayDo(BasePermission):
    """Permissions by HTTP method: a view lists them in `permissions_by_method`.

    A method that is not listed is refused, so that a new method is closed until somebody opens it.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in {"OPTIONS", "HEAD"}:
            return bool(request.user.is_authenticated)
        needed = view.permissions_by_method.get(request.method)
        return bool(needed and request.user.is_authenticated and request.user.has_perm(needed))
