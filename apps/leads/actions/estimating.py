"""What our calculator says of a lead's home."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.errors import InvalidInput
from apps.core.money import Money
from apps.leads.choices import ActivityKind, Ownership
from apps.leads.models import Lead, LeadActivity
from apps.leads.timeline import activity_add
from apps.solar.actions import estimate_make
from apps.solar.contracts import Run

_OWNS = {Ownership.OWNER: True, Ownership.RENTER: False}


def lead_estimate(lead_pk: int, *, inbound_event: UUID, now: datetime) -> None:
    """Compute what the lead's own words allow, where somebody else's figures came with them.

    Nothing where too little was said, or we have no figures for the place. May ask PVWatts, so
    never inside a transaction. Repeatable.
    """
    lead = Lead.objects.filter(pk=lead_pk).first()
    if lead is None or not (lead.postal_code and lead.monthly_bill and lead.property_type):
        return
    stated: dict[str, Any] = {
        "market": lead.market_id,
        "postal_code": lead.postal_code,
        "monthly_bill": lead.monthly_bill,
        "property_type": lead.property_type,
        "shading": lead.shading or "none",
        "homeowner": _OWNS.get(Ownership(lead.ownership)) if lead.ownership else None,
    }
    try:
        run = estimate_make(stated, now=now)
    except InvalidInput:
        return
    lead_note_estimate(lead_pk, run, inbound_event=inbound_event, was_shown=False, now=now)


@transaction.atomic
def lead_note_estimate(
    lead_pk: int, run: Run, *, inbound_event: UUID, was_shown: bool, now: datetime
) -> None:
    """Give a lead the size of the system we computed for it, and say so on its timeline. Once for
    each event."""
    Lead.objects.select_for_update().get(pk=lead_pk)
    known = LeadActivity.objects.filter(
        lead=lead_pk, kind=ActivityKind.ESTIMATED, inbound_event=inbound_event
    )
    if known.exists():
        return
    capacity_kw = Decimal(str(run.result["system_capacity_kw"]))
    saved = Money(Decimal(str(run.result["annual_savings"])), run.result["currency"])
    Lead.objects.filter(pk=lead_pk).update(estimated_capacity=capacity_kw, updated_at=now)
    begins = "Was shown" if was_shown else "By our own calculator"
    activity_add(
        lead_pk,
        ActivityKind.ESTIMATED,
        f"{begins}: {capacity_kw.normalize():f} kW that saves {saved} a year",
        now=now,
        inbound_event=inbound_event,
        run=str(run.run_id),
    )
