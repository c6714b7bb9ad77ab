"""The scores of leads, and what they are made with."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.leads import choices
from apps.leads.models.lead import Lead


class ScoringModel(models.Model):
    """A version of the weights and tables that scores are made with. Never changed once used."""

    version = models.CharField(max_length=30, unique=True)
    parameters = models.JSONField(help_text="See leads/scoring.py: Parameters.")
    is_active = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="leads_one_active_scoring"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class LeadScore(models.Model):
    """A score that was given, with everything it was made of."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="scores")
    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="+")
    input_digest = models.CharField(max_length=64)
    inputs = models.JSONField()
    total = models.PositiveSmallIntegerField()
    tier = models.CharField(max_length=20, choices=choices.Tier)
    detail = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "model", "input_digest"], name="leads_score_once_per_input"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total} ({self.tier})"
