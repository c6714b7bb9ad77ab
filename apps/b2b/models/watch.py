"""What buyers say of their leads, and what staff have to know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.b2b import choices
from apps.b2b.models.platform import Platform
from apps.b2b.models.sale import Sale
from apps.core.ids import PublicIdModel
from apps.users.models import User


class BuyerFeedback(PublicIdModel):
    """What a buyer says became of a lead. A repeat with the same key changes nothing."""

    platform = models.ForeignKey(
        Platform, on_delete=models.CASCADE, related_name="feedback", verbose_name="buyer"
    )
    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="feedback")
    key = models.CharField(max_length=120, help_text="The buyer's id, else lead and type.")
    type = models.CharField(max_length=12, choices=choices.FeedbackType)
    score = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True, help_text="0 to 10"
    )
    reason = models.CharField(max_length=300, blank=True)
    conversion_value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    notes = models.TextField(blank=True)
    way = models.CharField(max_length=10, choices=choices.FeedbackWay)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name_plural = "buyer feedback"
        constraints = [
            models.UniqueConstraint(fields=["platform", "key"], name="b2b_feedback_once"),
        ]
        indexes = [
            models.Index(fields=["platform", "type", "-received_at"], name="b2b_feedback_of_buyer")
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.get_type_display()}"


class PlatformAlert(PublicIdModel):
    """Something about a buyer, or about all of them, that staff have to know.

    One open alert for each `key`; it resolves itself when what it tells of is over.
    """

    key = models.CharField(max_length=100, help_text="What it is about, once while it lasts.")
    platform = models.ForeignKey(
        Platform,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="alerts",
        verbose_name="buyer",
    )
    level = models.CharField(max_length=10, choices=choices.AlertLevel)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=300, blank=True, help_text="What to do about it.")
    opened_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        verbose_name = "alert"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(resolved_at=None), name="b2b_one_open_alert_per_key"
            ),
        ]
        indexes = [models.Index(fields=["resolved_at", "-opened_at"], name="b2b_alerts_open")]

    def __str__(self) -> str:
        return self.title
