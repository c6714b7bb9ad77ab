"""Signing in by user name or e-mail, and permissions by role."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.users.models import User
from apps.users.selectors import user_by_login


class RoleBackend(ModelBackend):
    """Django's own backend, with the role as a group, and e-mail accepted as a user name."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        user = user_by_login(username)
        if user is None:
            User().set_password(password)  # takes as long as a wrong password does
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def _get_group_permissions(self, user_obj: User | AnonymousUser) -> QuerySet[Permission]:
        return Permission.objects.filter(group__name=getattr(user_obj, "role", ""))
