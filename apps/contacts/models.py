"""People, how they are recognised, what they agreed to, and who must not be contacted."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from apps.core.ids import PublicIdModel


class Contact(PublicIdModel):
    """A person, whatever they came for and however often."""

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    market = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="merged",
        help_text="Turned out to be this person, always the last of them: no chains.",
    )
    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
                name="contacts_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or "Somebody"


class ContactIdentity(models.Model):
    """An e-mail address or telephone number that belongs to one contact and to no other."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=254, help_text="Lower-case address, or E.164 number.")
    valid = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "contact identities"
        constraints = [
            models.UniqueConstraint(
                fields=["value", "kind"], name="contacts_identity_is_one_person"
            ),
            models.CheckConstraint(
                condition=~models.Q(value=""), name="contacts_identity_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.value


class Channel(models.TextChoices):
    CALL = "call", "Call"
    SMS = "sms", "Text message"
    EMAIL = "email", "E-mail"


class AppendOnlyError(RuntimeError):
    """Somebody tried to change what may only be added to."""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The consent ledger is only added to.")


class Consent(PublicIdModel):
    """One line of the consent ledger: given or revoked, for one channel. Never changed.

    The database refuses updates too (a trigger on PostgreSQL). What holds today is the last line
    of a contact and channel.
    """

    class Kind(models.TextChoices):
        GIVEN = "given", "Given"
        REVOKED = "revoked", "Revoked"

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=10, choices=Channel)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.GIVEN)
    wording = models.TextField(blank=True, help_text="Exactly what was shown.")
    wording_version = models.CharField(max_length=50, blank=True)
    wording_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256")
    page_url = models.CharField(max_length=500, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    certificate_url = models.CharField(max_length=500, blank=True)
    inbound_event = models.UUIDField(null=True, blank=True, help_text="Where it came in.")
    occurred_at = models.DateTimeField(help_text="When the person acted.")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("occurred_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "channel", "kind", "inbound_event"],
                name="contacts_consent_once_per_event",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "channel", "-occurred_at"], name="consent_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_kind_display().lower()}"


class Suppression(models.Model):
    """An address not to be contacted. Only its keyed hash is kept, so it outlives erasure."""

    class Reason(models.TextChoices):
        OPT_OUT = "opt_out", "Asked not to be contacted"
        DNC = "dnc", "On a do-not-call list"
        ERASED = "erased", "Asked to be erased"
        COMPLAINT = "complaint", "Complained"
        STAFF = "staff", "Entered by staff"

    kind = models.CharField(max_length=10, choices=ContactIdentity.Kind)
    value_digest = models.CharField(max_length=64, help_text="HMAC-SHA256 of the normalised value.")
    reason = models.CharField(max_length=20, choices=Reason)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["value_digest", "kind"], name="contacts_suppressed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_reason_display().lower()}"
