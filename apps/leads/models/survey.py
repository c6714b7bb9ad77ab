"""Site surveys: when we go to see roofs, and whom we have promised to come."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.core.ids import PublicIdModel
from apps.leads import choices
from apps.leads.models.lead import Lead
from apps.solar.models import Market


def _workdays() -> list[int]:
    return [0, 1, 2, 3, 4]


def _starts() -> list[str]:
    return ["09:00", "11:00", "13:30", "15:30"]


class SurveyCalendar(models.Model):
    """When surveys begin in a market and how many teams go out. Whoever books locks its row.

    Days on which the office is closed (`Holiday`) are closed for surveys, too.
    """

    market = models.OneToOneField(Market, on_delete=models.CASCADE, related_name="survey_calendar")
    is_open = models.BooleanField(default=True, help_text="Closed: no slot is offered.")
    weekdays = models.JSONField(default=_workdays, help_text="[0, 1, …]: Monday is 0.")
    starts = models.JSONField(default=_starts, help_text='["09:00", …], on the market\'s clock.')
    length_minutes = models.PositiveSmallIntegerField(default=75)
    gap_minutes = models.PositiveSmallIntegerField(
        default=30, help_text="From one roof to the next."
    )
    teams = models.PositiveSmallIntegerField(default=2, help_text="Surveys at the same time.")
    notice_hours = models.PositiveSmallIntegerField(
        default=20, help_text="Nobody can book sooner than this."
    )
    horizon_days = models.PositiveSmallIntegerField(default=21)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(length_minutes__gt=0), name="leads_survey_takes_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Surveys in {self.market}"

    def clean(self) -> None:
        problems: dict[str, str] = {}
        if not _each(self.weekdays, lambda one: type(one) is int and 0 <= one <= 6):
            problems["weekdays"] = "A list of numbers from 0 (Monday) to 6."
        if not _each(self.starts, lambda one: isinstance(time.fromisoformat(one), time)):
            problems["starts"] = 'A list of times, such as ["09:00", "13:30"].'
        if problems:
            raise ValidationError(problems)


class Appointment(PublicIdModel):
    """A site survey somebody was promised.

    It belongs to the request the visitor had just sent; the lead is known once that request has
    been captured, which may be a moment later.
    """

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.CASCADE, related_name="appointments"
    )
    inbound_event = models.UUIDField(
        null=True, blank=True, help_text="The request it was booked with; empty: by staff."
    )
    status = models.CharField(
        max_length=10,
        choices=choices.AppointmentStatus,
        default=choices.AppointmentStatus.BOOKED,
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    team = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True, help_text="What they want us to know.")
    language = models.CharField(max_length=5, default="en")
    revision = models.PositiveSmallIntegerField(default=0, help_text="Changes since it was booked.")
    reminded_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "site survey"
        ordering = ("starts_at", "team")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="leads_appointment_takes_time"
            ),
            models.UniqueConstraint(
                fields=["market", "starts_at", "team"],
                condition=Q(status=choices.AppointmentStatus.BOOKED),
                name="leads_one_appointment_per_team_and_time",
            ),
            models.UniqueConstraint(
                fields=["inbound_event"],
                condition=Q(status=choices.AppointmentStatus.BOOKED),
                name="leads_one_booked_appointment_per_request",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="leads_appointment_by_time"),
            models.Index(fields=["inbound_event"], name="leads_appointment_by_event"),
        ]

    def __str__(self) -> str:
        return f"Survey {self.public_id}"


def _each(values: Any, is_sound: Any) -> bool:
    try:
        return isinstance(values, list) and all(is_sound(value) for value in values)
    except (TypeError, ValueError):
        return False
