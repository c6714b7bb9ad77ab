"""Keeps every mail that came in, whatever became of it, and gives a new lead its first letter."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.json_data import storable
from apps.integrations.doors.answered import share_answered
from apps.integrations.doors.email.reading import InboundMail, read_mail
from apps.integrations.models import EmailLog
from apps.leads.actions.receiving import lead_mail_received
from apps.leads.contracts import LeadDraft, ReceivedMail

Status = EmailLog.ProcessingStatus


def keep(event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None) -> None:
    """A letter that became a lead, or could not. Repeatable."""
    mail = read_mail(payload)
    status = Status.UNDERSTOOD if lead_pk else Status.INCOMPLETE
    log_mail(event_id, mail, status, lead_pk, answered=share_answered(draft))
    if lead_pk is not None:
        letter = ReceivedMail(
            event_id=event_id,
            sender=mail.sender,
            subject=mail.subject,
            words=mail.words,
            message_id=mail.message_id,
            is_first=True,
        )
        lead_mail_received(lead_pk, letter, answers=None, now=timezone.now())


def log_mail(
    event_id: UUID,
    mail: InboundMail,
    status: Status,
    lead_pk: int | None,
    notes: str = "",
    *,
    answered: Decimal = Decimal(0),
) -> None:
    """Write or complete the line of one mail. Repeatable."""
    EmailLog.objects.update_or_create(
        email_id=str(event_id),
        defaults={
            "sender_email": mail.sender,
            "sender_name": mail.sender_name,
            "subject": mail.subject or "(no subject)",
            "email_type": EmailLog.EmailType.CONTACT,
            "processing_status": status,
            "confidence_score": answered,
            "raw_content": mail.text,
            "parsed_data": storable(
                {"purpose": mail.purpose.value, "attachments": list(mail.attachments)}
            ),
            "processing_notes": notes,
            "lead_id": lead_pk,
        },
    )
