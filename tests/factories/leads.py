from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from apps.contacts.contracts import PersonDraft
from apps.contacts.identity import PhoneNumber
from apps.core.ids import new_id
from apps.intake.models import LeadSource
from apps.leads.actions.capturing import LeadOrigin, lead_capture
from apps.leads.contracts import LeadDraft
from apps.leads.models import Lead

_numbers = count(1)


def make_draft(**fields: Any) -> LeadDraft:
    """A draft of somebody new; `email`, `phone`, `first_name`, `last_name` go to the person."""
    number = next(_numbers)
    phone = fields.pop("phone", f"+1212555{number:04}")
    person = PersonDraft(
        first_name=fields.pop("first_name", "Pat"),
        last_name=fields.pop("last_name", f"Number{number}"),
        email=fields.pop("email", f"pat{number}@example.com"),
        phone=PhoneNumber(phone, True) if phone else None,
        market=fields.get("market", "nyc"),
    )
    fields.setdefault("market", "nyc")
    if "monthly_bill" in fields:
        fields["monthly_bill"] = Decimal(str(fields["monthly_bill"]))
    return LeadDraft(person=person, **fields)


def make_lead(*, now: datetime | None = None, source: str = "website-form", **fields: Any) -> Lead:
    """A captured lead: not scored, not assigned. Columns not in a draft are set afterwards."""
    columns = {
        name: fields.pop(name)
        for name in ("status", "assigned_to", "score", "tier")
        if name in fields
    }
    draft = make_draft(**fields)
    row = LeadSource.objects.get(slug=source)
    captured = lead_capture(
        draft,
        LeadOrigin(
            event_id=new_id(),
            source_pk=row.pk,
            source_name=row.name,
            provenance=row.provenance,
            payload={},
        ),
        now=now or timezone.now(),
    )
    if columns:
        Lead.objects.filter(pk=captured.lead_pk).update(**columns)
    return Lead.objects.get(pk=captured.lead_pk)
