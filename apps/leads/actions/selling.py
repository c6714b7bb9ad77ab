"""The one way a lead becomes sold: a buyer accepted it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.leads.actions.closing import lead_closed
from apps.leads.choices import OPEN_STATUSES, ActivityKind, LeadStatus
from apps.leads.models import Lead
from apps.leads.timeline import activity_add


@transaction.atomic
def lead_mark_sold(lead_pk: int, summary: str, *, now: datetime, sale: UUID) -> None:
    """Mark a lead as sold. A shared lead is marked once and told of with every sale.

    One that was closed while the buyer thought about it, as won or lost, stays as it was closed.
    """
    is_marked = Lead.objects.filter(pk=lead_pk, status__in=OPEN_STATUSES).update(
        status=LeadStatus.SOLD, sold_at=now, updated_at=now
    )
    if is_marked:
        lead_closed(lead_pk, status=LeadStatus.SOLD, now=now)
    activity_add(lead_pk, ActivityKind.SOLD, summary, now=now, sale=str(sale))
