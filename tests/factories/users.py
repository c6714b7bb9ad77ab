from __future__ import annotations

from apps.users.actions import user_apply_role
from apps.users.models import Role, User

PASSWORD = "correct-horse-battery"


def make_user(username: str, *, role: str = Role.SALES, **fields) -> User:
    user = User(username=username, email=f"{username}@example.com", role=role, **fields)
    user.set_password(PASSWORD)
    user_apply_role(user)
    user.save()
    return user
