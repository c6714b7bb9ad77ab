"""What changes people."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from apps.users.models import Role, User
from apps.users.roles import ROLE_PERMISSIONS


def user_apply_role(user: User) -> None:
    """Set the flags that Django's own admin asks for from the role. Does not save."""
    user.is_superuser = user.role == Role.ADMIN
    user.is_staff = user.role != Role.BUYER


@transaction.atomic
def roles_sync() -> None:
    """Make the group of every role hold what `roles.py` says. Repeatable.

    Raises RuntimeError for a permission that does not exist: a spelling mistake there would
    silently take a right away.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLE_PERMISSIONS.items():
        if unknown := names - known.keys():
            raise RuntimeError(f"roles.py names unknown permissions: {', '.join(sorted(unknown))}")
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names])
