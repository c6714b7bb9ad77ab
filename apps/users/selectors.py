"""What can be asked about people."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest

from apps.core.keys import key_digest
from apps.users.models import ApiKey, User
from apps.users.roles import roles_with


def user_by_login(login: str) -> User | None:
    """The person whose user name or e-mail is `login`, in any case; a user name goes first."""
    login = login.strip().lower()
    if not login:
        return None
    found = User.objects.annotate(
        username_lower=Lower("username"), email_lower=Lower("email")
    ).filter(Q(username_lower=login) | Q(email_lower=login))
    return min(found, key=lambda user: user.username.lower() != login, default=None)


def api_key_by_secret(secret: str, *, now: datetime) -> ApiKey | None:
    """The key that `secret` is, with its owner; None for one that is wrong or over.

    Also None when its owner left: a key never outlives the person it acts for.
    """
    return (
        ApiKey.objects.select_related("owner")
        .filter(digest=key_digest(secret), revoked_at=None, owner__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )


def people_who_may(permission: str) -> list[int]:
    """The keys of active people with a permission, by their role or given to them alone."""
    app, _, codename = permission.partition(".")
    has_it = Q(role__in=roles_with(permission)) | Q(
        user_permissions__codename=codename, user_permissions__content_type__app_label=app
    )
    able = User.objects.filter(has_it, is_active=True)
    return list(able.order_by("pk").values_list("pk", flat=True).distinct())


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that has passed the door of the admin."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is signed in here.")
    return request.user
