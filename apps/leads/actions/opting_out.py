"""Somebody behind a lead wants no more mail: stored at once, whatever way they said it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.contacts.actions import email_opt_out
from apps.contacts.models import ContactIdentity, Suppression
from apps.contacts.suppression import suppress_digest
from apps.leads.actions.following import sequence_stop
from apps.leads.choices import ActivityKind
from apps.leads.models import Lead, LeadMail
from apps.leads.timeline import activity_add


@transaction.atomic
def unsubscribe(*, mail_id: UUID, digest: str, now: datetime) -> None:
    """What the link of a mail asks for. Repeatable; holds when mail and lead are gone, too."""
    lead = Lead.objects.filter(mails__public_id=mail_id).first()
    if lead is None:
        reason = Suppression.Reason.OPT_OUT
        suppress_digest(kind=ContactIdentity.Kind.EMAIL, digest=digest, reason=reason)
        return
    lead_opt_out(lead, digest=digest, how="Unsubscribed by the link in a mail", now=now)


@transaction.atomic
def lead_opt_out(
    lead: Lead,
    *,
    digest: str,
    how: str,
    now: datetime,
    inbound_event: UUID | None = None,
    complained: bool = False,
) -> None:
    """No more mail to this person at this address; `how` says so on the timeline. Repeatable."""
    email_opt_out(
        contact_pk=lead.contact_id,
        digest=digest,
        inbound_event=inbound_event,
        now=now,
        complained=complained,
    )
    LeadMail.objects.filter(lead=lead, status=LeadMail.Status.QUEUED).update(
        status=LeadMail.Status.FAILED, problem="They asked for no more mail."
    )
    sequence_stop(lead.pk, reason="They asked for no more mails", now=now)
    if not lead.activities.filter(kind=ActivityKind.SUPPRESSED, summary=how).exists():
        activity_add(lead.pk, ActivityKind.SUPPRESSED, how, now=now, inbound_event=inbound_event)
