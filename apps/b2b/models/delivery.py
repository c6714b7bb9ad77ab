"""What was promised to be sent, where it stands, and each try: three tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.b2b import choices
from apps.b2b.models.platform import Platform
from apps.b2b.models.sale import Sale
from apps.core.ids import PublicIdModel


class DeliveryPayload(models.Model):
    """What a buyer is sent, byte for byte. Holds personal data: purged after its time."""

    body = models.BinaryField()
    content_type = models.CharField(max_length=60)
    mapping = models.JSONField(default=dict, help_text="The mapping it was made with.")
    created_at = models.DateTimeField(default=timezone.now)
    delete_after = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["delete_after"], name="b2b_payload_delete_after")]

    def __str__(self) -> str:
        return f"{self.content_type}, {len(self.body)} bytes"


class Delivery(PublicIdModel):
    """Where the delivery of a sale stands. Its public id is the idempotency key of every try."""

    sale = models.OneToOneField(Sale, on_delete=models.CASCADE, related_name="delivery")
    platform = models.ForeignKey(
        Platform, on_delete=models.PROTECT, related_name="deliveries", verbose_name="buyer"
    )
    payload = models.ForeignKey(
        DeliveryPayload, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    method = models.CharField(max_length=10, choices=choices.Method)
    state = models.CharField(
        max_length=10, choices=choices.DeliveryState, default=choices.DeliveryState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(default=0, help_text="Of the present round.")
    may_have_arrived = models.BooleanField(
        default=False, help_text="A try ended without an answer: the buyer may have it."
    )
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="In flight since.")
    words = models.CharField(max_length=300, blank=True, help_text="Why it stands where it does.")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["not_before"],
                name="b2b_deliveries_due",
                condition=Q(state__in=["queued", "retrying"]),
            ),
            models.Index(
                fields=["claimed_at"],
                name="b2b_deliveries_in_flight",
                condition=Q(state="sending"),
            ),
            models.Index(fields=["state", "-created_at"], name="b2b_deliveries_by_state"),
            models.Index(fields=["platform", "-created_at"], name="b2b_deliveries_of_buyer"),
        ]

    def __str__(self) -> str:
        return f"A lead for {self.platform}"


class DeliveryAttempt(models.Model):
    """One try: what was answered, how long it took, what was made of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(
        max_length=10, choices=choices.AttemptOutcome, blank=True, default=""
    )
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP, where any.")
    answer = models.TextField(blank=True, help_text="The beginning of what was answered.")
    words = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "number"], name="b2b_attempts_are_numbered"
            ),
        ]
        indexes = [models.Index(fields=["-started_at"], name="b2b_attempts_newest")]

    def __str__(self) -> str:
        return f"Try {self.number}"
