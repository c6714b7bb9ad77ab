"""Sources, their keys, and every event exactly as it came in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from apps.core.encryption import EncryptedTextField
from apps.core.ids import PublicIdModel
from apps.intake.choices import EventState, Provenance, SourceKind
from apps.users.models import User

KEEP_RAW_FOR = timedelta(days=365)


def _delete_after() -> Any:
    return timezone.now() + KEEP_RAW_FOR


class LeadSource(PublicIdModel):
    """Where leads come from: one of our own doors, or a vendor with a key."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=SourceKind)
    description = models.TextField(blank=True)
    is_active = models.BooleanField(default=True, help_text="An inactive source is refused.")
    provenance = models.CharField(max_length=20, choices=Provenance, default=Provenance.FIRST_PARTY)
    market = models.CharField(
        max_length=20, blank=True, help_text="Assumed where a request does not say."
    )
    requires_certificate = models.BooleanField(
        default=False, help_text="Park what comes without a consent certificate."
    )
    assign_to = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Give every lead of this source to one person.",
    )
    signing_secret = EncryptedTextField(
        blank=True,
        help_text="If set, requests must be signed with it as Standard Webhooks says.",
    )
    conversion_rate = models.DecimalField(
        max_digits=5, decimal_places=2, default=0, editable=False, help_text="Percent won."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class SourceKey(models.Model):
    """A key a vendor sends. Only its digest is kept; the key itself is shown once."""

    source = models.ForeignKey(LeadSource, on_delete=models.CASCADE, related_name="keys")
    prefix = models.CharField(max_length=12, help_text="What people recognise it by.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}…"


class InboundEvent(PublicIdModel):
    """One request to a door, exactly as it came, whether or not anybody can make sense of it."""

    source = models.ForeignKey(LeadSource, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=EventState, default=EventState.RECEIVED)
    body = models.BinaryField(help_text="The bytes of the request.")
    body_digest = models.CharField(
        max_length=64, help_text="SHA-256 of the body without its timestamp and key."
    )
    repeat_key = models.CharField(
        max_length=220, help_text="Equal for requests that are the same event."
    )
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    page_url = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True, help_text="Why it is parked, or what became of it.")
    replays = models.PositiveSmallIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now)
    delete_after = models.DateTimeField(default=_delete_after)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "repeat_key"], name="intake_event_once"),
        ]
        indexes = [
            models.Index(fields=["-received_at"], name="intake_newest"),
            models.Index(fields=["state", "-received_at"], name="intake_by_state"),
            models.Index(fields=["delete_after"], name="intake_delete_after"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
