"""What can be asked about people."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest

from apps.users.models import User


def user_by_login(login: str) -> User | None:
    """The person whose user name or e-mail is `login`, in any case; a user name goes first."""
    login = login.strip().lower()
    if not login:
        return None
    found = User.objects.annotate(
        username_lower=Lower("username"), email_lower=Lower("email")
    ).filter(Q(username_lower=login) | Q(email_lower=login))
    return min(found, key=lambda user: user.username.lower() != login, default=None)


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that has passed the door of the admin."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is signed in here.")
    return request.user
