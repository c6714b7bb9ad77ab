"""What the doors keep beside the lead: conversations, calculations and form mails."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from apps.integrations.imports.models import Import, ImportRow
from apps.leads.models import Lead
from apps.solar.models import EstimateRun

__all__ = ["CalculatorData", "ChatbotInteraction", "EmailLog", "Import", "ImportRow"]


class ChatbotInteraction(models.Model):
    """A conversation with the site's chatbot, as its last report told it. One per session."""

    session_id = models.CharField(max_length=100, unique=True)
    user_messages = models.JSONField(default=list)
    bot_responses = models.JSONField(default=list)
    user_info = models.JSONField(default=dict)
    conversation_context = models.JSONField(default=dict)
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="chatbot_interactions"
    )
    inbound_event = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.session_id


class CalculatorData(models.Model):
    """What a visitor put into the calculator, and what their browser says came out."""

    session_id = models.CharField(max_length=100, db_index=True)
    calculation_results = models.JSONField(
        default=dict, help_text="The browser's claim. Figures we state are computed by us."
    )
    user_inputs = models.JSONField(default=dict)
    user_info = models.JSONField(default=dict)
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="calculations"
    )
    estimate_run = models.ForeignKey(
        EstimateRun,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The run of ours that the visitor was shown.",
    )
    inbound_event = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name_plural = "calculator data"

    def __str__(self) -> str:
        return self.session_id or str(self.inbound_event)


class EmailLog(models.Model):
    """A mail, or a form that came as one would: who wrote, about what, what was understood."""

    class EmailType(models.TextChoices):
        SERVICE_INQUIRY = "service_inquiry", "Service inquiry"
        CONTACT = "contact", "Contact"
        QUOTE_REQUEST = "quote_request", "Quote request"
        OTHER = "other", "Other"

    class ProcessingStatus(models.TextChoices):
        UNDERSTOOD = "understood", "Became a lead"
        INCOMPLETE = "incomplete", "Nobody to answer to"
        JOINED = "joined", "Joined its conversation"
        AUTOMATIC = "automatic", "Of a machine"
        BOUNCED = "bounced", "A mail of ours came back"
        OPTED_OUT = "opted_out", "Wants no more mails"

    email_id = models.CharField(max_length=100, unique=True, help_text="Id of the inbound event.")
    sender_email = models.EmailField(blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500)
    email_type = models.CharField(max_length=30, choices=EmailType)
    processing_status = models.CharField(max_length=20, choices=ProcessingStatus)
    confidence_score = models.DecimalField(
        max_digits=5, decimal_places=2, help_text="Percent of the usual questions answered."
    )
    raw_content = models.TextField(blank=True)
    parsed_data = models.JSONField(default=dict)
    processing_notes = models.TextField(blank=True)
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="email_logs"
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.subject
