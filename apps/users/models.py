"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

from apps.core.ids import PublicIdModel


class Role(models.TextChoices):
    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    SALES = "sales", "Sales"
    SUPPORT = "support", "Support"
    TECHNICIAN = "technician", "Technician"
    ANALYST = "analyst", "Analyst"
    BUYER = "buyer", "Buyer (portal only)"


class PeopleManager(UserManager["User"]):
    """Django's own, but a superuser made on the command line is an admin like any other."""

    use_in_migrations = False

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **extra_fields: Any,
    ) -> User:
        extra_fields.setdefault("role", Role.ADMIN)
        return super().create_superuser(username, email, password, **extra_fields)


class User(PublicIdModel, AbstractUser):
    """Somebody with a login. What they may do follows from `role` (see `roles.py`)."""

    role = models.CharField(max_length=20, choices=Role, default=Role.SALES)
    phone = models.CharField(max_length=20, blank=True)
    department = models.CharField(max_length=50, blank=True)
    is_sample = models.BooleanField(default=False, editable=False)

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            # "Sam" and "sam" would be one name at the sign-in form.
            models.UniqueConstraint(Lower("username"), name="users_one_login_per_name"),
            models.UniqueConstraint(
                Lower("email"), name="users_one_login_per_email", condition=~models.Q(email="")
            ),
        ]
        # What is not about one kind of row. Roles are given these in `roles.py`.
        permissions = [
            ("manage_leads", "Can change, assign and close any lead"),
            ("view_all_leads", "Can see leads assigned to others"),
            ("replay_events", "Can replay inbound events and journeys, and release spam"),
            ("start_campaigns", "Can start calling campaigns"),
            ("view_analytics", "Can see the analytics pages"),
            ("export_data", "Can export lists of personal data"),
            ("view_system", "Can see system health and errors"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
