"""Where a mail belongs: to the conversation it answers, to the mail that came back, to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.contacts.models import ContactIdentity, Suppression
from apps.contacts.suppression import suppress, suppression_digest
from apps.integrations.doors.email.keep import log_mail
from apps.integrations.doors.email.purpose import Purpose, bounce_of
from apps.integrations.doors.email.reading import InboundMail, ids_in, read_mail
from apps.integrations.doors.settling import Settled
from apps.integrations.models import EmailLog
from apps.leads.actions.mailing import lead_mail_not_sent
from apps.leads.actions.opting_out import lead_opt_out
from apps.leads.actions.receiving import lead_mail_received
from apps.leads.contracts import ReceivedMail
from apps.leads.models import Lead, LeadMail
from apps.leads.selectors import (
    lead_of_letter,
    mail_answered,
    mail_sent_to,
    open_lead_with_identity,
)

Status = EmailLog.ProcessingStatus


def settle(event_id: UUID, payload: Mapping[str, Any], now: datetime) -> Settled | None:
    """Join a mail to what we know. None: a letter of somebody new, who becomes a lead. Repeatable.

    Part of the journey's transaction. What somebody asks for about our writing to them is stored
    here and now, before anything else can happen to their mail.
    """
    mail = read_mail(payload)
    if mail.purpose == Purpose.BOUNCE:
        return _came_back(event_id, mail, now)
    answered = mail_answered(mail.references, mail.tokens)
    lead = lead_of_letter(answered) if answered else None
    lead = lead or (open_lead_with_identity(email=mail.sender, phone="") if mail.sender else None)
    match mail.purpose:
        case Purpose.OPT_OUT:
            return _wants_no_more(event_id, mail, lead, answered, now)
        case Purpose.AUTO_REPLY:
            return _of_a_machine(event_id, mail, lead, answered, now)
        case _ if lead is not None and not _is_ours(mail):
            lead_mail_received(lead.pk, received(event_id, mail), answers=answered, now=now)
            log_mail(event_id, mail, Status.JOINED, lead.pk)
            return Settled(lead.pk)
        case _ if mail.purpose == Purpose.BULK or _is_ours(mail):
            log_mail(event_id, mail, Status.AUTOMATIC, None, "A list, a newsletter or ourselves")
            return Settled(None)
        case _:
            return None


def received(event_id: UUID, mail: InboundMail) -> ReceivedMail:
    """The mail as the room of leads takes it."""
    names = ", ".join(mail.attachments)
    attached = f"\n\nAttached: {names}" if names else ""
    return ReceivedMail(
        event_id=event_id,
        sender=mail.sender,
        subject=mail.subject,
        words=(mail.words + attached).strip(),
        message_id=mail.message_id,
        is_automatic=mail.purpose == Purpose.AUTO_REPLY,
    )


def _came_back(event_id: UUID, mail: InboundMail, now: datetime) -> Settled:
    bounce = bounce_of(mail.report)
    ours = mail_answered((*mail.references, *ids_in(mail.report)), mail.tokens)
    ours = ours or (mail_sent_to(bounce.recipient, now=now) if bounce.recipient else None)
    problem = " ".join(part for part in (bounce.status, bounce.diagnosis) if part)
    log_mail(event_id, mail, Status.BOUNCED, ours.lead_id if ours else None, problem)
    if ours is None:
        return Settled(None)
    lead_mail_not_sent(
        ours, problem=problem or "It came back", now=now, came_back=True,
        address_is_dead=bounce.is_dead,
    )  # fmt: skip
    return Settled(ours.lead_id)


def _wants_no_more(
    event_id: UUID,
    mail: InboundMail,
    lead: Lead | None,
    answered: LeadMail | None,
    now: datetime,
) -> Settled:
    """Both the address that wrote and the one we wrote to: people forward their mail."""
    kind = ContactIdentity.Kind.EMAIL
    addresses = {mail.sender, answered.address if answered else ""} - {""}
    for address in addresses:
        suppress(kind=kind, value=address, reason=Suppression.Reason.OPT_OUT)
    if lead is not None:
        lead_mail_received(lead.pk, received(event_id, mail), answers=answered, now=now)
        lead_opt_out(
            lead,
            digest=suppression_digest(kind, lead.email or mail.sender),
            how="Asked by mail for no more mails",
            now=now,
            inbound_event=event_id,
        )
    log_mail(event_id, mail, Status.OPTED_OUT, lead.pk if lead else None)
    return Settled(lead.pk if lead else None)


def _of_a_machine(
    event_id: UUID,
    mail: InboundMail,
    lead: Lead | None,
    answered: LeadMail | None,
    now: datetime,
) -> Settled:
    """Shown in the conversation of the mail it answers, and no answer."""
    if lead is not None and answered is not None:
        lead_mail_received(lead.pk, received(event_id, mail), answers=answered, now=now)
    log_mail(event_id, mail, Status.AUTOMATIC, lead.pk if lead else None)
    return Settled(lead.pk if lead else None)


def _is_ours(mail: InboundMail) -> bool:
    """A mail from ourselves: answering it would go round for ever."""
    ours = {parseaddr(text)[1].lower() for text in _our_addresses()} - {""}
    return mail.sender in ours


def _our_addresses() -> tuple[str, ...]:
    return (settings.DEFAULT_FROM_EMAIL, settings.MAIL_REPLY_ADDRESS, settings.BRAND["email"])
