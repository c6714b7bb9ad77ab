"""Who hears of a survey: its lead's owner at once, its visitor again the day before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from apps.core import outbox
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.surveys import local_start
from apps.notifications.actions import notify

DUE = "survey.due"
NOTIFIED = "lead.survey"  # the kind of notification

_REMIND_BEFORE = timedelta(hours=24)
_TOO_FRESH_TO_REMIND = timedelta(hours=4)  # who has just booked needs no reminder


@transaction.atomic
def surveys_remind(*, now: datetime) -> int:
    """Publish the surveys that people are to be reminded of, each once. Returns how many."""
    due = list(
        Appointment.objects.select_for_update(skip_locked=True).filter(
            status=AppointmentStatus.BOOKED,
            reminded_at=None,
            lead__isnull=False,
            starts_at__gt=now,
            starts_at__lte=now + _REMIND_BEFORE,
            updated_at__lte=now - _TOO_FRESH_TO_REMIND,
        ).order_by("pk")[:500]
    )  # fmt: skip
    for appointment in due:
        Appointment.objects.filter(pk=appointment.pk).update(reminded_at=now)
        key = f"{appointment.public_id}:{appointment.revision}"
        outbox.publish(DUE, key=key, appointment=str(appointment.public_id))
    return len(due)


@transaction.atomic
def surveys_tell_owner(
    appointments: Sequence[Appointment], *, happened: str, now: datetime
) -> None:
    """Tell whoever has the lead what happened to its surveys. Each change once for each person."""
    for appointment in appointments:
        lead = appointment.lead
        if lead is None or lead.assigned_to_id is None:
            continue
        notify(
            NOTIFIED,
            recipients=[lead.assigned_to_id],
            title=f"Site survey {happened}: {lead.name}",
            body=f"{local_start(appointment):%A, %d %b %Y, %H:%M}, team {appointment.team}",
            link=f"/admin/leads/appointment/{appointment.pk}/change/",
            key=f"survey:{appointment.public_id}:{appointment.revision}",
            now=now,
        )
