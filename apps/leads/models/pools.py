"""Who shares leads: the teams, and when each person takes how many."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.solar.models import Market, Territory
from apps.users.models import User


class AssignmentPool(models.Model):
    """People who share leads. Which ones they get is said by the rules that name the team."""

    name = models.CharField(max_length=100)
    # Whose turn it is: see leads/assignment/turns.py. Written only by whoever has locked the live
    # rules.
    turns = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = "team"
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """Somebody who takes leads in a team."""

    pool = models.ForeignKey(AssignmentPool, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)
    weight = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text="Turns in a round: with 2, twice as many leads as somebody with 1.",
    )
    territories = models.ManyToManyField(
        Territory, blank=True, help_text="For rules that go by territory. None: all of them."
    )

    class Meta:
        ordering = ("user__username",)
        constraints = [
            models.UniqueConstraint(fields=["pool", "user"], name="leads_member_once_per_pool"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="leads_member_has_a_weight"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Availability(models.Model):
    """When somebody takes leads, and how many. Nobody's row: always, without a limit."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="availability")
    max_open = models.PositiveSmallIntegerField(
        "open leads, at most", null=True, blank=True, help_text="Empty: no limit."
    )
    max_per_day = models.PositiveSmallIntegerField(
        "new leads a day, at most", null=True, blank=True, help_text="A day of their own clock."
    )
    max_per_30_days = models.PositiveSmallIntegerField(
        "new leads in 30 days, at most", null=True, blank=True
    )
    office = models.ForeignKey(
        Market,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Whose clock and holidays they keep. Empty: the clock of these pages.",
    )
    time_zone = models.CharField(
        max_length=50, blank=True, help_text="An IANA name, for who works by another clock."
    )
    hours = models.JSONField(
        default=dict,
        blank=True,
        help_text='{"mon": [["09:00", "17:00"]], …}; empty: at any time.',
    )

    class Meta:
        verbose_name = "working hours and limits"
        verbose_name_plural = "working hours and limits"

    def __str__(self) -> str:
        return str(self.user)


class DayOff(models.Model):
    """Days on which somebody takes no leads, both included."""

    availability = models.ForeignKey(
        Availability, on_delete=models.CASCADE, related_name="days_off"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = "absence"
        ordering = ("-first_day",)
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="leads_absence_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
