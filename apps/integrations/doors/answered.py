"""How much of what we usually ask a request answers. Pure."""

from __future__ import annotations

from decimal import Decimal

from apps.leads.contracts import LeadDraft

_USUAL_QUESTIONS = 8  # name, e-mail, phone, place, property, ownership, bill, timeline


def share_answered(draft: LeadDraft) -> Decimal:
    """How many of the usual questions were answered, in percent."""
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
