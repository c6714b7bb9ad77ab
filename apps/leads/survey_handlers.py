"""What the outbox calls about site surveys."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from django.utils import timezone

from apps.contacts.suppression import suppressed_kinds
from apps.core.outbox import Message, handles
from apps.leads.actions.assigning import ASSIGNED
from apps.leads.actions.survey_attaching import survey_attach_when_captured
from apps.leads.actions.survey_telling import DUE, NOTIFIED, surveys_tell_owner
from apps.leads.actions.surveying import BOOKED, CHANGED
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.survey_words import survey_mail
from apps.notifications.kinds import Kind, register

register(Kind(NOTIFIED, "A site survey of my lead is booked, moved or cancelled"))


@handles(BOOKED, queue="journey")
def attach_the_survey(message: Message) -> None:
    """A survey was booked before its request had become a lead."""
    survey_attach_when_captured(UUID(message.payload["event"]), now=timezone.now())


@handles(CHANGED, queue="delivery")
def mail_the_survey(message: Message) -> None:
    """Confirm what is booked now to the visitor. What a later change overtook is not mailed."""
    appointment = _appointment(message)
    if appointment is not None and appointment.revision == message.payload["revision"]:
        _mail(appointment, happened=message.payload["happened"], message=message)


@handles(CHANGED, queue="delivery")
def tell_the_owner_of_the_survey(message: Message) -> None:
    """Whoever has the lead hears of its survey; what they did themselves is no news."""
    appointment = _appointment(message)
    if appointment is None or message.payload["by_staff"]:
        return
    surveys_tell_owner([appointment], happened=message.payload["happened"], now=timezone.now())


@handles(ASSIGNED, queue="delivery")
def tell_the_new_owner_of_surveys(message: Message) -> None:
    """Who is given a lead hears of the survey that is already booked with it."""
    waiting = Appointment.objects.select_related("lead", "market").filter(
        lead__public_id=message.payload["lead"], status=AppointmentStatus.BOOKED
    )
    surveys_tell_owner(list(waiting), happened="booked", now=timezone.now())


@handles(DUE, queue="delivery")
def remind_of_the_survey(message: Message) -> None:
    """The day before: remind the visitor, unless the survey was moved or cancelled meanwhile."""
    appointment = _appointment(message)
    if (
        appointment is not None
        and appointment.status == AppointmentStatus.BOOKED
        and message.key == f"{appointment.public_id}:{appointment.revision}"
    ):
        _mail(appointment, happened="due", message=message)


def _appointment(message: Message) -> Appointment | None:
    """None when it was deleted meanwhile: there is nothing to tell."""
    found = Appointment.objects.select_related("lead", "market")
    return found.filter(public_id=message.payload["appointment"]).first()


def _mail(appointment: Appointment, *, happened: str, message: Message) -> None:
    """May be repeated: the Message-ID is the same each time, so a mailbox can tell."""
    lead = appointment.lead
    if lead is None or not lead.email or suppressed_kinds(email=lead.email, phone=""):
        return
    words = survey_mail(appointment, happened=happened)
    mail = EmailMessage(
        subject=words.subject,
        body=words.body,
        to=[lead.email],
        headers={"Message-ID": f"<{message.topic}.{message.key}@solar-crm>"},
    )
    mail.attach("site-survey.ics", words.calendar, "text/calendar")
    mail.send()
