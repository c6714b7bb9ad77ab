"""A survey in a visitor's words: when it is, the mail about it, and the file for their calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.core.words import MONTHS, Say, say_in
from apps.leads.choices import AppointmentStatus
from apps.leads.models import Appointment
from apps.leads.survey_file import CalendarEvent, calendar_file
from apps.leads.surveys import survey_link

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SUBJECTS = {
    "booked": "Your site survey on {when}",
    "moved": "Your site survey is now on {when}",
    "cancelled": "Your site survey on {when} is cancelled",
    "due": "Tomorrow: your site survey on {when}",
}
FIRST_LINES = {
    "booked": "Your site survey is booked. We come on:",
    "moved": "Your site survey has a new time. We come on:",
    "cancelled": "Your site survey is cancelled. It was to be on:",
    "due": "A reminder of your site survey. We come on:",
}


@dataclass(frozen=True)
class SurveyMail:
    """What a visitor is written about their survey."""

    subject: str
    body: str
    calendar: str


def when_words(moment: datetime, time_zone: str, language: str) -> str:
    """A moment on the clock of a place, in words; the zone is named, for who reads it elsewhere."""
    local, say = moment.astimezone(ZoneInfo(time_zone)), say_in(language)
    words = say("{weekday}, {month} {day}, {year}, {clock12}", **_parts(local, say))
    return f"{words} ({local.tzname()})"


def soon_words(moment: datetime, time_zone: str, language: str) -> str:
    """A moment of the next weeks, short enough for a button: no year, no zone."""
    local, say = moment.astimezone(ZoneInfo(time_zone)), say_in(language)
    return say("{weekday}, {month} {day}, {clock12}", **_parts(local, say))


def _parts(local: datetime, say: Say) -> dict[str, object]:
    return {
        "weekday": say(DAYS[local.weekday()]),
        "month": say(MONTHS[local.month - 1]),
        "day": local.day,
        "year": local.year,
        "clock12": f"{local.hour % 12 or 12}:{local:%M %p}",
        "clock24": f"{local:%H:%M}",
    }


def survey_mail(appointment: Appointment, *, happened: str) -> SurveyMail:
    """The mail about what happened to a survey: booked, moved, cancelled, or soon due."""
    say = say_in(appointment.language)
    when = when_words(appointment.starts_at, appointment.market.time_zone, appointment.language)
    lead, brand = appointment.lead, settings.BRAND
    name = lead.first_name if lead else ""
    parts = [
        say("Hello {name},", name=name) if name else say("Hello,"),
        say(FIRST_LINES[happened]) + f"\n\n    {when}",
    ]
    if happened == "cancelled":
        parts.append(
            say("If you would like another time, answer this mail or call us: {phone}.", **brand)
        )
    else:
        parts += [
            say(
                "It takes about an hour: we look at the roof, the meter and the way between them."
                " Somebody who can let us in should be there. It costs nothing."
            ),
            say("Another time, or not at all? Use your link, no login needed:")
            + f"\n{survey_link(appointment)}",
        ]
    parts.append(f"{brand['name']}\n{brand['phone']}")
    return SurveyMail(
        subject=say(SUBJECTS[happened], when=when),
        body="\n\n".join(parts) + "\n",
        calendar=survey_calendar_file(appointment),
    )


def survey_calendar_file(appointment: Appointment) -> str:
    """The survey for a calendar; after a change it replaces what the calendar has."""
    say, lead = say_in(appointment.language), appointment.lead
    place = (lead.address, lead.city, lead.postal_code) if lead else ()
    link = survey_link(appointment)
    return calendar_file(
        CalendarEvent(
            uid=f"{appointment.public_id}@solar-crm",
            sequence=appointment.revision,
            written_at=appointment.updated_at,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            title=say("Site survey by {name}", name=settings.BRAND["name"]),
            description=say("Move or cancel it: {link}", link=link),
            place=", ".join(part for part in place if part),
            url=link,
            is_cancelled=appointment.status == AppointmentStatus.CANCELLED,
        )
    )
