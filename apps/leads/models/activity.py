"""What happened to a lead."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads import choices
from apps.leads.models.lead import Lead
from apps.users.models import User


class LeadActivity(PublicIdModel):
    """One line of a lead's timeline. Written with the change it tells of, never changed."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=30, choices=choices.ActivityKind)
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty: the system.",
    )
    summary = models.CharField(max_length=300)
    data = models.JSONField(default=dict, blank=True)
    inbound_event = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "lead activities"
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["lead", "-created_at", "-id"], name="leads_timeline"),
            models.Index(fields=["inbound_event"], name="leads_activity_by_event"),
        ]

    def __str__(self) -> str:
        return self.summary
