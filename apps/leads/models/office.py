"""When the office of a market is open, and how soon it answers."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.leads import choices
from apps.leads.first_response import DEFAULT_WARN_PERCENT
from apps.solar.models import Market


class OfficeSpan(models.Model):
    """Hours of a weekday in the market's time zone. A market without any is open all the time."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="office_spans")
    weekday = models.PositiveSmallIntegerField(choices=choices.Weekday)
    opens_at = models.TimeField()
    closes_at = models.TimeField(help_text="00:00 is the end of the day.")

    class Meta:
        ordering = ("market", "weekday", "opens_at")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "weekday", "opens_at"], name="leads_office_span_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at="00:00"),
                name="leads_office_closes_after_it_opens",
                violation_error_message="It must close after it opens.",
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="leads_office_weekday_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class Holiday(models.Model):
    """A day on which the office of a market may be closed."""

    class Kind(models.TextChoices):
        PUBLIC = "public", "Public"
        COMPANY = "company", "Our own"

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMPANY)
    is_closed = models.BooleanField(default=True, help_text="Off: we work on this day.")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("market", "day")
        constraints = [
            models.UniqueConstraint(fields=["market", "day"], name="leads_holiday_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.day:%-d %B %Y}"


class ResponsePolicy(models.Model):
    """How soon a lead of a market is answered. The one that names a lead most exactly counts."""

    class Escalation(models.TextChoices):
        SUGGEST = "suggest", "Suggest another person to the managers"
        REASSIGN = "reassign", "Give the lead to the next person of the pool"

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="response_policies")
    priority_level = models.CharField(
        max_length=10, choices=choices.Level, blank=True, help_text="Empty: any."
    )
    tier = models.CharField(
        max_length=20,
        choices=choices.Tier,
        blank=True,
        help_text="Empty: any. A tier counts for more than a priority.",
    )
    target_minutes = models.PositiveIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(60 * 200)],
        help_text="Minutes of office time until the first answer.",
    )
    warn_percent = models.PositiveSmallIntegerField(
        default=DEFAULT_WARN_PERCENT,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="The share of the target after which the owner is warned.",
    )
    escalation = models.CharField(
        max_length=10,
        choices=Escalation,
        default=Escalation.SUGGEST,
        help_text="What happens when another target has gone by without an answer.",
    )

    class Meta:
        verbose_name_plural = "response policies"
        ordering = ("market", "-tier", "-priority_level")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "priority_level", "tier"], name="leads_one_policy_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(target_minutes__gte=1, target_minutes__lte=60 * 200),
                name="leads_policy_target_is_a_time",
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gte=1, warn_percent__lte=99),
                name="leads_policy_warns_before_it_is_due",
            ),
        ]

    def __str__(self) -> str:
        named = [
            self.get_tier_display() if self.tier else "",
            f"{self.get_priority_level_display()} priority".capitalize()
            if self.priority_level
            else "",
        ]
        return ", ".join(part for part in named if part) or "Every other lead"

    @property
    def target(self) -> timedelta:
        return timedelta(minutes=self.target_minutes)
