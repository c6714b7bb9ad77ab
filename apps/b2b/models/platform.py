"""Buyers: what they want, what they pay, how they are delivered to."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.b2b import choices
from apps.core.encryption import EncryptedTextField
from apps.core.ids import PublicIdModel
from apps.solar.models import Market, Territory

_PERCENT = (MinValueValidator(0), MaxValueValidator(100))


class Platform(PublicIdModel):
    """A buyer of leads. Money is in its market's currency; hours are on its own clock."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    contact_email = models.EmailField(blank=True)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(max_length=10, choices=choices.Tier, default=choices.Tier.STANDARD)
    time_zone = models.CharField(max_length=50, help_text="IANA name, as America/New_York.")
    notes = models.TextField(blank=True)

    status = models.CharField(
        max_length=12,
        choices=choices.PlatformStatus,
        default=choices.PlatformStatus.ONBOARDING,
        editable=False,
    )
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_because = models.CharField(max_length=200, blank=True, editable=False)

    # What it wants: see filters.py and windows.py for what these hold.
    filters = models.JSONField(default=dict, blank=True)
    windows = models.JSONField(default=list, blank=True)
    waits_for_window = models.BooleanField(
        default=True, help_text="Outside its hours a lead waits; otherwise it goes to others."
    )
    share_limit = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="1: leads of its own only. More: shares a lead with so many in all.",
    )
    duplicate_days = models.PositiveSmallIntegerField(
        default=90, help_text="It is not sold the same person again within so many days."
    )
    pacing_day_percent = models.PositiveSmallIntegerField(
        default=0, validators=_PERCENT, help_text="Of its monthly cap in a day. 0: no pacing."
    )
    pacing_week_percent = models.PositiveSmallIntegerField(
        default=0, validators=_PERCENT, help_text="Of its monthly cap in a week. 0: no pacing."
    )

    # What it pays.
    price_floor = models.DecimalField(max_digits=10, decimal_places=2)
    price_ceiling = models.DecimalField(max_digits=10, decimal_places=2)
    bid = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Stands in place of the base price of its tier.",
    )
    payment = models.CharField(
        max_length=10, choices=choices.Payment, default=choices.Payment.TERMS
    )
    credit_limit = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="On invoice: how much it may owe. Empty: no limit.",
    )
    days_to_pay = models.PositiveSmallIntegerField(default=30)
    commission_kind = models.CharField(
        max_length=10, choices=choices.CommissionKind, default=choices.CommissionKind.PERCENT
    )
    commission = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
        help_text="What the buyer keeps of the price of a lead it accepted.",
    )
    # What was agreed on returns: terms that people go by, nothing here acts on them.
    return_window_hours = models.PositiveSmallIntegerField(
        default=72, help_text="As agreed. Kept for your own use: returns are not taken here."
    )
    return_percent_max = models.PositiveSmallIntegerField(
        default=10, validators=_PERCENT, help_text="As agreed, of the leads of a month."
    )
    return_reasons = models.JSONField(
        default=list, blank=True, help_text="As agreed: what a lead may be returned for."
    )

    # How it is delivered to.
    method = models.CharField(
        max_length=10, choices=choices.Method, default=choices.Method.JSON_API
    )
    endpoint = models.JSONField(
        default=dict, blank=True, help_text="What the transport needs: see its config.py."
    )
    credentials = EncryptedTextField(blank=True, help_text="A JSON object.")
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Their field: our field, or =text."
    )
    answers = models.JSONField(default=dict, blank=True, help_text="How their answers are read.")
    feedback_secret = EncryptedTextField(blank=True, editable=False)
    feedback_key_digest = models.CharField(
        max_length=64, null=True, unique=True, editable=False, help_text="SHA-256"
    )
    tested_at = models.DateTimeField(null=True, blank=True, editable=False)
    tested_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the settings that passed the test."
    )
    is_test = models.BooleanField(
        default=False, help_text="Marks every lead as a test for the buyer."
    )

    # What is known of it. Brought up to date by the clock, and after each delivery.
    acceptance_rate = models.DecimalField(
        max_digits=5, decimal_places=4, default=Decimal("0.85"), editable=False
    )
    acceptance_samples = models.PositiveIntegerField(default=0, editable=False)
    history_mark = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(50), editable=False
    )
    rejections_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    pause_after_rejections = models.PositiveSmallIntegerField(
        default=8, help_text="Paused after so many rejections in a row. 0: never."
    )
    failures_in_a_row = models.PositiveSmallIntegerField(default=0, editable=False)
    resting_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Its circuit breaker is open until then."
    )
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_healthy = models.BooleanField(null=True, editable=False)
    health_words = models.CharField(max_length=200, blank=True, editable=False)

    is_sample = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "buyer"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(price_floor__gt=0, price_ceiling__gte=F("price_floor")),
                name="b2b_floor_is_not_over_the_ceiling",
            ),
        ]
        indexes = [models.Index(fields=["market", "status"], name="b2b_buyers_of_market")]

    def __str__(self) -> str:
        return self.name


class PlatformCap(models.Model):
    """How many leads a buyer takes in a period, in one territory or in all."""

    class Period(models.TextChoices):
        HOUR = "hour", "Hour"
        DAY = "day", "Day"
        WEEK = "week", "Week"
        MONTH = "month", "Month"

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="caps")
    period = models.CharField(max_length=10, choices=Period)
    territory = models.ForeignKey(
        Territory, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    limit = models.PositiveIntegerField()

    class Meta:
        ordering = ("platform", "period", "territory")
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "period", "territory"],
                name="b2b_one_cap_per_period_and_place",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        where = f" in {self.territory}" if self.territory else ""
        return f"{self.limit} a {self.period}{where}"
