"""Lists people come back to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.users.models import Role, User


class SavedView(PublicIdModel):
    """The list of leads as somebody likes to see it: narrowed, in an order, with these columns.

    `parameters` are those of the list's address, each with its values.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lead_views")
    name = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict, blank=True)
    columns = models.JSONField(default=list, blank=True, help_text="Names; none: all of them.")
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False, help_text="What the list opens with.")
    is_shared = models.BooleanField(default=False, help_text="Everybody has it.")
    default_for = models.CharField(
        max_length=20,
        choices=Role,
        blank=True,
        help_text="A shared one: what the list opens with for this role.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="leads_view_name_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(is_default=True), name="leads_one_default_view"
            ),
            models.UniqueConstraint(
                fields=["default_for"],
                condition=~Q(default_for=""),
                name="leads_one_default_view_a_role",
            ),
            models.CheckConstraint(
                condition=Q(default_for="") | Q(is_shared=True),
                name="leads_default_view_of_a_role_is_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.name
