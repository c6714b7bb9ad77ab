"""Keeps a form as the mail it would have been."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.core.json_data import storable
from apps.integrations.doors import values
from apps.integrations.doors.answered import share_answered
from apps.integrations.models import EmailLog
from apps.leads.contracts import LeadDraft


def keep(event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None) -> None:
    """Write or complete the mail of this event. Repeatable."""
    kind = values.text(payload.get("form_type"), limit=30)
    if kind not in EmailLog.EmailType.values:
        kind = EmailLog.EmailType.OTHER
    person = draft.person
    status = EmailLog.ProcessingStatus
    EmailLog.objects.update_or_create(
        email_id=str(event_id),
        defaults={
            "sender_email": person.email,
            "sender_name": f"{person.first_name} {person.last_name}".strip()[:200],
            "subject": EmailLog.EmailType(kind).label,
            "email_type": kind,
            "processing_status": status.UNDERSTOOD if lead_pk else status.INCOMPLETE,
            "confidence_score": share_answered(draft),
            "raw_content": draft.message,
            "parsed_data": storable({name: str(value) for name, value in draft.details.items()}),
            "lead_id": lead_pk,
        },
    )
