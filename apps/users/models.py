"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

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
    time_zone = models.CharField(max_length=60, blank=True, help_text="Empty: the company's.")
    is_sample = models.BooleanField(default=False, editable=False)

    objects: ClassVar[PeopleManager] = PeopleManager()

    # What somebody may do at most while an API key acts for them; None: whatever their role says.
    limited_to: frozenset[str] | None = None

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
            ("view_revenue", "Can see what leads are worth"),
            ("export_data", "Can export lists of personal data"),
            ("view_system", "Can see system health and errors"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        is_within = self.limited_to is None or perm in self.limited_to
        return is_within and super().has_perm(perm, obj)

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        held = super().get_all_permissions(obj)
        return held if self.limited_to is None else held & self.limited_to


class ApiKey(PublicIdModel):
    """A key somebody's program sends. Only its digest is kept; the key itself is shown once."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80, help_text="Which program uses it, and where.")
    prefix = models.CharField("begins with", max_length=12)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256")
    scopes = models.JSONField(default=list, help_text="See users/scopes.py.")
    networks = models.JSONField(
        default=list, blank=True, help_text="CIDR; empty: accepted from everywhere."
    )
    requests_per_minute = models.PositiveIntegerField(
        null=True, blank=True, help_text="Empty: the limit of people who are signed in."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")

    class Meta:
        verbose_name = "API key"
        ordering = ("-created_at", "-id")
        indexes = [models.Index(fields=["owner", "-created_at"], name="users_keys_of_owner")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    # What the rate limit counts by: each key has an allowance of its own.
    @property
    def throttle_key(self) -> str:
        return f"key:{self.pk}"

    @property
    def throttle_rate(self) -> str:
        return f"{self.requests_per_minute}/m" if self.requests_per_minute else ""
