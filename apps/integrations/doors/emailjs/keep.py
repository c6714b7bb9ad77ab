"""Keeps a form as the mail it would have been."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.json_data import storable
from apps.integrations.doors import values
from apps.integrations.models import EmailLog
from apps.leads.contracts import LeadDraft

_USUAL_QUESTIONS = 8  # name, e-mail, phone, place, property, ownership, bill, timeline


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
            "confidence_score": _confidence(draft),
            "raw_content": draft.message,
            "parsed_data": storable({name: str(value) for name, value in draft.details.items()}),
            "lead_id": lead_pk,
        },
    )


def _confidence(draft: LeadDraft) -> Decimal:
    """How many of the usual questions the form answered, in percent."""
    answered = (
        draft.person.first_name,
        draft.person.email,
        draft.person.phone,
        draft.postal_code,
        draft.details.get("property_type"),
        draft.details.get("ownership"),
        draft.monthly_bill,
        draft.details.get("timeline"),
    )
    share = Decimal(sum(1 for value in answered if value)) / _USUAL_QUESTIONS
    return (100 * share).quantize(Decimal("0.01"))
