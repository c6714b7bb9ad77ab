"""The words of notifications."""

from __future__ import annotations

from django.db import models


class Level(models.TextChoices):
    INFO = "info", "For information"
    WARNING = "warning", "Warning"
    CRITICAL = "critical", "Critical"


class Mail(models.TextChoices):
    OFF = "off", "No mail"
    AT_ONCE = "at_once", "At once"
    DIGEST = "digest", "In the daily digest"


class EscalationStep(models.IntegerChoices):
    """Who has been told of an alert so far."""

    TOLD = 0, "Those it was meant for"
    MANAGERS = 1, "Managers"
    ADMINS = 2, "Admins"


class StoryKind(models.TextChoices):
    RAISED = "raised", "Raised"
    ESCALATED = "escalated", "Escalated"
    ACKNOWLEDGED = "acknowledged", "Somebody takes care"
    RELEASED = "released", "Given back"
    RESOLVED = "resolved", "Resolved"
