"""Mails to and from the people behind leads, and the templates they are written from."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads.models.lead import Lead
from apps.solar.models import Market
from apps.users.models import User


def new_token() -> str:
    """What a reply's address bears: 80 bits, and the same whatever case a mail server makes it."""
    return secrets.token_hex(10)


class Purpose(models.TextChoices):
    TRANSACTIONAL = "transactional", "Answers what they asked us"
    MARKETING = "marketing", "Offers something: needs consent"


class MailTemplate(PublicIdModel):
    """Words for a mail. What was sent keeps its own copy, so a template may be bettered freely."""

    name = models.CharField(max_length=100)
    key = models.SlugField(max_length=60, unique=True, help_text="Names it for the API.")
    subject = models.CharField(max_length=200)
    body = models.TextField(help_text="Plain text. An empty line begins a new paragraph.")
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.TRANSACTIONAL)
    market = models.ForeignKey(
        Market,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: for every market.",
    )
    language = models.CharField(
        max_length=2,
        default="en",
        choices=(("en", "English"), ("es", "Spanish"), ("hi", "Hindi")),
    )
    is_active = models.BooleanField(default=True, help_text="Inactive ones are not offered.")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "language")

    def __str__(self) -> str:
        return self.name


class LeadMail(PublicIdModel):
    """One mail of a lead's correspondence: ours, or theirs."""

    class Direction(models.TextChoices):
        OUT = "out", "From us"
        IN = "in", "From them"

    class Status(models.TextChoices):
        QUEUED = "queued", "On its way"
        SENT = "sent", "Sent"
        FAILED = "failed", "Not sent"
        BOUNCED = "bounced", "Came back"
        REPLIED = "replied", "Answered"
        RECEIVED = "received", "Received"

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="mails")
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.TRANSACTIONAL)
    template = models.ForeignKey(
        MailTemplate, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who sent it. Empty: a follow-up of the system, or their mail.",
    )
    address = models.EmailField(help_text="Theirs.")
    subject = models.CharField(max_length=300)
    body = models.TextField(help_text="As it was written, or as they wrote it without our words.")
    message_id = models.CharField(max_length=250, help_text="RFC 5322, without its brackets.")
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="answered_by"
    )
    token = models.CharField(max_length=20, unique=True, default=new_token)
    carrier = models.CharField(max_length=30, blank=True, help_text="Who carried it.")
    carrier_id = models.CharField(max_length=200, blank=True, help_text="What they call it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    is_automatic = models.BooleanField(default=False, help_text="Of a machine, ours or theirs.")
    inbound_event = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], condition=Q(direction="out"), name="leads_mail_id_once"
            ),
            models.UniqueConstraint(
                fields=["inbound_event"],
                condition=Q(direction="in"),
                name="leads_mail_once_per_event",
            ),
        ]
        indexes = [
            models.Index(fields=["lead", "-created_at"], name="leads_mail_of_lead"),
            models.Index(
                fields=["carrier_id"], condition=~Q(carrier_id=""), name="leads_mail_by_carrier_id"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
