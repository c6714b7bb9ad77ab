"""Writing lines of a lead's timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from apps.leads.choices import ActivityKind
from apps.leads.models import LeadActivity


def activity_add(
    lead_pk: int,
    kind: ActivityKind,
    summary: str,
    *,
    now: datetime,
    actor_pk: int | None = None,
    inbound_event: UUID | None = None,
    **data: Any,
) -> LeadActivity:
    """Add one line, in the transaction of the change it tells of. No `actor_pk`: the system."""
    return LeadActivity.objects.create(
        lead_id=lead_pk,
        kind=kind,
        actor_id=actor_pk,
        summary=summary[:300],
        data=data,
        inbound_event=inbound_event,
        created_at=now,
    )
