"""What the calculator told a lead, as we computed it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.leads.choices import ActivityKind
from apps.leads.models import Lead
from apps.leads.timeline import activity_add


@transaction.atomic
def lead_note_estimate(
    lead_pk: int,
    *,
    run_id: UUID,
    capacity_kw: Decimal,
    annual_savings: Money,
    inbound_event: UUID,
    now: datetime,
) -> None:
    """Give a lead the size of the system we computed for it, and say so on its timeline."""
    Lead.objects.filter(pk=lead_pk).update(estimated_capacity=capacity_kw, updated_at=now)
    activity_add(
        lead_pk,
        ActivityKind.ESTIMATED,
        f"Was shown {capacity_kw.normalize():f} kW that saves {annual_savings} a year",
        now=now,
        inbound_event=inbound_event,
        run=str(run_id),
    )
