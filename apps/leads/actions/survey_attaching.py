"""Surveys that were booked with a request find the lead it has become."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.errors import Retryable
from apps.intake.choices import EventState
from apps.intake.selectors import event_by_id
from apps.leads.actions.surveying import appointment_attach, appointment_changed
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment, Lead
from apps.leads.selectors import lead_of_event


def surveys_attach(event_id: UUID, lead: Lead, *, now: datetime) -> None:
    """Give a lead the survey that was booked with its request. Part of its capture.

    Somebody who sent two requests and booked with both, before either was a lead, holds two places:
    the one booked last stays, the other is called off. What staff booked beside it is theirs.
    """
    # The lead first, as its capture does: two requests of one person are attached in turn.
    Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    booked = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("market")
        .filter(status=AppointmentStatus.BOOKED)
    )
    attached = list(booked.filter(inbound_event=event_id, lead=None))
    for appointment in attached:
        appointment_attach(appointment, lead, now)
    if not attached:
        return
    ahead = booked.filter(lead=lead, inbound_event__isnull=False, starts_at__gt=now)
    for earlier in ahead.order_by("-booked_at", "-pk")[1:]:
        earlier.status = AppointmentStatus.CANCELLED
        appointment_changed(earlier, "cancelled", now)


@transaction.atomic
def survey_attach_when_captured(event_id: UUID, *, now: datetime) -> None:
    """After a booking: attach it where the capture was quicker. Repeatable.

    Raises Retryable while the request is on its way: a capture that began before the booking was
    visible has not seen it. A parked request attaches it when staff send it on.
    """
    lead = lead_of_event(event_id)
    if lead is not None:
        surveys_attach(event_id, lead, now=now)
        return
    event = event_by_id(event_id)
    if event is not None and event.state == EventState.RECEIVED:
        raise Retryable("The request of this survey has not become a lead yet.")
