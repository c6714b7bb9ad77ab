"""What people decide about prices and routes: versioned tables and overrides."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from apps.b2b import choices
from apps.b2b.models.platform import Platform
from apps.intake.models import LeadSource
from apps.solar.models import Market, Territory


class PricingPolicy(models.Model):
    """A version of the tables that prices are made with. Never changed once used.

    Several may be active: each but the oldest takes its share of the leads, by the lead's id.
    """

    version = models.CharField(max_length=30, unique=True)
    parameters = models.JSONField(help_text="See b2b/pricing.py: read_policy.")
    share_percent = models.PositiveSmallIntegerField(
        default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    is_active = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = "pricing policies"

    def __str__(self) -> str:
        return self.version


class RoutingRule(models.Model):
    """An override of the routing: it goes before every strategy."""

    name = models.CharField(max_length=80)
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    effect = models.CharField(max_length=10, choices=choices.Effect)
    platforms = models.ManyToManyField(Platform, related_name="+", verbose_name="buyers")
    territories = models.ManyToManyField(Territory, blank=True, related_name="+")
    sources = models.ManyToManyField(LeadSource, blank=True, related_name="+")
    tiers = models.JSONField(default=list, blank=True, help_text="Of leads; empty: all.")
    score_min = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("market", "name")

    def __str__(self) -> str:
        return self.name
