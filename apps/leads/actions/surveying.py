"""Site surveys: booked, moved, cancelled, done.

Every change of what is taken locks the market's calendar first, so a team is never promised twice.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from apps.core import outbox
from apps.core.clock import utc_text
from apps.core.errors import Conflict, InvalidInput, NotFound
from apps.core.words import known_language
from apps.intake.choices import EventState
from apps.intake.selectors import event_by_id
from apps.leads.choices import ActivityKind, AppointmentStatus
from apps.leads.models import Appointment, Lead, SurveyCalendar
from apps.leads.selectors import lead_of_event
from apps.leads.survey_slots import Slot, free_slots, free_team
from apps.leads.surveys import local_start, opening_of, survey_ahead_of, taken_in
from apps.leads.timeline import activity_add
from apps.solar.models import Market
from apps.users.models import User

BOOKED = "survey.booked"
CHANGED = "survey.changed"

Happened = Literal["booked", "moved", "cancelled"]
_MOST_SUGGESTIONS = 6


@transaction.atomic
def survey_book(
    event_id: UUID,
    *,
    market_code: str,
    starts_at: datetime,
    language: str = "",
    note: str = "",
    now: datetime,
) -> Appointment:
    """Promise a visitor a survey, with the request they have just sent. Again: same answer.

    That request may still be on its way to becoming a lead; the survey waits for it. Raises
    NotFound for a request we do not have, InvalidInput for a market without a calendar, Conflict
    for a slot that is gone (naming what is free), for a second survey of the same request or lead,
    and for a request that left nobody to visit.
    """
    event = event_by_id(event_id)
    if event is None or event.state == EventState.SPAM:
        raise NotFound("We do not have this request.")
    lead = lead_of_event(event_id)
    if lead is None and event.state == EventState.PROCESSED:
        raise Conflict("Your request left no way to reach you. Please send it again with one.")
    calendar = _hold(market_code)
    before = Appointment.objects.filter(
        inbound_event=event_id, status=AppointmentStatus.BOOKED
    ).first()
    if before is not None:
        if before.starts_at == starts_at:
            return before
        raise _has_one(before)
    if lead is not None and (ahead := survey_ahead_of(lead, now=now)) is not None:
        raise _has_one(ahead)
    slot, team = _take(calendar, starts_at, now=now)
    appointment = Appointment.objects.create(
        market=calendar.market,
        inbound_event=event_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        team=team,
        language=known_language(language),
        note=note.strip()[:500],
        booked_at=now,
        updated_at=now,
    )
    if lead is not None:
        appointment_attach(appointment, lead, now)
    else:
        outbox.publish(BOOKED, key=str(appointment.public_id), event=str(event_id))
    return appointment


@transaction.atomic
def survey_book_for_lead(
    lead: Lead, *, starts_at: datetime, actor: User, now: datetime
) -> Appointment:
    """Book a survey with somebody on the telephone. Raises Conflict for a slot that is gone."""
    calendar = _hold(lead.market_id)
    language = known_language(lead.contact.language)
    return _book_for(lead, calendar, starts_at, language=language, actor=actor, now=now)


@transaction.atomic
def survey_book_by_link(
    lead: Lead, *, starts_at: datetime, language: str, now: datetime
) -> Appointment:
    """Book the time a lead chose by the link of a mail. With a survey ahead: that one.

    Raises Conflict for a slot that is gone.
    """
    calendar = _hold(lead.market_id)
    ahead = survey_ahead_of(lead, now=now)
    if ahead is not None:
        return ahead
    return _book_for(lead, calendar, starts_at, language=language, actor=None, now=now)


@transaction.atomic
def survey_move(
    appointment_pk: int, *, starts_at: datetime, now: datetime, actor: User | None = None
) -> Appointment:
    """Another time for a booked survey. To where it already is: nothing happens.

    Raises Conflict for a slot that is gone (naming what is free) and for a survey that is over.
    """
    calendar = _hold(Appointment.objects.only("market").get(pk=appointment_pk).market_id)
    appointment = _hold_appointment(appointment_pk)
    _refuse_unless_ahead(appointment, now)
    if appointment.starts_at == starts_at:
        return appointment
    slot, team = _take(calendar, starts_at, now=now, leaving_out=appointment)
    before = appointment.starts_at
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.team = team
    appointment.reminded_at = None
    appointment_changed(
        appointment, "moved", now, actor_pk=actor.pk if actor else None, before=before
    )
    return appointment


@transaction.atomic
def survey_cancel(appointment_pk: int, *, now: datetime, actor: User | None = None) -> Appointment:
    """Call a survey off. Already cancelled: nothing happens. Raises Conflict when it is over."""
    appointment = _hold_appointment(appointment_pk)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    _refuse_unless_ahead(appointment, now)
    appointment.status = AppointmentStatus.CANCELLED
    appointment_changed(appointment, "cancelled", now, actor_pk=actor.pk if actor else None)
    return appointment


@transaction.atomic
def survey_settle(
    appointment_pk: int, *, status: AppointmentStatus, actor: User, now: datetime
) -> None:
    """Note what became of a survey: done, or nobody was there. Raises Conflict before its time."""
    appointment = _hold_appointment(appointment_pk)
    if appointment.status == status:
        return
    if appointment.status != AppointmentStatus.BOOKED or appointment.starts_at > now:
        raise Conflict("Only a booked survey whose time has come can be settled.")
    appointment.status, appointment.updated_at = status, now
    appointment.save(update_fields=["status", "updated_at"])
    if appointment.lead_id is not None:
        words = f"Site survey: {AppointmentStatus(status).label.lower()}"
        activity_add(appointment.lead_id, ActivityKind.SURVEY, words, now=now, actor_pk=actor.pk)


def _has_one(booked: Appointment) -> Conflict:
    return Conflict(
        "You have a survey already. Its link moves it to another time.",
        details={"booked": [booked.starts_at.isoformat()]},
    )


def _hold(market_code: str) -> SurveyCalendar:
    market = Market.objects.filter(code=market_code).first()
    if market is None:
        raise InvalidInput(details={"market": ["There is no such market."]})
    SurveyCalendar.objects.get_or_create(market=market)
    return SurveyCalendar.objects.select_for_update().get(market=market)


def _hold_appointment(appointment_pk: int) -> Appointment:
    held = Appointment.objects.select_for_update(of=("self",)).select_related("market")
    return held.get(pk=appointment_pk)


def _refuse_unless_ahead(appointment: Appointment, now: datetime) -> None:
    if appointment.status != AppointmentStatus.BOOKED or appointment.starts_at <= now:
        raise Conflict("This survey is over or was cancelled.")


def _take(
    calendar: SurveyCalendar,
    starts_at: datetime,
    *,
    now: datetime,
    leaving_out: Appointment | None = None,
) -> tuple[Slot, int]:
    """The slot that begins then and a team for it. Raises Conflict, naming what is free."""
    opening = opening_of(calendar)
    taken = taken_in(calendar, now=now, leaving_out=leaving_out)
    free = free_slots(opening, taken, now=now) if calendar.is_open else []
    slot = next((one for one in free if one.starts_at == starts_at), None)
    team = free_team(opening, slot, taken) if slot else None
    if slot is None or team is None:
        nearest = sorted(free, key=lambda one: abs(one.starts_at - starts_at))[:_MOST_SUGGESTIONS]
        suggested = sorted(utc_text(one.starts_at) for one in nearest)
        raise Conflict("This time is no longer free.", details={"free": suggested})
    return slot, team


def _book_for(
    lead: Lead,
    calendar: SurveyCalendar,
    starts_at: datetime,
    *,
    language: str,
    actor: User | None,
    now: datetime,
) -> Appointment:
    slot, team = _take(calendar, starts_at, now=now)
    appointment = Appointment.objects.create(
        market=calendar.market,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        team=team,
        language=language,
        booked_at=now,
        updated_at=now,
    )
    appointment_attach(appointment, lead, now, actor_pk=actor.pk if actor else None)
    return appointment


def appointment_attach(
    appointment: Appointment, lead: Lead, now: datetime, *, actor_pk: int | None = None
) -> None:
    """Give a survey to its lead, and tell of it."""
    appointment.lead = lead
    appointment_changed(appointment, "booked", now, actor_pk=actor_pk)


def appointment_changed(
    appointment: Appointment,
    happened: Happened,
    now: datetime,
    *,
    actor_pk: int | None = None,
    before: datetime | None = None,
) -> None:
    """Keep the change, write it on the lead's timeline, and publish it for mail and staff."""
    appointment.revision += 1
    appointment.updated_at = now
    appointment.save()
    if appointment.lead_id is None:
        return
    activity_add(
        appointment.lead_id,
        ActivityKind.SURVEY,
        f"Site survey {happened}: {local_start(appointment):%a %d %b %Y, %H:%M}",
        now=now,
        actor_pk=actor_pk,
        inbound_event=appointment.inbound_event if happened == "booked" else None,
        appointment=str(appointment.public_id),
        starts_at=appointment.starts_at.isoformat(),
        text=appointment.note if happened == "booked" else "",
        **({"moved_from": before.isoformat()} if before else {}),
    )
    outbox.publish(
        CHANGED,
        key=f"{appointment.public_id}:{appointment.revision}",
        appointment=str(appointment.public_id),
        revision=appointment.revision,
        happened=happened,
        by_staff=actor_pk is not None,
    )
