"""What the outbox calls."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from apps.core.outbox import Message, handles
from apps.leads.actions.capturing import CAPTURED
from apps.leads.models import Lead


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
    context = {"lead": lead, "brand": settings.BRAND, "site": settings.SITE_ADDRESS}
    EmailMessage(
        subject=" ".join(f"New lead: {lead.name}".split()),
        body=render_to_string("leads/new_lead.txt", context),
        to=recipients,
        reply_to=[lead.email] if lead.email else None,
        headers={"Message-ID": f"<{message.topic}.{message.key}@solar-crm>"},
    ).send()
