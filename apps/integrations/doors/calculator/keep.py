"""Keeps what was put into the calculator, what the browser says came out, and what we computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core import outbox
from apps.core.json_data import storable
from apps.integrations.doors import values
from apps.integrations.models import CalculatorData
from apps.leads.actions.estimating import lead_note_estimate
from apps.leads.contracts import LeadDraft
from apps.solar.contracts import Run
from apps.solar.models import EstimateRun

CLAIMED = "calculation.claimed"


def keep(event_id: UUID, payload: Mapping[str, Any], draft: LeadDraft, lead_pk: int | None) -> None:
    """Write or complete this event's row. Repeatable.

    The lead gets our figures, whatever the browser claims: those of the run it names, else new
    ones, where enough is known for them.
    """
    objects = {
        name: storable(value if isinstance(value := payload.get(name), dict) else {})
        for name in ("calculation_results", "user_inputs", "user_info")
    }
    run = _run(objects["calculation_results"].get("run_id"))
    CalculatorData.objects.update_or_create(
        inbound_event=event_id,
        defaults={
            "session_id": values.line(payload.get("session_id"), limit=100),
            "lead_id": lead_pk,
            "estimate_run": run,
            **objects,
        },
    )
    if lead_pk is None:
        return
    if run is None:
        outbox.publish(CLAIMED, key=f"{event_id}:{lead_pk}", event=str(event_id), lead=lead_pk)
        return
    lead_note_estimate(
        lead_pk,
        Run(run.public_id, run.result),
        inbound_event=event_id,
        was_shown=True,
        now=timezone.now(),
    )


def _run(claimed: Any) -> EstimateRun | None:
    try:
        run_id = UUID(claimed)
    except (TypeError, ValueError, AttributeError):
        return None
    return EstimateRun.objects.filter(public_id=run_id).first()
