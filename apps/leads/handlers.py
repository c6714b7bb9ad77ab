"""What the outbox calls."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from apps.core.outbox import Message, handles
from apps.core.outbox.delivery import MAX_ATTEMPTS
from apps.intake.choices import SourceKind
from apps.leads.actions.assigning import ASSIGNED
from apps.leads.actions.capturing import CAPTURED
from apps.leads.actions.following import sequence_begin_by_rule, sequence_stop
from apps.leads.actions.mailing import QUEUED
from apps.leads.mail.sending import mail_send
from apps.leads.models import Lead
from apps.leads.telling import lead_tell_owner
from apps.users.models import User


@handles(CAPTURED, queue="delivery")
def mail_the_office(message: Message) -> None:
    """Tell the office of a new lead by mail, where the site does not do so itself by EmailJS.

    May be repeated: the Message-ID is the same each time, so a mailbox can tell.
    """
    recipients = settings.LEAD_NOTIFICATION_RECIPIENTS
    if not (recipients and message.payload["created"]):
        return
    lead = (
        Lead.objects.select_related("source", "market", "territory")
        .filter(public_id=message.payload["lead"])
        .first()
    )
    if lead is None:  # deleted meanwhile: there is nothing to tell
        return
    if lead.source.kind == SourceKind.IMPORT:  # somebody here sent in thousands of them
        return
    context = {"lead": lead, "brand": settings.BRAND, "site": settings.SITE_ADDRESS}
    EmailMessage(
        subject=" ".join(f"New lead: {lead.name}".split()),
        body=render_to_string("leads/new_lead.txt", context),
        to=recipients,
        reply_to=[lead.email] if lead.email else None,
        headers={"Message-ID": f"<{message.topic}.{message.key}@solar-crm>"},
    ).send()


@handles(ASSIGNED, queue="delivery")
def tell_the_assignee(message: Message) -> None:
    """Tell a person of the lead they got. May be repeated: one assignment is told once."""
    lead = (
        Lead.objects.select_related("territory", "market")
        .filter(public_id=message.payload["lead"])
        .first()
    )
    person = User.objects.filter(public_id=message.payload["user"]).first()
    if lead is not None and person is not None and lead.assigned_to_id == person.pk:
        by = message.payload.get("by")
        lead_tell_owner(lead, person, key=message.key, by=by, now=timezone.now())


@handles(CAPTURED, queue="journey")
def follow_up_what_came_in(message: Message) -> None:
    """A new lead begins the sequence of its source; who writes again ends theirs. Repeatable."""
    now = timezone.now()
    lead = Lead.objects.filter(public_id=message.payload["lead"]).first()
    if lead is None:
        return
    if message.payload["created"]:
        sequence_begin_by_rule(lead, now=now)
    else:
        sequence_stop(lead.pk, reason="They wrote again", now=now)


@handles(QUEUED, queue="delivery")
def send_lead_mail(message: Message) -> None:
    """Send a mail to a lead. May be repeated: a settled mail is left alone."""
    mail_send(UUID(message.payload["mail"]), is_last_attempt=message.attempt >= MAX_ATTEMPTS)
