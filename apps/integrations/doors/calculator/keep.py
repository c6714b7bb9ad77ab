"""Keeps what was put into the calculator and what the browser says came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from apps.core.json_data import storable
from apps.integrations.doors import values
from apps.integrations.models import CalculatorData
from apps.leads.contracts import LeadDraft


def keep(event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None) -> None:
    """Write or complete this event's row. Repeatable."""
    objects = {
        name: storable(value if isinstance(value := payload.get(name), dict) else {})
        for name in ("calculation_results", "user_inputs", "user_info")
    }
    CalculatorData.objects.update_or_create(
        inbound_event=event_id,
        defaults={
            "session_id": values.line(payload.get("session_id"), limit=100),
            "lead_id": lead_pk,
            **objects,
        },
    )
