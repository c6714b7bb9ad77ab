"""Who is told of an answer that came by mail."""

from __future__ import annotations

from datetime import datetime

from apps.leads.models import Lead, LeadMail
from apps.leads.telling import page_path
from apps.notifications.actions import notify
from apps.notifications.choices import Level, Mail
from apps.notifications.kinds import Channels, Kind, register
from apps.users.selectors import people_who_may

REPLIED = Kind(
    "lead.replied",
    "A lead answers by mail",
    Channels(mail=Mail.AT_ONCE),
    description="Somebody wrote back to a mail of ours, or writes again.",
)
FAILED = Kind(
    "lead.mail_failed",
    "A mail to my lead is not delivered",
    description="It was refused, or came back.",
)
register(REPLIED)
register(FAILED)


def tell_of_reply(lead: Lead, mail: LeadMail, *, now: datetime) -> None:
    """Tell the owner; of a lead that nobody has, the managers; nobody of the demo's."""
    if lead.is_sample:
        return
    notify(
        REPLIED.code,
        recipients=[lead.assigned_to_id]
        if lead.assigned_to_id
        else people_who_may("users.manage_leads"),
        title=f"{lead.name} wrote: {mail.subject or '(no subject)'}",
        body=mail.body[:300],
        link=page_path(lead.pk),
        key=f"mail:{mail.public_id}",
        now=now,
    )


def tell_of_failure(mail: LeadMail, problem: str, *, now: datetime) -> None:
    """Tell whoever sent it, else the owner; nobody of what nobody has."""
    person = mail.actor_id or mail.lead.assigned_to_id
    notify(
        FAILED.code,
        recipients=[person] if person else [],
        title=f"Not delivered to {mail.lead.name}: {mail.subject}",
        body=problem,
        link=page_path(mail.lead_id),
        key=f"mail-failed:{mail.public_id}",
        level=Level.WARNING,
        now=now,
    )
