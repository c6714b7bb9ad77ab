"""Who took which leads out of the house, and how many."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.users.models import User


class LeadExport(PublicIdModel):
    """One export. `rows` counts what was sent: fewer than there were where it was broken off."""

    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    file_format = models.CharField(max_length=10)
    filters = models.JSONField(default=dict, help_text="What the list was narrowed by.")
    rows = models.PositiveIntegerField(null=True, help_text="Empty while it is under way.")
    is_complete = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "export"

    def __str__(self) -> str:
        return f"{self.file_format}, {self.rows if self.rows is not None else '…'} leads"
